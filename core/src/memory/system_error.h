// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace decoy::memory {

/// Throws a ProxyError: "cannot `action`: `errno's text`"; EACCES and EPERM become AccessDenied.
/// Reads errno, so call it before anything else can change it.
[[noreturn]] void throwSystemError(std::string_view action);

} // namespace decoy::memory
