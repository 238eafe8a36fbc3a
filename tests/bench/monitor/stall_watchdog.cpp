// SPDX-License-Identifier: GPL-3.0-or-later
#include "stall_watchdog.h"

#include <QCoreApplication>
#include <QEvent>

#include <algorithm>

namespace decoy::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto interval = std::chrono::milliseconds(5);

struct Ping : QEvent {
    explicit Ping(Clock::time_point at) : QEvent(QEvent::User), due(at) {}
    const Clock::time_point due;
};

} // namespace

double Stalls::percentile(double part) const
{
    if (waits.empty())
        return 0;
    return waits[std::min(waits.size() - 1, static_cast<std::size_t>(part * static_cast<double>(waits.size())))];
}

StallWatchdog::StallWatchdog() : m_thread(&StallWatchdog::watch, this) {}

StallWatchdog::~StallWatchdog()
{
    m_stopping = true;
    m_thread.join();
}

void StallWatchdog::watch()
{
    Clock::time_point due = Clock::now();
    while (!m_stopping) {
        due += interval;
        std::this_thread::sleep_until(due);
        // From when it was posted: that this thread got no core is no fault of the UI thread.
        QCoreApplication::postEvent(this, new Ping(Clock::now()), Qt::HighEventPriority);
    }
}

void StallWatchdog::customEvent(QEvent *event)
{
    const auto *ping = static_cast<Ping *>(event);
    m_waits.push_back(std::chrono::duration<double, std::milli>(Clock::now() - ping->due).count());
}

Stalls StallWatchdog::take()
{
    QCoreApplication::sendPostedEvents(this);
    Stalls stalls{std::exchange(m_waits, {})};
    std::ranges::sort(stalls.waits);
    return stalls;
}

} // namespace decoy::bench
