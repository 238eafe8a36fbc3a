// SPDX-License-Identifier: BSD-3-Clause
#include "memory/system_error.h"

#include <decoy/error.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace decoy::memory {

void throwSystemError(std::string_view action)
{
    const int error = errno;
    const std::string message = "cannot " + std::string(action) + ": " + std::generic_category().message(error);
    if (error == EACCES || error == EPERM)
        throw AccessDenied(message);
    throw ProxyError(message);
}

} // namespace decoy::memory
