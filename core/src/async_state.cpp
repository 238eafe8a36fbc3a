// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/async_state.h>

#include <decoy/proxy.h>

#include <algorithm>
#include <string>

namespace decoy::detail {

TimePoint timeAfter(std::chrono::milliseconds timeout)
{
    if (timeout == waitForever)
        return TimePoint::max();
    return std::chrono::steady_clock::now()
        + std::clamp<std::chrono::milliseconds>(timeout, std::chrono::milliseconds::zero(),
                                                std::chrono::hours(24 * 365));
}

void throwNotYet(std::chrono::milliseconds timeout)
{
    throw CallTimeout("no result within " + std::to_string(timeout.count())
                      + " ms; the future can still be waited for");
}

void throwNoFuture() { throw ProxyError("this future stands for nothing: its result was taken, or it was moved away"); }

std::exception_ptr exceptionOf(const Failure &failure)
{
    try {
        failure.raise();
    } catch (...) {
        return std::current_exception();
    }
}

std::exception_ptr brokenPromise()
{
    return exceptionOf({ErrorKind::ProxyError, {}, "the promise of this result was given up", {}});
}

CancelOutcome AsyncState::cancel() { throw ProxyError("only a call can be cancelled: destroy the future instead"); }

Value AsyncState::takeAnswer() { throwNoFuture(); }

bool LocalState::waitUntil(TimePoint deadline)
{
    std::unique_lock lock(m_mutex);
    return waitChanged(lock, deadline, [this] { return isReady(); });
}

void LocalState::follow(std::shared_ptr<DueWork> next)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!isReady()) {
            m_next = std::move(next);
            return;
        }
    }
    next->run();
}

void LocalState::abandon() noexcept
{
    std::shared_ptr<DueWork> next; // goes after the lock
    const std::lock_guard lock(m_mutex);
    m_isAbandoned = true;
    next.swap(m_next);
}

bool LocalState::isAbandoned() const
{
    const std::lock_guard lock(m_mutex);
    return m_isAbandoned || (m_next && !m_next->isWanted());
}

void LocalState::finish() noexcept
{
    std::shared_ptr<DueWork> next;
    {
        const std::lock_guard lock(m_mutex);
        m_isReady.store(true, std::memory_order_release);
        next = std::move(m_next);
        m_changed.notify_all();
    }
    if (next)
        next->run();
}

} // namespace decoy::detail
