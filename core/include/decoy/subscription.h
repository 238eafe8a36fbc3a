// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/error.h>
#include <decoy/limits.h>
#include <decoy/proxy.h>
#include <decoy/value.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace decoy {

namespace detail {
class EventQueue;
}

/// An event as its handler sees it; valid while that runs.
class ReceivedEvent {
public:
    ReceivedEvent(std::string_view name, std::uint64_t lost, std::span<const msgpack::object> arguments) noexcept
        : m_name(name), m_lost(lost), m_arguments(arguments)
    {}

    [[nodiscard]] std::string_view name() const noexcept { return m_name; }
    /// Events of this subscription that were lost between the one before and this one.
    [[nodiscard]] std::uint64_t lost() const noexcept { return m_lost; }
    /// How many arguments it has.
    [[nodiscard]] std::size_t size() const noexcept { return m_arguments.size(); }
    /// One of them. Throws ArgumentError if there are fewer, DataDecodeError that names both types if it does not fit.
    template <class T = Value>
    [[nodiscard]] T argument(std::size_t index) const
    {
        return detail::convert<T>(at(index));
    }

private:
    [[nodiscard]] const msgpack::object &at(std::size_t index) const;

    std::string_view m_name;
    std::uint64_t m_lost;
    std::span<const msgpack::object> m_arguments;
};

/// The user's code for an event: a function of `const ReceivedEvent &`, or of the event's first arguments as C++ types:
/// `[](double balance) { … }`.
class EventHandler {
public:
    template <class F>
        requires(!std::same_as<std::remove_cvref_t<F>, EventHandler>)
    EventHandler(F function) // NOLINT(google-explicit-constructor): handlers are written as lambdas
        : EventHandler(ByArguments(), std::function(std::move(function)))
    {}
    void operator()(const ReceivedEvent &event) const { m_run(event); }

private:
    struct ByArguments {};
    template <class R>
    EventHandler(ByArguments, std::function<R(const ReceivedEvent &)> function) : m_run(std::move(function))
    {}
    template <class R, class... Args>
    EventHandler(ByArguments, std::function<R(Args...)> function)
        : m_run([function = std::move(function)](const ReceivedEvent &event) {
              call(function, event, std::index_sequence_for<Args...>());
          })
    {}
    template <class R, class... Args, std::size_t... I>
    static void call(const std::function<R(Args...)> &function, [[maybe_unused]] const ReceivedEvent &event,
                     std::index_sequence<I...>)
    {
        function(event.argument<std::remove_cvref_t<Args>>(I)...);
    }

    std::function<void(const ReceivedEvent &)> m_run;
};

struct SubscriptionOptions {
    /// Bytes of events that were read and not handled yet. What comes when they are used up is lost, and counted. Raise it for
    /// bursts that are longer than the handler is quick.
    std::size_t queueSize = 1024 * 1024;
};

/// A subscription to an event of an object in another process; see Proxy::subscribe(). Ends when it is destroyed. Thread-safe, moving
/// apart.
///
/// Handlers run inside Connection::process() of this connection, in whichever thread calls it, one event at a time and in order.
/// There is no helper thread: without process() nothing is handled.
///
/// Nobody waits for a subscriber. At most half of the channel's ring holds events, so that results always find room, and
/// SubscriptionOptions::queueSize bounds what a call that reads meanwhile puts aside. What finds no room is lost, the newest first, and so is
/// an event larger than a quarter of the ring; the next one says how many were lost before it.
class Subscription {
public:
    /// One that is over.
    Subscription() noexcept = default;
    Subscription(Subscription &&other) noexcept = default;
    Subscription &operator=(Subscription &&other) noexcept;
    ~Subscription() { unsubscribe(); }

    /// Ends it without waiting for the server. When this returns the handler does not run and will not run any more, unless it is the
    /// handler that calls this: a handler that runs in another thread is waited for.
    void unsubscribe() noexcept;

    /// False once no more events will come from the server. Those that were read before may still be due.
    [[nodiscard]] bool isActive() const noexcept;
    /// Why it ended, if it was not unsubscribed: PeerDied with the server or the connection; ProxyObjectNotFound when the object was
    /// withdrawn or destroyed; what a handler threw; DataDecodeError for an event that made no sense.
    [[nodiscard]] std::optional<Failure> reason() const;

    /// Events that the handler was called with.
    [[nodiscard]] std::uint64_t received() const noexcept;
    /// Events that were lost before the last one of those.
    [[nodiscard]] std::uint64_t dropped() const noexcept;

    /// For the library.
    Subscription(std::shared_ptr<detail::RemoteObject> object, std::shared_ptr<detail::EventQueue> queue) noexcept
        : m_object(std::move(object)), m_queue(std::move(queue))
    {}

private:
    std::shared_ptr<detail::RemoteObject> m_object; // and with it the connection
    std::shared_ptr<detail::EventQueue> m_queue;
};

} // namespace decoy
