// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_retention.h"

#include <algorithm>
#include <system_error>

namespace decoy::ui {

std::uint64_t FrameRetention::makeRoom(FrameSnapshot::Chunks &chunks)
{
    if (chunks.empty()) { // a fresh start
        const std::string &folder = m_options.spillFolder;
        setProblem(folder.empty() ? "no folder is set for them" : whyUnfitForFrames(folder));
    }
    measure(chunks);
    // Asked once, not after each chunk that is given up: its disk is free only when the last snapshot has let it go.
    m_diskLimit = diskLimit();
    std::uint64_t discarded = 0;
    while (!chunks.empty() && m_diskUsed > m_diskLimit)
        discarded += discardOldest(chunks);
    // The new chunk is allowed for in full, so that the cap holds at any moment, not only now.
    const std::size_t wholeChunk = m_options.chunkRows * sizeof(FrameRecord) + m_options.chunkBytes;
    while (!chunks.empty() && m_closedMemory + wholeChunk > m_options.memoryCap) {
        if (!spillOldest(chunks))
            discarded += discardOldest(chunks);
    }
    return discarded;
}

std::shared_ptr<FrameChunk> FrameRetention::openChunk(Row firstRow) const
{
    return ChunkReclaimer::adopt(m_reclaimer,
                                 std::make_unique<FrameChunk>(firstRow, m_options.chunkRows, m_options.chunkBytes));
}

void FrameRetention::measure(const FrameSnapshot::Chunks &chunks)
{
    m_closedMemory = 0;
    std::uint64_t disk = 0;
    for (const auto &chunk : chunks) {
        m_closedMemory += chunk->memoryUsed();
        disk += chunk->diskUsed();
    }
    m_diskUsed = disk;
}

std::uint64_t FrameRetention::diskLimit() const
{
    if (!m_maySpill)
        return 0;
    const std::uint64_t available = m_diskUsed + freeDiskSpace(m_options.spillFolder);
    return std::min(m_options.diskCap, available - std::min(available, m_options.diskReserve));
}

bool FrameRetention::spillOldest(FrameSnapshot::Chunks &chunks)
{
    const auto oldest = std::ranges::find_if(chunks, [](const auto &chunk) { return !chunk->isOnDisk(); });
    if (oldest == chunks.end() || m_diskUsed + (*oldest)->memoryUsed() > m_diskLimit)
        return false;
    try {
        auto spilled = ChunkReclaimer::adopt(m_reclaimer, FrameChunk::onDisk(**oldest, m_options.spillFolder));
        m_closedMemory -= (*oldest)->memoryUsed();
        m_diskUsed += spilled->diskUsed();
        *oldest = std::move(spilled);
        return true;
    } catch (const std::system_error &error) {
        // A disk that cannot be written to is not burdened any longer: what is there is given up for what is newer.
        setProblem(error.code().message() + ": " + m_options.spillFolder.string());
        m_diskLimit = 0;
        return false;
    }
}

std::uint64_t FrameRetention::discardOldest(FrameSnapshot::Chunks &chunks)
{
    const FrameChunk &oldest = *chunks.front();
    const std::uint64_t frames = oldest.endRow() - oldest.firstRow();
    m_closedMemory -= oldest.memoryUsed();
    m_diskUsed -= oldest.diskUsed();
    chunks.erase(chunks.begin());
    return frames;
}

void FrameRetention::clear()
{
    m_closedMemory = 0;
    m_memoryUsed = 0;
    m_diskUsed = 0;
    m_diskLimit = 0;
    setProblem({});
}

void FrameRetention::setProblem(const std::string &problem)
{
    m_maySpill = problem.empty();
    const std::scoped_lock lock(m_mutex);
    m_problem = problem;
}

FrameStorage FrameRetention::storage() const
{
    const std::scoped_lock lock(m_mutex);
    return {.memory = memoryUsed(), .disk = m_diskUsed, .diskLimit = m_diskLimit, .problem = m_problem};
}

} // namespace decoy::ui
