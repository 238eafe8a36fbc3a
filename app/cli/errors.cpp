// SPDX-License-Identifier: BSD-3-Clause
#include "errors.h"

#include "output.h"
#include "text.h"

#include <decoy/error.h>

#include <unistd.h>

namespace decoy::cli {

namespace {

ExitStatus statusFor(ErrorKind kind) noexcept
{
    switch (kind) {
    case ErrorKind::ServerNotFound:
    case ErrorKind::PeerDied: return ExitStatus::ServerGone;
    case ErrorKind::CallTimeout: return ExitStatus::TimedOut;
    default: return ExitStatus::Failure;
    }
}

} // namespace

void reportError(const std::string &kind, const std::string &message)
{
    try {
        Output(STDERR_FILENO).line("decoy: " + kind + ": " + printable(message));
    } catch (const std::exception &) {
        // Nowhere is left to say it; the status does.
    }
}

ExitStatus reportCurrentException()
{
    try {
        throw;
    } catch (const OutputClosed &) {
        return ExitStatus::Success; // whoever read it has seen enough, as `head` does
    } catch (const UsageError &error) {
        reportError("UsageError", error.what());
        return ExitStatus::Usage;
    } catch (const ProxyError &error) {
        reportError(std::string(errorKindName(error.kind())), error.what());
        return statusFor(error.kind());
    } catch (const std::exception &error) {
        reportError("Error", error.what());
    } catch (...) {
        reportError("Error", "something that is no exception was thrown");
    }
    return ExitStatus::Failure;
}

} // namespace decoy::cli
