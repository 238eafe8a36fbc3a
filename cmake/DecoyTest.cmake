# SPDX-License-Identifier: BSD-3-Clause

# decoy_add_test(<name> SOURCES <file>... [LIBRARIES <target>...] [PROGRAMS <target>...] [LABELS <label>...])
#
# Adds the Qt Test executable <name> and registers it with ctest, labelled with its folder's name and LABELS. PROGRAMS are the
# executables that it starts. `<folder>-tests` builds all tests of a folder. TIMEOUT is no assertion on speed: it makes ctest
# report a test that hangs.
function(decoy_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 test "" "" "SOURCES;LIBRARIES;PROGRAMS;LABELS")
    add_executable(${name} ${test_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_link_libraries(${name} PRIVATE Qt6::Test ${test_LIBRARIES})
    target_compile_options(${name} PRIVATE -O0) # the library is what runs long; a test compiles twice as fast so
    if(test_PROGRAMS)
        add_dependencies(${name} ${test_PROGRAMS})
    endif()

    get_filename_component(folder "${CMAKE_CURRENT_SOURCE_DIR}" NAME)
    if(NOT TARGET ${folder}-tests)
        add_custom_target(${folder}-tests)
    endif()
    add_dependencies(${folder}-tests ${name})

    set(labels ${folder} ${test_LABELS})
    list(REMOVE_DUPLICATES labels)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen"
        TIMEOUT 300 # on a busy machine, under a sanitizer
        LABELS "${labels}")
endfunction()
