// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_chunk.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace decoy::ui {

/// Gives the memory and the disk of chunks back in a thread of its own: a gigabyte takes a fifth of a second, and the last who
/// looks at a chunk is mostly the UI thread. The thread lives as long as the store or any chunk.
class ChunkReclaimer {
public:
    ChunkReclaimer();
    ~ChunkReclaimer();
    ChunkReclaimer(const ChunkReclaimer &) = delete;
    ChunkReclaimer &operator=(const ChunkReclaimer &) = delete;

    /// A chunk that goes to `reclaimer` when nobody has it any more.
    [[nodiscard]] static std::shared_ptr<FrameChunk> adopt(const std::shared_ptr<ChunkReclaimer> &reclaimer,
                                                           std::unique_ptr<FrameChunk> chunk);

private:
    void reclaim(std::unique_ptr<FrameChunk> chunk);
    void work();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<std::unique_ptr<FrameChunk>> m_chunks;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace decoy::ui
