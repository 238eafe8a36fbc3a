# SPDX-License-Identifier: BSD-3-Clause

# decoy_add_test(<name> SOURCES <file>... [LIBRARIES <target>...] [LABELS <label>...])
#
# Adds the Qt Test executable <name> and registers it with ctest. It needs no display. TIMEOUT is no assertion on speed:
# it is there so that a test that hangs is reported and not waited for.
function(decoy_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 test "" "" "SOURCES;LIBRARIES;LABELS")
    add_executable(${name} ${test_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_link_libraries(${name} PRIVATE Qt6::Test ${test_LIBRARIES})
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen"
        TIMEOUT 120
        LABELS "${test_LABELS}")
endfunction()
