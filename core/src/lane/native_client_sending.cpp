// SPDX-License-Identifier: BSD-3-Clause

// NativeClient: how requests get into the ring, and what happens when it is full.

#include "lane/native_client.h"

#include <algorithm>
#include <unistd.h>

namespace decoy::lane {

void NativeClient::ringServer() const noexcept
{
    const std::uint64_t one = 1;
    (void)!write(m_doorbell.get(), &one, sizeof one);
}

void NativeClient::post(std::span<const std::byte> request) noexcept
{
    const std::lock_guard lock(m_mutex);
    if (!m_causeOfDeath.empty())
        return;
    try {
        writePosted();
        if (!m_posted.empty() || !tryWrite(0, request, memory::RecordHeader::OneWay))
            m_posted.emplace_back(request.begin(), request.end()); // goes before the next call
        m_isPublished = false;
        publishWritten();
    } catch (const std::exception &) {
        // No memory, or a broken peer, which the next call will report. What was posted is lost with the connection.
    }
}

void NativeClient::publishWritten() noexcept
{
    if (!std::exchange(m_isPublished, true) && m_writer.publish())
        ringServer();
}

void NativeClient::append(Lock &lock, std::uint64_t callId, std::span<const std::byte> request, std::uint32_t flags,
                          Deadline &deadline)
{
    if (request.size() > m_server.limits.bufsize)
        throw DataTooBigError("the request", request.size(), m_server.limits.bufsize);
    try {
        for (;;) {
            if (!m_causeOfDeath.empty())
                throw PeerDied(m_causeOfDeath);
            writePosted();
            if (m_posted.empty() && tryWrite(callId, request, flags))
                break;
            waitForRoom(lock, request.size(), deadline);
        }
    } catch (const memory::BrokenPeer &broken) {
        throw PeerDied("the server \"" + m_server.name + "\" broke the protocol: " + broken.what());
    }
    m_isPublished = false;
}

bool NativeClient::tryWrite(std::uint64_t callId, std::span<const std::byte> request, std::uint32_t flags)
{
    if (request.size() <= m_writer.largestFrame())
        return m_writer.write({static_cast<std::uint32_t>(request.size()), flags, callId}, request);
    switch (m_annexes.write(m_socket, callId, flags, request)) {
    case Sent::Done: return true;
    case Sent::Full: return false;
    case Sent::Failed: break;
    }
    if (hasHungUp(m_socket))
        throw PeerDied("the server \"" + m_server.name + "\" died");
    throw ProxyError("the system does not take a frame of " + std::to_string(request.size()) + " bytes now");
}

bool NativeClient::hasRoom(std::size_t frameSize)
{
    if (frameSize <= m_writer.largestFrame())
        return m_writer.hasRoom(frameSize);
    return m_writer.hasRoom(sizeof(AnnexedFrame)) && m_annexes.hasRoom();
}

void NativeClient::writePosted()
{
    while (!m_posted.empty() && tryWrite(0, m_posted.front(), memory::RecordHeader::OneWay))
        m_posted.pop_front();
}

void NativeClient::waitForRoom(Lock &lock, std::size_t frameSize, Deadline &deadline)
{
    m_isPublished = false; // what was written already, or posted, must not wait for what was not
    publishWritten();
    m_writer.askForSpace();
    if (!hasRoom(frameSize)) {
        Waiter waiter;
        waiter.what = Waiter::For::Room;
        return await(lock, waiter, deadline);
    }
    stopAskingForSpace();
    if (frameSize <= m_writer.largestFrame())
        return;
    // There is room, so it was the socket that had none for a new annex.
    lock.unlock();
    const bool isWritable = waitWritable(m_socket, deadline.time());
    if (hasHungUp(m_socket))
        die("the server \"" + m_server.name + "\" died");
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
