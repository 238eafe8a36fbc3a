// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/socket.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace decoy::lane {

/// A frame that is too large for a ring travels as memory of its own, which nobody can change any more. These two
/// functions are its whole life; a Detached record in the ring keeps its place in the order of frames.

/// Sends `frame` over the socket. False if the socket is full or closed. Throws ProxyError if there is no memory.
[[nodiscard]] bool sendDetached(const FileDescriptor &socket, std::uint64_t callId, std::span<const std::byte> frame);

/// The frame that a Notice announced, copied. Nothing unless the message carries exactly what sendDetached() sends, at
/// most `largest` bytes.
[[nodiscard]] std::optional<std::vector<std::byte>> takeDetached(const Message &message, std::size_t largest);

} // namespace decoy::lane
