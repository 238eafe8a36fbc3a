// SPDX-License-Identifier: BSD-3-Clause
#include "lane/native_client.h"

#include "lane/rendezvous.h"

#include <decoy/proxy.h>

#include <algorithm>
#include <sys/socket.h>

namespace decoy::lane {

NativeClient::NativeClient(detail::ServerFacts server, FileDescriptor socket, FileDescriptor doorbell,
                           memory::Region own, memory::Region peer)
    : m_server(std::move(server)), m_socket(std::move(socket)), m_doorbell(std::move(doorbell)), m_own(std::move(own)),
      m_peer(std::move(peer)), m_writer(m_own, m_peer), m_annexes(m_writer, m_server.limits.bufsize),
      m_lender(m_mutex, m_annexes, m_writer.largestFrame()), m_reader(m_own, m_peer),
      m_peerAnnexes(m_server.limits.bufsize)
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

void NativeClient::exchange(std::span<const std::byte> request, std::chrono::milliseconds timeout,
                            std::vector<std::byte> &result)
{
    Deadline deadline(timeout);
    Waiter waiter;
    waiter.result = &result;
    std::unique_lock lock(m_mutex);
    waiter.callId = m_nextCallId++;
    append(lock, waiter.callId, request, 0, deadline);
    publishWritten();
    await(lock, waiter, deadline);
}

} // namespace decoy::lane
