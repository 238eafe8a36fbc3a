// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/call_slot.h"

#include <decoy/shared_memory.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace decoy::lane {

/// Finds calls that have run for a millisecond: within the next one, and within the next four where calls were fast just before. A
/// one-shot timer that is armed only while calls run, and put off as long as they are fast, so that it costs nothing when there is nothing
/// to find. Thread-safe; a tick is for one thread at a time.
class Watchdog {
public:
    using Report = std::function<void(const OpenCall &)>;

    Watchdog();

    /// Becomes readable when tick() is due.
    [[nodiscard]] const FileDescriptor &timer() const noexcept { return m_timer; }

    /// A call has begun: makes sure that there will be a tick.
    void ensureArmed() noexcept
    {
        if (!m_armed.load(std::memory_order_seq_cst))
            armSoon();
    }
    /// Calls have run since the last tick, and all have ended: the next one is likely to be as fast.
    void armCalmly() noexcept;
    /// No call runs anywhere: a tick that is due soon is put off. Otherwise a server that is busy with fast calls would
    /// be interrupted a thousand times a second, and with it the client that waits (measured here: 10 to 15 us each time).
    void postpone() noexcept;
    /// A call without a thread: its answer comes later.
    void addDeferred(OpenCall call, std::weak_ptr<void> stillOpen);

    /// The timer fired: from here on ensureArmed() arms it again. Call it before looking at slots.
    void beginTick() noexcept { m_armed.store(false, std::memory_order_seq_cst); }
    /// Reports deferred calls that were there at the last tick already; each call once. Arms again if some are young.
    void reportDeferred(const Report &report);

private:
    struct DeferredCall {
        OpenCall call;
        std::weak_ptr<void> stillOpen;
        bool seen = false;
    };
    using Clock = std::chrono::steady_clock;
    void arm(std::chrono::nanoseconds time) noexcept;
    void armSoon() noexcept;
    void setTimer(Clock::time_point now, std::chrono::nanoseconds time) noexcept;
    [[nodiscard]] Clock::duration timeToTick(Clock::time_point now) const noexcept
    {
        return Clock::time_point(Clock::duration(m_due.load(std::memory_order_relaxed))) - now;
    }

    const FileDescriptor m_timer;
    std::atomic<bool> m_armed{false};
    std::atomic<Clock::rep> m_due{0};       // about when the timer fires: a hint
    std::atomic<bool> m_hasDeferred{false}; // those are waiting for the tick
    std::mutex m_mutex;
    std::vector<DeferredCall> m_deferred;
};

} // namespace decoy::lane
