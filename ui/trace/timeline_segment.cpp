// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/timeline_segment.h"

#include <algorithm>

namespace decoy::ui {

void CallSummary::add(const TimelineCall &call) noexcept
{
    ++count;
    errors += call.failed ? 1 : 0;
    minStart = std::min(minStart, call.start());
    maxStart = std::max(maxStart, call.start());
    minLatency = std::min(minLatency, call.latency);
    maxLatency = std::max(maxLatency, call.latency);
    minLevel = std::min(minLevel, call.level);
    maxLevel = std::max(maxLevel, call.level);
}

void CallSummary::add(const CallSummary &other) noexcept
{
    count += other.count;
    errors += other.errors;
    minStart = std::min(minStart, other.minStart);
    maxStart = std::max(maxStart, other.maxStart);
    minLatency = std::min(minLatency, other.minLatency);
    maxLatency = std::max(maxLatency, other.maxLatency);
    minLevel = std::min(minLevel, other.minLevel);
    maxLevel = std::max(maxLevel, other.maxLevel);
}

TimelineSegment::TimelineSegment(Row firstRow, std::uint32_t capacity) : m_firstRow(firstRow), m_capacity(capacity)
{
    m_calls.reserve(capacity);
    m_data = m_calls.data();
    for (std::size_t step = 0; step < steps.size(); ++step) {
        m_summaries[step].reserve(capacity / steps[step]);
        m_summaryData[step] = m_summaries[step].data();
    }
}

void TimelineSegment::append(const TimelineCall &call)
{
    m_calls.push_back(call);
    for (std::size_t step = steps.size(); step-- > 0;) {
        if (m_calls.size() % steps[step] != 0)
            return;
        CallSummary sum;
        if (step + 1 < steps.size()) {
            const std::vector<CallSummary> &finer = m_summaries[step + 1];
            std::for_each(finer.end() - fanOut, finer.end(), [&sum](const CallSummary &part) { sum.add(part); });
        } else {
            std::for_each(m_calls.end() - fanOut, m_calls.end(), [&sum](const TimelineCall &part) { sum.add(part); });
        }
        m_summaries[step].push_back(sum);
    }
}

std::uint32_t TimelineSegment::firstEndingFrom(std::int64_t time, std::uint32_t count) const noexcept
{
    const TimelineCall *found = std::partition_point(m_data, m_data + count,
                                                     [time](const TimelineCall &call) { return call.end < time; });
    return static_cast<std::uint32_t>(found - m_data);
}

const CallSummary *TimelineSegment::summaryAt(std::size_t step, std::uint32_t index, std::uint32_t count) const noexcept
{
    const bool isComplete = index % steps[step] == 0 && index + steps[step] <= count;
    return isComplete ? &m_summaryData[step][index / steps[step]] : nullptr;
}

std::uint32_t TimelineSegment::stepWithout(std::int64_t before, std::uint32_t index, std::uint32_t count) const noexcept
{
    for (std::size_t step = 0; step < steps.size(); ++step) {
        const CallSummary *summary = summaryAt(step, index, count);
        if (summary && summary->minStart >= before)
            return steps[step];
    }
    return 0;
}

void TimelineSegment::addBeginningBefore(std::int64_t before, std::uint32_t first, std::uint32_t count,
                                         std::int64_t longest, CallSummary &sum) const noexcept
{
    for (std::uint32_t index = first; index < count && m_data[index].end - longest < before;) {
        if (const std::uint32_t passed = stepWithout(before, index, count); passed != 0) {
            index += passed;
            continue;
        }
        std::uint32_t taken = 0;
        for (std::size_t step = 0; step < steps.size() && taken == 0; ++step) {
            const CallSummary *summary = summaryAt(step, index, count);
            if (summary && summary->maxStart < before) {
                sum.add(*summary);
                taken = steps[step];
            }
        }
        if (taken == 0 && m_data[index].start() < before)
            sum.add(m_data[index]);
        index += std::max<std::uint32_t>(taken, 1);
    }
}

} // namespace decoy::ui
