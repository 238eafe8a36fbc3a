// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/sequence_layout.h"

#include <algorithm>

namespace decoy::ui {

int SequenceLayout::laneWidth() const noexcept
{
    const int count = std::max(1, static_cast<int>(clients.size()));
    return std::clamp((width - clientsLeft()) / count, narrowestLane, widestLane);
}

int SequenceLayout::clientX(std::size_t client) const noexcept
{
    const int lane = laneWidth();
    return clientsLeft() + static_cast<int>(client) * lane + lane / 2 - offset;
}

std::size_t SequenceLayout::clientOf(std::int32_t process) const noexcept
{
    return static_cast<std::size_t>(std::ranges::find(clients, process) - clients.begin());
}

std::size_t SequenceLayout::firstClientInSight() const noexcept
{
    return std::min(clients.size(), static_cast<std::size_t>(std::max(0, offset) / laneWidth()));
}

std::size_t SequenceLayout::endClientInSight() const noexcept
{
    const int right = std::max(0, offset + width - clientsLeft());
    return std::min(clients.size(), static_cast<std::size_t>(right / laneWidth()) + 1);
}

int SequenceLayout::rowsPerPage() const noexcept { return std::max(1, (height - headHeight) / std::max(1, rowHeight)); }

int SequenceLayout::rowsVisible() const noexcept
{
    return std::max(1, (height - headHeight + rowHeight - 1) / std::max(1, rowHeight));
}

int SequenceLayout::rowTop(std::uint64_t index, std::uint64_t top) const noexcept
{
    const auto distance = static_cast<std::int64_t>(index) - static_cast<std::int64_t>(top);
    const auto nearby = std::clamp<std::int64_t>(distance, -1, rowsVisible() + 1); // beyond it nothing is drawn
    return headHeight + static_cast<int>(nearby) * rowHeight;
}

int SequenceLayout::arrowY(int rowTop) const noexcept
{
    return rowTop + (hasLabels() ? rowHeight - halfUnit - 1 : rowHeight / 2);
}

} // namespace decoy::ui
