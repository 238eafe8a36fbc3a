// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object/strand.h"
#include "object/subscriptions.h"

#include <decoy/connection.h>
#include <decoy/proxy_server.h>
#include <decoy/target.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace decoy::object {

/// All objects that one owner keeps alive: an account, and the history inside it. They take turns, and they go together.
struct Family {
    std::atomic<bool> withdrawn{false};
    std::atomic<std::uint32_t> running{0}; ///< calls on its members right now
    std::atomic<std::uint32_t> awaited{0}; ///< threads that wait for the end of those
    Strand strand;                         ///< the order of calls, where the targets want them serialised

    // Guarded by the table's mutex.
    std::uint32_t members = 0; ///< in the table
    std::uint32_t names = 0;   ///< that members are published under
};

/// One object that clients can reach, or could. Shared by the table and by every reference to it.
struct Entry {
    Entry(std::uint64_t id_, std::uint64_t parent_, std::shared_ptr<Target> target_, std::shared_ptr<Family> family_);

    /// Whether calls may still begin.
    [[nodiscard]] bool isServed() const noexcept
    {
        return !withdrawn.load(std::memory_order_seq_cst) && !family->withdrawn.load(std::memory_order_seq_cst);
    }

    const std::uint64_t id;
    const std::uint64_t parent; ///< the object whose result it first was; 0 for a published one
    const std::shared_ptr<Target> target;
    const std::shared_ptr<Family> family;
    const Threading threading;  ///< the target's
    const std::int64_t created; ///< CLOCK_MONOTONIC, ns

    std::atomic<std::uint64_t> calls{0};
    std::atomic<std::uint64_t> errors{0};
    std::atomic<bool> withdrawn{false}; ///< it alone; see Family for the whole
    Subscriptions subscriptions;        ///< to its events

    // Guarded by the table's mutex.
    std::vector<std::string> names; ///< published under; empty for a chained one
    std::uint64_t references = 0;   ///< of all clients
};

class Caller;

/// All objects of one server: gives out ids, never the same one twice, and keeps an object while it is published or
/// referenced. Thread-safe.
class ObjectTable {
public:
    /// Publishes under a name; throws NameTaken. An object that the table knows already keeps its id.
    std::shared_ptr<Entry> publish(std::string name, std::shared_ptr<Target> target);
    /// Takes a name back. With its last name the object goes, and with the last name of a family all its members: no call
    /// begins any more, and those that run are waited for, the one that asks for it apart.
    /// False if there is no such name.
    bool withdraw(std::string_view name);
    /// The same for an object that was never published under a name.
    void withdraw(const std::shared_ptr<Entry> &entry);
    /// The object of this name, or null.
    [[nodiscard]] std::shared_ptr<Entry> published(std::string_view name) const;
    /// The same for an object that is to be served by itself, as publish() does it: also if it was withdrawn before.
    [[nodiscard]] std::shared_ptr<Entry> retainRoot(std::shared_ptr<Target> target);
    /// The object of this id, counted once for the receiver. Throws ProxyObjectNotFound.
    [[nodiscard]] std::shared_ptr<Entry> retain(std::uint64_t id);
    [[nodiscard]] std::vector<PublishedObject> publishedObjects() const;

    /// The entry of an object that is about to be handed out, counted once for the receiver: the one that it has already,
    /// or a new one below `parent`. Throws ProxyObjectNotFound if its family was withdrawn.
    [[nodiscard]] std::shared_ptr<Entry> retain(std::shared_ptr<Target> target, std::uint64_t parent);
    /// Gives references back; the last one of a chained object frees its entry.
    void release(const std::shared_ptr<Entry> &entry, std::uint64_t count);

    /// Every entry, in the order of ids.
    [[nodiscard]] std::vector<ObjectInfo> snapshot() const;

    /// A client may hold references from here until it is removed.
    void addHolder(const Caller &holder);
    void removeHolder(const Caller &holder) noexcept;
    /// What each of them holds, by type; most references first.
    [[nodiscard]] std::vector<HeldObjects> heldObjects() const;
    /// Who they are; those with the most calls in flight first, then the busiest.
    [[nodiscard]] std::vector<ClientCalls> clients() const;
    /// What they have subscribed to; those that have lost the most events first, then the busiest.
    [[nodiscard]] std::vector<SubscriptionInfo> subscriptions() const;

private:
    /// An object and its first member have one address, so the type is part of what makes an object the same.
    struct Identity {
        const void *address;
        std::string_view type; // the target's own text
        bool operator==(const Identity &) const = default;
    };
    struct IdentityHash {
        std::size_t operator()(const Identity &identity) const noexcept
        {
            return std::hash<const void *>()(identity.address) ^ std::hash<std::string_view>()(identity.type);
        }
    };
    [[nodiscard]] static Identity identityOf(const Target &target) noexcept
    {
        return {target.identity(), target.typeName()};
    }
    [[nodiscard]] std::shared_ptr<Entry> findOrInsert(std::shared_ptr<Target> target, std::uint64_t parent);
    void serveAnew(const std::shared_ptr<Target> &target);
    [[nodiscard]] std::shared_ptr<Family> familyOf(const std::shared_ptr<Target> &target);
    void erase(const Entry &entry);
    [[nodiscard]] std::vector<std::shared_ptr<Entry>> endService(const std::shared_ptr<Entry> &entry);
    static void waitForCalls(Family &family);
    static void endSubscriptions(const std::vector<std::shared_ptr<Entry>> &entries) noexcept;
    [[nodiscard]] std::vector<std::shared_ptr<Entry>> eraseMembers(const std::shared_ptr<Family> &family);
    void forgetDeadFamilies();

    using Owner = std::weak_ptr<const void>;
    [[nodiscard]] static Owner ownerOf(const std::shared_ptr<Target> &target);

    mutable std::mutex m_mutex;
    std::uint64_t m_nextId = 1;
    std::map<std::uint64_t, std::shared_ptr<Entry>> m_entries;
    std::unordered_map<Identity, std::shared_ptr<Entry>, IdentityHash> m_byIdentity;
    std::map<std::string, std::shared_ptr<Entry>, std::less<>> m_byName;
    /// A withdrawn family stays until its owner is gone: a call that looked it up just before must not serve it anew.
    std::map<Owner, std::shared_ptr<Family>, std::owner_less<Owner>> m_families;

    mutable std::mutex m_holdersMutex; // taken before a holder's own
    std::vector<const Caller *> m_holders;
};

} // namespace decoy::object
