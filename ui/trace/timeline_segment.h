// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_record.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace decoy::ui {

/// An answered call, as the timeline needs it. Times are CLOCK_MONOTONIC, ns.
struct TimelineCall {
    std::int64_t end = 0;     ///< when the result left; never before the end of the call in front of it
    std::int64_t latency = 0; ///< since the server took the request
    std::uint32_t row = 0;    ///< of the result's frame, counted from the segment's firstRow()
    std::uint8_t level = 0;   ///< of the object that was asked
    bool failed = false;

    [[nodiscard]] std::int64_t start() const noexcept { return end - latency; }
};
static_assert(sizeof(TimelineCall) == 24, "two million calls cost 48 MB");

/// What is drawn of many calls at once: how many, and the smallest and largest of everything.
struct CallSummary {
    std::uint64_t count = 0;
    std::uint64_t errors = 0;
    std::int64_t minStart = std::numeric_limits<std::int64_t>::max();
    std::int64_t maxStart = std::numeric_limits<std::int64_t>::min();
    std::int64_t minLatency = std::numeric_limits<std::int64_t>::max();
    std::int64_t maxLatency = 0;
    std::uint8_t minLevel = std::numeric_limits<std::uint8_t>::max();
    std::uint8_t maxLevel = 0;

    void add(const TimelineCall &call) noexcept;
    void add(const CallSummary &other) noexcept;
    bool operator==(const CallSummary &) const = default;
};

/// Consecutive calls of one lane, and the steps of the pyramid above them: a summary of every 16 and of every 256 calls.
///
/// One thread appends. A summary is written when its last call is, and never again, so another thread may read the first
/// `count` calls and the summaries that lie within them, once it was told of that count.
class TimelineSegment {
public:
    static constexpr std::uint32_t smallest = 64; ///< capacity: a client that asks one thing costs little
    static constexpr std::uint32_t largest = 4096;

    TimelineSegment(Row firstRow, std::uint32_t capacity);

    [[nodiscard]] bool isFull() const noexcept { return m_calls.size() == m_capacity; } ///< writer only
    [[nodiscard]] std::uint32_t capacity() const noexcept { return m_capacity; }
    [[nodiscard]] Row firstRow() const noexcept { return m_firstRow; }
    [[nodiscard]] Row rowOf(const TimelineCall &call) const noexcept { return m_firstRow + call.row; }

    void append(const TimelineCall &call);

    [[nodiscard]] const TimelineCall &call(std::uint32_t index) const noexcept { return m_data[index]; }
    /// The first of `count` calls that ends at `time` or later; `count` if there is none.
    [[nodiscard]] std::uint32_t firstEndingFrom(std::int64_t time, std::uint32_t count) const noexcept;

    /// Adds the calls from `first` to `count` that begin before `before`. None of them lasts longer than `longest`.
    void addBeginningBefore(std::int64_t before, std::uint32_t first, std::uint32_t count, std::int64_t longest,
                            CallSummary &sum) const noexcept;
    /// Calls `visit(call)` for each of them, as long as it returns true. False if it did not.
    template <typename Visit>
    bool visitBeginningBefore(std::int64_t before, std::uint32_t first, std::uint32_t count, std::int64_t longest,
                              const Visit &visit) const
    {
        for (std::uint32_t index = first; index < count && m_data[index].end - longest < before;) {
            if (const std::uint32_t step = stepWithout(before, index, count); step != 0) {
                index += step;
                continue;
            }
            if (m_data[index].start() < before && !visit(m_data[index]))
                return false;
            ++index;
        }
        return true;
    }

private:
    static constexpr std::uint32_t fanOut = 16;
    static constexpr std::array<std::uint32_t, 2> steps = {fanOut * fanOut, fanOut};

    [[nodiscard]] const CallSummary *summaryAt(std::size_t step, std::uint32_t index,
                                               std::uint32_t count) const noexcept;
    /// How many calls from `index` on can be passed over because all of them begin later; 0 if that is not known.
    [[nodiscard]] std::uint32_t stepWithout(std::int64_t before, std::uint32_t index,
                                            std::uint32_t count) const noexcept;

    const Row m_firstRow;
    const std::uint32_t m_capacity;
    std::vector<TimelineCall> m_calls; ///< reserved whole, so that readers' memory never moves
    const TimelineCall *m_data;        ///< of m_calls; readers must not ask a vector that grows
    std::array<std::vector<CallSummary>, steps.size()> m_summaries;
    std::array<const CallSummary *, steps.size()> m_summaryData;
};

} // namespace decoy::ui
