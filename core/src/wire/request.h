// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object_reader.h"

#include <decoy/frame.h>
#include <decoy/pack_buffer.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace decoy::wire {

/// A checked request. Refers to the payload's bytes and to the arena; valid while both are.
struct RequestView {
    ProxyOpCode opcode = ProxyOpCode::Get;
    bool isRelease = false; ///< EXECUTE of `__del__`: the client gives one reference back
    std::uint64_t object = 0;
    std::string_view name;                        ///< valid UTF-8, at most Limits::nameLength bytes, not empty
    msgpack::object value;                        ///< SET
    std::span<const msgpack::object> positional;  ///< EXECUTE
    std::span<const msgpack::object_kv> keywords; ///< EXECUTE; every key is a str, as `name` is
};

/// Reads exactly one request frame. `payload` is what follows the 4-byte prefix.
/// Throws EmptyData for no bytes and DataDecodeError, which names the offset, for anything that is not a request.
/// Does not clear the arena. Allocates nothing once the arena is warm.
[[nodiscard]] RequestView parseRequest(std::span<const std::byte> payload, ObjectArena &arena, const Limits &limits);

/// A request on the result of another call: its frame has that call's id in the place of the object's, as a msgpack uint 64, whatever
/// the number, so that the object's id can be written over it. Nothing if the frame is not like that.
[[nodiscard]] std::optional<std::uint64_t> wideObject(std::span<const std::byte> frame) noexcept;
/// Writes the object's id there, and the frame is an ordinary request.
void setWideObject(std::span<std::byte> frame, std::uint64_t object) noexcept;

/// Starts the frame of a request, up to its payload's elements: id, name, and what this kind of request has besides.
void beginRequest(PackBuffer &out, ProxyOpCode opcode);

/// The beginning of any frame, good or bad: for traces and for the error that answers a bad one.
struct FrameHead {
    std::int64_t opcode = 0;  ///< as sent; not necessarily a known one
    std::uint64_t object = 0; ///< 0 where it cannot be read
    std::string_view name;    ///< requests and events: empty where it cannot be read; cut to 255 bytes
};

/// What can be made out of a frame's beginning; nothing if not even the opcode can. Checks no more than it reads.
[[nodiscard]] std::optional<FrameHead> peekHead(std::span<const std::byte> payload) noexcept;

} // namespace decoy::wire
