// SPDX-License-Identifier: BSD-3-Clause
#include "lane/channel_registry.h"

#include "hold_hub.h"
#include "lane/native_client.h"
#include "memory/system_error.h"

#include <algorithm>
#include <array>
#include <span>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace decoy::lane {

namespace {
/// Clients that were greeted and have not answered. A real one answers within microseconds; those that never do must not
/// use up descriptors, so beyond this many the oldest is dropped.
constexpr std::size_t mostGreetings = 64;
} // namespace

ChannelRegistry::ChannelRegistry(const FileDescriptor &events, std::shared_ptr<const ServedObjects> served,
                                 const ServerOptions &options)
    : m_events(events), m_served(std::move(served)), m_options(options),
      m_ringSize(memory::ringSizeFor(options.limits.bufsize))
{}

ChannelRegistry::~ChannelRegistry() { closeAll(); }

void ChannelRegistry::watch(int descriptor, int operation, std::uint32_t what, EventTag tag) const
{
    epoll_event event{};
    event.events = what;
    event.data.u64 = tag.pack();
    if (epoll_ctl(m_events.get(), operation, descriptor, &event) != 0)
        memory::throwSystemError("watch a client");
}

void ChannelRegistry::acceptAll(const FileDescriptor &listener)
{
    for (;;) {
        FileDescriptor socket(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!socket.isOpen()) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            return; // nobody waits, or there are no descriptors left: the client sees no greeting and times out
        }
        try {
            greet(std::move(socket));
        } catch (const ProxyError &) {
            // The system refused memory or a descriptor for this client; its socket is closed, the server goes on.
        }
    }
}

bool ChannelRegistry::isAuthorised(const PeerCredentials &peer) const
{
    if (!m_options.authorise)
        return peer.user == geteuid();
    try {
        return m_options.authorise(peer);
    } catch (...) {
        return false; // no answer is no permission, and one client's check must not end the server
    }
}

bool ChannelRegistry::isFull()
{
    const std::lock_guard lock(m_mutex);
    if (m_greetings.size() >= mostGreetings)
        m_greetings.erase(m_greetings.begin());
    return m_channels.size() >= static_cast<std::size_t>(m_options.maxConnections);
}

void ChannelRegistry::refuse(const FileDescriptor &socket, HelloStatus status) const
{
    ServerHello hello;
    hello.status = status;
    (void)sendMessage(socket, asMessage(hello));
}

void ChannelRegistry::greet(FileDescriptor socket)
{
    const PeerCredentials peer = peerCredentials(socket);
    if (!isAuthorised(peer))
        return refuse(socket, HelloStatus::Denied);
    if (isFull())
        return refuse(socket, HelloStatus::Full);

    Greeting greeting{std::move(socket),
                      FileDescriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
                      memory::Region::create(m_ringSize),
                      peer,
                      nullptr,
                      {}};
    if (!greeting.doorbell.isOpen())
        memory::throwSystemError("create a doorbell");
    (void)sendHello(std::move(greeting));
}

std::uint32_t ChannelRegistry::greetReverse(FileDescriptor socket, const PeerCredentials &peer,
                                            std::shared_ptr<object::AwaitedCalls> awaited)
{
    return sendHello({std::move(socket), {}, memory::Region::create(m_ringSize), peer, std::move(awaited), {}});
}

std::uint32_t ChannelRegistry::sendHello(Greeting greeting)
{
    // Before the client can see it: nobody looks at the ring yet, so its first request has to ring the doorbell.
    greeting.region.header().sleeping.store(1, std::memory_order_seq_cst);

    const std::lock_guard lock(m_mutex);
    const std::uint32_t connection = m_served->takeConnectionNumber();
    ServerHello hello;
    hello.connection = connection;
    hello.process = getpid();
    hello.ringSize = m_ringSize;
    hello.maxChainLevel = static_cast<std::uint32_t>(m_served->maxChainLevel);
    hello.features = greeting.doorbell.isOpen() ? Feature::TakesLent : 0U;
    hello.limits = m_served->limits;
    const std::array descriptors{greeting.region.descriptor(), greeting.doorbell.get()};
    const std::size_t passed = greeting.doorbell.isOpen() ? 2 : 1;
    if (sendMessage(greeting.socket, asMessage(hello), std::span(descriptors).first(passed)) != Sent::Done)
        return connection;
    greeting.region.closeDescriptor();
    watch(greeting.socket.get(), EPOLL_CTL_ADD, EPOLLIN | EPOLLRDHUP | EPOLLET, {EventTag::Kind::Greeting, connection});
    m_greetings.emplace(connection, std::move(greeting));
    return connection;
}

void ChannelRegistry::handOut(std::uint32_t connection, const std::shared_ptr<object::Entry> &entry)
{
    const std::lock_guard lock(m_mutex);
    if (const auto channel = m_channels.find(connection); channel != m_channels.end())
        return channel->second->caller().handOut(entry, 0);
    const auto greeting = m_greetings.find(connection);
    if (greeting == m_greetings.end()) {
        m_served->table->release(entry, 1);
        throw PeerDied("the server has closed the channel on which it calls back");
    }
    auto reference = std::make_shared<object::HeldReference>(entry, m_served->table, false);
    reference->count = 1;
    greeting->second.references.push_back(std::move(reference));
}

namespace {
std::shared_ptr<object::HeldReference> takeOne(std::vector<std::shared_ptr<object::HeldReference>> &references,
                                               std::uint64_t object)
{
    const auto found = std::ranges::find_if(references,
                                            [object](const auto &reference) { return reference->entry->id == object; });
    if (found == references.end())
        return nullptr;
    auto reference = std::move(*found);
    references.erase(found);
    return reference;
}
} // namespace

void ChannelRegistry::takeBack(std::uint32_t connection, std::uint64_t object)
{
    std::shared_ptr<object::HeldReference> last; // outlives the lock: it is the user's
    std::shared_ptr<ServerChannel> channel;
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_channels.find(connection); found != m_channels.end())
            channel = found->second;
        else if (const auto greeting = m_greetings.find(connection); greeting != m_greetings.end())
            last = takeOne(greeting->second.references, object);
    }
    if (channel)
        channel->caller().release(object);
}

std::shared_ptr<ServerChannel> ChannelRegistry::finishGreeting(std::uint32_t connection)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_greetings.find(connection);
    if (found == m_greetings.end())
        return nullptr;
    Greeting greeting = std::move(found->second);
    m_greetings.erase(found);
    if (m_channels.size() >= static_cast<std::size_t>(m_options.maxConnections))
        return nullptr; // there was room when it was greeted, and others were faster
    try {
        auto channel = makeChannel(connection, std::move(greeting));
        if (channel)
            m_channels.emplace(connection, channel);
        return channel;
    } catch (const ProxyError &) {
        return nullptr; // what it passed is not what was agreed on; its socket is closed
    }
}

std::shared_ptr<ServerChannel> ChannelRegistry::makeChannel(std::uint32_t connection, Greeting greeting)
{
    Message message;
    ClientHello hello;
    if (receiveMessage(greeting.socket, message) != Received::Message || !readMessage(message.bytes, hello)
        || hello.magic != helloMagic || hello.version != protocolVersion || message.descriptors.size() != 1)
        return nullptr;
    auto region = memory::Region::open(std::move(message.descriptors.front()), m_ringSize);
    region.closeDescriptor();
    auto channel = std::make_shared<ServerChannel>(connection, std::move(greeting.socket), std::move(greeting.doorbell),
                                                   std::move(greeting.region), std::move(region), greeting.peer,
                                                   *m_served, std::move(greeting.awaited), m_followed);
    channel->caller().addRoot(m_served->directory, -1);
    for (const auto &reference : greeting.references) {
        reference->count = 0; // from here on it is counted there
        channel->caller().handOut(reference->entry, 0);
    }
    watch(channel->socket().get(), EPOLL_CTL_MOD, EPOLLIN | EPOLLRDHUP | EPOLLET, {EventTag::Kind::Socket, connection});
    if (channel->doorbell().isOpen())
        watch(channel->doorbell().get(), EPOLL_CTL_ADD, EPOLLIN | EPOLLET, {EventTag::Kind::Doorbell, connection});
    return channel;
}

std::shared_ptr<ServerChannel> ChannelRegistry::find(std::uint32_t connection) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_channels.find(connection);
    return found == m_channels.end() ? nullptr : found->second;
}

void ChannelRegistry::remove(std::uint32_t connection)
{
    std::shared_ptr<ServerChannel> channel;
    bool isHosted = false;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_channels.find(connection);
        if (found == m_channels.end())
            return;
        channel = std::move(found->second);
        m_channels.erase(found);
        isHosted = m_hosted.erase(connection) != 0;
    }
    // The client has the same doorbell, so closing ours would not keep it from waking us.
    epoll_ctl(m_events.get(), EPOLL_CTL_DEL, channel->doorbell().get(), nullptr);
    channel->close();
    channel->caller().dismiss();
    m_served->holds->clearGone();
    const auto lane = channel->lastReverse();
    if (isHosted)
        epoll_ctl(m_events.get(), EPOLL_CTL_DEL, lane->descriptor(), nullptr);
    if (lane)
        lane->runLast();
}

void ChannelRegistry::closeAll()
{
    std::map<std::uint32_t, std::shared_ptr<ServerChannel>> channels;
    {
        const std::lock_guard lock(m_mutex);
        channels.swap(m_channels);
        m_hosted.clear();
        m_greetings.clear();
    }
    for (const auto &[connection, channel] : channels) {
        channel->close();
        channel->caller().dismiss();
    }
    hostFollowed(); // nobody is there any more: runs what they are to be told
    for (const auto &[connection, channel] : channels) {
        if (const auto lane = channel->lastReverse())
            lane->runLast();
    }
}

bool ChannelRegistry::host(const std::shared_ptr<NativeClient> &lane)
{
    const std::uint32_t connection = lane->hostConnection();
    const std::lock_guard lock(m_mutex);
    if (!m_channels.contains(connection))
        return false;
    // Once at a time: what is run may last, and is no business of two threads. A dead one was let go of, and is looked at again.
    const int operation = m_hosted.contains(connection) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    watch(lane->descriptor(), operation, EPOLLIN | EPOLLONESHOT, {EventTag::Kind::Reverse, connection});
    m_hosted.insert_or_assign(connection, lane);
    return true;
}

void ChannelRegistry::hostFollowed()
{
    for (const auto &lane : m_followed->take()) {
        try {
            if (host(lane))
                continue;
        } catch (const ProxyError &) {
            lane->close(); // the system lets nobody watch it: better no callbacks than some that are never answered
        }
        lane->runLast();
    }
}

void ChannelRegistry::runFollowers(std::uint32_t connection)
{
    std::shared_ptr<NativeClient> lane;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_hosted.find(connection);
        if (found == m_hosted.end())
            return;
        lane = found->second;
    }
    try {
        (void)lane->process(std::chrono::milliseconds(0));
    } catch (const ProxyError &) {
        return; // its end, and all was run: what is left goes with the channel
    }
    const std::lock_guard lock(m_mutex);
    if (m_hosted.contains(connection))
        watch(lane->descriptor(), EPOLL_CTL_MOD, EPOLLIN | EPOLLONESHOT, {EventTag::Kind::Reverse, connection});
}

std::vector<std::shared_ptr<ServerChannel>> ChannelRegistry::channels() const
{
    std::vector<std::shared_ptr<ServerChannel>> channels;
    const std::lock_guard lock(m_mutex);
    for (const auto &[connection, channel] : m_channels)
        channels.push_back(channel);
    return channels;
}

} // namespace decoy::lane
