// SPDX-License-Identifier: BSD-3-Clause

// NativeClient: the other direction of a channel, seen from the client that lends, and from the server that calls what was lent.

#include "lane/native_client.h"
#include "lane/reverse_server.h"
#include "memory/region.h"
#include "object/caller.h"

#include <decoy/target.h>

#include <algorithm>
#include <sys/socket.h>

namespace decoy::lane {

// ---- the client ----

ReverseServer &NativeClient::reverse()
{
    if (!m_server.takesLent)
        throw DataEncodeError(m_peerName + " takes no objects or callbacks of its clients: it is of an older version");
    if (!m_reverse)
        m_reverse = std::make_shared<ReverseServer>(m_server.limits, m_awaited);
    return *m_reverse;
}

std::uint64_t NativeClient::lend(std::shared_ptr<Target> target)
{
    const std::lock_guard lock(m_reverseMutex);
    ReverseServer &server = reverse();
    if (!isAlive())
        throw PeerDied(m_peerName + " is gone");
    if (!server.isOpen()) {
        const FileDescriptor other = server.open({m_server.process, geteuid(), getegid()});
        const int descriptor = other.get();
        const Notice notice{Notice::Kind::Reverse, 0, 0};
        if (sendMessage(m_socket, asMessage(notice), {&descriptor, 1}) != Sent::Done)
            throw PeerDied(m_peerName + " did not take what calls are sent back on");
    }
    return server.lend(std::move(target));
}

void NativeClient::takeBack(std::uint64_t object) noexcept
{
    std::shared_ptr<ReverseServer> server;
    {
        const std::lock_guard lock(m_reverseMutex);
        server = m_reverse;
    }
    if (server)
        server->takeBack(object); // it may be the last reference: its destructor is the user's
}

void NativeClient::bindClass(std::type_index type, std::shared_ptr<const detail::ClassInfo> info)
{
    const std::lock_guard lock(m_reverseMutex);
    reverse().bindClass(type, std::move(info));
}

std::shared_ptr<Target> NativeClient::wrap(std::type_index type, std::shared_ptr<void> object)
{
    const std::lock_guard lock(m_reverseMutex);
    return reverse().wrap(type, std::move(object));
}

// ---- the server ----

namespace {

int socketOption(const FileDescriptor &socket, int option) noexcept
{
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(socket.get(), SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

/// A client may pass anything: a file, a terminal, its connection to some other server. Only what it made itself will do.
void requireSocketOf(const FileDescriptor &socket, const PeerCredentials &client)
{
    if (socketOption(socket, SO_DOMAIN) != AF_UNIX || socketOption(socket, SO_TYPE) != SOCK_SEQPACKET)
        throw memory::BrokenPeer("the reverse channel is no socket of the right kind");
    const PeerCredentials peer = peerCredentials(socket);
    if (peer.process != client.process || peer.user != client.user)
        throw memory::BrokenPeer("the reverse channel leads to another process");
}

/// What a client says of itself never asks more of this process than its own limits do.
Limits smallerOf(const Limits &own, const Limits &peer)
{
    Limits limits = own;
    limits.bufsize = std::min(own.bufsize, peer.bufsize);
    limits.callsInFlight = std::clamp(peer.callsInFlight, 1U, own.callsInFlight);
    return limits;
}

} // namespace

std::shared_ptr<NativeClient> NativeClient::adopt(FileDescriptor socket, const object::Caller &caller,
                                                  const Limits &limits, ReverseHost host)
{
    requireSocketOf(socket, caller.peer());
    Message message;
    ServerHello hello;
    if (receiveMessage(socket, message) != Received::Message || !readMessage(message.bytes, hello)
        || hello.magic != helloMagic || hello.version != protocolVersion || hello.status != HelloStatus::Welcome
        || message.descriptors.size() != 1 || hello.ringSize != memory::ringSizeFor(limits.bufsize)
        || hello.limits.bufsize != limits.bufsize)
        throw memory::BrokenPeer("the reverse channel does not begin with the right greeting");

    const std::string process = std::to_string(caller.process());
    const std::string peerName = "the client, process " + process + ",";
    auto peer = memory::Region::open(std::move(message.descriptors[0]), hello.ringSize);
    auto own = answerGreeting(socket, peer, peerName);
    detail::ServerFacts facts{"client " + process + "/" + std::to_string(caller.connection()),
                              caller.process(),
                              static_cast<int>(std::min(hello.maxChainLevel, 255u)),
                              smallerOf(limits, hello.limits),
                              wire::Dialect::Native,
                              false};
    return std::shared_ptr<NativeClient>(
        new NativeClient({std::move(facts), peerName, std::move(socket), FileDescriptor(), std::move(own),
                          std::move(peer), caller.awaited()},
                         std::move(host)));
}

} // namespace decoy::lane
