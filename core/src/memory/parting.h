// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>

namespace decoy::memory {

/// Parts a thread from the peer that it waits for, when the system has put both onto one core although another one is free.
///
/// It leaves them there for up to 30 ms, because the two take turns and each has always run just now: 4.7 us a call here, instead of 0.6.
/// Not thread-safe.
class Parting {
public:
    /// The thread has slept: whoever sleeps between two calls is woken fastest where the peer is.
    void woke() noexcept { m_together = 0; }
    /// A wait begins. `isPeerHere`: the peer last waited on the core of this thread, which may be moved to another one now.
    void waitBegins(bool isPeerHere) noexcept
    {
        if (!isPeerHere)
            m_together = 0;
        else if (++m_together == enough)
            waitsTogether();
    }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr int enough = 4; // in a row, without a sleep: the peer may be a guest
    static constexpr Clock::duration pauseAfterMove = std::chrono::microseconds(100);
    static constexpr Clock::duration pauseWhileBusy = std::chrono::milliseconds(4); // a look takes 5 us

    void waitsTogether() noexcept;

    int m_together = 0;
    Clock::time_point m_next; // when to look again, at the earliest
};

} // namespace decoy::memory
