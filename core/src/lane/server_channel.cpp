// SPDX-License-Identifier: BSD-3-Clause
#include "lane/server_channel.h"

#include "lane/callback_trace.h"
#include "lane/handshake.h"
#include "lane/native_client.h"
#include "wire/result.h"

#include <decoy/copy_bytes.h>

#include <algorithm>
#include <cstring>
#include <sys/socket.h>

namespace decoy::lane {

namespace {
constexpr std::size_t refusalSize = 256;
/// Results that a client has not taken while its ring is full; one that lets more pile up has stopped reading for good.
constexpr std::size_t mostHeldBytes = 64 * 1024 * 1024;
} // namespace

ServerChannel::ServerChannel(std::uint32_t connection, FileDescriptor socket, FileDescriptor doorbell,
                             memory::Region own, memory::Region peer, const PeerCredentials &credentials,
                             const ServedObjects &served, std::shared_ptr<object::AwaitedCalls> awaited,
                             std::shared_ptr<FollowedLanes> followed)
    : m_socket(std::move(socket)), m_doorbell(std::move(doorbell)), m_own(std::move(own)), m_peer(std::move(peer)),
      m_taps(served.taps), m_followed(std::move(followed)), m_limits(served.limits), m_reader(m_own, m_peer),
      m_peerAnnexes(m_limits.bufsize),
      m_caller(connection, credentials, Lane::Native, served.table, m_limits, *this,
               awaited ? std::move(awaited)
                       : std::make_shared<object::AwaitedCalls>(m_limits.callsBack, served.waitingThreads)),
      m_writer(m_own, m_peer), m_annexes(m_writer, m_limits.bufsize),
      m_lender(m_writeMutex, m_annexes, m_writer.largestFrame())
{}

ServerChannel::~ServerChannel() = default;

bool ServerChannel::receive(ReceivedRequest &request)
{
    // A client that does not take its results gets no further work done.
    if (isClosed() || m_hasHeld.load(std::memory_order_acquire))
        return false;
    try {
        auto record = m_reader.next();
        if (!record)
            return false;
        request.callId = record->header.callId;
        request.oneWay = record->header.flags & memory::RecordHeader::OneWay;
        request.isReferable = record->header.flags & memory::RecordHeader::Referable;
        request.isOnResult = record->header.flags & memory::RecordHeader::OnResult;
        request.lends = record->header.flags & memory::RecordHeader::Lends;
        copyFrame(*record, request);
        if (request.lends && !m_doorbell.isOpen())
            throw memory::BrokenPeer("nothing is lent over a reverse channel");
        while (request.lends && !m_hasReverse)
            receiveNotice();
        if (m_reader.consume(*record))
            ringClient();
        return true;
    } catch (const memory::BrokenPeer &) {
        close();
        return false;
    }
}

void ServerChannel::copyFrame(memory::Record &record, ReceivedRequest &request)
{
    request.within = 0;
    if (record.header.flags & memory::RecordHeader::Within) {
        if (record.frame.size() < sizeof request.within)
            throw memory::BrokenPeer("a record does not say within which call it is");
        const std::size_t size = record.frame.size() - sizeof request.within;
        std::memcpy(&request.within, record.frame.data() + size, sizeof request.within);
        record.frame = record.frame.first(size);
    }
    if (!(record.header.flags & memory::RecordHeader::Annexed))
        return detail::assignBytes(request.frame, record.frame);
    for (int count = 0; count < mostInSocket && !m_peerAnnexes.has(record); ++count)
        receiveNotice();
    m_peerAnnexes.copy(record, request.frame);
}

/// What a record refers to was sent before the record was published, and in this order.
void ServerChannel::receiveNotice()
{
    Message message;
    if (receiveMessage(m_socket, message) != Received::Message)
        throw memory::BrokenPeer("what a record refers to did not come");
    takeNotice(message);
}

void ServerChannel::takeNotice(Message &message)
{
    Notice notice;
    if (!readMessage(message.bytes, notice))
        throw memory::BrokenPeer("a notice has the wrong size");
    switch (notice.kind) {
    case Notice::Kind::Annex: return m_peerAnnexes.add(message);
    case Notice::Kind::Reverse: return openReverse(message);
    case Notice::Kind::Doorbell:
        if (!m_doorbell.isOpen())
            return;
    }
    throw memory::BrokenPeer("a notice of an unknown kind");
}

/// Before sleep, where the socket is the doorbell: so it never stays full. False if it may still be.
bool ServerChannel::receiveNotices()
{
    constexpr int noticesAPass = 64; // the thread serves others too
    Message message;
    for (int count = 0; count < noticesAPass; ++count) {
        if (receiveMessage(m_socket, message) != Received::Message)
            return true;
        takeNotice(message);
    }
    return false;
}

std::shared_ptr<detail::ClientLane> ServerChannel::reverse() const { return m_reverse; }

std::shared_ptr<NativeClient> ServerChannel::lastReverse()
{
    const std::lock_guard lock(m_reverseMutex);
    return m_reverse;
}

void ServerChannel::openReverse(Message &message)
{
    if (m_hasReverse || !m_doorbell.isOpen() || message.descriptors.size() != 1)
        throw memory::BrokenPeer("there is one reverse channel at most");
    m_hasReverse = true;
    try {
        auto reverse = NativeClient::adopt(
            std::move(message.descriptors.front()), m_caller, m_limits,
            {connection(), std::make_unique<CallbackTrace>(m_taps, m_caller), m_followed});
        const std::lock_guard lock(m_reverseMutex);
        if (!isClosed())
            m_reverse = std::move(reverse);
    } catch (const ProxyError &) {
        // No memory or no descriptor: that costs the calls that lend, not the connection.
    }
}

bool ServerChannel::arm()
{
    if (isClosed())
        return true;
    if (!m_doorbell.isOpen()) {
        try {
            if (!receiveNotices())
                return false;
        } catch (const memory::BrokenPeer &) {
            close();
            return true;
        }
    }
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
    if (m_closed.exchange(true, std::memory_order_acq_rel))
        return;
    shutdown(m_socket.get(), SHUT_RDWR);
    const std::lock_guard lock(m_reverseMutex);
    if (m_reverse)
        m_reverse->hangUp();
}

} // namespace decoy::lane
