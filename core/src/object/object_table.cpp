// SPDX-License-Identifier: BSD-3-Clause
#include "object/object_table.h"

#include "object/awaited_calls.h"
#include "object/caller.h"
#include "trace/clock.h"

#include <algorithm>

namespace decoy::object {

Entry::Entry(std::uint64_t id_, std::uint64_t parent_, std::shared_ptr<Target> target_, std::shared_ptr<Family> family_)
    : id(id_), parent(parent_), target(std::move(target_)), family(std::move(family_)), threading(target->threading()),
      created(trace::now())
{}

ObjectTable::Owner ObjectTable::ownerOf(const std::shared_ptr<Target> &target)
{
    const std::shared_ptr<const void> owner = target->owner();
    return owner.use_count() != 0 ? Owner(owner) : Owner(std::shared_ptr<const void>(target));
}

std::shared_ptr<Family> ObjectTable::familyOf(const std::shared_ptr<Target> &target)
{
    auto &family = m_families[ownerOf(target)];
    if (!family)
        family = std::make_shared<Family>();
    if (family->withdrawn)
        throw ProxyObjectNotFound("this " + std::string(target->typeName()) + " is no longer served");
    return family;
}

std::shared_ptr<Entry> ObjectTable::findOrInsert(std::shared_ptr<Target> target, std::uint64_t parent)
{
    const auto found = m_byIdentity.find(identityOf(*target));
    const bool isKnown = found != m_byIdentity.end();
    if (isKnown && !m_families.contains(ownerOf(target)))
        return found->second; // somebody else keeps it alive too: no family of its own, which would never go
    const auto family = familyOf(target);
    if (isKnown)
        return found->second;
    const auto entry = std::make_shared<Entry>(m_nextId++, parent, std::move(target), family);
    m_entries.emplace(entry->id, entry);
    m_byIdentity.emplace(identityOf(*entry->target), entry);
    ++family->members;
    return entry;
}

void ObjectTable::erase(const Entry &entry)
{
    if (m_entries.erase(entry.id) == 0)
        return; // withdrawn before its last reference went
    const auto found = m_byIdentity.find(identityOf(*entry.target));
    if (found != m_byIdentity.end() && found->second->id == entry.id)
        m_byIdentity.erase(found);
    if (--entry.family->members == 0 && !entry.family->withdrawn)
        m_families.erase(ownerOf(entry.target));
}

std::vector<std::shared_ptr<Entry>> ObjectTable::eraseMembers(const std::shared_ptr<Family> &family)
{
    std::vector<std::shared_ptr<Entry>> members;
    for (const auto &[id, entry] : m_entries) {
        if (entry->family == family)
            members.push_back(entry);
    }
    for (const auto &entry : members)
        erase(*entry);
    return members;
}

void ObjectTable::forgetDeadFamilies()
{
    std::erase_if(m_families, [](const auto &family) { return family.first.expired(); });
}

std::shared_ptr<Entry> ObjectTable::publish(std::string name, std::shared_ptr<Target> target)
{
    const std::lock_guard lock(m_mutex);
    if (m_byName.contains(name))
        throw NameTaken("an object is published as \"" + name + "\" already");
    serveAnew(target);
    const auto entry = findOrInsert(
        target, 0); // a copy: one that is known already goes after the lock, for it may be the user's
    entry->names.push_back(name);
    ++entry->family->names;
    m_byName.emplace(std::move(name), entry);
    return entry;
}

bool ObjectTable::withdraw(std::string_view name)
{
    std::shared_ptr<Entry> entry;
    std::vector<std::shared_ptr<Entry>> members; // outlive the lock: their destructors are the user's code
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_byName.find(name);
        if (found == m_byName.end())
            return false;
        entry = found->second;
        m_byName.erase(found);
        std::erase(entry->names, name);
        --entry->family->names;
        if (!entry->names.empty())
            return true;
        members = endService(entry);
    }
    waitForCalls(*entry->family);
    endSubscriptions(members);
    return true;
}

void ObjectTable::withdraw(const std::shared_ptr<Entry> &entry)
{
    std::vector<std::shared_ptr<Entry>> members; // as above
    {
        const std::lock_guard lock(m_mutex);
        if (!entry->names.empty())
            return;
        members = endService(entry);
    }
    waitForCalls(*entry->family);
    endSubscriptions(members);
}

std::vector<std::shared_ptr<Entry>> ObjectTable::endService(const std::shared_ptr<Entry> &entry)
{
    std::vector<std::shared_ptr<Entry>> members;
    entry->withdrawn.store(true, std::memory_order_seq_cst);
    if (entry->family->names == 0) {
        entry->family->withdrawn.store(true, std::memory_order_seq_cst);
        members = eraseMembers(entry->family);
    } else {
        members.push_back(entry);
        erase(*entry);
    }
    forgetDeadFamilies();
    return members;
}

void ObjectTable::endSubscriptions(const std::vector<std::shared_ptr<Entry>> &entries) noexcept
{
    for (const auto &entry : entries)
        entry->subscriptions.endAll({ErrorKind::ProxyObjectNotFound, {}, "the object is no longer served", {}});
}

void ObjectTable::waitForCalls(Family &family)
{
    const std::uint32_t own = callsBehind(callOfThisThread, family); // a call cannot wait for its own end
    // seq_cst, both: either we see that a call has ended, or it sees that we wait.
    family.awaited.fetch_add(1, std::memory_order_seq_cst);
    for (std::uint32_t running = family.running.load(); running > own; running = family.running.load())
        family.running.wait(running);
    family.awaited.fetch_sub(1, std::memory_order_relaxed);
}

std::shared_ptr<Entry> ObjectTable::published(std::string_view name) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? nullptr : found->second;
}

void ObjectTable::serveAnew(const std::shared_ptr<Target> &target)
{
    forgetDeadFamilies();
    if (const auto family = m_families.find(ownerOf(target)); family != m_families.end() && family->second->withdrawn)
        m_families.erase(family); // it was taken back before
}

std::shared_ptr<Entry> ObjectTable::retainRoot(std::shared_ptr<Target> target)
{
    const std::lock_guard lock(m_mutex);
    serveAnew(target);
    const auto entry = findOrInsert(
        target, 0); // a copy: one that is known already goes after the lock, for it may be the user's
    ++entry->references;
    return entry;
}

std::shared_ptr<Entry> ObjectTable::retain(std::uint64_t id)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        throw ProxyObjectNotFound("there is no object " + std::to_string(id));
    ++found->second->references;
    return found->second;
}

std::vector<PublishedObject> ObjectTable::publishedObjects() const
{
    std::vector<PublishedObject> objects;
    const std::lock_guard lock(m_mutex);
    for (const auto &[id, entry] : m_entries) {
        for (const std::string &name : entry->names)
            objects.push_back({name, id, std::string(entry->target->typeName())});
    }
    return objects;
}

std::shared_ptr<Entry> ObjectTable::retain(std::shared_ptr<Target> target, std::uint64_t parent)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = findOrInsert(target, parent); // a copy, as above
    ++entry->references;
    return entry;
}

void ObjectTable::release(const std::shared_ptr<Entry> &entry, std::uint64_t count)
{
    const std::lock_guard lock(m_mutex);
    entry->references -= std::min(entry->references, count);
    if (entry->references == 0 && entry->names.empty())
        erase(*entry);
}

std::vector<ObjectInfo> ObjectTable::snapshot() const
{
    std::vector<ObjectInfo> objects;
    const std::lock_guard lock(m_mutex);
    objects.reserve(m_entries.size());
    for (const auto &[id, entry] : m_entries) {
        ObjectInfo info;
        info.id = id;
        info.parent = entry->parent;
        info.name = entry->names.empty() ? std::string() : entry->names.front();
        info.type = entry->target->typeName();
        info.references = entry->references;
        info.calls = entry->calls.load(std::memory_order_relaxed);
        info.errors = entry->errors.load(std::memory_order_relaxed);
        info.subscriptions = entry->subscriptions.size();
        info.created = entry->created;
        objects.push_back(std::move(info));
    }
    return objects;
}

void ObjectTable::addHolder(const Caller &holder)
{
    const std::lock_guard lock(m_holdersMutex);
    m_holders.push_back(&holder);
}

void ObjectTable::removeHolder(const Caller &holder) noexcept
{
    const std::lock_guard lock(m_holdersMutex);
    std::erase(m_holders, &holder);
}

std::vector<HeldObjects> ObjectTable::heldObjects() const
{
    std::vector<HeldObjects> held;
    {
        const std::lock_guard lock(m_holdersMutex);
        for (const Caller *holder : m_holders)
            holder->addHeld(held);
    }
    std::ranges::sort(held, std::greater(), &HeldObjects::references);
    return held;
}

std::vector<ClientCalls> ObjectTable::clients() const
{
    std::vector<ClientCalls> rows;
    {
        const std::lock_guard lock(m_holdersMutex);
        for (const Caller *holder : m_holders) {
            const ConnectionInfo info = holder->info();
            rows.push_back(
                {info.peer.process, info.id, info.calls, info.inFlight, info.callbacks, info.references, info.since});
        }
    }
    std::ranges::stable_sort(rows, std::greater(),
                             [](const ClientCalls &row) { return std::pair(row.inFlight, row.calls); });
    return rows;
}

std::vector<SubscriptionInfo> ObjectTable::subscriptions() const
{
    std::vector<SubscriptionInfo> rows;
    {
        const std::lock_guard lock(m_holdersMutex);
        for (const Caller *holder : m_holders)
            holder->subscriptions().addTo(rows);
    }
    std::ranges::stable_sort(rows, std::greater(),
                             [](const SubscriptionInfo &row) { return std::pair(row.lost, row.delivered); });
    return rows;
}

} // namespace decoy::object
