// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/shared_memory.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// The socket between an IsolatedServer and its process. The process says once that it serves, or why it cannot; the other end hangs up
/// when the process shall end, and the kernel does so for a parent that died.
namespace decoy::isolation {

/// Where the process finds it.
inline constexpr int lifelineDescriptor = 3;
/// The variable that tells a process that there is one: "PARENT:SERVER". The parent's process id keeps a program that such a process
/// starts in turn from taking it for its own.
inline constexpr const char *lifelineVariable = "DECOY_ISOLATED";

/// What the process says.
struct Announcement {
    bool isServing = false;
    std::string reason; ///< if it is not; cut to what one message holds
};

/// Both ends, closed by exec. Throws ProxyError.
[[nodiscard]] std::pair<FileDescriptor, FileDescriptor> makeLifeline();
/// Neither waits nor fails: a parent that is gone need not know.
void announce(int lifeline, bool isServing, std::string_view reason = {}) noexcept;
/// Says why the program could not be run. Async-signal-safe.
void announceSystemError(int lifeline, int error) noexcept;
/// What was said. Nothing if the process hung up, or said what makes no sense.
[[nodiscard]] std::optional<Announcement> receiveAnnouncement(const FileDescriptor &lifeline);

/// What the variable says to this process, if it is for it: the server's name.
[[nodiscard]] std::optional<std::string> inheritedServerName();

} // namespace decoy::isolation
