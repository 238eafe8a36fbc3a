// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/lending.h>
#include <decoy/limits.h>
#include <decoy/proxy.h>
#include <decoy/subscription_info.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

namespace decoy {

namespace detail {
class ClientLane;
}

/// One line of a server's list of published objects.
struct PublishedObject {
    std::string name;
    std::uint64_t id = 0;
    std::string type;
    MSGPACK_DEFINE(name, id, type)
};

/// What one client holds of one type, for a look at leaks.
struct HeldObjects {
    static constexpr std::size_t mostIds = 16;

    std::int32_t process = 0;     ///< the client's; 0 for a mailbox whose client is not known
    std::uint32_t connection = 0; ///< its number at the server
    std::string type;
    std::uint64_t objects = 0;
    std::uint64_t references = 0;   ///< as many proxies, copies not counted
    std::int64_t since = 0;         ///< CLOCK_MONOTONIC, ns: when the first of them was handed out
    std::vector<std::uint64_t> ids; ///< the lowest ones, `mostIds` at most
    MSGPACK_DEFINE_MAP(process, connection, type, objects, references, since, ids)
};

/// One client of a server, as the server has it in the books.
struct ClientCalls {
    std::int32_t process = 0;     ///< 0 for a mailbox whose client is not known
    std::uint32_t connection = 0; ///< its number at the server
    std::uint64_t calls = 0;      ///< requests that were taken
    std::uint32_t inFlight = 0;   ///< those of them that have no answer yet: they run, wait for their turn or are held
    std::uint32_t callbacks = 0;  ///< calls to what it has lent that running calls wait for
    std::uint64_t references = 0; ///< to objects
    std::int64_t since = 0;       ///< CLOCK_MONOTONIC, ns
    MSGPACK_DEFINE_MAP(process, connection, calls, inFlight, callbacks, references, since)
};

struct ConnectOptions {
    /// How long to wait for the server's greeting.
    std::chrono::milliseconds timeout = std::chrono::seconds(5);
};

/// This process's channel to one server. A child made by fork() must not use what it inherits: it connects anew, and ends with
/// _exit() or exec. A handle: copies share the channel, which closes with the last copy and the last
/// proxy that came through it. Thread-safe; share one between threads rather than opening several.
class Connection {
public:
    /// The proxy of the published object `name`, at level 0. Throws ProxyObjectNotFound, PeerDied.
    [[nodiscard]] Proxy operator[](std::string_view name) const;

    /// What the server has published, in the order of publishing.
    [[nodiscard]] std::vector<PublishedObject> objects() const;

    /// What the server's clients hold, this one included; the largest rows first, 128 at most.
    [[nodiscard]] std::vector<HeldObjects> heldObjects() const;

    /// The server's clients, this one and the call that asks included; those with the most calls in flight first, 128 at most.
    [[nodiscard]] std::vector<ClientCalls> clients() const;

    /// Who has subscribed to what, this process included; those that have lost the most events first, 128 at most.
    [[nodiscard]] std::vector<SubscriptionInfo> subscriptions() const;

    /// The server's own root object, id 0: `objects()`, `object(name)`, `held()`, `clients()` and `subscriptions()` as remote methods.
    [[nodiscard]] Proxy directory() const;

    [[nodiscard]] const std::string &serverName() const noexcept;
    [[nodiscard]] int serverProcess() const noexcept;    ///< its process id
    [[nodiscard]] const Limits &limits() const noexcept; ///< the server's, `bufsize` among them
    [[nodiscard]] int maxChainLevel() const noexcept;

    /// False once the server is gone.
    [[nodiscard]] bool isAlive() const noexcept;

    /// Reads what has come from the server, runs in this thread what has become due with it, and waits for something to do
    /// for at most `timeout`; 0 only looks. True if anything was run; then there may be more. Throws PeerDied when the server is gone
    /// and all that had to be run was run, so that a loop around it ends; ProxyError if the system has no descriptor left.
    ///
    /// There is no helper thread: what is not in a call, in here, or in a wait does not read, and code that follows asynchronous
    /// calls runs in here. May be called by several threads, beside others that are in calls: one of them reads for all, and what
    /// is due is shared out. Code that runs in here may call anything, process() included.
    bool process(std::chrono::milliseconds timeout) const;
    /// For an event loop: can be read (POLLIN) when process(0ms) has something to do. Belongs to the connection: only poll it. From
    /// the first call of this on, the server wakes this process for each result that comes while nobody waits in a call.
    /// Throws ProxyError if the system has no descriptor left.
    [[nodiscard]] int descriptor() const;

    /// Makes objects of a class usable by this server: do this before one is lent, or returned by what is lent.
    template <class T>
    void bind(Class<T> binding) const
    {
        bindClass(typeid(T), std::move(binding).finish());
    }
    /// An object of this process as an argument of a call over this connection: see lending.h. It lives at least as long as the server
    /// holds it. Throws ProxyError if the class was not bound.
    template <class T>
    [[nodiscard]] Lent lend(std::shared_ptr<T> object) const
    {
        if constexpr (std::derived_from<T, Target>)
            return Lent(std::move(object));
        else
            return Lent(wrap(typeid(T), std::move(object)));
    }

    /// Closes the channel now: waiting calls and later uses throw PeerDied, and the server loses what was lent to it.
    void close() const;

    explicit Connection(std::shared_ptr<detail::ClientLane> lane) : m_lane(std::move(lane)) {}

private:
    void bindClass(std::type_index type, std::shared_ptr<const detail::ClassInfo> info) const;
    [[nodiscard]] std::shared_ptr<Target> wrap(std::type_index type, std::shared_ptr<void> object) const;

    std::shared_ptr<detail::ClientLane> m_lane;
};

/// Opens a channel to the server of this name that the same user runs. Throws ServerNotFound, AccessDenied, CallTimeout,
/// ProxyError for a server of an incompatible version.
[[nodiscard]] Connection connect(std::string_view server, const ConnectOptions &options = {});

/// The names of all live servers of this user, sorted.
[[nodiscard]] std::vector<std::string> liveServers();

} // namespace decoy
