// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_chunk.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace decoy::ui {

FrameChunk::FrameChunk(Row firstRow, std::uint32_t maxRows, std::uint32_t arenaSize)
    : m_firstRow(firstRow), m_maxRows(maxRows), m_arenaSize(arenaSize)
      // Raw memory: the system gives pages only as they are written, so an unfinished chunk costs what is in it.
      ,
      m_records(static_cast<FrameRecord *>(::operator new(sizeof(FrameRecord) * maxRows))),
      m_arena(static_cast<std::byte *>(::operator new(arenaSize)))
{}

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
    FrameRecord &record = *std::construct_at(m_records.get() + index);
    record.event = event;
    record.event.captured = static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), m_arenaSize - m_arenaUsed));
    if (record.event.captured < event.size)
        record.event.flags |= FrameEvent::Snapped;
    record.payloadOffset = m_arenaUsed;
    record.previousInCall = previousInCall;
    record.lostBefore = lostBefore;
    if (!bytes.empty()) // memcpy takes no null pointer, not even for nothing
        std::memcpy(m_arena.get() + m_arenaUsed, bytes.data(), record.event.captured);
    m_arenaUsed += record.event.captured;
    m_count.store(index + 1, std::memory_order_release);
}

std::size_t FrameChunk::memoryUsed() const noexcept
{
    return m_count.load(std::memory_order_relaxed) * sizeof(FrameRecord) + m_arenaUsed;
}

} // namespace decoy::ui
