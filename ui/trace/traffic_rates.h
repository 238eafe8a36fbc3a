// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_store.h"

#include <chrono>

namespace decoy::ui {

/// How busy the traffic is, from two looks at its counters. A plain value; one for each place that shows rates.
class TrafficRates {
public:
    using Clock = std::chrono::steady_clock;

    /// Takes what the store counts at `now`. Rates change when at least a quarter of a second has passed since the last
    /// change: faster is only flicker. True if they have changed.
    bool update(const TrafficCounters &counters, Clock::time_point now = Clock::now());

    [[nodiscard]] double framesPerSecond() const noexcept { return m_frames; }
    [[nodiscard]] double callsPerSecond() const noexcept { return m_calls; }
    [[nodiscard]] double errorsPerSecond() const noexcept { return m_errors; }

private:
    TrafficCounters m_last;
    Clock::time_point m_lastTime;
    double m_frames = 0;
    double m_calls = 0;
    double m_errors = 0;
};

} // namespace decoy::ui
