// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/problems.h"

#include <decoy/connection.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace decoy::ui {

/// When a row of a server's books is a leak.
struct LeakOptions {
    std::int32_t ownProcess = 0;    ///< this monitor: what a person keeps open is no leak
    std::uint64_t leastGrowth = 50; ///< references more than at the beginning; less is a client at work
    double growthFactor = 1.2;      ///< and so many times as many: noise on a large number is no growth
    double keptPart = 0.9;          ///< of the most ever seen; who gives back more than the rest does give back
    int looks = 8;                  ///< at which they were more than ever before
};

/// Finds clients that take references and do not give them back, in what one server's books say, a look at a time: a leak is a row that
/// only grows. Needs no frames. A plain object without threads.
class LeakFinder {
public:
    /// Rows looked at; stops a server from making the monitor remember without end.
    static constexpr std::size_t mostRows = 4096;

    /// `server` is empty for the one in this process.
    explicit LeakFinder(LeakOptions options, std::string server = {});

    /// The books as they are now; rows that are not there any more are forgotten. False if they say what they said before.
    bool look(const std::vector<HeldObjects> &books);
    /// As of the last look, the largest first; without frames.
    [[nodiscard]] const std::vector<Problem> &leaks() const noexcept { return m_leaks; }

private:
    using RowKey = std::pair<std::uint32_t, std::string>; ///< connection and type
    struct Growth {
        std::uint64_t from = 0; ///< references when it began
        std::uint64_t most = 0;
        int looks = 0;
        std::uint64_t now = 0;
        bool operator==(const Growth &) const = default;
    };
    [[nodiscard]] Growth grown(Growth before, std::uint64_t now) const;
    [[nodiscard]] bool isLeak(const Growth &growth) const;

    const LeakOptions m_options;
    const std::string m_server;
    std::map<RowKey, Growth> m_rows;
    std::vector<Problem> m_leaks;
};

} // namespace decoy::ui
