// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/subscription.h>

#include "event_queue.h"
#include "remote_object.h"

namespace decoy {

const msgpack::object &ReceivedEvent::at(std::size_t index) const
{
    if (index >= m_arguments.size())
        throw ArgumentError("the event " + std::string(m_name) + " has " + std::to_string(m_arguments.size())
                            + " arguments; number " + std::to_string(index + 1) + " was asked for");
    return m_arguments[index];
}

Subscription Proxy::subscribe(std::string_view event, EventHandler handler, const SubscriptionOptions &options) const
{
    if (!isValid())
        throw ProxyObjectNotFound("this proxy stands for no object, or was closed");
    const auto queue = std::make_shared<detail::EventQueue>(m_remote->sharedLane(), std::move(handler),
                                                            options.queueSize);
    Subscription subscription(m_remote, queue); // ends it again if the server refuses, or does not answer in time
    call<void>("__subscribe__", event, queue->listen());
    return subscription;
}

Subscription Proxy::subscribe(std::string_view event, EventHandler handler) const
{
    return subscribe(event, std::move(handler), {});
}

Subscription &Subscription::operator=(Subscription &&other) noexcept
{
    unsubscribe();
    m_object = std::move(other.m_object);
    m_queue = std::move(other.m_queue);
    return *this;
}

void Subscription::unsubscribe() noexcept
{
    if (m_queue)
        m_queue->stop();
}

bool Subscription::isActive() const noexcept { return m_queue && m_queue->isActive(); }
std::optional<Failure> Subscription::reason() const { return m_queue ? m_queue->reason() : std::nullopt; }
std::uint64_t Subscription::received() const noexcept { return m_queue ? m_queue->received() : 0; }
std::uint64_t Subscription::dropped() const noexcept { return m_queue ? m_queue->dropped() : 0; }

} // namespace decoy
