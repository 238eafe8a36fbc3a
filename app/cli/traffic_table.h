// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "output.h"
#include "traffic_text.h"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace decoy::cli {

/// Prints frames as they come, a row each, in columns that do not move.
class TrafficTable {
public:
    /// `processNames` are shown beside the process ids. Times count from `start`, CLOCK_MONOTONIC in ns.
    TrafficTable(Output &output, TrafficText text, std::unordered_map<std::int32_t, std::string> processNames,
                 std::int64_t start);

    void printHeader();
    /// Has to be told of all frames; prints those that are wanted.
    void print(const FrameEvent &event, std::span<const std::byte> bytes, bool isWanted = true);

private:
    [[nodiscard]] std::string processName(std::int32_t process) const;

    Output &m_output;
    TrafficText m_text;
    const std::unordered_map<std::int32_t, std::string> m_processNames;
    const std::int64_t m_start;
    const bool m_colour;
};

} // namespace decoy::cli
