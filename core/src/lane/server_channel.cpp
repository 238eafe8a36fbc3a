// SPDX-License-Identifier: BSD-3-Clause
#include "lane/server_channel.h"

#include "lane/handshake.h"
#include "wire/result.h"

#include <decoy/copy_bytes.h>

#include <algorithm>
#include <sys/socket.h>

namespace decoy::lane {

namespace {
constexpr std::size_t refusalSize = 256;
/// Results that a client has not taken while its ring is full; one that lets more pile up has stopped reading for good.
constexpr std::size_t mostHeldBytes = 64 * 1024 * 1024;
} // namespace

ServerChannel::ServerChannel(std::uint32_t connection, FileDescriptor socket, FileDescriptor doorbell,
                             memory::Region own, memory::Region peer, const PeerCredentials &credentials,
                             std::shared_ptr<object::ObjectTable> table, const Limits &limits)
    : m_socket(std::move(socket)), m_doorbell(std::move(doorbell)), m_own(std::move(own)), m_peer(std::move(peer)),
      m_limits(limits), m_reader(m_own, m_peer), m_peerAnnexes(limits.bufsize),
      m_caller(connection, credentials, Lane::Native, std::move(table), limits, *this), m_writer(m_own, m_peer),
      m_annexes(m_writer, limits.bufsize), m_lender(m_writeMutex, m_annexes, m_writer.largestFrame())
{}

bool ServerChannel::receive(ReceivedRequest &request)
{
    // A client that does not take its results gets no further work done.
    if (isClosed() || m_hasHeld.load(std::memory_order_acquire))
        return false;
    try {
        const auto record = m_reader.next();
        if (!record)
            return false;
        request.callId = record->header.callId;
        request.oneWay = record->header.flags & memory::RecordHeader::OneWay;
        request.isReferable = record->header.flags & memory::RecordHeader::Referable;
        request.isOnResult = record->header.flags & memory::RecordHeader::OnResult;
        if (record->header.flags & memory::RecordHeader::Annexed) {
            receiveAnnex(*record);
            m_peerAnnexes.copy(*record, request.frame);
        } else {
            detail::assignBytes(request.frame, record->frame);
        }
        if (m_reader.consume(*record))
            ringClient();
        return true;
    } catch (const memory::BrokenPeer &) {
        close();
        return false;
    }
}

/// Makes sure that the record's annex is here: it was sent before the record was published, and annexes in their order.
void ServerChannel::receiveAnnex(const memory::Record &record)
{
    while (!m_peerAnnexes.has(record)) {
        Message message;
        if (receiveMessage(m_socket, message) != Received::Message)
            throw memory::BrokenPeer("a large frame did not come");
        m_peerAnnexes.add(message);
    }
}

bool ServerChannel::arm()
{
    if (isClosed())
        return true;
    if (m_hasHeld.load(std::memory_order_acquire)) {
        // Requests must wait, so only room in the client's favour wakes us: the client rings when it has taken results.
        const std::lock_guard lock(m_writeMutex);
        m_own.header().sleeping.store(1, std::memory_order_seq_cst);
        try {
            m_writer.askForSpace();
            if (m_held.empty() || canWrite(m_held.front().frame.size())) {
                disarm();
                return false;
            }
        } catch (const memory::BrokenPeer &) {
            close();
        }
        return true;
    }
    return m_reader.arm();
}

bool ServerChannel::tryWrite(std::uint64_t callId, std::uint32_t flags, std::span<const std::byte> frame)
{
    if (frame.size() <= m_writer.largestFrame()) {
        const memory::RecordHeader header{static_cast<std::uint32_t>(frame.size()), flags, callId};
        return m_writer.write(header, frame);
    }
    if (!canWrite(frame.size()))
        return false;
    if (tryAnnex(callId, frame))
        return true;
    PackBuffer refusal(refusalSize);
    wire::packFailure(refusal, wire::Dialect::Native, 0,
                      {ErrorKind::LimitExceeded, {}, "the system has no room for so large a result now", {}});
    wire::endFrame(refusal, "the error", refusalSize);
    return m_writer.write({static_cast<std::uint32_t>(refusal.size()), 0, callId}, refusal.bytes());
}

bool ServerChannel::canWrite(std::size_t frameSize)
{
    if (frameSize <= m_writer.largestFrame())
        return m_writer.hasRoom(frameSize);
    // Room for the record, or for the error in its place, before anything goes through the socket.
    return m_annexes.hasRoom() && m_writer.hasRoom(refusalSize);
}

bool ServerChannel::tryAnnex(std::uint64_t callId, std::span<const std::byte> frame)
{
    try {
        return m_annexes.write(m_socket, callId, 0, frame) == Sent::Done;
    } catch (const ProxyError &) {
        return false; // no memory or no descriptor: that costs this result, not the connection
    }
}

bool ServerChannel::sendResult(std::uint64_t callId, std::span<const std::byte> frame)
{
    return send(callId, 0, frame);
}

void ServerChannel::endSubscription(std::uint64_t subscription, std::span<const std::byte> frame)
{
    send(subscription, memory::RecordHeader::Event | memory::RecordHeader::Last, frame);
}

bool ServerChannel::sendEvent(std::uint64_t subscription, std::span<const std::byte> frame, EventWitness *witness)
{
    bool mustRing = false;
    {
        const std::lock_guard lock(m_writeMutex);
        if (isClosed())
            return false;
        try {
            // No event stands in a result's way: neither one that is held, nor those that come while the client reads nothing.
            if (!m_held.empty() || frame.size() > m_writer.largestFrame() || !m_writer.leavesHalf(frame.size())
                || !tryWrite(subscription, memory::RecordHeader::Event, frame))
                return false;
            if (witness)
                witness->eventWritten(frame);
            mustRing = m_writer.publish();
        } catch (const memory::BrokenPeer &) {
            close();
            return false;
        }
    }
    if (mustRing)
        ringClient();
    return true;
}

bool ServerChannel::send(std::uint64_t callId, std::uint32_t flags, std::span<const std::byte> frame)
{
    bool mustRing = false;
    {
        const std::lock_guard lock(m_writeMutex);
        if (isClosed())
            return false;
        try {
            if (m_held.empty() && tryWrite(callId, flags, frame)) {
                mustRing = m_writer.publish();
            } else {
                m_held.push_back({callId, flags, {frame.begin(), frame.end()}});
                m_heldBytes += frame.size();
                if (m_heldBytes > std::max<std::size_t>(mostHeldBytes, 2 * std::size_t{m_limits.bufsize}))
                    close();
                else if (m_held.size() == 1) {
                    m_hasHeld.store(true, std::memory_order_release);
                    writeHeldResults(); // sets the wish for room, and sees room that has come meanwhile
                } // else the client will ring when it makes room, and the thread that leads, which also takes requests again, flushes
            }
        } catch (const std::exception &) { // a broken peer, or no memory for it
            close();
        }
    }
    if (mustRing)
        ringClient();
    return !isClosed();
}

void ServerChannel::writeHeldResults()
{
    bool wrote = false;
    for (;;) {
        while (!m_held.empty() && tryWrite(m_held.front().callId, m_held.front().flags, m_held.front().frame)) {
            m_heldBytes -= m_held.front().frame.size();
            m_held.pop_front();
            wrote = true;
        }
        if (m_held.empty()) {
            m_hasHeld.store(false, std::memory_order_release);
            m_writer.stopAskingForSpace();
            break;
        }
        m_writer.askForSpace();
        if (!canWrite(m_held.front().frame.size()))
            break;
    }
    if (wrote && m_writer.publish())
        ringClient();
}

void ServerChannel::flush()
{
    if (!m_hasHeld.load(std::memory_order_acquire) || isClosed())
        return;
    const std::lock_guard lock(m_writeMutex);
    try {
        writeHeldResults();
    } catch (const std::exception &) {
        close();
    }
}

void ServerChannel::ringClient() noexcept
{
    // A full socket needs no second doorbell: what is in it will wake the client all the same.
    const Notice notice;
    (void)sendMessage(m_socket, asMessage(notice));
}

void ServerChannel::close() noexcept
{
    if (!m_closed.exchange(true, std::memory_order_acq_rel))
        shutdown(m_socket.get(), SHUT_RDWR);
}

} // namespace decoy::lane
