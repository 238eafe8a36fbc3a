// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/isolated_server.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>

namespace decoy::isolation {

/// Decides whether a process that ended by itself is started again, and when: the pause doubles with each restart that is not yet
/// `restartWindow` ago.
class RestartPolicy {
public:
    using Clock = std::chrono::steady_clock;

    explicit RestartPolicy(const IsolatedOptions &options) : m_options(options) {}

    /// How long to wait before the restart, which counts from then on. Nothing: there were too many.
    [[nodiscard]] std::optional<std::chrono::milliseconds> nextPause(Clock::time_point now)
    {
        while (!m_recent.empty() && now - m_recent.front() >= m_options.restartWindow)
            m_recent.pop_front();
        if (m_recent.size() >= static_cast<std::size_t>(m_options.maxRestarts))
            return std::nullopt;
        auto pause = m_options.firstPause;
        for (std::size_t i = 0; i < m_recent.size() && pause < m_options.longestPause; ++i)
            pause *= 2;
        pause = std::min(pause, m_options.longestPause);
        m_recent.push_back(now + pause);
        return pause;
    }

private:
    const IsolatedOptions &m_options; // the server's
    std::deque<Clock::time_point> m_recent;
};

} // namespace decoy::isolation
