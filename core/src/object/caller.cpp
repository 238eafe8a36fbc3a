// SPDX-License-Identifier: BSD-3-Clause
#include "object/caller.h"

#include "trace/clock.h"

#include <algorithm>

namespace decoy::object {

Caller::Caller(std::uint32_t connection, PeerCredentials peer, Lane lane, std::shared_ptr<ObjectTable> table,
               const Limits &limits, Answers &answers)
    : m_connection(connection), m_peer(peer), m_process(peer.process), m_lane(lane), m_since(trace::now()),
      m_mostReferences(limits.referencesPerClient), m_bufsize(limits.bufsize), m_table(std::move(table)),
      m_answers(answers)
{}

void Caller::addRoot(std::shared_ptr<Entry> entry, int level)
{
    const std::lock_guard lock(m_mutex);
    auto &reference = m_references[entry->id];
    reference = std::make_shared<HeldReference>(std::move(entry), m_table);
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
                reference = std::make_shared<HeldReference>(entry, m_table);
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
        if (reference->count == 1) {
            m_references.erase(found);
            return true; // given back to the table by its destructor: now, or when the calls on it are done
        }
        --reference->count;
    }
    m_table->release(reference->entry, 1);
    return true;
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
    info.calls = calls.load(std::memory_order_relaxed);
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

} // namespace decoy::object
