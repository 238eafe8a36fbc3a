// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/proxy_server.h>
#include <decoy/shared_memory.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace decoy::lane {

using Clock = std::chrono::steady_clock;

/// One message of a SOCK_SEQPACKET socket with the descriptors that came with it.
struct Message {
    std::vector<std::byte> bytes;
    std::vector<FileDescriptor> descriptors;
};

/// More than a socket can hold: whoever has received so many has received what was sent before it began.
inline constexpr int mostInSocket = 4096;

/// What receiveMessage() found.
enum class Received { Message, Nothing, Closed };

/// Receives one message without waiting. More than 1024 bytes or four descriptors are cut off and count as Closed:
/// no message of ours is so long. `message` is only changed for Received::Message; used again, it needs no new memory.
[[nodiscard]] Received receiveMessage(const FileDescriptor &socket, Message &message);

/// What sendMessage() did.
enum class Sent { Done, Full, Failed };

/// Sends one message without waiting and without SIGPIPE.
[[nodiscard]] Sent sendMessage(const FileDescriptor &socket, std::span<const std::byte> bytes,
                               std::span<const int> descriptors = {}) noexcept;

/// Sleeps until the socket can be read or has hung up. False when the deadline came first.
[[nodiscard]] bool waitReadable(const FileDescriptor &socket, std::optional<Clock::time_point> deadline) noexcept;

/// The same, unless `interrupt` can be read first.
[[nodiscard]] bool waitReadable(const FileDescriptor &socket, const FileDescriptor &interrupt,
                                std::optional<Clock::time_point> deadline) noexcept;

/// The same until a message can be sent.
[[nodiscard]] bool waitWritable(const FileDescriptor &socket, std::optional<Clock::time_point> deadline) noexcept;

/// Whether the other end is gone.
[[nodiscard]] bool hasHungUp(const FileDescriptor &socket) noexcept;

/// Who connected, as the kernel recorded it at that moment. Throws ProxyError.
[[nodiscard]] PeerCredentials peerCredentials(const FileDescriptor &socket);

/// A value as the bytes of a message; only for the plain structs of handshake.h.
template <class T>
[[nodiscard]] std::span<const std::byte> asMessage(const T &value) noexcept
{
    static_assert(std::is_trivially_copyable_v<T>);
    return std::as_bytes(std::span<const T, 1>(&value, 1));
}

} // namespace decoy::lane
