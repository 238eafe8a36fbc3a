// SPDX-License-Identifier: BSD-3-Clause

// NativeClient: what the thread that reads does with all that comes from the server.

#include "lane/duty.h"
#include "lane/native_client.h"
#include "wire/result.h"

#include <decoy/copy_bytes.h>

#include <algorithm>

namespace decoy::lane {

namespace {
/// Records taken before the thread that reads looks at its own deadline again.
constexpr int recordsAPass = 64;
/// The same for messages of the socket: a peer that never stops sending them must not keep the thread from it.
constexpr int noticesAPass = 64;
} // namespace

/// Comes back with the lock where it got the waiter's own result, which spares taking it twice.
void NativeClient::read(Lock &lock, Waiter &waiter, Deadline &deadline)
{
    try {
        m_backoff.begin(m_reader.sharesCore());
        if (deadline.isNow()) {
            m_backoff.skip();
            receiveNotices(); // a doorbell that stays in the socket would keep the descriptor readable
        }
        for (;;) {
            readRecords(lock, waiter);
            if (waiter.isDone.load(std::memory_order_relaxed))
                return;
            if (m_hungUp)
                return die(died());
            if (m_backoff.pause()) {
                if (dutyOfThisThread && m_backoff.isBurstOver())
                    dutyOfThisThread->whileWaiting();
                continue;
            }
            if (deadline.hasPassed()) // also while results for others keep coming
                return;
            if (dutyOfThisThread)
                dutyOfThisThread->beforeSleep();
            if (!m_reader.arm())
                continue;
            const bool goesOn = sleepAsReader(lock, waiter, deadline);
            m_reader.disarm();
            if (!goesOn)
                return;
            receiveNotices();
            m_backoff.woke();
        }
    } catch (const std::exception &error) {
        unlock(lock);
        dieOfBreach(error.what());
    }
}

/// Until something comes; false at the deadline. Somebody in process() waits also for what other threads make due, which they see to.
bool NativeClient::sleepAsReader(Lock &lock, Waiter &waiter, Deadline &deadline)
{
    if (waiter.what != Waiter::For::Work)
        return waitReadable(m_socket, deadline.time());
    lock.lock();
    if (waiter.isDone)
        return false;
    waiter.sleepsAsReader = true;
    lock.unlock();
    const bool isReadable = waitReadable(m_socket, m_interrupt->descriptor(), deadline.time());
    lock.lock();
    waiter.sleepsAsReader = false;
    if (waiter.isDone)
        m_interrupt->clear();
    lock.unlock();
    return isReadable;
}

/// Stops at the result that the reader itself waits for, unless it reads on. Once a result has taken the lock, it stays for those that
/// follow at once.
void NativeClient::readRecords(Lock &lock, const Waiter &waiter)
{
    const auto isDone = [&waiter] { return waiter.isDone.load(std::memory_order_relaxed); };
    for (int count = 0; count < recordsAPass && (!isDone() || waiter.readsOn); ++count) {
        const auto record = m_reader.next();
        if (!record)
            break;
        if (record->frame.size() > detail::copyStep || (record->header.flags & memory::RecordHeader::Annexed))
            unlock(lock); // copying takes time
        copyFrame(*record);
        if (m_reader.consume(*record)) {
            unlock(lock);
            ringServer();
        }
        dispatch(lock, waiter, record->header);
    }
    if (!isDone() || !m_delivered.empty())
        unlock(lock);
}

/// If it is locked. What was delivered meanwhile is let go of after that: it may be the user's.
void NativeClient::unlock(Lock &lock) noexcept
{
    if (lock.owns_lock())
        lock.unlock();
    m_delivered.clear();
}

/// Into m_frame, which nobody else can change; only then may the record be consumed.
void NativeClient::copyFrame(const memory::Record &record)
{
    if (!(record.header.flags & memory::RecordHeader::Annexed))
        return detail::assignBytes(m_frame, record.frame);
    // It was sent before the record was published, so it is among what a socket holds.
    for (int count = 0; count < mostInSocket && !m_peerAnnexes.has(record) && receiveNotice(); ++count) {}
    m_peerAnnexes.copy(record, m_frame);
}

/// Each kind of record that a server sends is told apart here.
void NativeClient::dispatch(Lock &lock, const Waiter &reader, const memory::RecordHeader &header)
{
    const std::span<const std::byte> frame = m_frame;
    if (header.flags & memory::RecordHeader::Event) {
        unlock(lock);
        return deliverEvent(header.callId, frame, header.flags & memory::RecordHeader::Last);
    }
    if (m_host.witness)
        m_host.witness->answerRead(header.callId, frame);
    if (wire::isPending(frame))
        return;
    deliver(lock, reader, header.callId);
}

/// A result, for whoever waits for it. The two buffers change places: nothing is copied, and both are used again.
void NativeClient::deliver(Lock &lock, const Waiter &reader, std::uint64_t callId)
{
    if (!lock.owns_lock())
        lock.lock();
    wakeAll(Waiter::For::Room); // the server took a request before it answered
    if (m_calls && m_calls->contains(callId)) {
        // It is there before anything can fail: it must not go under the lock.
        m_delivered.reserve(recordsAPass);
        if (auto &call = m_delivered.emplace_back(m_calls->take(callId))) {
            call->answered(m_frame);
            return finish(*call);
        }
        m_delivered.pop_back();
    }
    const auto found = std::ranges::find_if(
        m_waiters, [callId](const Waiter *waiter) { return waiter->result && waiter->callId == callId; });
    if (found == m_waiters.end()) {
        unlock(lock);
        return detail::discardResult(*this, m_frame);
    }
    Waiter &waiter = **found;
    waiter.result->swap(m_frame);
    if (&waiter == &reader)
        return waiter.isDone.store(true, std::memory_order_relaxed);
    end(waiter);
}

/// What is left after that is there at the next look.
void NativeClient::receiveNotices()
{
    for (int count = 0; count < noticesAPass && receiveNotice(); ++count) {}
}

/// False if there is none.
bool NativeClient::receiveNotice()
{
    switch (receiveMessage(m_socket, m_message)) {
    case Received::Nothing: return false;
    case Received::Closed: m_hungUp = true; return false;
    case Received::Message: break;
    }
    Notice notice;
    if (!readMessage(m_message.bytes, notice))
        throw memory::BrokenPeer("a notice has the wrong size");
    if (notice.kind == Notice::Kind::Annex)
        m_peerAnnexes.add(m_message);
    const std::lock_guard lock(m_mutex);
    wakeAll(Waiter::For::Room);
    return true;
}

} // namespace decoy::lane
