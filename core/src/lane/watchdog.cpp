// SPDX-License-Identifier: BSD-3-Clause
#include "lane/watchdog.h"

#include "memory/system_error.h"

#include <sys/timerfd.h>

namespace decoy::lane {

namespace {
constexpr long period = 1'000'000; // ns
}

Watchdog::Watchdog() : m_timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))
{
    if (!m_timer.isOpen())
        memory::throwSystemError("create a timer");
}

void Watchdog::arm() noexcept
{
    if (m_armed.exchange(true, std::memory_order_seq_cst))
        return;
    const itimerspec time{{0, 0}, {0, period}};
    timerfd_settime(m_timer.get(), 0, &time, nullptr);
}

void Watchdog::addDeferred(OpenCall call, std::weak_ptr<void> stillOpen)
{
    {
        const std::lock_guard lock(m_mutex);
        m_deferred.push_back({std::move(call), std::move(stillOpen)});
    }
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
    }
    for (const DeferredCall &deferred : due) {
        // Holding the answer open keeps it from overtaking this.
        if (const auto open = deferred.stillOpen.lock())
            report(deferred.call);
    }
    if (someAreYoung)
        arm();
}

} // namespace decoy::lane
