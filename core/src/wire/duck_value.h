// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>

namespace decoy::wire {

/// Checks a packed value before it goes to a peer of the reference, whose decoder is stricter than msgpack: what it refuses
/// leaves its user waiting for ever. Map keys must be strings or binaries, strings must be valid UTF-8, and no string may look like
/// a descriptor of a proxy or a callable where one could stand. Throws DataEncodeError that says what stands in the way.
void requireDuckValue(std::span<const std::byte> value);

} // namespace decoy::wire
