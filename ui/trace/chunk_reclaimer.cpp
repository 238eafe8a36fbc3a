// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/chunk_reclaimer.h"

#include <utility>

namespace decoy::ui {

ChunkReclaimer::ChunkReclaimer() : m_thread([this] { work(); }) {}

ChunkReclaimer::~ChunkReclaimer()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

std::shared_ptr<FrameChunk> ChunkReclaimer::adopt(const std::shared_ptr<ChunkReclaimer> &reclaimer,
                                                  std::unique_ptr<FrameChunk> chunk)
{
    return {chunk.release(), [reclaimer](FrameChunk *last) { reclaimer->reclaim(std::unique_ptr<FrameChunk>(last)); }};
}

void ChunkReclaimer::reclaim(std::unique_ptr<FrameChunk> chunk)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_chunks.push_back(std::move(chunk));
    }
    m_wake.notify_one();
}

void ChunkReclaimer::work()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [this] { return m_stopping || !m_chunks.empty(); });
        if (m_chunks.empty())
            return;
        auto chunks = std::exchange(m_chunks, {});
        lock.unlock();
        chunks.clear();
        lock.lock();
    }
}

} // namespace decoy::ui
