// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace decoy::wire {

/// RFC 4648, section 4: the standard alphabet, padded.
[[nodiscard]] std::string toBase64(std::span<const std::byte> bytes);

/// The bytes, or nothing unless `text` is exactly what toBase64() writes: no white space, padded, unused bits zero.
[[nodiscard]] std::optional<std::vector<std::byte>> fromBase64(std::string_view text);

} // namespace decoy::wire
