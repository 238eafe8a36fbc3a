// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace decoy::object {

/// The C++ name of a type, scopes included: `bank::Account` for "N4bank7AccountE".
[[nodiscard]] std::string demangled(const char *typeName);

} // namespace decoy::object
