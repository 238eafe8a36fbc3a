// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <msgpack.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace decoy::object {

/// How names and values of a peer are written into messages: valid UTF-8, without control characters, and short, whatever
/// was sent.

inline constexpr std::size_t shownBytes = 60; ///< of a name or a value; longer ones end in an ellipsis

/// `'amount'`
[[nodiscard]] std::string shownName(std::string_view name);
/// `"abc"`, `[1, 2, 3]`, `None`
[[nodiscard]] std::string shownValue(const msgpack::object &value);
/// The value's type in the words of typeNameOf(): int, float, bool, str, bytes, list, dict, None; ext for an extension.
[[nodiscard]] std::string_view typeWord(const msgpack::object &value) noexcept;

} // namespace decoy::object
