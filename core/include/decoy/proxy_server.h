// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/class.h>
#include <decoy/connection.h>
#include <decoy/containers.h>
#include <decoy/duck.h>
#include <decoy/hold.h>
#include <decoy/limits.h>
#include <decoy/tap.h>
#include <decoy/target.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace decoy {

/// Who is at the other end of a channel, as the kernel says.
struct PeerCredentials {
    std::int32_t process = 0;
    std::uint32_t user = 0;
    std::uint32_t group = 0;
};

/// How a server behaves; change a field only for the reason beside it.
struct ServerOptions {
    /// Largest frame and other bounds. Raise `limits.bufsize` for large values.
    Limits limits;
    /// Proxies a chain may have. Raise it for deep trees that clients really walk.
    int maxChainLevel = defaultMaxChainLevel;
    /// Server threads at most; they are started when calls are slow, not one a call. Raise it when many slow calls of
    /// different objects should run at once.
    int maxThreads = 16;
    /// Channels at the same time; more are refused.
    int maxConnections = 1024;
    /// How long a mailbox's client may ask nothing and still keep what its results have handed out; it is released then, while the server
    /// runs, and the root stays. Nobody hangs up on that lane, so a client that is gone, or never releases, would otherwise keep objects
    /// until the mailbox is closed. 0: as long as that, as in the reference.
    std::chrono::milliseconds mailboxLease{0};
    /// Who may connect, of those who can reach the server's socket at all; that lies in a folder of its user's own. Empty: only
    /// the user that runs the server. Called on a server thread; must be quick.
    std::function<bool(const PeerCredentials &)> authorise;
};

/// A row for whoever watches: one object that clients can reach or have reached.
struct ObjectInfo {
    std::uint64_t id = 0;
    std::uint64_t parent = 0; ///< the object whose result it first was; 0 for a published one
    std::string name;         ///< empty for a chained one
    std::string type;
    int level = 0; ///< the highest chain level at which a client holds it
    std::uint64_t references = 0;
    std::uint32_t clients = 0;
    std::uint64_t calls = 0;
    std::uint64_t errors = 0;
    std::uint64_t subscriptions = 0; ///< of all clients, to its events
    std::int64_t created = 0;        ///< CLOCK_MONOTONIC, ns
};

struct ConnectionInfo {
    std::uint32_t id = 0;
    PeerCredentials peer;
    Lane lane = Lane::Native;
    std::uint64_t calls = 0;
    std::uint32_t inFlight = 0;   ///< calls of it that have no answer yet
    std::uint32_t callbacks = 0;  ///< calls to what it has lent that running calls wait for
    std::uint64_t references = 0; ///< objects it holds
    std::int64_t since = 0;       ///< CLOCK_MONOTONIC, ns
};

/// Keeps objects and lets other processes use them: over the native lane, and over mailboxes by those who speak only the reference's
/// protocol.
///
/// Thread-safe: objects may be published and withdrawn while it runs. Destruction stops it and waits for calls that run.
/// Source: the reference's ProxyServer.
class ProxyServer {
public:
    /// `name` is what clients connect to: letters, digits, `-`, `_` and `.`, at most 64. Nothing is visible before run().
    /// Throws ArgumentError for a bad name or options.
    explicit ProxyServer(std::string name, ServerOptions options = {});
    /// A server for createProxy() that nobody needs to find: its name is made of the process id and random digits.
    /// Source: the reference's constructor.
    explicit ProxyServer(std::uint32_t bufsize);
    ~ProxyServer();
    ProxyServer(const ProxyServer &) = delete;
    ProxyServer &operator=(const ProxyServer &) = delete;

    /// Makes objects of a class usable: do this before one is published or returned. A second binding of the same class
    /// replaces the first for later objects.
    template <class T>
    void bind(Class<T> binding)
    {
        bindClass(typeid(T), std::move(binding).finish());
    }

    /// Publishes an object under a name; a container that was not bound is bound by container(). It stays yours: it must outlive the server or its withdrawal, with all parts of it
    /// that its methods have handed out by reference. Returns its id.
    /// Throws NameTaken, ProxyError if the class was not bound.
    template <class T>
        requires(!std::derived_from<T, Target>)
    std::uint64_t publish(std::string name, T &object)
    {
        return publishTarget(std::move(name), targetFor(std::shared_ptr<T>(&object, [](T *) {})));
    }
    /// Publishes a shared object: the server keeps it alive while anyone can reach it.
    template <class T>
    std::uint64_t publish(std::string name, std::shared_ptr<T> object)
    {
        if constexpr (std::derived_from<T, Target>)
            return publishTarget(std::move(name), std::move(object));
        else
            return publishTarget(std::move(name), targetFor(std::move(object)));
    }

    /// Takes the name back. Clients that hold the object get ProxyObjectNotFound from then on; a call that runs is waited for,
    /// unless it is the one that withdraws. False if there is no such name.
    bool withdraw(std::string_view name);

    /// Opens a mailbox through which one client that speaks the reference's protocol, and needs nothing of this library, can use the
    /// object and what its results hand out; nothing else can be reached through it. The proxy that comes back is that client, if you
    /// use it; more often you send its address() to another process (see duck.h). The mailbox stays, whatever becomes of proxies
    /// and clients, until closeMailbox() or the server's end, and an object without a name is served for as long.
    /// An object that you pass by reference stays yours: it must outlive that. Served by run(), or by handleFrame().
    /// Throws ProxyError if the class was not bound or the system refuses memory, ArgumentError for a bufsize that cannot be,
    /// NameTaken for memory that another server uses. Source: the reference's create_proxy.
    template <class T>
        requires(!std::derived_from<T, Target>)
    Proxy createProxy(T &object, DuckMailbox mailbox = {})
    {
        return openMailbox(targetFor(std::shared_ptr<T>(&object, [](T *) {})), std::move(mailbox));
    }
    template <class T>
    Proxy createProxy(std::shared_ptr<T> object, DuckMailbox mailbox = {})
    {
        if constexpr (std::derived_from<T, Target>)
            return openMailbox(std::move(object), std::move(mailbox));
        else
            return openMailbox(targetFor(std::move(object)), std::move(mailbox));
    }
    /// The same for an object that this server knows by its id, as publish() returned it. Throws ProxyObjectNotFound.
    Proxy createProxyFor(std::uint64_t id, DuckMailbox mailbox = {});
    /// Closes the mailbox in this memory: its client's references are released, and an object that no other mailbox and no name
    /// stands for is withdrawn, as withdraw() does it. False if there is no such mailbox.
    bool closeMailbox(std::string_view segment);

    /// Serves one frame of a mailbox in the calling thread, as run() would: a request is answered in the memory, unless its client
    /// has replaced it meanwhile; other frames are ignored. For programs with a loop of their own, which do not run() at the same
    /// time. Throws ArgumentError if there is no mailbox in this memory. Source: the reference's handle_frame.
    void handleFrame(const SharedMemory &memory, const Frame &frame);
    /// The same for a frame that is known to be a request; throws ArgumentError if it is none. Source: the reference's
    /// handle_request_frame.
    void handleRequestFrame(const SharedMemory &memory, const Frame &frame);
    /// As Proxy::readFrame() and Proxy::writeFrame(). Source: the reference's read_frame and write_frame.
    [[nodiscard]] static Frame readFrame(const SharedMemory &memory,
                                         std::optional<std::chrono::milliseconds> timeout = defaultFrameTimeout)
    {
        return Proxy::readFrame(memory, timeout);
    }
    static std::size_t writeFrame(const SharedMemory &memory, const Frame &frame)
    {
        return Proxy::writeFrame(memory, frame);
    }

    /// Serves from threads of its own and returns at once. Throws NameTaken if a live server has the name (what a dead one
    /// left is taken over), AlreadyRunning, ProxyError for what the system refuses.
    void run();
    /// Serves from the calling thread, with helpers as needed, until stop() is called from another thread or a signal handler.
    void runHere();
    /// Ends serving: clients get PeerDied. Async-signal-safe for runHere(); waits for running calls after run(), except in one of
    /// them: then the threads end after it, and the next stop() from outside, or the destructor, waits for them.
    void stop();
    [[nodiscard]] bool running() const noexcept;

    [[nodiscard]] const std::string &name() const noexcept;
    [[nodiscard]] const ServerOptions &options() const noexcept;

    /// Opens a tap; up to 64 may be open: throws LimitExceeded beyond. See tap.h.
    [[nodiscard]] std::unique_ptr<Tap> tap(const TapOptions &options = {});

    /// Makes requests wait, to be looked at, edited or answered by hand; see hold.h. One Hold at a time: throws AlreadyRunning.
    [[nodiscard]] std::unique_ptr<Hold> hold(HoldOptions options = {});

    /// What is there right now, for those who watch; a copy, in the order of ids.
    [[nodiscard]] std::vector<ObjectInfo> objects() const;
    [[nodiscard]] std::vector<ConnectionInfo> connections() const;
    /// What clients hold, by client and type, most references first: a leak is a row that only grows.
    [[nodiscard]] std::vector<HeldObjects> heldObjects() const;
    /// Who has subscribed to what, those that have lost the most events first, then the busiest.
    [[nodiscard]] std::vector<SubscriptionInfo> subscriptions() const;

private:
    class Private;
    template <class T>
    [[nodiscard]] std::shared_ptr<Target> targetFor(std::shared_ptr<T> object)
    {
        if constexpr (Container<T>) {
            if (!isBound(typeid(T)))
                bind(container<T>());
        }
        return wrap(typeid(T), std::move(object));
    }
    [[nodiscard]] bool isBound(std::type_index type) const;
    void bindClass(std::type_index type, std::shared_ptr<const detail::ClassInfo> info);
    [[nodiscard]] std::shared_ptr<Target> wrap(std::type_index type, std::shared_ptr<void> object) const;
    std::uint64_t publishTarget(std::string name, std::shared_ptr<Target> target);
    Proxy openMailbox(std::shared_ptr<Target> target, DuckMailbox mailbox);

    std::unique_ptr<Private> d;
};

} // namespace decoy
