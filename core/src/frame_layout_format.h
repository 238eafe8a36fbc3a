// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "wire/reader.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace decoy {

/// msgpack's name for the format that a first byte announces: "fixarray", "uint 16", "never used".
[[nodiscard]] std::string_view formatName(std::byte first) noexcept;

/// What stands before the content of a string, binary, array or map.
struct FormatHeader {
    wire::TokenType type = wire::TokenType::Nil;
    std::uint32_t headerSize = 0;
    std::uint32_t length = 0; ///< bytes, elements or pairs that are announced, whether they are there or not
};

/// The header of a value of which the end is missing; nothing for formats without content, and if the header is cut too.
/// For frames that were kept in part only: the reader rightly refuses them.
[[nodiscard]] std::optional<FormatHeader> cutHeader(std::span<const std::byte> bytes) noexcept;

/// A token's value for a person: JSON for scalars, "array of 3 elements" for containers. At most about `maxText` bytes.
[[nodiscard]] std::string tokenText(const wire::Token &token, std::size_t maxText);

/// `"text"` as in JSON, for bytes that need not be text. A text that was cut ends with an ellipsis.
[[nodiscard]] std::string quotedText(std::string_view text, std::size_t maxText, bool isCut = false);

} // namespace decoy
