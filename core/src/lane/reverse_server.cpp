// SPDX-License-Identifier: BSD-3-Clause
#include "lane/reverse_server.h"

#include "lane/duck/mailboxes.h"
#include "memory/system_error.h"
#include "object/class_registry.h"

#include <array>
#include <sys/socket.h>
#include <utility>

namespace decoy::lane {

namespace {
ServerOptions optionsWith(const Limits &limits)
{
    ServerOptions options;
    options.limits = limits;
    options.maxConnections = 1;
    return options;
}
} // namespace

ReverseServer::ReverseServer(const Limits &limits, std::shared_ptr<object::AwaitedCalls> awaited)
    : m_served(std::make_shared<const ServedObjects>(limits, defaultMaxChainLevel, ServerOptions().maxThreads)),
      m_awaited(std::move(awaited))
{}

ReverseServer::~ReverseServer()
{
    if (!m_lane)
        return;
    LaneServer &lane = *m_lane;
    if (lane.isServedByThisThread())
        lane.abandon(std::move(m_lane));
    else
        lane.endServing();
}

FileDescriptor ReverseServer::open(const PeerCredentials &peer)
{
    std::array<int, 2> ends{-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0)
        memory::throwSystemError("create a socket");
    FileDescriptor own(ends[0]);
    FileDescriptor other(ends[1]);
    auto lane = std::make_shared<LaneServer>(std::nullopt, m_served,
                                             std::make_shared<duck::Mailboxes>(m_served, std::chrono::nanoseconds(0)),
                                             optionsWith(m_served->limits));
    m_connection = lane->adopt(std::move(own), peer, m_awaited);
    lane->start();
    m_lane = std::move(lane);
    return other;
}

void ReverseServer::close() noexcept
{
    if (m_lane)
        m_lane->requestStop();
}

std::uint64_t ReverseServer::lend(std::shared_ptr<Target> target)
{
    const auto entry = m_served->table->retain(std::move(target), 0);
    m_lane->lend(m_connection, entry);
    return entry->id;
}

void ReverseServer::takeBack(std::uint64_t object) noexcept
{
    if (m_lane)
        m_lane->takeBack(m_connection, object);
}

void ReverseServer::bindClass(std::type_index type, std::shared_ptr<const detail::ClassInfo> info)
{
    m_served->classes->bind(type, std::move(info));
}

std::shared_ptr<Target> ReverseServer::wrap(std::type_index type, std::shared_ptr<void> object) const
{
    return m_served->classes->wrap(type, std::move(object));
}

} // namespace decoy::lane
