// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"
#include "trace/row_set.h"
#include "trace/timeline_lane.h"
#include "trace/timeline_overview.h"

#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace decoy::ui {

/// Who called when and for how long, as it was at one moment. Immutable; shared between threads.
struct TimelineSnapshot {
    std::uint64_t generation = 0;    ///< of the frames that it was made from
    Row endRow = 0;                  ///< the first row that it does not know yet
    std::int64_t origin = 0;         ///< time of the first frame; CLOCK_MONOTONIC, ns, as all times here
    std::int64_t oldest = 0;         ///< time of the oldest frame that is still there
    std::int64_t newest = 0;         ///< time of the newest frame
    std::vector<TimelineLane> lanes; ///< in the order of first appearance
    TimelineOverview overview;

    [[nodiscard]] bool isEmpty() const noexcept { return lanes.empty(); }
    /// Processes in the order of first appearance: a process may have several lanes.
    [[nodiscard]] std::vector<std::int32_t> processes() const;
    [[nodiscard]] const TimelineLane *lane(const TimelineLaneKey &key) const noexcept;
};

/// Turns frames into lanes of calls with their min/max/count pyramids, one frame at a time. Belongs to one thread; what
/// snapshot() returns may go to others.
class TimelinePyramid {
public:
    /// Calls of a client that wait at once and are remembered: what the library lets one client have in flight.
    static constexpr std::size_t mostOpenCalls = 4096;
    static constexpr std::size_t openCallsShown = 64; ///< of these, in a snapshot

    /// Adds the frames that it does not know yet, at most `most` of them. Frames of another generation start anew, and so does
    /// another set of `wanted` rows; null: all. A call belongs to it if one of its frames does. True if there are more.
    bool follow(const FrameSnapshot &frames, Row most, const std::shared_ptr<const RowSet> &wanted = nullptr);

    [[nodiscard]] std::shared_ptr<const TimelineSnapshot> snapshot() const;

private:
    struct GrowingLane;
    struct KeyHash {
        std::size_t operator()(const TimelineLaneKey &key) const noexcept;
    };

    void clear();
    void add(const FrameEvent &event, Row row);
    void addResult(GrowingLane &lane, const FrameEvent &event, Row row, bool isWanted);
    void discardBefore(Row first);
    [[nodiscard]] GrowingLane &laneOf(const FrameEvent &event);

    std::uint64_t m_generation = 0;
    std::shared_ptr<const RowSet> m_wanted;
    Row m_next = 0;
    std::int64_t m_origin = 0;
    std::int64_t m_oldest = 0;
    std::int64_t m_newest = 0;
    std::uint64_t m_lastSequence = 0;
    std::vector<std::shared_ptr<GrowingLane>> m_lanes;
    std::unordered_map<TimelineLaneKey, std::shared_ptr<GrowingLane>, KeyHash> m_byKey;
    TimelineOverview m_overview;
};

} // namespace decoy::ui
