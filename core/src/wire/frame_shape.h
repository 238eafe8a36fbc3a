// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>

namespace decoy::wire {

/// Whether a payload, which a peer may just be writing, has everything that a request or a result has, in its place, and nothing
/// behind it. Reads values without keeping them and allocates nothing: the frame is parsed when it has been copied.
[[nodiscard]] bool hasFrameShape(std::span<const std::byte> payload) noexcept;

} // namespace decoy::wire
