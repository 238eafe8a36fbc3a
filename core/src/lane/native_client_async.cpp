// SPDX-License-Identifier: BSD-3-Clause

// NativeClient: calls whose answers somebody comes back for.

#include "lane/followed_lanes.h"
#include "lane/native_client.h"
#include "lending.h"

#include <algorithm>
#include <ctime>

namespace decoy::lane {

namespace {

/// When a call that begins now expires. The coarse clock is late by its resolution at most, and costs a fifth of the other.
detail::TimePoint expiryAfter(std::chrono::milliseconds timeout) noexcept
{
    if (timeout == waitForever)
        return detail::TimePoint::max();
    constexpr std::chrono::milliseconds resolution{4};
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return detail::TimePoint(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec)) + resolution
        + std::clamp<std::chrono::milliseconds>(timeout, std::chrono::milliseconds::zero(),
                                                std::chrono::hours(24 * 365));
}

} // namespace

bool NativeClient::start(const std::shared_ptr<detail::AsyncCall> &call, const detail::OutgoingRequest &request,
                         const detail::StartOptions &options)
{
    Deadline deadline(options.timeout);
    Lock lock(m_mutex);
    waitForPlace(lock, deadline);
    if (options.onResultOf && options.onResultOf->isReady())
        return false;
    const std::uint32_t flags = (options.sending.isReferable ? memory::RecordHeader::Referable : 0U)
        | (options.onResultOf ? memory::RecordHeader::OnResult : 0U);
    call->expiry = expiryAfter(options.timeout);
    call->id = m_calls->freeFrom(m_nextCallId);
    m_nextCallId = call->id + 1;
    m_calls->add(call);
    try {
        append(lock, call->id, requestOf(request, flags), deadline);
        if (request.lending)
            request.lending->sent();
    } catch (...) {
        if (m_calls->contains(call->id)) // it is not, if the server has died meanwhile
            (void)m_calls->take(call->id);
        throw;
    }
    if (options.sending.isPublished)
        publishWritten();
    if (call->expiry < m_nextExpiry)
        expireAt(call->expiry);
    return true;
}

/// Until one more call may be under way.
void NativeClient::waitForPlace(Lock &lock, Deadline &deadline)
{
    if (!m_calls)
        m_calls = std::make_unique<CallTable>(m_server.limits.callsInFlight);
    while (m_calls->isFull() && m_causeOfDeath.empty()) {
        publishWritten();
        expireCalls(lock);
        if (!m_calls->isFull())
            break;
        Waiter waiter;
        waiter.what = Waiter::For::Room; // any answer makes some
        await(lock, waiter, deadline);
    }
}

bool NativeClient::await(detail::AsyncCall &call, detail::TimePoint deadline)
{
    std::shared_ptr<detail::DueWork> follower; // goes after the lock
    Lock lock(m_mutex);
    publishWritten();
    if (!call.isReady()) {
        Waiter waiter;
        waiter.callId = call.id;
        waiter.readsOn = true;
        Deadline end(std::min(deadline, call.expiry));
        (void)waitFor(lock, waiter, end);
        if (!call.isReady() && detail::TimePoint::clock::now() >= call.expiry)
            expireCalls(lock);
    }
    if (!call.isReady())
        return false;
    follower = takeFollower(call);
    return true;
}

void NativeClient::follow(detail::AsyncCall &call, std::shared_ptr<detail::DueWork> next)
{
    const Lock lock(m_mutex);
    call.next = std::move(next);
    if (call.isReady())
        makeFollowerDue(call);
    askForReader();
}

/// At a server nobody is in process() for its clients: a server thread has to be, from the first call on that is followed.
void NativeClient::askForReader()
{
    // Once it is dead, for each: whoever read it has let go of it.
    if (m_host.followed && (!std::exchange(m_hasAskedForReader, true) || !m_causeOfDeath.empty()))
        m_host.followed->add(shared_from_this());
}

void NativeClient::makeFollowerDue(detail::AsyncCall &call)
{
    if (!call.next)
        return;
    call.due = call.next;
    addDue(std::move(call.next));
}

/// What follows the call is nobody's business here any more.
std::shared_ptr<detail::DueWork> NativeClient::takeFollower(detail::AsyncCall &call) noexcept
{
    if (call.next)
        return std::move(call.next);
    const auto due = std::exchange(call.due, {}).lock();
    if (due)
        std::erase(m_due, due);
    return due;
}

void NativeClient::abandon(detail::AsyncCall &call) noexcept
{
    std::shared_ptr<detail::AsyncCall> abandoned; // these two go after the lock: they are the user's
    std::shared_ptr<detail::DueWork> next;
    const Lock lock(m_mutex);
    if (m_calls)
        abandoned = m_calls->abandon(call.id);
    next = takeFollower(call);
}

/// Under the lock: the answer, or the error, is stored.
void NativeClient::finish(detail::AsyncCall &call)
{
    call.becomeReady();
    makeFollowerDue(call);
    for (Waiter *waiter : m_waiters) {
        if (waiter->what == Waiter::For::Result && waiter->callId == call.id) {
            end(*waiter);
        }
    }
}

void NativeClient::expireAt(detail::TimePoint time) noexcept
{
    if (time < m_nextExpiry)
        wakeAll(Waiter::For::Work); // whoever is in process() waits until then at most
    m_nextExpiry = time;
    if (m_events)
        m_events->wakeAt(time);
}

/// Fails what has waited long enough. Lets go of the lock: what was abandoned is the user's.
void NativeClient::expireCalls(Lock &lock)
{
    if (!m_calls)
        return;
    std::vector<std::shared_ptr<detail::AsyncCall>> ended;
    detail::TimePoint next;
    for (const std::uint64_t id : m_calls->expired(detail::TimePoint::clock::now(), next)) {
        const auto &call = ended.emplace_back(m_calls->take(id));
        if (!call)
            continue;
        call->failed(ErrorKind::CallTimeout, "no answer before the call's deadline; the target may still be working");
        finish(*call);
    }
    expireAt(next);
    lock.unlock();
    ended.clear();
    lock.lock();
}

/// The connection is at its end, and so are the calls.
std::vector<std::shared_ptr<detail::AsyncCall>> NativeClient::failCalls()
{
    std::vector<std::shared_ptr<detail::AsyncCall>> ended;
    if (!m_calls)
        return ended;
    detail::TimePoint next;
    for (const std::uint64_t id : m_calls->expired(detail::TimePoint::max(), next)) {
        const auto &call = ended.emplace_back(m_calls->take(id));
        if (!call)
            continue;
        call->failed(ErrorKind::PeerDied, m_causeOfDeath);
        finish(*call);
    }
    return ended;
}

void NativeClient::publish() noexcept
{
    const Lock lock(m_mutex);
    publishWritten();
}

} // namespace decoy::lane
