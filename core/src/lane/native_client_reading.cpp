// SPDX-License-Identifier: BSD-3-Clause

// NativeClient: what the thread that reads does with all that comes from the server.

#include "lane/detached_frame.h"
#include "lane/native_client.h"
#include "wire/request.h"

#include <decoy/copy_bytes.h>

#include <algorithm>

namespace decoy::lane {

namespace {
/// Records taken before the thread that reads looks at its own deadline again.
constexpr int recordsAPass = 64;
} // namespace

void NativeClient::read(Waiter &waiter, Deadline &deadline)
{
    try {
        m_backoff.begin(m_reader.sharesCore());
        if (deadline.isNow()) {
            m_backoff.skip();
            receiveNotices(); // a doorbell that stays in the socket would keep the descriptor readable
        }
        for (;;) {
            readRecords(waiter);
            if (waiter.isDone)
                return;
            if (m_hungUp)
                return die("the server \"" + m_server.name + "\" died");
            if (m_backoff.pause())
                continue;
            if (deadline.hasPassed()) // also while results for others keep coming
                return;
            if (!m_reader.arm())
                continue;
            const bool isReadable = waitReadable(m_socket, deadline.time());
            m_reader.disarm();
            if (!isReadable)
                return;
            receiveNotices();
            m_backoff.woke();
            m_backoff.begin(false);
        }
    } catch (const std::exception &error) {
        die("the server \"" + m_server.name + "\" broke the protocol: " + error.what());
    }
}

/// Stops at the result that the reader itself waits for, unless it reads on.
void NativeClient::readRecords(const Waiter &waiter)
{
    for (int count = 0; count < recordsAPass; ++count) {
        const auto record = m_reader.next();
        if (!record)
            return;
        detail::assignBytes(m_scratch, record->frame);
        if (m_reader.consume(*record))
            ringServer();
        dispatch(record->header, m_scratch);
        if (waiter.isDone && !waiter.readsOn)
            return;
    }
}

/// Each kind of record that a server sends is told apart here. `frame` is a copy, which nobody else can change.
void NativeClient::dispatch(const memory::RecordHeader &header, std::span<const std::byte> frame)
{
    std::vector<std::byte> detached;
    if (header.flags & memory::RecordHeader::Detached) {
        detached = takeDetachedFrame(header.callId);
        frame = detached;
    }
    const auto head = frame.size() > framePrefixSize ? wire::peekHead(frame.subspan(framePrefixSize)) : std::nullopt;
    if (head && head->opcode == static_cast<int>(ProxyOpCode::ResponsePending))
        return;
    deliver(header.callId, frame, detached);
}

std::vector<std::byte> NativeClient::takeDetachedFrame(std::uint64_t callId)
{
    if (!m_detached.contains(callId))
        receiveNotices(); // it was sent before the record was published
    const auto found = m_detached.find(callId);
    if (found == m_detached.end())
        throw memory::BrokenPeer("a large frame did not come");
    std::vector<std::byte> frame = std::move(found->second);
    m_detached.erase(found);
    return frame;
}

/// A result, for whoever waits for it. A large one is moved there: `detached` has it then.
void NativeClient::deliver(std::uint64_t callId, std::span<const std::byte> frame, std::vector<std::byte> &detached)
{
    std::shared_ptr<detail::AsyncCall> call; // goes after the lock
    Lock lock(m_mutex);
    wakeAll(Waiter::For::Room); // the server took a request before it answered
    if (m_calls && m_calls->contains(callId) && (call = m_calls->take(callId))) {
        call->answered(frame, detached);
        return finish(*call);
    }
    const auto found = std::ranges::find_if(
        m_waiters, [callId](const Waiter *waiter) { return waiter->result && waiter->callId == callId; });
    if (found == m_waiters.end()) {
        lock.unlock();
        return detail::discardResult(*this, frame);
    }
    Waiter &waiter = **found;
    if (detached.empty())
        detail::assignBytes(*waiter.result, frame);
    else
        *waiter.result = std::move(detached);
    waiter.isDone = true;
    waiter.wakened.notify_one();
}

void NativeClient::receiveNotices()
{
    Message message;
    for (;;) {
        switch (receiveMessage(m_socket, message)) {
        case Received::Nothing: return;
        case Received::Closed: m_hungUp = true; return;
        case Received::Message: break;
        }
        Notice notice;
        if (!readMessage(message.bytes, notice))
            throw memory::BrokenPeer("a notice has the wrong size");
        if (notice.kind == Notice::Kind::Frame) {
            auto frame = takeDetached(message, m_server.limits.bufsize);
            if (!frame)
                throw memory::BrokenPeer("a large frame is not what its notice says");
            if (m_detached.size() > mostDetachedFrames) // one of them may be that of a record just taken
                throw memory::BrokenPeer("more large frames come than records announce");
            m_detached[notice.callId] = std::move(*frame);
        }
        const std::lock_guard lock(m_mutex);
        wakeAll(Waiter::For::Room);
    }
}

} // namespace decoy::lane
