// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/metrics.h"
#include "trace/timeline_pyramid.h"
#include "views/timeline_scale.h"

#include <QRect>

#include <vector>

namespace decoy::ui {

/// Where things are in the timeline, in viewport pixels: the overview and the ruler above, names at the left, and for each
/// lane from top to bottom: marks of errors, latency bars, and one row for each chain level. A plain value.
struct TimelineLayout {
    static constexpr int overviewHeight = gridUnit * 4;
    static constexpr int rulerHeight = gridUnit * 3;
    static constexpr int headHeight = overviewHeight + rulerHeight;
    static constexpr int nameWidth = gridUnit * 22;
    static constexpr int errorHeight = gridUnit;
    static constexpr int latencyHeight = gridUnit * 5;
    static constexpr int levelHeight = gridUnit + halfUnit + 2;
    static constexpr int laneGap = gridUnit + halfUnit;

    struct LaneBox {
        int top = 0; ///< before scrolling, from the first lane's top on
        int levels = 1;
        [[nodiscard]] int height() const noexcept
        {
            return laneGap + errorHeight + latencyHeight + levels * levelHeight;
        }
    };

    TimelineScale scale;
    int width = 0;
    int height = 0;
    int offset = 0; ///< by which the lanes are scrolled
    std::int64_t longestLatency = 0;
    std::vector<LaneBox> lanes;

    void setLanes(const TimelineSnapshot &timeline);
    [[nodiscard]] int lanesHeight() const noexcept;
    [[nodiscard]] QRect laneRect(std::size_t lane) const noexcept;
    [[nodiscard]] QRect errorRect(std::size_t lane) const noexcept;
    [[nodiscard]] QRect latencyRect(std::size_t lane) const noexcept;
    [[nodiscard]] QRect levelRect(std::size_t lane, int level) const noexcept;
    /// lanes.size() if there is none.
    [[nodiscard]] std::size_t laneAt(int y) const noexcept;
    [[nodiscard]] QRect overviewRect() const noexcept;
    [[nodiscard]] QRect rulerRect() const noexcept;
    [[nodiscard]] QRect lanesRect() const noexcept;
    /// How high a bar is: by the logarithm, because calls last from microseconds to minutes.
    [[nodiscard]] int latencyPixels(std::int64_t latency) const noexcept;
};

} // namespace decoy::ui
