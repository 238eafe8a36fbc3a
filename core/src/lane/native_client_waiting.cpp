// SPDX-License-Identifier: BSD-3-Clause

// NativeClient: who waits, who of them reads, and how an event loop takes part.

#include "lane/duty.h"
#include "lane/native_client.h"

#include <algorithm>

namespace decoy::lane {

void NativeClient::await(Lock &lock, Waiter &waiter, Deadline &deadline)
{
    if (waitFor(lock, waiter, deadline))
        return;
    if (!m_causeOfDeath.empty())
        throw PeerDied(m_causeOfDeath);
    deadline.raise();
}

/// False if the deadline or the end of the connection came first.
bool NativeClient::waitFor(Lock &lock, Waiter &waiter, Deadline &deadline)
{
    m_waiters.push_back(&waiter);
    bool isTimedOut = false;
    while (!waiter.isDone && !isTimedOut && m_causeOfDeath.empty()) {
        if (m_isBeingRead) {
            if (dutyOfThisThread)
                dutyOfThisThread->beforeSleep();
            const auto time = deadline.time();
            if (!time)
                waiter.wakened.wait(lock);
            else
                isTimedOut = waiter.wakened.wait_until(lock, *time) == std::cv_status::timeout;
            continue;
        }
        beginReading();
        lock.unlock();
        read(lock, waiter, deadline);
        if (!lock.owns_lock())
            lock.lock();
        m_isBeingRead = false;
        break;
    }
    std::erase(m_waiters, &waiter);
    if (waiter.what == Waiter::For::Room)
        stopAskingForSpace();
    if (!m_isBeingRead)
        endReading();
    return waiter.isDone;
}

void NativeClient::beginReading() noexcept
{
    m_isBeingRead = true;
    m_reader.expectMany(m_calls && m_calls->count() > 1);
    if (std::exchange(m_isArmed, false))
        m_reader.disarm();
}

/// Nobody reads: another one that waits does from here on, or whoever polls the descriptor.
void NativeClient::endReading() noexcept
{
    if (!m_waiters.empty())
        return m_waiters.front()->wakened.notify_one();
    if (!m_events || m_isArmed || !m_causeOfDeath.empty())
        return;
    m_isArmed = m_reader.arm();
    if (!m_isArmed)
        m_events->signal(); // something came just now
}

/// Its wait is over, with m_mutex held.
void NativeClient::end(Waiter &waiter) noexcept
{
    waiter.isDone.store(true, std::memory_order_relaxed);
    if (waiter.sleepsAsReader)
        return m_interrupt->raise();
    waiter.wakened.notify_one();
}

/// Each looks itself whether there is something for it.
void NativeClient::wakeAll(Waiter::For what) noexcept
{
    for (Waiter *waiter : m_waiters) {
        if (waiter->what == what)
            end(*waiter);
    }
}

// ---- the user's code ----

void NativeClient::addDue(std::shared_ptr<detail::DueWork> work)
{
    m_due.push_back(std::move(work));
    const bool isAwaited = std::ranges::find(m_waiters, Waiter::For::Work, &Waiter::what) != m_waiters.end();
    wakeAll(Waiter::For::Work);
    if (m_events && !isAwaited)
        m_events->signal();
}

/// Runs what is due now, one by one, so that other threads in process() take their share; what that makes due is for next time.
bool NativeClient::runDue(Lock &lock)
{
    const std::size_t count = m_due.size();
    std::size_t done = 0;
    for (; done < count && !m_due.empty(); ++done) {
        auto work = std::move(m_due.front());
        m_due.pop_front();
        lock.unlock();
        work->run();
        work.reset(); // it is the user's, so it goes before the lock comes
        lock.lock();
    }
    if (m_events && (!m_due.empty() || (done != 0 && !m_causeOfDeath.empty())))
        m_events->signal(); // there is more, if only the death to be told of
    return done != 0;
}

bool NativeClient::process(std::chrono::milliseconds timeout)
{
    Lock lock(m_mutex);
    if (m_events)
        m_events->clear();
    Deadline deadline(m_due.empty() ? timeout : std::chrono::milliseconds(0));
    if (!deadline.isNow()) {
        if (m_nextExpiry != detail::TimePoint::max())
            deadline = Deadline(std::min(detail::timeAfter(timeout), m_nextExpiry));
        if (!m_interrupt)
            m_interrupt = std::make_unique<memory::EventSignal>();
    }
    Waiter waiter;
    waiter.what = Waiter::For::Work;
    waiter.readsOn = true;
    (void)waitFor(lock, waiter, deadline);
    if (m_nextExpiry != detail::TimePoint::max() && detail::TimePoint::clock::now() >= m_nextExpiry)
        expireCalls(lock);
    if (runDue(lock))
        return true;
    if (!m_causeOfDeath.empty())
        throw PeerDied(m_causeOfDeath);
    return false;
}

int NativeClient::descriptor()
{
    const Lock lock(m_mutex);
    if (!m_events) {
        m_events = std::make_unique<EventSource>(m_socket);
        m_events->wakeAt(m_nextExpiry);
        if (!m_due.empty() || !m_causeOfDeath.empty())
            m_events->signal();
        if (!m_isBeingRead)
            endReading();
    }
    return m_events->descriptor();
}

} // namespace decoy::lane
