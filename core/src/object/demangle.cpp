// SPDX-License-Identifier: BSD-3-Clause
#include "demangle.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace decoy::object {

std::string demangled(const char *typeName)
{
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(typeName, nullptr, nullptr, &status),
                                                           &std::free);
    return status == 0 && name ? name.get() : typeName;
}

} // namespace decoy::object
