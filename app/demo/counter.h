// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace decoy::demo {

/// A number that clients read, set and add to.
class Counter {
public:
    static constexpr std::int64_t initialValue = 100;

    std::int64_t a = initialValue;

    /// Adds `x` and returns the sum. Throws std::overflow_error, and changes nothing, if that leaves 64 bits.
    std::int64_t add(std::int64_t x);
    void reset() noexcept { a = initialValue; }
};

} // namespace decoy::demo
