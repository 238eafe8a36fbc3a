// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dispatcher.h"
#include "lane/followed_lanes.h"
#include "lane/handshake.h"
#include "lane/server_channel.h"

#include <decoy/proxy_server.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace decoy::lane {

/// What an epoll event is about.
struct EventTag {
    enum class Kind : std::uint8_t {
        Stop,
        Listener,
        Timer,
        Greeting,
        Socket,
        Doorbell,
        Mailboxes,
        Unlinked,
        Held,
        Ready,
        Lead,
        Followed,
        Reverse
    };
    Kind kind = Kind::Stop;
    std::uint32_t connection = 0;

    [[nodiscard]] std::uint64_t pack() const noexcept
    {
        return std::uint64_t{connection} << 8 | static_cast<std::uint8_t>(kind);
    }
    [[nodiscard]] static EventTag unpack(std::uint64_t data) noexcept
    {
        return {static_cast<Kind>(data & 0xff), static_cast<std::uint32_t>(data >> 8)};
    }
};

/// Greets clients and keeps their channels. Thread-safe.
class ChannelRegistry {
public:
    /// Registers what it opens with the epoll instance `events`, which must outlive it.
    ChannelRegistry(const FileDescriptor &events, std::shared_ptr<const ServedObjects> served,
                    const ServerOptions &options);
    ~ChannelRegistry();

    /// Greets everybody who waits at the listening socket.
    void acceptAll(const FileDescriptor &listener);
    /// Greets one client on a socket that was not accepted, and returns its number. It is rung, and rings, over the socket. Throws ProxyError.
    [[nodiscard]] std::uint32_t greetReverse(FileDescriptor socket, const PeerCredentials &peer,
                                             std::shared_ptr<object::AwaitedCalls> awaited);
    /// Gives a client, which perhaps has not answered the greeting yet, one reference that the table has counted, at level 0. Throws PeerDied
    /// if it is gone, LimitExceeded; then the reference was given back.
    void handOut(std::uint32_t connection, const std::shared_ptr<object::Entry> &entry);
    /// Takes such a reference back.
    void takeBack(std::uint32_t connection, std::uint64_t object);

    /// A client has answered the greeting, or has gone. Its channel if it is a client now.
    std::shared_ptr<ServerChannel> finishGreeting(std::uint32_t connection);
    [[nodiscard]] std::shared_ptr<ServerChannel> find(std::uint32_t connection) const;
    /// The client is gone: releases all it held.
    void remove(std::uint32_t connection);
    void closeAll();

    [[nodiscard]] std::vector<std::shared_ptr<ServerChannel>> channels() const;

    /// Becomes readable when hostFollowed() has something to do.
    [[nodiscard]] const FileDescriptor &followedSignal() const noexcept { return m_followed->signal(); }
    /// From here on events tell when lanes to clients that were followed since have something to run. Runs what follows calls to clients that
    /// are gone.
    void hostFollowed();
    /// Runs what is due on a client's lane.
    void runFollowers(std::uint32_t connection);

private:
    struct Greeting {
        FileDescriptor socket;
        FileDescriptor doorbell; ///< not open on a reverse channel
        memory::Region region;
        PeerCredentials peer;
        std::shared_ptr<object::AwaitedCalls> awaited;                  ///< null: its own
        std::vector<std::shared_ptr<object::HeldReference>> references; ///< handed out before it has answered, one each
    };
    void greet(FileDescriptor socket);
    [[nodiscard]] std::uint32_t sendHello(Greeting greeting);
    void refuse(const FileDescriptor &socket, HelloStatus status) const;
    [[nodiscard]] bool isAuthorised(const PeerCredentials &peer) const;
    [[nodiscard]] bool isFull();
    [[nodiscard]] std::shared_ptr<ServerChannel> makeChannel(std::uint32_t connection, Greeting greeting);
    [[nodiscard]] bool host(const std::shared_ptr<NativeClient> &lane);
    void watch(int descriptor, int operation, std::uint32_t what, EventTag tag) const;

    const FileDescriptor &m_events;
    const std::shared_ptr<const ServedObjects> m_served;
    const ServerOptions m_options;
    const std::uint32_t m_ringSize;
    const std::shared_ptr<FollowedLanes> m_followed = std::make_shared<FollowedLanes>();

    mutable std::mutex m_mutex;
    std::map<std::uint32_t, Greeting> m_greetings;
    std::map<std::uint32_t, std::shared_ptr<ServerChannel>> m_channels;
    std::map<std::uint32_t, std::shared_ptr<NativeClient>> m_hosted; ///< lanes that are watched, of these channels
};

} // namespace decoy::lane
