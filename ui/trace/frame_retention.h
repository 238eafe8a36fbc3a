// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/chunk_reclaimer.h"
#include "trace/frame_snapshot.h"

#include <atomic>
#include <mutex>
#include <string>

namespace decoy::ui {

struct FrameStoreOptions {
    /// Memory for frames. Above it the oldest chunks go to disk, or are given up if they may not.
    std::size_t memoryCap = 512 * 1024 * 1024;
    /// A chunk ends when either is used up. The defaults hold 64 k frames of the tap's default snap length.
    std::uint32_t chunkRows = 64 * 1024;
    std::uint32_t chunkBytes = 16 * 1024 * 1024;
    /// Where frames go that find no room in memory; made if it is missing. Empty: nowhere.
    std::filesystem::path spillFolder = {};
    /// Disk for frames. Above it the oldest chunks are given up. Raise it to look further back.
    std::uint64_t diskCap = std::uint64_t{8} * 1024 * 1024 * 1024;
    /// Disk that is left free for others, even if that means to give up frames.
    std::uint64_t diskReserve = std::uint64_t{1024} * 1024 * 1024;
};

/// Where the frames are right now.
struct FrameStorage {
    std::size_t memory = 0;      ///< bytes of frames in memory
    std::uint64_t disk = 0;      ///< bytes of frames in files
    std::uint64_t diskLimit = 0; ///< what that may be, with the disk as it was when the last chunk was full
    std::string problem;         ///< why no frames go to disk; empty while they may
};

/// Decides which chunks stay in memory, which go to disk and which are given up. The store's writer tells it of every chunk
/// that is full; storage() may be asked by anyone.
class FrameRetention {
public:
    explicit FrameRetention(const FrameStoreOptions &options) : m_options(options) {}

    /// Makes room in `chunks`, none of which takes frames any more, for one more; returns how many frames were given up
    /// for it. What is replaced or removed lives on in the snapshots that have it.
    [[nodiscard]] std::uint64_t makeRoom(FrameSnapshot::Chunks &chunks);
    /// A new chunk that takes frames.
    [[nodiscard]] std::shared_ptr<FrameChunk> openChunk(Row firstRow) const;
    /// Says what the chunk that takes frames costs now.
    void noteOpenChunk(std::size_t memory) noexcept
    {
        m_memoryUsed.store(m_closedMemory + memory, std::memory_order_relaxed);
    }
    /// All chunks are forgotten. Disks are tried again, even after a failure.
    void clear();

    [[nodiscard]] std::size_t memoryUsed() const noexcept { return m_memoryUsed.load(std::memory_order_relaxed); }
    [[nodiscard]] FrameStorage storage() const;

private:
    void measure(const FrameSnapshot::Chunks &chunks);
    [[nodiscard]] bool spillOldest(FrameSnapshot::Chunks &chunks);
    [[nodiscard]] std::uint64_t discardOldest(FrameSnapshot::Chunks &chunks);
    [[nodiscard]] std::uint64_t diskLimit() const;
    void setProblem(const std::string &problem);

    const FrameStoreOptions m_options;

    const std::shared_ptr<ChunkReclaimer> m_reclaimer = std::make_shared<ChunkReclaimer>();

    // The writer's own.
    std::size_t m_closedMemory = 0;
    bool m_maySpill = false;

    std::atomic<std::size_t> m_memoryUsed = 0;
    std::atomic<std::uint64_t> m_diskUsed = 0;
    std::atomic<std::uint64_t> m_diskLimit = 0;
    mutable std::mutex m_mutex;
    std::string m_problem;
};

} // namespace decoy::ui
