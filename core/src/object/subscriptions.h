// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/event.h>
#include <decoy/subscription_info.h>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace decoy::object {

/// One subscription, as the books have it.
class BookedSubscription : public EventSink {
public:
    /// Takes no lock.
    [[nodiscard]] virtual SubscriptionInfo info() const = 0;
};

/// The subscriptions of one client, or those to one object: they end when it goes. Thread-safe.
class Subscriptions {
public:
    /// The client's connection, and the number that the client has given its subscription.
    struct Key {
        std::uint32_t connection = 0;
        std::uint64_t number = 0;
        auto operator<=>(const Key &) const = default;
    };

    /// Throws ArgumentError if the key is taken, LimitExceeded beyond `most`, ProxyObjectNotFound after endAll().
    void add(Key key, std::shared_ptr<BookedSubscription> subscription, std::size_t most = SIZE_MAX);
    /// Null if there is none.
    [[nodiscard]] std::shared_ptr<BookedSubscription> find(Key key) const;
    /// Takes this one out, if it is the one that has the key; ends nothing.
    void remove(Key key, const EventSink &subscription) noexcept;
    /// Ends all, and lets no other begin.
    void endAll(const Failure &why) noexcept;

    [[nodiscard]] std::size_t size() const;
    /// Adds a row for each.
    void addTo(std::vector<SubscriptionInfo> &rows) const;

private:
    mutable std::mutex m_mutex;
    std::map<Key, std::shared_ptr<BookedSubscription>> m_subscriptions;
    bool m_isOver = false;
};

} // namespace decoy::object
