// SPDX-License-Identifier: BSD-3-Clause
#include "object/object_table.h"

#include "trace/clock.h"

#include <algorithm>

namespace decoy::object {

Entry::Entry(std::uint64_t id_, std::uint64_t parent_, std::shared_ptr<Target> target_)
    : id(id_), parent(parent_), target(std::move(target_)), created(trace::now())
{
}

std::shared_ptr<Entry> ObjectTable::findOrInsert(std::shared_ptr<Target> target, std::uint64_t parent)
{
    const auto found = m_byIdentity.find(identityOf(*target));
    if (found != m_byIdentity.end())
        return found->second;
    const auto entry = std::make_shared<Entry>(m_nextId++, parent, std::move(target));
    m_entries.emplace(entry->id, entry);
    m_byIdentity.emplace(identityOf(*entry->target), entry);
    return entry;
}

void ObjectTable::erase(const Entry &entry)
{
    const auto found = m_byIdentity.find(identityOf(*entry.target));
    if (found != m_byIdentity.end() && found->second->id == entry.id)
        m_byIdentity.erase(found);
    m_entries.erase(entry.id);
}

std::shared_ptr<Entry> ObjectTable::publish(std::string name, std::shared_ptr<Target> target)
{
    const std::lock_guard lock(m_mutex);
    if (m_byName.contains(name))
        throw NameTaken("an object is published as \"" + name + "\" already");
    const auto entry = findOrInsert(std::move(target), 0);
    entry->names.push_back(name);
    m_byName.emplace(std::move(name), entry);
    return entry;
}

bool ObjectTable::withdraw(std::string_view name)
{
    std::shared_ptr<Entry> entry;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_byName.find(name);
        if (found == m_byName.end())
            return false;
        entry = found->second;
        m_byName.erase(found);
        std::erase(entry->names, name);
        if (!entry->names.empty())
            return true;
        erase(*entry);
    }
    entry->withdrawn.store(true, std::memory_order_seq_cst);
    const std::uint32_t own = entryCalledByThisThread == entry.get() ? 1 : 0;
    for (std::uint32_t running = entry->running.load(); running > own; running = entry->running.load())
        entry->running.wait(running);
    return true;
}

std::shared_ptr<Entry> ObjectTable::published(std::string_view name) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? nullptr : found->second;
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
    const auto entry = findOrInsert(std::move(target), parent);
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
        info.created = entry->created;
        objects.push_back(std::move(info));
    }
    return objects;
}

} // namespace decoy::object
