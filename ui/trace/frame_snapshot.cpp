// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_snapshot.h"

#include <algorithm>

namespace decoy::ui {

FrameSnapshot::FrameSnapshot(std::shared_ptr<const Chunks> chunks, std::uint64_t generation,
                             std::int64_t origin) noexcept
    : m_chunks(std::move(chunks)), m_generation(generation), m_origin(origin)
{
    if (m_chunks->empty())
        return;
    m_first = m_chunks->front()->firstRow();
    m_end = m_chunks->back()->endRow();
}

const FrameChunk &FrameSnapshot::chunk(Row row) const noexcept
{
    // Chunks may end early, so a row's chunk is looked for, not calculated.
    const auto after = std::ranges::upper_bound(*m_chunks, row, {},
                                                [](const auto &chunk) { return chunk->firstRow(); });
    return **std::prev(after);
}

std::span<const std::byte> FrameSnapshot::bytes(Row row) const noexcept
{
    const FrameChunk &home = chunk(row);
    return home.bytes(home.record(row));
}

Row FrameSnapshot::previousInCall(Row row) const noexcept
{
    if (!contains(row))
        return noRow;
    const std::uint32_t distance = record(row).previousInCall;
    // The earlier frame may have been discarded since.
    return distance != 0 && distance <= row - m_first ? row - distance : noRow;
}

Row FrameSnapshot::nextInCall(Row row) const noexcept
{
    if (!contains(row))
        return noRow;
    const std::uint32_t distance = record(row).nextInCall.load(std::memory_order_acquire);
    // The later frame may be younger than this snapshot.
    return distance != 0 && distance < m_end - row ? row + distance : noRow;
}

Row FrameSnapshot::partner(Row row) const noexcept
{
    if (!contains(row) || event(row).conversation == Conversation::Subscription)
        return noRow;
    // A call has a request, at most one PENDING and a result; a peer that sends more of them gets no longer walk.
    constexpr int longestCall = 8;
    const bool isAnswer = event(row).isAnswer();
    Row found = noRow;
    Row step = row;
    for (int i = 0; i < longestCall; ++i) {
        step = isAnswer ? previousInCall(step) : nextInCall(step);
        if (step == noRow)
            break;
        found = step;
    }
    return found;
}

} // namespace decoy::ui
