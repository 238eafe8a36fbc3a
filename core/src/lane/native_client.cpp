// SPDX-License-Identifier: BSD-3-Clause
#include "lane/native_client.h"

#include "lane/rendezvous.h"
#include "lane/reverse_server.h"
#include "lending.h"

#include <decoy/proxy.h>

#include <algorithm>
#include <sys/socket.h>

namespace decoy::lane {

NativeClient::NativeClient(Greeted greeted, ReverseHost host)
    : m_server(std::move(greeted.server)), m_peerName(std::move(greeted.peerName)),
      m_awaited(std::move(greeted.awaited)), m_socket(std::move(greeted.socket)),
      m_doorbell(std::move(greeted.doorbell)), m_host(std::move(host)), m_own(std::move(greeted.own)),
      m_peer(std::move(greeted.peer)), m_writer(m_own, m_peer), m_annexes(m_writer, m_server.limits.bufsize),
      m_lender(m_mutex, m_annexes, m_writer.largestFrame()), m_reader(m_own, m_peer),
      m_peerAnnexes(m_server.limits.bufsize)
{}

NativeClient::~NativeClient() = default;

memory::Region NativeClient::answerGreeting(const FileDescriptor &socket, memory::Region &peer,
                                            const std::string &peerName)
{
    auto own = memory::Region::create(peer.ringSize());
    const int descriptor = own.descriptor();
    if (sendMessage(socket, asMessage(ClientHello{}), {&descriptor, 1}) != Sent::Done)
        throw PeerDied(peerName + " hung up while it was greeted");
    own.closeDescriptor();
    peer.closeDescriptor();
    return own;
}

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
    auto own = answerGreeting(socket, peer, quoted);
    detail::ServerFacts facts{
        std::string(server), hello.process,         static_cast<int>(std::min(hello.maxChainLevel, 255u)),
        hello.limits,        wire::Dialect::Native, (hello.features & Feature::TakesLent) != 0};
    return std::shared_ptr<NativeClient>(
        new NativeClient({std::move(facts), quoted, std::move(socket), std::move(message.descriptors[1]),
                          std::move(own), std::move(peer), std::make_shared<object::AwaitedCalls>(UINT32_MAX)}));
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
    hangUp();
    die("the connection to \"" + m_server.name + "\" was closed");
    const std::lock_guard lock(m_reverseMutex);
    if (m_reverse)
        m_reverse->close();
}

void NativeClient::hangUp() noexcept { shutdown(m_socket.get(), SHUT_RDWR); } // wakes the thread that reads

void NativeClient::runLast()
{
    constexpr std::chrono::milliseconds look{100}; // another thread may be reading, and is about to find out
    try {
        for (;;)
            (void)process(look);
    } catch (const ProxyError &) {
        // That was all.
    }
}

void NativeClient::dieOfBreach(const std::string &what) noexcept { die(m_peerName + " broke the protocol: " + what); }

void NativeClient::die(const std::string &reason) noexcept
{
    std::vector<std::shared_ptr<detail::AsyncCall>> ended; // these two go after the lock
    Listeners listeners;
    const std::lock_guard lock(m_mutex);
    if (m_causeOfDeath.empty())
        m_causeOfDeath = reason;
    ended = failCalls();
    listeners = endSubscriptions();
    for (Waiter *waiter : m_waiters)
        waiter->wakened.notify_one();
    if (m_events) {
        m_events->forget(m_socket);
        m_events->signal();
    }
}

/// A call that this thread makes while it runs one of the same peer says so: then that peer may work on it out of turn.
NativeClient::Request NativeClient::requestOf(const detail::OutgoingRequest &request,
                                              std::uint32_t flags) const noexcept
{
    Request made{request.frame, flags | (request.lending ? memory::RecordHeader::Lends : 0U), 0};
    for (const object::CallFrame *frame = object::callOfThisThread; frame; frame = frame->outer) {
        if (frame->books != m_awaited.get())
            continue;
        made.flags |= memory::RecordHeader::Within;
        made.within = frame->callId;
        break;
    }
    return made;
}

void NativeClient::exchange(const detail::OutgoingRequest &request, std::chrono::milliseconds timeout,
                            std::vector<std::byte> &result)
{
    Deadline deadline(timeout);
    Waiter waiter;
    waiter.result = &result;
    std::optional<object::AwaitedCalls::Wait>
        wait; // ends when the lock is gone: it waits for threads that may need that
    std::unique_lock lock(m_mutex);
    waiter.callId = m_nextCallId++;
    if (object::callOfThisThread)
        wait.emplace(*m_awaited, waiter.callId);
    append(lock, waiter.callId, requestOf(request, 0), deadline);
    if (request.lending)
        request.lending->sent();
    publishWritten();
    await(lock, waiter, deadline);
}

} // namespace decoy::lane
