// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/metrics.h"
#include "trace/frame_record.h"

#include <cstdint>
#include <vector>

namespace decoy::ui {

/// Where things are in the sequence diagram: numbers and times at the left, beside them the server's lifeline, which never
/// scrolls away, then one lane for each client in the order of first appearance. A plain value; all in viewport pixels.
struct SequenceLayout {
    static constexpr int headHeight = gridUnit * 6;
    static constexpr int serverLaneWidth = gridUnit * 14;
    static constexpr int narrowestLane = gridUnit * 20;
    static constexpr int widestLane = gridUnit * 52;

    int width = 0;
    int height = 0;
    int numberWidth = 0;
    int timeWidth = 0;
    int gapWidth = 0;
    int rowHeight = 0;
    int offset = 0; ///< by which the clients' lanes are scrolled
    std::vector<std::int32_t> clients;

    [[nodiscard]] int gutter() const noexcept { return numberWidth + timeWidth + gapWidth; }
    [[nodiscard]] int serverX() const noexcept { return gutter() + serverLaneWidth / 2; }
    [[nodiscard]] int clientsLeft() const noexcept { return gutter() + serverLaneWidth; }
    [[nodiscard]] int laneWidth() const noexcept;
    /// Of all client lanes together.
    [[nodiscard]] int clientsWidth() const noexcept { return laneWidth() * static_cast<int>(clients.size()); }
    [[nodiscard]] int clientX(std::size_t client) const noexcept;
    /// The client's number; clients.size() if it has no lane.
    [[nodiscard]] std::size_t clientOf(std::int32_t process) const noexcept;

    /// The first client whose lane is in sight, at least in part, and the one after the last.
    [[nodiscard]] std::size_t firstClientInSight() const noexcept;
    [[nodiscard]] std::size_t endClientInSight() const noexcept;

    /// Whole rows that find room.
    [[nodiscard]] int rowsPerPage() const noexcept;
    /// Rows that are at least partly visible.
    [[nodiscard]] int rowsVisible() const noexcept;
    /// Of the row with this number among those that are shown, if `top` is the first in sight.
    [[nodiscard]] int rowTop(std::uint64_t index, std::uint64_t top) const noexcept;
    /// Where a row's arrow is; below its label, if there is room for one.
    [[nodiscard]] int arrowY(int rowTop) const noexcept;
    [[nodiscard]] bool hasLabels() const noexcept { return rowHeight >= gridUnit * 2; }
};

} // namespace decoy::ui
