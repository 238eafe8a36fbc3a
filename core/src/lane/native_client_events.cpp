// SPDX-License-Identifier: BSD-3-Clause

// NativeClient: who listens to events.

#include "lane/native_client.h"

namespace decoy::lane {

std::uint64_t NativeClient::listen(std::shared_ptr<detail::EventReceiver> receiver)
{
    const Lock lock(m_mutex);
    if (!m_causeOfDeath.empty())
        throw PeerDied(m_causeOfDeath);
    m_listeners.emplace(++m_lastSubscription, std::move(receiver));
    askForReader();
    return m_lastSubscription;
}

void NativeClient::stopListening(std::uint64_t subscription) noexcept
{
    std::shared_ptr<detail::EventReceiver> receiver; // goes after the lock
    const Lock lock(m_mutex);
    if (const auto found = m_listeners.find(subscription); found != m_listeners.end()) {
        receiver = std::move(found->second);
        m_listeners.erase(found);
    }
}

void NativeClient::schedule(std::shared_ptr<detail::DueWork> work)
{
    const Lock lock(m_mutex);
    addDue(std::move(work));
}

/// What nobody listens to was sent before the server knew that.
void NativeClient::deliverEvent(std::uint64_t subscription, std::span<const std::byte> frame, bool isLast)
{
    std::shared_ptr<detail::EventReceiver> ended; // goes after the lock: what its handler has captured is the user's
    const Lock lock(m_mutex);
    const auto found = m_listeners.find(subscription);
    if (found == m_listeners.end())
        return;
    if (found->second->add(frame, isLast))
        addDue(found->second);
    if (isLast) {
        ended = std::move(found->second);
        m_listeners.erase(found);
    }
}

/// With m_mutex held: the connection is over. What comes back goes after the lock.
NativeClient::Listeners NativeClient::endSubscriptions()
{
    Listeners ended = std::exchange(m_listeners, {});
    for (const auto &[subscription, receiver] : ended) {
        if (receiver->end({ErrorKind::PeerDied, {}, m_causeOfDeath, {}}))
            addDue(receiver);
    }
    return ended;
}

} // namespace decoy::lane
