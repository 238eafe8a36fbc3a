// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_record.h"
#include "trace/latency_histogram.h"

#include <string>
#include <vector>

namespace decoy::ui {

/// What happened to one attribute or method of all objects of a type. `opcode` tells reading an attribute from setting it.
struct MethodStatistics {
    std::string type;   ///< empty if nobody has told it
    std::string member; ///< empty: not captured, or one of more methods than are told apart
    std::int8_t opcode = 0;
    std::uint64_t calls = 0;
    std::uint64_t errors = 0;
    LatencyHistogram latency; ///< of results, from the server's taking the request on
    Row firstRow = noRow;
    Row lastRow = noRow;
    Row slowestRow = noRow;         ///< the result that took longest
    std::uint32_t largestFrame = 0; ///< bytes of the largest request or result
    Row largestRow = noRow;
    std::uint64_t nearBufsize = 0; ///< frames of at least StatisticsLimits::nearBufsize
    Row firstNearRow = noRow;
    Row lastNearRow = noRow;
};

/// One kind of error of one method.
struct ErrorStatistics {
    std::size_t method = 0; ///< index into StatisticsSnapshot::methods
    std::string type;       ///< "InsufficientFunds"; empty where the lane does not tell
    std::string message;    ///< of the first
    std::uint64_t count = 0;
    std::int32_t process = 0; ///< the last client that got it
    Row firstRow = noRow;
    Row lastRow = noRow;
};

/// One client's channel.
struct TalkerStatistics {
    std::int32_t process = 0; ///< 0: all channels beyond those that are told apart
    std::uint32_t connection = 0;
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    std::uint64_t calls = 0;
    std::uint64_t errors = 0;
    std::uint64_t proxies = 0;  ///< objects handed out to it
    std::uint64_t releases = 0; ///< references that it gave back
    Row firstRow = noRow;
    Row lastRow = noRow;
    Row lastProxyRow = noRow;
};

struct SecondStatistics {
    std::uint64_t frames = 0;
    std::uint64_t calls = 0;
    std::uint64_t errors = 0;
    bool operator==(const SecondStatistics &) const = default;
};

/// What was counted up to one moment. Immutable. Within a generation the lists only grow at their ends: an index keeps its
/// meaning.
struct StatisticsSnapshot {
    std::uint64_t generation = 0;
    std::uint64_t frames = 0;
    std::vector<MethodStatistics> methods;
    std::vector<ErrorStatistics> errors;
    std::vector<TalkerStatistics> talkers;
    std::int64_t lastTime = 0; ///< of the last frame; CLOCK_MONOTONIC, ns

    std::int64_t firstSecond = 0; ///< what seconds[0] is; CLOCK_MONOTONIC, s
    std::vector<SecondStatistics> seconds;
};

} // namespace decoy::ui
