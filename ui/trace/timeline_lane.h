// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/timeline_segment.h"

#include <memory>
#include <optional>
#include <vector>

namespace decoy::ui {

/// Who calls in a lane: one channel of one client.
struct TimelineLaneKey {
    std::uint32_t connection = 0;
    std::int32_t process = 0;
    Lane way = Lane::Native;
    bool operator==(const TimelineLaneKey &) const = default;
};

/// A request that has no result (so far).
struct OpenTimelineCall {
    std::int64_t start = 0; ///< CLOCK_MONOTONIC, ns
    Row row = noRow;        ///< of the request
    std::uint8_t level = 0;
    bool isWanted = true; ///< see TimelinePyramid::follow()
};

/// A call that was looked for, with the number of its result's frame.
struct FoundTimelineCall {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t latency = 0;
    Row row = noRow;
    std::uint8_t level = 0;
    bool failed = false;
};

/// The calls of one client as they were at one moment. A cheap value that any thread may read.
///
/// Every question costs as much as its answer is wide, not as many calls as there are: it goes down the pyramid's steps.
class TimelineLane {
public:
    using Segments = std::vector<std::shared_ptr<const TimelineSegment>>;

    TimelineLane() = default;
    TimelineLane(TimelineLaneKey key, std::shared_ptr<const Segments> segments, std::uint32_t lastCount,
                 const CallSummary &total, std::vector<OpenTimelineCall> open);

    [[nodiscard]] const TimelineLaneKey &key() const noexcept { return m_key; }
    /// Of all calls that the lane ever had, discarded ones included: scales that depend on it do not jump.
    [[nodiscard]] const CallSummary &total() const noexcept { return m_total; }
    /// The oldest of those that wait, at most mostOpenCalls.
    [[nodiscard]] const std::vector<OpenTimelineCall> &open() const noexcept { return m_open; }

    /// The calls that touch the span: those that end at `from` or later and begin before `to`.
    [[nodiscard]] CallSummary summary(std::int64_t from, std::int64_t to) const noexcept;
    /// The first `most` of them, in the order of their ends.
    [[nodiscard]] std::vector<FoundTimelineCall> calls(std::int64_t from, std::int64_t to, std::size_t most) const;
    /// The call that runs at `time`, the shortest if there are several; else the one that is nearest to it.
    [[nodiscard]] std::optional<FoundTimelineCall> nearest(std::int64_t time) const;
    /// The call in front of (-1) or behind (1) the one whose result is frame `row` and came at `time`.
    [[nodiscard]] std::optional<FoundTimelineCall> neighbour(Row row, std::int64_t time, int step) const;
    /// Whether a call runs from before `from` until after `to`.
    [[nodiscard]] bool isBusyThroughout(std::int64_t from, std::int64_t to) const;
    /// Whether a call that began before `time` has no result so far.
    [[nodiscard]] bool isOpenSince(std::int64_t time) const;

private:
    [[nodiscard]] std::uint32_t countOf(std::size_t segment) const noexcept;
    struct Place {
        std::size_t segment = 0;
        std::uint32_t index = 0;
    };
    [[nodiscard]] const TimelineCall &at(Place place) const { return (*m_segments)[place.segment]->call(place.index); }
    [[nodiscard]] bool moveOn(Place &place) const noexcept;
    [[nodiscard]] bool moveBack(Place &place) const noexcept;
    [[nodiscard]] std::size_t firstSegmentEndingFrom(std::int64_t time) const noexcept;
    /// Calls `visit(segment, call)` for what ends at `from` or later and begins before `to`, as long as it returns true.
    template <typename Visit>
    void visit(std::int64_t from, std::int64_t to, const Visit &visit) const;

    TimelineLaneKey m_key;
    std::shared_ptr<const Segments> m_segments = std::make_shared<const Segments>();
    std::uint32_t m_lastCount = 0; ///< calls of the last segment that may be read
    CallSummary m_total;
    std::vector<OpenTimelineCall> m_open;
};

} // namespace decoy::ui
