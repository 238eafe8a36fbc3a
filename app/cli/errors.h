// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <stdexcept>
#include <string>

namespace decoy::cli {

/// What the command tells the shell; documented in the help, so scripts may rely on the numbers.
enum class ExitStatus : int {
    Success = 0,
    Failure = 1,    ///< a remote or protocol error
    Usage = 2,      ///< the command line is wrong
    ServerGone = 3, ///< no such server, or it died
    TimedOut = 4,
};

/// The command line is wrong in a way that only the command itself can see.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Writes `decoy: KIND: message` as one line to standard error.
void reportError(const std::string &kind, const std::string &message);

/// Reports the exception being handled, and returns the status for it; call it only inside a catch block.
[[nodiscard]] ExitStatus reportCurrentException();

} // namespace decoy::cli
