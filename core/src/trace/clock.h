// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstdint>

namespace decoy::trace {

/// CLOCK_MONOTONIC in nanoseconds: the one clock of all events and snapshots.
[[nodiscard]] inline std::int64_t now() noexcept
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

} // namespace decoy::trace
