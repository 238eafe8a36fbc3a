// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dispatcher.h"

#include <atomic>
#include <cstdint>
#include <utility>

#include <sched.h>

namespace decoy::lane {

/// What one server thread is running right now, in a form that another thread may look at. The owner pays one uncontended
/// locked operation a call, and waits only for a look that is under way.
class CallSlot {
public:
    /// Owner: a call begins, which must outlive its end().
    void begin(const IncomingCall &call) noexcept
    {
        m_call = &call;
        m_state.store(m_sequence | Running, std::memory_order_release);
    }

    /// Owner: it is over.
    void end() noexcept
    {
        std::uint64_t expected = m_sequence | Running;
        while (!m_state.compare_exchange_weak(expected, m_sequence, std::memory_order_acq_rel)) {
            if (phaseOf(expected) == Inspected) {
                sched_yield();
                expected = m_sequence | Reported;
            }
        }
        m_sequence += phases;
    }

    /// Whether one runs of which nobody has been told yet, as far as one can tell from another thread.
    [[nodiscard]] bool runsUnreported() const noexcept
    {
        return phaseOf(m_state.load(std::memory_order_relaxed)) == Running;
    }

    /// Owner: whether one runs.
    [[nodiscard]] bool isBusy() const noexcept { return phaseOf(m_state.load(std::memory_order_relaxed)) != Idle; }

    /// Watchdog: if the same unreported call runs as at the last look, calls `report(call)`, during which it cannot end.
    /// Returns whether a call has begun or ended since the last look.
    template <class Report>
    bool look(Report &&report)
    {
        std::uint64_t state = m_state.load(std::memory_order_acquire);
        const bool sameAsBefore = std::exchange(m_lastSeen, state) == state;
        if (phaseOf(state) != Running || !sameAsBefore)
            return !sameAsBefore;
        const std::uint64_t sequence = state - Running;
        if (!m_state.compare_exchange_strong(state, sequence | Inspected, std::memory_order_acq_rel))
            return true;
        const struct Release { // also if report() throws: the owner waits for it
            ~Release() { state.store(reported, std::memory_order_release); }
            std::atomic<std::uint64_t> &state;
            const std::uint64_t reported;
        } release{m_state, sequence | Reported};
        report(*m_call);
        return false;
    }

private:
    enum Phase : std::uint64_t { Idle = 0, Running = 1, Inspected = 2, Reported = 3 };
    static constexpr std::uint64_t phases = 4;
    static std::uint64_t phaseOf(std::uint64_t state) noexcept { return state % phases; }

    const IncomingCall *m_call = nullptr; // while one runs
    std::uint64_t m_sequence = phases;    // the owner's count of calls, in steps that leave room for the phase
    std::uint64_t m_lastSeen = 0;         // the watchdog's
    std::atomic<std::uint64_t> m_state{Idle};
};

} // namespace decoy::lane
