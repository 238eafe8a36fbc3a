// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/matching_rows.h"

#include <algorithm>

namespace decoy::ui {

MatchingRows::MatchingRows(Chunks chunks, std::uint64_t generation, std::uint64_t rule, bool isComplete)
    : m_chunks(std::move(chunks)), m_generation(generation), m_rule(rule), m_isComplete(isComplete)
{
    m_ends.reserve(m_chunks.size());
    std::uint64_t end = 0;
    for (const auto &chunk : m_chunks)
        m_ends.push_back(end += chunk->offsets.size());
}

Row MatchingRows::at(std::uint64_t index) const noexcept
{
    const auto place = std::ranges::upper_bound(m_ends, index);
    const auto chunk = static_cast<std::size_t>(place - m_ends.begin());
    const std::uint64_t before = chunk == 0 ? 0 : m_ends[chunk - 1];
    return m_chunks[chunk]->firstRow + m_chunks[chunk]->offsets[static_cast<std::size_t>(index - before)];
}

std::size_t MatchingRows::chunkBefore(Row row) const noexcept
{
    const auto after = std::ranges::upper_bound(m_chunks, row, {}, [](const auto &chunk) { return chunk->firstRow; });
    return static_cast<std::size_t>(after - m_chunks.begin());
}

std::uint64_t MatchingRows::lowerBound(Row row) const noexcept
{
    const std::size_t after = chunkBefore(row);
    if (after == 0)
        return 0;
    const ChunkMatches &chunk = *m_chunks[after - 1];
    const std::uint64_t before = after == 1 ? 0 : m_ends[after - 2];
    const auto place = std::ranges::lower_bound(chunk.offsets, row - chunk.firstRow);
    return before + static_cast<std::uint64_t>(place - chunk.offsets.begin());
}

bool MatchingRows::contains(Row row) const noexcept
{
    const std::uint64_t index = lowerBound(row);
    return index < size() && at(index) == row;
}

std::uint64_t MatchingRows::count(Row first, Row end) const noexcept
{
    return first < end ? lowerBound(end) - lowerBound(first) : 0;
}

Row MatchingRows::seenFrom(Row row) const noexcept
{
    for (std::size_t next = chunkBefore(row); next != 0 && next <= m_chunks.size(); ++next) {
        const ChunkMatches &chunk = *m_chunks[next - 1];
        if (row < chunk.firstRow || row >= chunk.endRow)
            break;
        row = chunk.endRow;
    }
    return row;
}

bool MatchingRows::hasSeen(Row row) const noexcept
{
    const std::size_t after = chunkBefore(row);
    return after != 0 && row < m_chunks[after - 1]->endRow;
}

} // namespace decoy::ui
