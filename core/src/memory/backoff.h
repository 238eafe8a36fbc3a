// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <chrono>

#include <sched.h>

namespace decoy::memory {

/// Tells the processor that this thread only waits.
inline void relax() noexcept
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

/// How to wait for the other side before sleeping: a burst of looks, then looks with a yield between them.
///
/// The burst is for a peer that answers at once on the other core. The yield lets a peer on THIS core run: a plain spin would
/// keep it waiting for a whole time slice (measured here: 212 us a call instead of 5). Where it is known that the peer may be
/// here, there is no burst. How long it yields is learned: sleeps that were long show that yielding was in vain.
///
/// One that is kept from wait to wait learns; a new one begins with the longest time. Not thread-safe.
class Backoff {
public:
    using Clock = std::chrono::steady_clock;

    /// A wait begins. `mayNeedThisCore`: the peer was woken just now, or was seen on this thread's core.
    void begin(bool mayNeedThisCore) noexcept { m_looks = mayNeedThisCore ? burst : 0; }

    /// Waits a little. False when the time is used up and the caller had better sleep.
    [[nodiscard]] bool pause() noexcept
    {
        if (m_looks < burst) {
            ++m_looks;
            relax();
            return true;
        }
        const auto now = Clock::now();
        if (m_looks == burst) {
            ++m_looks;
            m_end = now + m_yielding;
        }
        if (now >= m_end) {
            m_asleepSince = now;
            return false;
        }
        sched_yield();
        return true;
    }
    /// Whether nothing came while it looked without a pause.
    [[nodiscard]] bool isBurstOver() const noexcept { return m_looks >= burst; }
    /// Nothing is expected: there is nothing to wait for before sleeping.
    void skip() noexcept
    {
        m_looks = burst + 1;
        m_end = {};
    }
    /// The sleep after the last pause() is over: a wait begins, with a burst. What it would have been right to look for is looked for
    /// the next time.
    void woke() noexcept
    {
        m_looks = 0;
        if (m_asleepSince == Clock::time_point())
            return;
        const bool wasShort = Clock::now() - m_asleepSince < longestYielding;
        m_yielding = wasShort ? longestYielding : std::max(shortestYielding, m_yielding / 2);
        m_asleepSince = {};
    }

private:
    using Time = std::chrono::nanoseconds;
    static constexpr int burst = 128;                                       // 3.6 us here
    static constexpr Time longestYielding = std::chrono::microseconds(100); // a MiB takes 70 to its other end
    static constexpr Time shortestYielding = std::chrono::microseconds(4);

    int m_looks = 0;
    Time m_yielding = longestYielding;
    Clock::time_point m_end;
    Clock::time_point m_asleepSince;
};

} // namespace decoy::memory
