// SPDX-License-Identifier: BSD-3-Clause
#include "object/caller.h"

#include "trace/clock.h"

#include <algorithm>

namespace decoy::object {

HeldReference::HeldReference(std::shared_ptr<Entry> entry_, std::shared_ptr<ObjectTable> table_, bool isRoot_)
    : entry(std::move(entry_)), table(std::move(table_)), isRoot(isRoot_), since(trace::now())
{}

Caller::Caller(std::uint32_t connection, PeerCredentials peer, Lane lane, std::shared_ptr<ObjectTable> table,
               const Limits &limits, Answers &answers, std::shared_ptr<AwaitedCalls> awaited)
    : promised(limits.callsInFlight), m_connection(connection), m_peer(peer), m_process(peer.process), m_lane(lane),
      m_since(trace::now()), m_mostReferences(limits.referencesPerClient), m_bufsize(limits.bufsize),
      m_table(std::move(table)), m_answers(answers),
      m_awaited(awaited ? std::move(awaited) : std::make_shared<AwaitedCalls>(limits.callsBack))
{
    m_table->addHolder(*this);
}

Caller::~Caller() { m_table->removeHolder(*this); }

void Caller::addRoot(std::shared_ptr<Entry> entry, int level)
{
    const std::lock_guard lock(m_mutex);
    auto &reference = m_references[entry->id];
    reference = std::make_shared<HeldReference>(std::move(entry), m_table, true);
    reference->level.store(level, std::memory_order_relaxed);
}

std::shared_ptr<HeldReference> Caller::find(std::uint64_t object) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_references.find(object);
    return found == m_references.end() ? nullptr : found->second;
}

void Caller::handOut(const std::shared_ptr<Entry> &entry, int level)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_gone && m_referenceCount < m_mostReferences) {
            auto &reference = m_references[entry->id];
            if (!reference)
                reference = std::make_shared<HeldReference>(entry, m_table, false);
            reference->level.store(level, std::memory_order_relaxed);
            ++reference->count;
            ++m_referenceCount;
            return;
        }
    }
    m_table->release(entry, 1);
    if (!m_gone)
        throw LimitExceeded("this client holds " + std::to_string(m_mostReferences)
                            + " references already: release proxies that are no longer used");
}

bool Caller::release(std::uint64_t object)
{
    std::shared_ptr<HeldReference> reference;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_references.find(object);
        if (found == m_references.end() || found->second->count == 0)
            return false;
        reference = found->second;
        --m_referenceCount;
        if (reference->count == 1 && !reference->isRoot) {
            m_references.erase(found);
            return true; // given back to the table by its destructor: now, or when the calls on it are done
        }
        --reference->count;
    }
    m_table->release(reference->entry, 1);
    return true;
}

void Caller::releaseAll()
{
    std::unordered_map<std::uint64_t, std::shared_ptr<HeldReference>>
        references; // outlives the lock: destructors are the user's code
    std::vector<std::pair<std::shared_ptr<Entry>, std::uint64_t>> ofRoots;
    {
        const std::lock_guard lock(m_mutex);
        references.swap(m_references);
        m_referenceCount = 0;
        for (const auto &[id, reference] : references) {
            if (!reference->isRoot)
                continue;
            ofRoots.emplace_back(reference->entry, std::exchange(reference->count, 0));
            m_references.emplace(id, reference);
        }
    }
    for (const auto &[entry, count] : ofRoots)
        m_table->release(entry, count);
}

void Caller::dismiss()
{
    std::unordered_map<std::uint64_t, std::shared_ptr<HeldReference>> references;
    {
        const std::lock_guard lock(m_mutex);
        m_gone.store(true, std::memory_order_release);
        references.swap(m_references);
        m_referenceCount = 0;
    }
    promised.clear();
    m_subscriptions.endAll({ErrorKind::PeerDied, {}, "the client is gone", {}});
}

bool Caller::mayWait(std::size_t size) noexcept
{
    // Limits::callsInFlight bounds the number; with large frames that alone would be too much.
    constexpr std::size_t mostWaitingBytes = 64 * 1024 * 1024;
    const std::size_t most = std::max<std::size_t>(mostWaitingBytes, 2 * std::size_t{m_bufsize});
    if (m_waitingBytes.fetch_add(size, std::memory_order_relaxed) + size <= most)
        return true;
    stopWaiting(size);
    return false;
}

ConnectionInfo Caller::info() const
{
    ConnectionInfo info;
    info.id = m_connection;
    info.peer = peer();
    info.lane = m_lane;
    const std::uint64_t answered = m_answered.load(
        std::memory_order_acquire); // first: so it is never more than were taken
    info.calls = m_calls.load(std::memory_order_relaxed);
    info.inFlight = static_cast<std::uint32_t>(info.calls - answered);
    info.callbacks = m_awaited->waiting();
    info.since = m_since;
    const std::lock_guard lock(m_mutex);
    info.references = m_referenceCount;
    return info;
}

void Caller::addTo(std::unordered_map<std::uint64_t, ObjectInfo *> &objects) const
{
    const std::lock_guard lock(m_mutex);
    for (const auto &[id, reference] : m_references) {
        const auto found = objects.find(id);
        if (found == objects.end())
            continue;
        ++found->second->clients;
        found->second->level = std::max(found->second->level, reference->level.load(std::memory_order_relaxed));
    }
}

void Caller::addHeld(std::vector<HeldObjects> &held) const
{
    const auto first = held.size();
    const std::lock_guard lock(m_mutex);
    for (const auto &[id, reference] : m_references) {
        if (reference->count == 0)
            continue; // where it began
        const std::string_view type = reference->entry->target->typeName();
        auto row = std::ranges::find(held.begin() + static_cast<std::ptrdiff_t>(first), held.end(), type,
                                     &HeldObjects::type);
        if (row == held.end())
            row = held.insert(row, HeldObjects{process(), m_connection, std::string(type), 0, 0, reference->since, {}});
        ++row->objects;
        row->references += reference->count;
        row->since = std::min(row->since, reference->since);
        row->ids.push_back(id);
    }
    for (auto row = held.begin() + static_cast<std::ptrdiff_t>(first); row != held.end(); ++row) {
        std::ranges::sort(row->ids);
        row->ids.resize(std::min(row->ids.size(), HeldObjects::mostIds));
    }
}

} // namespace decoy::object
