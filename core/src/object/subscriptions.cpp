// SPDX-License-Identifier: BSD-3-Clause
#include "subscriptions.h"

#include <string>

namespace decoy::object {

void Subscriptions::add(Key key, std::shared_ptr<BookedSubscription> subscription, std::size_t most)
{
    const std::lock_guard lock(m_mutex);
    if (m_isOver)
        throw ProxyObjectNotFound("the object is no longer served");
    if (m_subscriptions.size() >= most)
        throw LimitExceeded("this client holds " + std::to_string(most)
                            + " subscriptions already: end those that are no longer used");
    if (!m_subscriptions.try_emplace(key, std::move(subscription)).second)
        throw ArgumentError("this client has a subscription " + std::to_string(key.number) + " already");
}

std::shared_ptr<BookedSubscription> Subscriptions::find(Key key) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_subscriptions.find(key);
    return found == m_subscriptions.end() ? nullptr : found->second;
}

void Subscriptions::remove(Key key, const EventSink &subscription) noexcept
{
    std::shared_ptr<BookedSubscription> removed; // goes after the lock
    const std::lock_guard lock(m_mutex);
    const auto found = m_subscriptions.find(key);
    if (found == m_subscriptions.end() || found->second.get() != &subscription)
        return;
    removed = std::move(found->second);
    m_subscriptions.erase(found);
}

void Subscriptions::endAll(const Failure &why) noexcept
{
    std::map<Key, std::shared_ptr<BookedSubscription>> ended; // each comes back for itself, and finds nothing
    {
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
        ended.swap(m_subscriptions);
    }
    for (const auto &[key, subscription] : ended)
        subscription->end(why);
}

std::size_t Subscriptions::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_subscriptions.size();
}

void Subscriptions::addTo(std::vector<SubscriptionInfo> &rows) const
{
    const std::lock_guard lock(m_mutex);
    for (const auto &[key, subscription] : m_subscriptions)
        rows.push_back(subscription->info());
}

} // namespace decoy::object
