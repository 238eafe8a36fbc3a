// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frame_bytes.h"

#include "trace/frame_store.h"
#include "trace/timeline_pyramid.h"

#include <algorithm>
#include <random>
#include <vector>

inline constexpr std::int64_t ms = 1'000'000;

/// For tests of the timeline: calls of some clients as they may come, and the store that holds their frames.
struct TimelineTraffic {
    struct Call {
        std::uint32_t connection = 0;
        std::int64_t start = 0;
        std::int64_t end = 0;
        int level = 0;
        bool failed = false;
        decoy::ui::Row row = decoy::ui::noRow;
    };

    explicit TimelineTraffic(const decoy::ui::FrameStoreOptions &options = {}) : store(options) {}

    decoy::ui::Row request(std::uint32_t connection, std::int64_t time, int level = 0)
    {
        frames::Event event = frames::request(++m_lastCall);
        fill(event, connection, time, level);
        return append(event);
    }
    decoy::ui::Row result(std::uint32_t connection, std::uint64_t call, std::int64_t start, std::int64_t end,
                          int level = 0, bool failed = false)
    {
        frames::Event event = frames::answer(call);
        fill(event, connection, end, level);
        event->latency = end - start;
        if (failed)
            event->flags |= decoy::FrameEvent::Failed;
        const decoy::ui::Row row = append(event);
        calls.push_back({connection, start, end, level, failed, row});
        return row;
    }
    decoy::ui::Row call(std::uint32_t connection, std::int64_t start, std::int64_t end, int level = 0,
                        bool failed = false)
    {
        request(connection, start, level);
        return result(connection, m_lastCall, start, end, level, failed);
    }
    /// Calls of a few clients, short and long, one after another by their ends.
    void addRandomCalls(int count, std::mt19937 &random)
    {
        for (int i = 0; i < count; ++i) {
            m_now += std::uniform_int_distribution<std::int64_t>(0, 20'000)(random);
            const bool isLong = random() % 500 == 0;
            const auto latency = static_cast<std::int64_t>(random() % (isLong ? 50'000'000 : 30'000));
            result(static_cast<std::uint32_t>(1 + random() % 3), ++m_lastCall,
                   std::max<std::int64_t>(0, m_now - latency), m_now, static_cast<int>(random() % 5),
                   random() % 20 == 0);
        }
    }
    [[nodiscard]] decoy::ui::CallSummary bruteForce(std::uint32_t connection, std::int64_t from, std::int64_t to) const
    {
        decoy::ui::CallSummary sum;
        for (const Call &call : calls) {
            if (call.connection == connection && call.end >= from && call.start < to)
                sum.add(decoy::ui::TimelineCall{.end = call.end,
                                                .latency = call.end - call.start,
                                                .level = static_cast<std::uint8_t>(call.level),
                                                .failed = call.failed});
        }
        return sum;
    }
    [[nodiscard]] std::uint64_t lastCall() const { return m_lastCall; }
    [[nodiscard]] std::int64_t now() const { return m_now; }

    decoy::ui::FrameStore store;
    std::vector<Call> calls;

private:
    static void fill(frames::Event &event, std::uint32_t connection, std::int64_t time, int level)
    {
        event->connection = connection;
        event->process = static_cast<std::int32_t>(4710 + connection);
        event->time = time;
        event->chainLevel = static_cast<std::uint8_t>(level);
    }
    decoy::ui::Row append(frames::Event &event)
    {
        event->sequence = store.endRow();
        event.appendTo(store);
        return store.endRow() - 1;
    }

    std::uint64_t m_lastCall = 0;
    std::int64_t m_now = 0;
};
