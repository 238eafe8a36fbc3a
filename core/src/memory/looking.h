// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "memory/backoff.h"

#include <algorithm>
#include <chrono>
#include <ctime>

namespace decoy::memory {

/// How to wait for something that nothing but looking can show: a burst of looks, looks with a yield between them, and then ever
/// longer sleeps, up to a millisecond.
class Looking {
public:
    using Microseconds = std::chrono::microseconds;

    /// Waits a little.
    void pause() noexcept
    {
        if (m_backoff.pause())
            return;
        const timespec time{0, static_cast<long>(m_sleep.count() * 1000)};
        nanosleep(&time, nullptr);
        m_slept += m_sleep;
        m_sleep = std::min<Microseconds>(m_sleep * 3 / 2, longestSleep);
    }
    /// How long it has slept, about: 0 while it still expects something to come at once.
    [[nodiscard]] Microseconds slept() const noexcept { return m_slept; }

private:
    static constexpr Microseconds longestSleep{1000};
    Backoff m_backoff;
    Microseconds m_sleep{50};
    Microseconds m_slept{0};
};

} // namespace decoy::memory
