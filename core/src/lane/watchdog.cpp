// SPDX-License-Identifier: BSD-3-Clause
#include "lane/watchdog.h"

#include "memory/system_error.h"

#include <sys/timerfd.h>

namespace decoy::lane {

namespace {
constexpr std::chrono::nanoseconds period = std::chrono::milliseconds(1);
/// When the next tick comes as long as calls are fast. It takes 4 to 5 us to say so where a hypervisor has to set the clock: ten calls.
constexpr std::chrono::nanoseconds calmPeriod = std::chrono::milliseconds(4);
} // namespace

Watchdog::Watchdog() : m_timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))
{
    if (!m_timer.isOpen())
        memory::throwSystemError("create a timer");
}

void Watchdog::arm(std::chrono::nanoseconds time) noexcept
{
    if (!m_armed.exchange(true, std::memory_order_seq_cst))
        setTimer(Clock::now(), time);
}

void Watchdog::armSoon() noexcept { arm(period); }
void Watchdog::armCalmly() noexcept { arm(calmPeriod); }

void Watchdog::setTimer(Clock::time_point now, std::chrono::nanoseconds time) noexcept
{
    m_due.store((now + time).time_since_epoch().count(), std::memory_order_relaxed);
    const itimerspec setting{{0, 0}, {0, time.count()}};
    timerfd_settime(m_timer.get(), 0, &setting, nullptr);
}

void Watchdog::postpone() noexcept
{
    if (!m_armed.load(std::memory_order_relaxed) || m_hasDeferred.load(std::memory_order_relaxed))
        return;
    const auto now = Clock::now();
    if (timeToTick(now) < period / 2)
        setTimer(now, calmPeriod);
}

void Watchdog::addDeferred(OpenCall call, std::weak_ptr<void> stillOpen)
{
    {
        const std::lock_guard lock(m_mutex);
        m_deferred.push_back({std::move(call), std::move(stillOpen)});
        m_hasDeferred.store(true, std::memory_order_relaxed);
    }
    const auto now = Clock::now();
    if (m_armed.load(std::memory_order_seq_cst) && timeToTick(now) > period)
        setTimer(now, period);
    ensureArmed();
}

void Watchdog::reportDeferred(const Report &report)
{
    std::vector<DeferredCall> due;
    bool someAreYoung = false;
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_deferred, [&](DeferredCall &deferred) {
            if (!deferred.stillOpen.expired() && !std::exchange(deferred.seen, true)) {
                someAreYoung = true;
                return false;
            }
            if (!deferred.stillOpen.expired())
                due.push_back(std::move(deferred));
            return true;
        });
        m_hasDeferred.store(!m_deferred.empty(), std::memory_order_relaxed);
    }
    for (const DeferredCall &deferred : due) {
        // Holding the answer open keeps it from overtaking this.
        if (const auto open = deferred.stillOpen.lock())
            report(deferred.call);
    }
    if (someAreYoung)
        armSoon();
}

} // namespace decoy::lane
