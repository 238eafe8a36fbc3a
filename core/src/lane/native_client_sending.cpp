// SPDX-License-Identifier: BSD-3-Clause

// NativeClient: how requests get into the ring, and what happens when it is full.

#include "lane/native_client.h"

#include <algorithm>
#include <unistd.h>

namespace decoy::lane {

namespace {
/// What a client is told without being asked for an answer and does not read: beyond this many it has stopped reading for good, and must
/// not fill its server's memory.
constexpr std::size_t mostPosted = 16 * 1024;
} // namespace

void NativeClient::ringServer() const noexcept
{
    if (!m_doorbell.isOpen()) {
        // A full socket needs no second doorbell: the peer empties it before it sleeps.
        (void)sendMessage(m_socket, asMessage(Notice{}));
        return;
    }
    const std::uint64_t one = 1;
    (void)!write(m_doorbell.get(), &one, sizeof one);
}

void NativeClient::post(std::span<const std::byte> request) noexcept
{
    try {
        const Lock lock(m_mutex);
        if (!m_causeOfDeath.empty())
            return;
        writePosted();
        if (!m_posted.empty() || !tryWrite(0, {request, memory::RecordHeader::OneWay}))
            m_posted.emplace_back(request.begin(), request.end()); // goes before the next call
        m_isPublished = false;
        publishWritten();
        if (m_posted.size() <= mostPosted || m_doorbell.isOpen())
            return;
        m_posted.clear();
    } catch (const std::exception &) {
        return; // no memory, or a broken peer, which the next call will report: what was posted is lost with the connection
    }
    die(m_peerName + " does not read what it is told");
    hangUp();
}

void NativeClient::publishWritten() noexcept
{
    if (!std::exchange(m_isPublished, true) && m_writer.publish())
        ringServer();
}

void NativeClient::append(Lock &lock, std::uint64_t callId, const Request &request, Deadline &deadline)
{
    if (request.frame.size() > m_server.limits.bufsize)
        throw DataTooBigError("the request", request.frame.size(), m_server.limits.bufsize);
    try {
        for (;;) {
            if (!m_causeOfDeath.empty())
                throw PeerDied(m_causeOfDeath);
            writePosted();
            if (m_posted.empty() && tryWrite(callId, request))
                break;
            waitForRoom(lock, request, deadline);
        }
    } catch (const memory::BrokenPeer &broken) {
        throw PeerDied(m_peerName + " broke the protocol: " + broken.what());
    }
    m_isPublished = false;
}

/// Each request goes through here.
bool NativeClient::tryWrite(std::uint64_t callId, const Request &request)
{
    if (!tryWriteUnseen(callId, request))
        return false;
    if (m_host.witness)
        m_host.witness->requestWritten(callId, (request.flags & memory::RecordHeader::OneWay) != 0, request.frame);
    return true;
}

bool NativeClient::tryWriteUnseen(std::uint64_t callId, const Request &request)
{
    const std::span<const std::byte> trailer = request.trailer();
    if (request.frame.size() <= m_writer.largestFrame()) {
        const auto size = static_cast<std::uint32_t>(request.frame.size() + trailer.size());
        return m_writer.write({size, request.flags, callId}, request.frame, trailer);
    }
    switch (m_annexes.write(m_socket, callId, request.flags, request.frame, trailer)) {
    case Sent::Done: return true;
    case Sent::Full: return false;
    case Sent::Failed: break;
    }
    if (hasHungUp(m_socket))
        throw PeerDied(died());
    throw ProxyError("the system does not take a frame of " + std::to_string(request.frame.size()) + " bytes now");
}

bool NativeClient::hasRoom(const Request &request)
{
    const std::size_t trailer = request.trailer().size();
    if (request.frame.size() <= m_writer.largestFrame())
        return m_writer.hasRoom(request.frame.size() + trailer);
    return m_writer.hasRoom(sizeof(AnnexedFrame) + trailer) && m_annexes.hasRoom();
}

void NativeClient::writePosted()
{
    while (!m_posted.empty() && tryWrite(0, {m_posted.front(), memory::RecordHeader::OneWay}))
        m_posted.pop_front();
}

void NativeClient::waitForRoom(Lock &lock, const Request &request, Deadline &deadline)
{
    m_isPublished = false; // what was written already, or posted, must not wait for what was not
    publishWritten();
    m_writer.askForSpace();
    if (!hasRoom(request)) {
        Waiter waiter;
        waiter.what = Waiter::For::Room;
        return await(lock, waiter, deadline);
    }
    stopAskingForSpace();
    if (request.frame.size() <= m_writer.largestFrame())
        return;
    // There is room, so it was the socket that had none for a new annex.
    lock.unlock();
    const bool isWritable = waitWritable(m_socket, deadline.time());
    if (hasHungUp(m_socket))
        die(died());
    lock.lock();
    if (!isWritable || deadline.hasPassed())
        deadline.raise();
}

void NativeClient::stopAskingForSpace() noexcept
{
    // One wish for all threads: it stays while any of them waits for room.
    if (std::ranges::find(m_waiters, Waiter::For::Room, &Waiter::what) == m_waiters.end())
        m_writer.stopAskingForSpace();
}

} // namespace decoy::lane
