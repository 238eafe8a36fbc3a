// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_store.h"

#include "trace/frame_observer.h"

#include <decoy/frame.h>

#include <algorithm>
#include <limits>

namespace decoy::ui {

namespace {

/// Counters have one writer, so no locked instruction is needed.
void add(std::atomic<std::uint64_t> &counter, std::uint64_t amount) noexcept
{
    counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

std::uint32_t saturated(std::uint64_t number) noexcept
{
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

FrameStore::FrameStore(const FrameStoreOptions &options)
    : m_chunks(std::make_shared<const FrameSnapshot::Chunks>()), m_retention(options)
{}

FrameStore::~FrameStore() = default;

FrameSnapshot FrameStore::snapshot() const
{
    const std::scoped_lock lock(m_publishing);
    return {m_chunks, m_generation.load(std::memory_order_relaxed), m_origin};
}

TrafficCounters FrameStore::counters() const noexcept
{
    const auto value = [](const std::atomic<std::uint64_t> &counter) {
        return counter.load(std::memory_order_relaxed);
    };
    return {.frames = value(m_counters.frames),
            .calls = value(m_counters.calls),
            .results = value(m_counters.results),
            .errors = value(m_counters.errors),
            .callbacks = value(m_counters.callbacks),
            .events = value(m_counters.events),
            .bytes = value(m_counters.bytes),
            .lost = value(m_counters.lost),
            .discarded = value(m_counters.discarded)};
}

void FrameStore::forgetAll()
{
    m_openCalls.clear();
    for (auto *counter :
         {&m_counters.frames, &m_counters.calls, &m_counters.results, &m_counters.errors, &m_counters.callbacks,
          &m_counters.events, &m_counters.bytes, &m_counters.lost, &m_counters.discarded})
        counter->store(0, std::memory_order_relaxed);
    m_retention.clear();

    auto chunks = std::make_shared<const FrameSnapshot::Chunks>();
    const std::scoped_lock publishing(m_publishing);
    m_chunks.swap(chunks);
    const std::uint64_t generation = m_generation.fetch_add(1, std::memory_order_relaxed) + 1;
    m_origin = 0;
    if (m_observer)
        m_observer->framesCleared(generation);
}

void FrameStore::beginCapture()
{
    m_openCalls.clear();
    m_expectedSequence = 0;
    if (m_observer)
        m_observer->captureBegun();
}

void FrameStore::setObserver(FrameObserver *observer)
{
    const std::scoped_lock lock(m_writing);
    m_observer = observer;
}

void FrameStore::append(const FrameEvent &event, std::span<const std::byte> bytes)
{
    const Row row = m_counters.frames.load(std::memory_order_relaxed);
    if (m_chunks->empty() || !m_chunks->back()->hasRoomFor(bytes.size()))
        openChunk(row, event.time);
    const std::uint32_t lost = lostBefore(event);
    const std::uint32_t previous = linkToCall(event, row);
    m_chunks->back()->append(event, bytes, previous, lost);
    if (m_observer)
        m_observer->frameAppended(row, event, bytes);
    count(event, lost);
}

void FrameStore::openChunk(Row firstRow, std::int64_t time)
{
    FrameSnapshot::Chunks chunks = *m_chunks;
    add(m_counters.discarded, m_retention.makeRoom(chunks));
    chunks.push_back(m_retention.openChunk(firstRow));

    auto published = std::make_shared<const FrameSnapshot::Chunks>(std::move(chunks));
    {
        const std::scoped_lock lock(m_publishing);
        if (firstRow == 0)
            m_origin = time;
        m_chunks.swap(published);
    }
}

std::uint32_t FrameStore::lostBefore(const FrameEvent &event) noexcept
{
    const std::uint64_t lost = event.sequence - std::min(m_expectedSequence, event.sequence);
    m_expectedSequence = event.sequence + 1;
    return saturated(lost);
}

std::uint32_t FrameStore::linkToCall(const FrameEvent &event, Row row) noexcept
{
    const auto key = OpenCalls::Key::of(event);
    if (event.isRequest()) {
        if (!(event.flags & FrameEvent::OneWay))
            m_openCalls.remember(key, row);
        return 0;
    }
    const Row previous = m_openCalls.find(key);
    const bool goesOn = event.opcode == static_cast<std::int8_t>(ProxyOpCode::Event)
        || (event.opcode == static_cast<std::int8_t>(ProxyOpCode::ResponsePending) && previous != noRow);
    if (goesOn)
        m_openCalls.remember(key, row);
    else
        m_openCalls.forget(key);
    if (previous == noRow)
        return 0;
    if (row - previous > std::numeric_limits<std::uint32_t>::max())
        return 0;
    const auto distance = static_cast<std::uint32_t>(row - previous);
    if (FrameChunk *chunk = chunkOf(previous))
        chunk->linkToNext(previous, distance);
    return distance;
}

FrameChunk *FrameStore::chunkOf(Row row) noexcept
{
    // A call's frames are nearly always neighbours: look from the end.
    for (auto chunk = m_chunks->rbegin(); chunk != m_chunks->rend(); ++chunk) {
        if (row >= (*chunk)->firstRow())
            return chunk->get();
    }
    return nullptr;
}

void FrameStore::count(const FrameEvent &event, std::uint32_t lost) noexcept
{
    if (event.isOfCallback())
        add(m_counters.callbacks, event.isRequest() && !(event.flags & FrameEvent::OneWay) ? 1 : 0);
    else if (!event.isOfCall())
        add(m_counters.events, event.opcode == static_cast<std::int8_t>(ProxyOpCode::Event) ? 1 : 0);
    else if (event.isFromServer())
        add(m_counters.results, event.opcode == static_cast<std::int8_t>(ProxyOpCode::ExecutionResult) ? 1 : 0);
    else
        add(m_counters.calls, event.flags & (FrameEvent::OneWay | FrameEvent::Edited) ? 0 : 1);
    if (event.isFailed() && event.isOfCall())
        add(m_counters.errors, 1);
    add(m_counters.bytes, event.size);
    if (lost != 0)
        add(m_counters.lost, lost);
    m_retention.noteOpenChunk(m_chunks->back()->memoryUsed());
    // Last: who sees the new end sees the frame and its counts.
    m_counters.frames.store(m_counters.frames.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

} // namespace decoy::ui
