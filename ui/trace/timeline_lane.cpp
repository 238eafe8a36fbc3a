// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/timeline_lane.h"

#include <algorithm>
#include <cstdlib>

namespace decoy::ui {

namespace {

/// Calls that run at the same moment and are compared to find the innermost one.
constexpr std::size_t mostCompared = 256;

FoundTimelineCall found(const TimelineSegment &segment, const TimelineCall &call)
{
    return {.start = call.start(),
            .end = call.end,
            .latency = call.latency,
            .row = segment.rowOf(call),
            .level = call.level,
            .failed = call.failed};
}

std::int64_t distance(const FoundTimelineCall &call, std::int64_t time)
{
    return std::max<std::int64_t>({0, call.start - time, time - call.end});
}

} // namespace

TimelineLane::TimelineLane(TimelineLaneKey key, std::shared_ptr<const Segments> segments, std::uint32_t lastCount,
                           const CallSummary &total, std::vector<OpenTimelineCall> open)
    : m_key(key), m_segments(std::move(segments)), m_lastCount(lastCount), m_total(total), m_open(std::move(open))
{}

std::uint32_t TimelineLane::countOf(std::size_t segment) const noexcept
{
    return segment + 1 == m_segments->size() ? m_lastCount : (*m_segments)[segment]->capacity();
}

std::size_t TimelineLane::firstSegmentEndingFrom(std::int64_t time) const noexcept
{
    std::size_t low = 0;
    std::size_t high = m_segments->size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if ((*m_segments)[middle]->call(countOf(middle) - 1).end < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

CallSummary TimelineLane::summary(std::int64_t from, std::int64_t to) const noexcept
{
    CallSummary sum;
    const std::size_t first = firstSegmentEndingFrom(from);
    for (std::size_t index = first; index < m_segments->size(); ++index) {
        const TimelineSegment &segment = *(*m_segments)[index];
        const std::uint32_t count = countOf(index);
        if (segment.call(0).end - m_total.maxLatency >= to)
            break; // nothing lasts long enough to have begun in time
        segment.addBeginningBefore(to, index == first ? segment.firstEndingFrom(from, count) : 0, count,
                                   m_total.maxLatency, sum);
    }
    return sum;
}

template <typename Visit>
void TimelineLane::visit(std::int64_t from, std::int64_t to, const Visit &visit) const
{
    const std::size_t first = firstSegmentEndingFrom(from);
    for (std::size_t index = first; index < m_segments->size(); ++index) {
        const TimelineSegment &segment = *(*m_segments)[index];
        const std::uint32_t count = countOf(index);
        if (segment.call(0).end - m_total.maxLatency >= to)
            return;
        const std::uint32_t start = index == first ? segment.firstEndingFrom(from, count) : 0;
        if (!segment.visitBeginningBefore(to, start, count, m_total.maxLatency,
                                          [&](const TimelineCall &call) { return visit(segment, call); }))
            return;
    }
}

std::vector<FoundTimelineCall> TimelineLane::calls(std::int64_t from, std::int64_t to, std::size_t most) const
{
    std::vector<FoundTimelineCall> calls;
    if (most == 0)
        return calls;
    visit(from, to, [&](const TimelineSegment &segment, const TimelineCall &call) {
        calls.push_back(found(segment, call));
        return calls.size() < most;
    });
    return calls;
}

std::optional<FoundTimelineCall> TimelineLane::nearest(std::int64_t time) const
{
    std::optional<FoundTimelineCall> best;
    const auto consider = [&](const FoundTimelineCall &call) {
        const bool isBetter = !best || distance(call, time) < distance(*best, time)
            || (distance(call, time) == distance(*best, time) && call.latency < best->latency);
        if (isBetter)
            best = call;
    };
    for (const FoundTimelineCall &call : calls(time, time + 1, mostCompared))
        consider(call);
    const std::size_t next = firstSegmentEndingFrom(time);
    if (next < m_segments->size()) {
        const TimelineSegment &segment = *(*m_segments)[next];
        const std::uint32_t index = segment.firstEndingFrom(time, countOf(next));
        consider(found(segment, segment.call(index)));
        if (index > 0)
            consider(found(segment, segment.call(index - 1)));
    }
    if (next > 0) {
        const TimelineSegment &segment = *(*m_segments)[next - 1];
        consider(found(segment, segment.call(countOf(next - 1) - 1)));
    }
    // What begins soon may end late, and then stands behind many others.
    if (best && distance(*best, time) > 0) {
        for (const FoundTimelineCall &call : calls(time, time + distance(*best, time), mostCompared))
            consider(call);
    }
    return best;
}

bool TimelineLane::moveOn(Place &place) const noexcept
{
    if (place.index + 1 < countOf(place.segment))
        ++place.index;
    else if (place.segment + 1 < m_segments->size())
        place = {place.segment + 1, 0};
    else
        return false;
    return true;
}

bool TimelineLane::moveBack(Place &place) const noexcept
{
    if (place.index > 0)
        --place.index;
    else if (place.segment > 0)
        place = {place.segment - 1, countOf(place.segment - 1) - 1};
    else
        return false;
    return true;
}

std::optional<FoundTimelineCall> TimelineLane::neighbour(Row row, std::int64_t time, int step) const
{
    Place place{.segment = firstSegmentEndingFrom(time)};
    if (place.segment == m_segments->size())
        return {};
    place.index = (*m_segments)[place.segment]->firstEndingFrom(time, countOf(place.segment));
    // Several may end at the same moment; the one that is meant is among the next few.
    for (std::size_t passed = 0; (*m_segments)[place.segment]->rowOf(at(place)) != row; ++passed) {
        if (passed == mostCompared || !moveOn(place))
            return {};
    }
    if (!(step < 0 ? moveBack(place) : moveOn(place)))
        return {};
    return found(*(*m_segments)[place.segment], at(place));
}

bool TimelineLane::isOpenSince(std::int64_t time) const
{
    return std::ranges::any_of(m_open, [time](const OpenTimelineCall &call) { return call.start < time; });
}

bool TimelineLane::isBusyThroughout(std::int64_t from, std::int64_t to) const
{
    if (isOpenSince(from))
        return true;
    bool isBusy = false;
    visit(to + 1, from, [&isBusy](const TimelineSegment &, const TimelineCall &) {
        isBusy = true;
        return false;
    });
    return isBusy;
}

} // namespace decoy::ui
