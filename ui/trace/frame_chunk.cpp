// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_chunk.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace decoy::ui {

namespace {

/// No system that this runs on has smaller pages; larger ones are only counted too low.
constexpr std::size_t pageSize = 4096;

} // namespace

FrameChunk::FrameChunk(Row firstRow, std::uint32_t maxRows, std::uint32_t arenaSize)
    : m_firstRow(firstRow), m_maxRows(maxRows), m_arenaSize(arenaSize),
      m_memory(sizeof(FrameRecord) * maxRows + arenaSize), m_records(reinterpret_cast<FrameRecord *>(m_memory.data())),
      m_arena(m_memory.data() + sizeof(FrameRecord) * maxRows)
{}

FrameChunk::FrameChunk(const FrameChunk &closed, FrameMemory memory) noexcept
    : m_firstRow(closed.m_firstRow), m_maxRows(closed.m_count), m_arenaSize(closed.m_arenaUsed),
      m_arenaUsed(closed.m_arenaUsed), m_count(m_maxRows), m_memory(std::move(memory)),
      m_records(reinterpret_cast<FrameRecord *>(m_memory.data())),
      m_arena(m_memory.data() + sizeof(FrameRecord) * m_maxRows)
{}

std::unique_ptr<FrameChunk> FrameChunk::onDisk(const FrameChunk &closed, const std::filesystem::path &folder)
{
    const std::array parts{std::as_bytes(std::span(closed.m_records, closed.m_count)),
                           std::span<const std::byte>(closed.m_arena, closed.m_arenaUsed)};
    return std::unique_ptr<FrameChunk>(new FrameChunk(closed, FrameMemory::onDisk(folder, parts)));
}

bool FrameChunk::hasRoomFor(std::size_t bytes) const noexcept
{
    const std::uint32_t count = m_count.load(std::memory_order_relaxed);
    if (count == 0)
        return true;
    return count < m_maxRows && bytes <= m_arenaSize - m_arenaUsed;
}

void FrameChunk::append(const FrameEvent &event, std::span<const std::byte> bytes, std::uint32_t previousInCall,
                        std::uint32_t lostBefore) noexcept
{
    const std::uint32_t index = m_count.load(std::memory_order_relaxed);
    FrameRecord &record = *std::construct_at(m_records + index);
    record.event = event;
    record.event.captured = static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), m_arenaSize - m_arenaUsed));
    if (record.event.captured < event.size)
        record.event.flags |= FrameEvent::Snapped;
    record.payloadOffset = m_arenaUsed;
    record.previousInCall = previousInCall;
    record.lostBefore = lostBefore;
    if (!bytes.empty()) // memcpy takes no null pointer, not even for nothing
        std::memcpy(m_arena + m_arenaUsed, bytes.data(), record.event.captured);
    m_arenaUsed += record.event.captured;
    m_count.store(index + 1, std::memory_order_release);
}

void FrameChunk::linkToNext(Row row, std::uint32_t distance) noexcept
{
    if (isOnDisk())
        ++m_changedPages;
    m_records[row - m_firstRow].nextInCall.store(distance, std::memory_order_release);
}

std::size_t FrameChunk::memoryUsed() const noexcept
{
    if (isOnDisk())
        return std::min(m_changedPages * pageSize, m_memory.size());
    return m_count.load(std::memory_order_relaxed) * sizeof(FrameRecord) + m_arenaUsed;
}

} // namespace decoy::ui
