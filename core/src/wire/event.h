// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object_reader.h"

#include <decoy/pack_buffer.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace decoy::wire {

/// Writes the EVENT frames of one subscription: they differ in their number and arguments alone, so the rest is packed once.
/// Not thread-safe.
class EventWriter {
public:
    /// `limit` is the largest frame, prefix included.
    EventWriter(std::uint64_t object, std::string_view event, std::size_t limit);

    /// The whole frame, valid until the next call; empty if it is larger than the limit. `arguments` is a packed array.
    [[nodiscard]] std::span<const std::byte> write(std::uint64_t number, std::span<const std::byte> arguments);

private:
    PackBuffer m_frame;
    std::size_t m_headSize = 0;
};

/// A checked EVENT. Refers to the payload's bytes and to the arena; valid while both are.
struct EventView {
    std::uint64_t object = 0;
    std::string_view name;    ///< valid UTF-8
    std::uint64_t number = 0; ///< of its subscription, from 1; a gap says that events were lost
    std::span<const msgpack::object> arguments;
};

/// Reads exactly one EVENT. `payload` is what follows the 4-byte prefix. Throws EmptyData, and DataDecodeError, which names the offset.
/// Does not clear the arena. Allocates nothing once the arena is warm.
[[nodiscard]] EventView parseEvent(std::span<const std::byte> payload, ObjectArena &arena, const Limits &limits);

} // namespace decoy::wire
