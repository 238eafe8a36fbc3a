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

/// Frames that may be under way in one direction: each holds memory of its own and a descriptor until it is taken.
inline constexpr std::size_t mostDetachedFrames = 8;

/// Sends `frame` over the socket. Throws ProxyError if there is no memory or no descriptor for it.
[[nodiscard]] Sent sendDetached(const FileDescriptor &socket, std::uint64_t callId, std::span<const std::byte> frame);

/// The frame that a Notice announced, copied. Nothing unless the message carries exactly what sendDetached() sends, at
/// most `largest` bytes.
[[nodiscard]] std::optional<std::vector<std::byte>> takeDetached(const Message &message, std::size_t largest);

} // namespace decoy::lane
