// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/traffic_rates.h"

namespace decoy::ui {

namespace {

constexpr std::chrono::milliseconds shortestInterval{250};

} // namespace

bool TrafficRates::update(const TrafficCounters &counters, Clock::time_point now)
{
    const bool isFirst = m_lastTime == Clock::time_point();
    const bool wasCleared = counters.frames < m_last.frames;
    if (isFirst || wasCleared) {
        m_last = wasCleared ? TrafficCounters() : counters;
        m_lastTime = now;
        m_frames = m_calls = m_errors = 0;
        return true;
    }
    if (now - m_lastTime < shortestInterval)
        return false;
    const double seconds = std::chrono::duration<double>(now - m_lastTime).count();
    const auto rate = [seconds](std::uint64_t from, std::uint64_t to) {
        return static_cast<double>(to - from) / seconds;
    };
    m_frames = rate(m_last.frames, counters.frames);
    m_calls = rate(m_last.calls, counters.calls);
    m_errors = rate(m_last.errors, counters.errors);
    m_last = counters;
    m_lastTime = now;
    return true;
}

} // namespace decoy::ui
