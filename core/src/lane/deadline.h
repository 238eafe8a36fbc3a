// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/error.h>
#include <decoy/proxy.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

namespace decoy::lane {

/// A moment that is only worked out when somebody is about to sleep: fast calls never read the clock.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    explicit Deadline(std::chrono::milliseconds timeout) noexcept : m_timeout(timeout) {}

    /// Clock::time_point::max() for a wait that never ends.
    explicit Deadline(Clock::time_point time) noexcept : m_timeout(waitForever)
    {
        if (time != Clock::time_point::max())
            m_time = time;
    }

    /// Nothing for a wait that never ends.
    [[nodiscard]] std::optional<Clock::time_point> time()
    {
        if (!m_time && m_timeout == waitForever)
            return std::nullopt;
        if (!m_time)
            m_time = Clock::now()
                + std::clamp<std::chrono::milliseconds>(m_timeout, std::chrono::milliseconds::zero(),
                                                        std::chrono::hours(24 * 365));
        return m_time;
    }
    [[nodiscard]] bool hasPassed()
    {
        const auto end = time();
        return end && Clock::now() >= *end;
    }
    /// It was never meant to wait.
    [[nodiscard]] bool isNow() const noexcept { return m_timeout <= std::chrono::milliseconds::zero(); }
    /// "within 200 ms"
    [[nodiscard]] std::string text() const { return "within " + std::to_string(m_timeout.count()) + " ms"; }
    [[noreturn]] void raise() const { throw CallTimeout("no answer " + text() + "; the target may still be working"); }

private:
    std::chrono::milliseconds m_timeout;
    std::optional<Clock::time_point> m_time;
};

} // namespace decoy::lane
