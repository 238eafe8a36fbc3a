# SPDX-License-Identifier: BSD-3-Clause
# Headers of others that most sources of a large library include, parsed once: a third of its build. For a small target, parsing
# them costs more than it saves (measured). No source may lean on them: the dev preset builds without, as do all who embed us.

# decoy_precompile(<target> <name of a header in cmake/precompiled>)
function(decoy_precompile target header)
    target_precompile_headers(${target} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/precompiled/${header}.h")
endfunction()
