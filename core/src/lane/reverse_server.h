// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dispatcher.h"
#include "lane/lane_server.h"
#include "lane/socket.h"
#include "object/awaited_calls.h"

#include <cstdint>
#include <memory>

namespace decoy::lane {

/// The client's end of a reverse channel: a server without a name that serves one peer, the server that the process is a client of. It
/// begins to serve, with threads of its own, when it is opened; classes can be bound before. What is lent is reached by the peer alone.
/// Thread-safe, open() apart.
class ReverseServer {
public:
    /// `limits` are those of the forward channel; `awaited` the calls on it.
    ReverseServer(const Limits &limits, std::shared_ptr<object::AwaitedCalls> awaited);
    /// Waits for the calls that run, unless it is one of them that ends it: then the threads end by themselves.
    ~ReverseServer();
    ReverseServer(const ReverseServer &) = delete;
    ReverseServer &operator=(const ReverseServer &) = delete;

    [[nodiscard]] bool isOpen() const noexcept { return m_lane != nullptr; }
    /// Begins to serve. Returns the other end of the socket, for the peer. Throws ProxyError for what the system refuses.
    [[nodiscard]] FileDescriptor open(const PeerCredentials &peer);
    /// Lets the peer go; calls that run go on.
    void close() noexcept;

    /// Gives the peer one more reference, of level 0. Throws PeerDied if it is gone, LimitExceeded.
    [[nodiscard]] std::uint64_t lend(std::shared_ptr<Target> target);
    void takeBack(std::uint64_t object) noexcept;

    void bindClass(std::type_index type, std::shared_ptr<const detail::ClassInfo> info);
    [[nodiscard]] std::shared_ptr<Target> wrap(std::type_index type, std::shared_ptr<void> object) const;

private:
    const std::shared_ptr<const ServedObjects> m_served;
    const std::shared_ptr<object::AwaitedCalls> m_awaited;
    std::shared_ptr<LaneServer> m_lane;
    std::uint32_t m_connection = 0;
};

} // namespace decoy::lane
