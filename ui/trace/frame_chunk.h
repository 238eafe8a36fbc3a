// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_record.h"

#include <cstddef>
#include <memory>
#include <span>

namespace decoy::ui {

/// Consecutive frames in two blocks of memory that never move: records, and an arena for their bytes.
///
/// One thread appends; any thread reads the rows below count() meanwhile, without locks. Both blocks are reserved whole
/// but touched only as they fill up, so an unfinished chunk costs what is in it.
class FrameChunk {
public:
    FrameChunk(Row firstRow, std::uint32_t maxRows, std::uint32_t arenaSize);
    FrameChunk(const FrameChunk &) = delete;
    FrameChunk &operator=(const FrameChunk &) = delete;

    /// Whether one more frame with this many bytes finds room. An empty chunk takes every frame (see append()).
    [[nodiscard]] bool hasRoomFor(std::size_t bytes) const noexcept;

    /// Adds a frame and publishes it. Bytes beyond the arena's whole size are cut off, and the record says so.
    void append(const FrameEvent &event, std::span<const std::byte> bytes, std::uint32_t previousInCall,
                std::uint32_t lostBefore) noexcept;

    [[nodiscard]] Row firstRow() const noexcept { return m_firstRow; }
    [[nodiscard]] Row endRow() const noexcept { return m_firstRow + m_count.load(std::memory_order_acquire); }
    [[nodiscard]] std::size_t memoryUsed() const noexcept; ///< writer thread only

    /// `row` must be in firstRow()..endRow().
    [[nodiscard]] const FrameRecord &record(Row row) const noexcept { return m_records.get()[row - m_firstRow]; }
    [[nodiscard]] FrameRecord &record(Row row) noexcept { return m_records.get()[row - m_firstRow]; }
    [[nodiscard]] std::span<const std::byte> bytes(const FrameRecord &record) const noexcept
    {
        return {m_arena.get() + record.payloadOffset, record.event.captured};
    }

private:
    struct FreeMemory {
        void operator()(void *memory) const noexcept { ::operator delete(memory); }
    };

    const Row m_firstRow;
    const std::uint32_t m_maxRows;
    const std::uint32_t m_arenaSize;
    std::uint32_t m_arenaUsed = 0;
    std::atomic<std::uint32_t> m_count = 0;
    std::unique_ptr<FrameRecord, FreeMemory> m_records; ///< the first count() are constructed; they need no destruction
    std::unique_ptr<std::byte, FreeMemory> m_arena;
};

} // namespace decoy::ui
