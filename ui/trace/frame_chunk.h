// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_memory.h"
#include "trace/frame_record.h"

#include <cstddef>
#include <memory>
#include <span>

namespace decoy::ui {

/// Consecutive frames in a block of memory that never moves: records, then an arena for their bytes.
///
/// One thread appends; any thread reads the rows below count() meanwhile, without locks. The block is reserved whole but
/// touched only as it fills up, so an unfinished chunk costs what is in it.
class FrameChunk {
public:
    FrameChunk(Row firstRow, std::uint32_t maxRows, std::uint32_t arenaSize);
    FrameChunk(const FrameChunk &) = delete;
    FrameChunk &operator=(const FrameChunk &) = delete;

    /// The same frames in a file. Takes no more frames; `closed` must not either, nor be linked any more. Who still reads
    /// `closed` may go on. Throws as FrameMemory::onDisk(). Writer thread only.
    [[nodiscard]] static std::unique_ptr<FrameChunk> onDisk(const FrameChunk &closed,
                                                            const std::filesystem::path &folder);

    /// Whether one more frame with this many bytes finds room. An empty chunk takes every frame (see append()).
    [[nodiscard]] bool hasRoomFor(std::size_t bytes) const noexcept;

    /// Adds a frame and publishes it. Bytes beyond the arena's whole size are cut off, and the record says so.
    void append(const FrameEvent &event, std::span<const std::byte> bytes, std::uint32_t previousInCall,
                std::uint32_t lostBefore) noexcept;
    /// Says how many rows below `row` its call goes on. Writer thread only.
    void linkToNext(Row row, std::uint32_t distance) noexcept;

    [[nodiscard]] Row firstRow() const noexcept { return m_firstRow; }
    [[nodiscard]] Row endRow() const noexcept { return m_firstRow + m_count.load(std::memory_order_acquire); }
    [[nodiscard]] bool isOnDisk() const noexcept { return m_memory.isOnDisk(); }
    /// What it costs of the process's own memory, and of the disk. Writer thread only.
    [[nodiscard]] std::size_t memoryUsed() const noexcept;
    [[nodiscard]] std::size_t diskUsed() const noexcept { return isOnDisk() ? m_memory.size() : 0; }

    /// `row` must be in firstRow()..endRow().
    [[nodiscard]] const FrameRecord &record(Row row) const noexcept { return m_records[row - m_firstRow]; }
    [[nodiscard]] std::span<const std::byte> bytes(const FrameRecord &record) const noexcept
    {
        return {m_arena + record.payloadOffset, record.event.captured};
    }

private:
    FrameChunk(const FrameChunk &closed, FrameMemory memory) noexcept;

    const Row m_firstRow;
    const std::uint32_t m_maxRows;
    const std::uint32_t m_arenaSize;
    std::uint32_t m_arenaUsed = 0;
    std::uint32_t m_changedPages = 0; ///< of a chunk on disk: at most so many have become the process's own
    std::atomic<std::uint32_t> m_count = 0;
    const FrameMemory m_memory;
    FrameRecord *const m_records; ///< the first count() are constructed; they need no destruction
    std::byte *const m_arena;
};

} // namespace decoy::ui
