// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/description.h>
#include <decoy/error.h>
#include <decoy/pack_buffer.h>
#include <decoy/value.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace decoy {

/// Takes the events of one subscription at the server: the library's end towards one client. Targets hand it to an EventOutlet.
class EventSink {
public:
    virtual ~EventSink() = default;
    /// One event; `arguments` is a packed array. Called one at a time. Never waits: what finds no room is lost, and counted.
    virtual void receive(std::span<const std::byte> arguments) noexcept = 0;
    /// There will be no more. Called outside all locks; a second call does nothing.
    virtual void end(const Failure &why) noexcept = 0;
};

/// Everybody who has subscribed to one event of one object. For targets; a class that is bound has Event. Thread-safe.
class EventOutlet : public std::enable_shared_from_this<EventOutlet> {
public:
    /// False if an event would reach nobody; costs one relaxed load.
    [[nodiscard]] bool isWanted() const noexcept { return m_count.load(std::memory_order_relaxed) != 0; }

    /// One event on its way: its arguments are packed once, for all. Nobody else emits meanwhile.
    class Emission {
    public:
        /// The array of arguments follows.
        explicit Emission(EventOutlet &outlet) : m_outlet(outlet), m_lock(outlet.m_mutex)
        {
            m_outlet.m_arguments.clear();
        }
        [[nodiscard]] PackBuffer &arguments() noexcept { return m_outlet.m_arguments; }
        void send() noexcept;

    private:
        EventOutlet &m_outlet;
        const std::lock_guard<std::mutex> m_lock;
    };

    /// What comes back ends the subscription when it goes. Throws ProxyObjectNotFound after close().
    [[nodiscard]] std::shared_ptr<void> add(std::shared_ptr<EventSink> sink);
    /// Ends all subscriptions, for good.
    void close(const Failure &why) noexcept;

private:
    class Place;

    std::atomic<std::uint32_t> m_count{0};
    std::mutex m_mutex;
    std::vector<std::shared_ptr<EventSink>> m_sinks;
    PackBuffer m_arguments{UINT32_MAX};
    bool m_isClosed = false;
};

/// Something that happens to an object and that other processes want to be told. A member of the object, called where it happens:
/// ```
/// class Account {
/// public:
///     decoy::Event<double> changed;
///     void deposit(double amount) { m_balance += amount; changed(m_balance); }
/// };
/// decoy::Class<Account>("Account").event("changed", &Account::changed, arg("balance"), notifies("balance"));
/// ```
/// May be called from any thread, inside and outside of calls from clients; the subscribers get the events in one order. It never
/// waits for a subscriber: one that is too slow loses events, and is told how many. With nobody subscribed it costs one relaxed
/// load. Subscriptions end when it is destroyed.
template <ByValue... Args>
class Event {
public:
    Event() : m_outlet(std::make_shared<EventOutlet>()) {}
    ~Event() { m_outlet->close({ErrorKind::ProxyObjectNotFound, {}, "the object was destroyed", {}}); }
    Event(const Event &) = delete; ///< subscribers are those of one object
    Event &operator=(const Event &) = delete;

    /// Tells all subscribers. Throws only what packing the arguments throws: then nobody is told. Packing must not call this event.
    void operator()(const Args &...arguments) const
    {
        if (!m_outlet->isWanted())
            return;
        EventOutlet::Emission emission(*m_outlet);
        msgpack::packer<PackBuffer> packer(emission.arguments());
        packer.pack_array(sizeof...(Args));
        (packer.pack(arguments), ...);
        emission.send();
    }

    /// False if nobody would be told: to save the work of finding out what to tell.
    [[nodiscard]] bool isWanted() const noexcept { return m_outlet->isWanted(); }

    /// For the library.
    [[nodiscard]] const std::shared_ptr<EventOutlet> &outlet() const noexcept { return m_outlet; }

private:
    const std::shared_ptr<EventOutlet> m_outlet;
};

/// Says which attributes have other values after an event: `notifies("balance", "history")`.
struct Notifies {
    std::vector<std::string> attributes;
};
template <class... Names>
[[nodiscard]] Notifies notifies(Names &&...attributes)
{
    return {{std::string(std::forward<Names>(attributes))...}};
}

namespace detail {

/// One bound event.
class EventBinding {
public:
    virtual ~EventBinding() = default;
    [[nodiscard]] virtual std::shared_ptr<EventOutlet> outlet(void *object) const = 0;
    EventDescription description;
};

template <class E>
struct EventArguments;
template <class... Args>
struct EventArguments<Event<Args...>> {
    [[nodiscard]] static std::vector<ParameterDescription> describe()
    {
        std::vector<ParameterDescription> parameters;
        (parameters.push_back({"arg" + std::to_string(parameters.size()), std::string(typeNameOf<Args>()), true, {}}),
         ...);
        return parameters;
    }
};

/// `F` gives the event of a T: a member, or a function.
template <class T, class F>
class BoundEvent final : public EventBinding {
    using Bound = std::remove_cvref_t<std::invoke_result_t<const F &, T &>>;

public:
    explicit BoundEvent(F function) : m_function(std::move(function))
    {
        description.parameters = EventArguments<Bound>::describe();
    }
    [[nodiscard]] std::shared_ptr<EventOutlet> outlet(void *object) const override
    {
        return std::invoke(m_function, *static_cast<T *>(object)).outlet();
    }

private:
    F m_function;
};

} // namespace detail
} // namespace decoy
