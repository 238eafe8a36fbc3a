// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/limits.h>
#include <decoy/pack_buffer.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace decoy::wire {

/// An argument that stays at the client: an extension of type ExtensionType::Lent.
struct LentView {
    std::uint64_t object = 0;  ///< its number at the client
    std::string_view typeName; ///< valid UTF-8, at most Limits::nameLength bytes; refers to the argument's bytes
};

/// Writes one argument. The type's name is cut to what every reader takes.
void packLent(PackBuffer &out, std::uint64_t object, std::string_view typeName);

/// From the extension's body. Throws DataDecodeError for one that is not written like that.
[[nodiscard]] LentView readLentBody(std::span<const std::byte> body, const Limits &limits);
/// What an argument lends; nothing if it is other data. Throws DataDecodeError for an extension of this type that is not written like
/// that.
[[nodiscard]] std::optional<LentView> readLent(const msgpack::object &argument, const Limits &limits);

} // namespace decoy::wire
