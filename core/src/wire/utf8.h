// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace decoy::wire {

/// Whether `text` is UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool isUtf8(std::string_view text) noexcept;

/// `text` with U+FFFD in place of every byte that is not part of valid UTF-8.
[[nodiscard]] std::string toUtf8(std::string_view text);

/// The longest beginning of at most `size` bytes that does not cut a character in two.
[[nodiscard]] std::string_view cutUtf8(std::string_view text, std::size_t size) noexcept;

} // namespace decoy::wire
