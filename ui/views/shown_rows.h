// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/matching_rows.h"
#include "trace/frame_snapshot.h"

#include <algorithm>
#include <memory>

namespace decoy::ui {

/// The rows of a snapshot that a view shows, counted from 0: all of them, or those that a filter left. A cheap value.
class ShownRows {
public:
    ShownRows() = default;
    /// `matching` may be null: all. Matches of other frames than these show none.
    ShownRows(const FrameSnapshot &frames, std::shared_ptr<const MatchingRows> matching)
        : m_matching(std::move(matching)), m_first(frames.firstRow()), m_end(frames.endRow())
    {
        if (!m_matching)
            return;
        const bool isOther = m_matching->generation() != frames.generation();
        m_firstIndex = isOther ? 0 : m_matching->lowerBound(m_first);
        m_endIndex = isOther ? 0 : m_matching->lowerBound(m_end);
    }

    [[nodiscard]] bool isFiltered() const noexcept { return m_matching != nullptr; }
    [[nodiscard]] std::uint64_t size() const noexcept
    {
        return m_matching ? m_endIndex - m_firstIndex : m_end - m_first;
    }
    [[nodiscard]] bool isEmpty() const noexcept { return size() == 0; }
    /// `index` must be less than size().
    [[nodiscard]] Row at(std::uint64_t index) const noexcept
    {
        return m_matching ? m_matching->at(m_firstIndex + index) : m_first + index;
    }
    /// How many rows are shown above `row`; where it is, if it is shown.
    [[nodiscard]] std::uint64_t indexOf(Row row) const noexcept
    {
        if (!m_matching)
            return std::clamp(row, m_first, m_end) - m_first;
        return std::clamp(m_matching->lowerBound(row), m_firstIndex, m_endIndex) - m_firstIndex;
    }
    [[nodiscard]] bool contains(Row row) const noexcept
    {
        const std::uint64_t index = indexOf(row);
        return index < size() && at(index) == row;
    }
    /// The first and the last; noRow if there are none.
    [[nodiscard]] Row first() const noexcept { return isEmpty() ? noRow : at(0); }
    [[nodiscard]] Row last() const noexcept { return isEmpty() ? noRow : at(size() - 1); }

private:
    std::shared_ptr<const MatchingRows> m_matching;
    Row m_first = 0;
    Row m_end = 0;
    std::uint64_t m_firstIndex = 0;
    std::uint64_t m_endIndex = 0;
};

} // namespace decoy::ui
