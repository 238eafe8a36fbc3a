// SPDX-License-Identifier: BSD-3-Clause
#include "lane/native_client.h"

#include "lane/detached_frame.h"
#include "lane/rendezvous.h"
#include "memory/backoff.h"
#include "wire/request.h"

#include <decoy/proxy.h>

#include <algorithm>
#include <sys/socket.h>
#include <unistd.h>

namespace decoy::lane {

namespace {
/// Results taken before the thread that reads looks at its own deadline again.
constexpr int recordsAPass = 64;
} // namespace

/// A thread that waits: for the result of a call, or (call id 0) for room in the ring.
struct NativeClient::Waiter {
    std::uint64_t callId = 0;
    std::vector<std::byte> *result = nullptr;
    bool isDone = false; // guarded by m_mutex, or by being the reader
    std::condition_variable wakened;
};

NativeClient::NativeClient(detail::ServerFacts server, FileDescriptor socket, FileDescriptor doorbell,
                           memory::Region own, memory::Region peer)
    : m_server(std::move(server)), m_socket(std::move(socket)), m_doorbell(std::move(doorbell)), m_own(std::move(own)),
      m_peer(std::move(peer)), m_writer(m_own, m_peer), m_reader(m_own, m_peer)
{}

NativeClient::~NativeClient() = default;

std::shared_ptr<NativeClient> NativeClient::connect(std::string_view server, std::chrono::milliseconds timeout)
{
    const std::string quoted = "the server \"" + std::string(server) + "\"";
    FileDescriptor socket = connectTo(server);
    if (!waitReadable(socket, Deadline(timeout).time()))
        throw CallTimeout(quoted + " did not greet within " + std::to_string(timeout.count()) + " ms");
    Message message;
    ServerHello hello;
    if (receiveMessage(socket, message) != Received::Message)
        throw PeerDied(quoted + " hung up before it greeted");
    if (!readMessage(message.bytes, hello) || hello.magic != helloMagic || hello.version != protocolVersion)
        throw ProxyError(quoted + " speaks another version of the protocol; this is version "
                         + std::to_string(protocolVersion));
    if (hello.status == HelloStatus::Denied)
        throw AccessDenied(quoted + " does not serve this user");
    if (hello.status == HelloStatus::Full)
        throw LimitExceeded(quoted + " has no room for another client");
    if (message.descriptors.size() != 2 || !memory::isValidRingSize(hello.ringSize))
        throw ProxyError(quoted + " sent a greeting that makes no sense");

    auto peer = memory::Region::open(std::move(message.descriptors[0]), hello.ringSize);
    auto own = memory::Region::create(hello.ringSize);
    const int descriptor = own.descriptor();
    if (sendMessage(socket, asMessage(ClientHello{}), {&descriptor, 1}) != Sent::Done)
        throw PeerDied(quoted + " hung up while it was greeted");
    own.closeDescriptor();
    peer.closeDescriptor();
    detail::ServerFacts facts{std::string(server), hello.process, static_cast<int>(std::min(hello.maxChainLevel, 255u)),
                              hello.limits, wire::Dialect::Native};
    return std::shared_ptr<NativeClient>(new NativeClient(
        std::move(facts), std::move(socket), std::move(message.descriptors[1]), std::move(own), std::move(peer)));
}

bool NativeClient::isAlive() const noexcept
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_causeOfDeath.empty())
            return false;
    }
    return !hasHungUp(m_socket);
}

void NativeClient::close() noexcept
{
    shutdown(m_socket.get(), SHUT_RDWR); // wakes the thread that reads
    die("the connection to \"" + m_server.name + "\" was closed");
}

void NativeClient::die(const std::string &reason) noexcept
{
    const std::lock_guard lock(m_mutex);
    if (m_causeOfDeath.empty())
        m_causeOfDeath = reason;
    for (Waiter *waiter : m_waiters)
        waiter->wakened.notify_one();
}

// ---- sending ----

void NativeClient::ringServer() const noexcept
{
    const std::uint64_t one = 1;
    (void)!write(m_doorbell.get(), &one, sizeof one);
}

void NativeClient::exchange(std::span<const std::byte> request, std::chrono::milliseconds timeout,
                            std::vector<std::byte> &result)
{
    Deadline deadline(timeout);
    Waiter waiter;
    waiter.result = &result;
    std::unique_lock lock(m_mutex);
    waiter.callId = m_nextCallId++;
    send(lock, waiter.callId, request, deadline);
    await(lock, waiter, deadline);
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
        if (m_writer.publish())
            ringServer();
    } catch (const std::exception &) {
        // No memory, or a broken peer, which the next call will report. What was posted is lost with the connection.
    }
}

void NativeClient::send(std::unique_lock<std::mutex> &lock, std::uint64_t callId, std::span<const std::byte> request,
                        Deadline &deadline)
{
    if (request.size() > m_server.limits.bufsize)
        throw DataTooBigError("the request", request.size(), m_server.limits.bufsize);
    try {
        for (;;) {
            if (!m_causeOfDeath.empty())
                throw PeerDied(m_causeOfDeath);
            writePosted();
            if (m_posted.empty() && tryWrite(callId, request, 0))
                break;
            waitForRoom(lock, request.size(), deadline);
        }
    } catch (const memory::BrokenPeer &broken) {
        throw PeerDied("the server \"" + m_server.name + "\" broke the protocol: " + broken.what());
    }
    if (m_writer.publish())
        ringServer();
}

bool NativeClient::tryWrite(std::uint64_t callId, std::span<const std::byte> request, std::uint32_t flags)
{
    if (request.size() <= m_writer.largestFrame())
        return m_writer.write({static_cast<std::uint32_t>(request.size()), flags, callId}, request);
    if (!m_writer.hasRoom(0))
        return false;
    switch (sendDetached(m_socket, callId, request)) {
    case Sent::Full: return false;
    case Sent::Failed:
        if (hasHungUp(m_socket))
            throw PeerDied("the server \"" + m_server.name + "\" died");
        throw ProxyError("the system does not take a frame of " + std::to_string(request.size()) + " bytes now");
    case Sent::Done: break;
    }
    return m_writer.write({0, flags | memory::RecordHeader::Detached, callId}, {});
}

void NativeClient::writePosted()
{
    while (!m_posted.empty() && tryWrite(0, m_posted.front(), memory::RecordHeader::OneWay))
        m_posted.pop_front();
}

void NativeClient::waitForRoom(std::unique_lock<std::mutex> &lock, std::size_t frameSize, Deadline &deadline)
{
    if (m_writer.publish()) // what was written already must not wait for what was not
        ringServer();
    m_writer.askForSpace();
    if (!m_writer.hasRoom(std::min(frameSize, m_writer.largestFrame()))) {
        Waiter waiter;
        return await(lock, waiter, deadline);
    }
    stopAskingForSpace();
    if (frameSize <= m_writer.largestFrame())
        return;
    // The ring has room, so it was the socket that had none for a large frame.
    lock.unlock();
    const bool isWritable = waitWritable(m_socket, deadline.time());
    lock.lock();
    if (hasHungUp(m_socket) && m_causeOfDeath.empty())
        m_causeOfDeath = "the server \"" + m_server.name + "\" died";
    if (!isWritable || deadline.hasPassed())
        deadline.raise();
}

void NativeClient::stopAskingForSpace() noexcept
{
    // One wish for all threads: it stays while any of them waits for room.
    if (std::ranges::find(m_waiters, std::uint64_t{0}, &Waiter::callId) == m_waiters.end())
        m_writer.stopAskingForSpace();
}

// ---- waiting and reading ----

void NativeClient::await(std::unique_lock<std::mutex> &lock, Waiter &waiter, Deadline &deadline)
{
    m_waiters.push_back(&waiter);
    bool isTimedOut = false;
    while (!waiter.isDone && !isTimedOut && m_causeOfDeath.empty()) {
        if (m_isBeingRead) {
            const auto time = deadline.time();
            if (!time)
                waiter.wakened.wait(lock);
            else
                isTimedOut = waiter.wakened.wait_until(lock, *time) == std::cv_status::timeout;
            continue;
        }
        m_isBeingRead = true;
        lock.unlock();
        read(waiter, deadline);
        lock.lock();
        m_isBeingRead = false;
        isTimedOut = !waiter.isDone;
        break;
    }
    std::erase(m_waiters, &waiter);
    if (waiter.callId == 0)
        stopAskingForSpace();
    if (!m_isBeingRead && !m_waiters.empty())
        m_waiters.front()->wakened.notify_one(); // it reads from here on
    if (waiter.isDone)
        return;
    if (!m_causeOfDeath.empty())
        throw PeerDied(m_causeOfDeath);
    deadline.raise();
}

void NativeClient::read(Waiter &waiter, Deadline &deadline)
{
    memory::Backoff backoff;
    try {
        for (;;) {
            readRecords(waiter);
            if (waiter.isDone)
                return;
            if (m_hungUp)
                return die("the server \"" + m_server.name + "\" died");
            if (backoff.pause())
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
            backoff.reset();
        }
    } catch (const std::exception &error) {
        die("the server \"" + m_server.name + "\" broke the protocol: " + error.what());
    }
}

void NativeClient::readRecords(Waiter &waiter)
{
    for (int count = 0; count < recordsAPass; ++count) {
        const auto record = m_reader.next();
        if (!record)
            return;
        m_scratch.assign(record->frame.begin(), record->frame.end());
        if (m_reader.consume(*record))
            ringServer();
        deliver(record->header, m_scratch);
        if (waiter.isDone)
            return;
    }
}

void NativeClient::deliver(const memory::RecordHeader &header, std::span<const std::byte> frame)
{
    std::vector<std::byte> detached;
    if (header.flags & memory::RecordHeader::Detached) {
        if (!m_detached.contains(header.callId))
            receiveNotices(); // it was sent before the record was published
        const auto found = m_detached.find(header.callId);
        if (found == m_detached.end())
            throw memory::BrokenPeer("a large frame did not come");
        detached = std::move(found->second);
        m_detached.erase(found);
        frame = detached;
    }
    const auto head = frame.size() > framePrefixSize ? wire::peekHead(frame.subspan(framePrefixSize)) : std::nullopt;
    if (head && head->opcode == static_cast<int>(ProxyOpCode::ResponsePending))
        return;

    std::unique_lock lock(m_mutex);
    wakeRoomWaiters(); // the server took a request before it answered
    const auto found = std::ranges::find(m_waiters, header.callId, &Waiter::callId);
    if (found == m_waiters.end() || header.callId == 0) {
        lock.unlock();
        return discard(frame);
    }
    Waiter &waiter = **found;
    if (detached.empty())
        waiter.result->assign(frame.begin(), frame.end());
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
            if (m_detached.size() >= mostDetachedFrames)
                throw memory::BrokenPeer("more large frames come than records announce");
            m_detached[notice.callId] = std::move(*frame);
        }
        const std::lock_guard lock(m_mutex);
        wakeRoomWaiters();
    }
}

void NativeClient::wakeRoomWaiters() noexcept
{
    for (Waiter *waiter : m_waiters) {
        if (waiter->callId != 0)
            continue;
        waiter->isDone = true; // perhaps there is room now; it looks itself
        waiter->wakened.notify_one();
    }
}

void NativeClient::discard(std::span<const std::byte> frame) noexcept
{
    // Nobody waits any more: a call that timed out. What the late answer hands out must not stay at the server for ever.
    try {
        wire::ObjectArena arena;
        const auto late = wire::parseResult(frame.subspan(std::min(framePrefixSize, frame.size())), arena,
                                            m_server.limits);
        if (late.kind == wire::ResultView::Kind::Proxy)
            detail::postRelease(*this, late.object);
    } catch (const std::exception &) {
        // Not a result at all; nobody was promised one.
    }
}

} // namespace decoy::lane
