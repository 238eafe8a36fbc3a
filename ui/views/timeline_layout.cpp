// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/timeline_layout.h"

#include <algorithm>
#include <cmath>

namespace decoy::ui {

namespace {

constexpr int lowestBar = 2;
constexpr double shortestLatency = 1'000; ///< 1 µs; what is faster is drawn as low as that

} // namespace

void TimelineLayout::setLanes(const TimelineSnapshot &timeline)
{
    lanes.clear();
    longestLatency = 0;
    int top = 0;
    for (const TimelineLane &lane : timeline.lanes) {
        int deepest = lane.total().maxLevel;
        for (const OpenTimelineCall &call : lane.open())
            deepest = std::max<int>(deepest, call.level);
        lanes.push_back({.top = top, .levels = deepest + 1});
        top += lanes.back().height();
        longestLatency = std::max(longestLatency, lane.total().maxLatency);
    }
}

int TimelineLayout::lanesHeight() const noexcept
{
    return lanes.empty() ? 0 : lanes.back().top + lanes.back().height() + laneGap;
}

QRect TimelineLayout::laneRect(std::size_t lane) const noexcept
{
    return {0, headHeight + lanes[lane].top - offset, width, lanes[lane].height()};
}

QRect TimelineLayout::errorRect(std::size_t lane) const noexcept
{
    return {scale.left(), laneRect(lane).top() + laneGap, scale.width(), errorHeight};
}

QRect TimelineLayout::latencyRect(std::size_t lane) const noexcept
{
    return {scale.left(), laneRect(lane).top() + laneGap + errorHeight, scale.width(), latencyHeight};
}

QRect TimelineLayout::levelRect(std::size_t lane, int level) const noexcept
{
    const QRect latency = latencyRect(lane);
    return {latency.left(), latency.bottom() + 2 + level * levelHeight, latency.width(), levelHeight - 1};
}

std::size_t TimelineLayout::laneAt(int y) const noexcept
{
    const int position = y - headHeight + offset;
    if (y < headHeight || lanes.empty() || position >= lanesHeight())
        return lanes.size();
    const auto after = std::ranges::upper_bound(lanes, position, {}, &LaneBox::top);
    return static_cast<std::size_t>(after - lanes.begin()) - 1;
}

QRect TimelineLayout::overviewRect() const noexcept { return {scale.left(), 0, scale.width(), overviewHeight}; }

QRect TimelineLayout::rulerRect() const noexcept { return {scale.left(), overviewHeight, scale.width(), rulerHeight}; }

QRect TimelineLayout::lanesRect() const noexcept
{
    return {scale.left(), headHeight, scale.width(), std::max(0, height - headHeight)};
}

int TimelineLayout::latencyPixels(std::int64_t latency) const noexcept
{
    const auto steps = [](std::int64_t duration) {
        return std::log10(1 + static_cast<double>(duration) / shortestLatency);
    };
    const double part = longestLatency > 0 ? steps(latency) / steps(longestLatency) : 0;
    return std::clamp(static_cast<int>(std::lround(part * latencyHeight)), lowestBar, latencyHeight);
}

} // namespace decoy::ui
