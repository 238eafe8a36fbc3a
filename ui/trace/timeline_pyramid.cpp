// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/timeline_pyramid.h"

#include <decoy/frame.h>

#include <algorithm>
#include <limits>

namespace decoy::ui {

struct TimelinePyramid::GrowingLane {
    TimelineLaneKey key;
    Row lastRow = 0; ///< of its newest frame
    std::vector<std::shared_ptr<TimelineSegment>> segments;
    std::shared_ptr<const TimelineLane::Segments> published = std::make_shared<const TimelineLane::Segments>();
    std::uint32_t lastCount = 0; ///< calls in the last segment
    std::int64_t lastEnd = std::numeric_limits<std::int64_t>::min();
    CallSummary total;
    std::map<std::uint64_t, OpenTimelineCall> open; ///< by call id; ids count up, so the oldest come first

    void append(TimelineCall call, Row row)
    {
        const bool rowFits = !segments.empty()
            && row - segments.back()->firstRow() <= std::numeric_limits<std::uint32_t>::max();
        if (segments.empty() || segments.back()->isFull() || !rowFits)
            openSegment(row);
        call.row = static_cast<std::uint32_t>(row - segments.back()->firstRow());
        segments.back()->append(call);
        total.add(call);
        ++lastCount;
    }
    void openSegment(Row row)
    {
        const std::uint32_t capacity = segments.empty()
            ? TimelineSegment::smallest
            : std::min(segments.back()->capacity() * 4, TimelineSegment::largest);
        segments.push_back(std::make_shared<TimelineSegment>(row, capacity));
        lastCount = 0;
        publish();
    }
    void publish() { published = std::make_shared<const TimelineLane::Segments>(segments.begin(), segments.end()); }
    void discardBefore(Row first)
    {
        // A segment's calls are older than the next one's first; the last one stays until the lane is given up.
        std::size_t gone = 0;
        while (gone + 1 < segments.size() && segments[gone + 1]->firstRow() <= first)
            ++gone;
        std::erase_if(open, [first](const auto &call) { return call.second.row < first; });
        if (gone == 0)
            return;
        segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(gone));
        publish();
    }
    [[nodiscard]] std::vector<OpenTimelineCall> shownOpen() const
    {
        std::vector<OpenTimelineCall> shown;
        for (const auto &[id, call] : open) {
            if (shown.size() == openCallsShown)
                break;
            if (call.isWanted)
                shown.push_back(call);
        }
        return shown;
    }
};

std::vector<std::int32_t> TimelineSnapshot::processes() const
{
    std::vector<std::int32_t> processes;
    for (const TimelineLane &lane : lanes) {
        if (std::ranges::find(processes, lane.key().process) == processes.end())
            processes.push_back(lane.key().process);
    }
    return processes;
}

const TimelineLane *TimelineSnapshot::lane(const TimelineLaneKey &key) const noexcept
{
    const auto found = std::ranges::find(lanes, key, &TimelineLane::key);
    return found == lanes.end() ? nullptr : &*found;
}

std::size_t TimelinePyramid::KeyHash::operator()(const TimelineLaneKey &key) const noexcept
{
    const std::uint64_t both = (static_cast<std::uint64_t>(key.connection) << 32U)
        | static_cast<std::uint32_t>(key.process);
    return static_cast<std::size_t>((both + static_cast<std::uint64_t>(key.way)) * 0x9E3779B97F4A7C15U);
}

void TimelinePyramid::clear()
{
    m_next = 0;
    m_newest = 0;
    m_lastSequence = 0;
    m_lanes.clear();
    m_byKey.clear();
    m_overview = {};
}

bool TimelinePyramid::follow(const FrameSnapshot &frames, Row most, const std::shared_ptr<const RowSet> &wanted)
{
    if (frames.generation() != m_generation || !agree(wanted.get(), m_wanted.get(), frames.firstRow(), m_next)) {
        clear();
        m_generation = frames.generation();
    }
    m_wanted = wanted;
    if (frames.isEmpty())
        return false;
    m_origin = frames.origin();
    m_oldest = frames.event(frames.firstRow()).time;
    m_next = std::max(m_next, frames.firstRow());
    const Row known = knownEnd(m_wanted.get(), frames, m_next);
    const Row end = std::min(known, m_next + most);
    // Chunk by chunk: looking for each row's chunk would cost more than reading it.
    for (const auto &chunk : frames.chunks()) {
        const Row chunkEnd = std::min(chunk->endRow(), end);
        for (; m_next >= chunk->firstRow() && m_next < chunkEnd; ++m_next)
            add(chunk->record(m_next).event, m_next);
    }
    discardBefore(frames.firstRow());
    return m_next < known;
}

TimelinePyramid::GrowingLane &TimelinePyramid::laneOf(const FrameEvent &event)
{
    const TimelineLaneKey key{event.connection, event.process, event.lane};
    std::shared_ptr<GrowingLane> &lane = m_byKey[key];
    if (!lane) {
        lane = std::make_shared<GrowingLane>();
        lane->key = key;
        m_lanes.push_back(lane);
    }
    return *lane;
}

void TimelinePyramid::add(const FrameEvent &event, Row row)
{
    if (event.sequence < m_lastSequence) {
        // A new tap: what waited for its result under the old one was not seen to get it.
        for (const auto &lane : m_lanes)
            lane->open.clear();
    }
    m_lastSequence = event.sequence;
    m_newest = std::max(m_newest, event.time);

    GrowingLane &lane = laneOf(event);
    lane.lastRow = row;
    if (!event.isOfCall())
        return; // the timeline is about calls
    const bool isWanted = !m_wanted || m_wanted->contains(row);
    if (event.isFromServer()) {
        const bool isPending = event.opcode == static_cast<std::int8_t>(ProxyOpCode::ResponsePending);
        const auto call = isPending ? lane.open.find(event.callId) : lane.open.end();
        if (!isPending)
            addResult(lane, event, row, isWanted);
        else if (call != lane.open.end())
            call->second.isWanted |= isWanted;
    } else if (!(event.flags & FrameEvent::OneWay)) {
        if (lane.open.size() >= mostOpenCalls)
            lane.open.erase(lane.open.begin());
        lane.open[event.callId] = {.start = event.time, .row = row, .level = event.chainLevel, .isWanted = isWanted};
    }
}

void TimelinePyramid::addResult(GrowingLane &lane, const FrameEvent &event, Row row, bool isWanted)
{
    if (const auto call = lane.open.find(event.callId); call != lane.open.end()) {
        isWanted |= call->second.isWanted;
        lane.open.erase(call);
    }
    if (!isWanted)
        return;
    // Results of calls that run at once may overtake one another on their way here by a few microseconds; the pyramid
    // needs an order.
    lane.lastEnd = std::max(lane.lastEnd, event.time);
    lane.append({.end = lane.lastEnd,
                 .latency = std::max<std::int64_t>(0, event.latency),
                 .level = event.chainLevel,
                 .failed = event.isFailed()},
                row);
    m_overview.add(event.time - m_origin, event.isFailed());
}

void TimelinePyramid::discardBefore(Row first)
{
    if (first == 0)
        return;
    for (const auto &lane : m_lanes)
        lane->discardBefore(first);
    std::erase_if(m_lanes, [this, first](const auto &lane) {
        const bool isGone = lane->lastRow < first;
        if (isGone)
            m_byKey.erase(lane->key);
        return isGone;
    });
}

std::shared_ptr<const TimelineSnapshot> TimelinePyramid::snapshot() const
{
    auto made = std::make_shared<TimelineSnapshot>();
    made->generation = m_generation;
    made->endRow = m_next;
    made->origin = m_origin;
    made->oldest = m_oldest;
    made->newest = m_newest;
    made->overview = m_overview;
    made->lanes.reserve(m_lanes.size());
    for (const auto &lane : m_lanes) {
        std::vector<OpenTimelineCall> open = lane->shownOpen();
        if (!m_wanted || !open.empty() || lane->total.count != 0)
            made->lanes.emplace_back(lane->key, lane->published, lane->lastCount, lane->total, std::move(open));
    }
    return made;
}

} // namespace decoy::ui
