// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace decoy::ui {

/// How many frames a capture may take: so many a second in the long run, and a burst on top. A value; the clock is its user's.
class FrameBudget {
public:
    using Clock = std::chrono::steady_clock;

    /// Without an end.
    FrameBudget() = default;
    /// `burst` must be as much as is to be taken at once, and not 0; it is there from the beginning.
    FrameBudget(double framesPerSecond, double burst) noexcept
        : m_framesPerSecond(framesPerSecond), m_burst(burst), m_left(burst)
    {}

    [[nodiscard]] bool isLimited() const noexcept { return m_burst > 0; }
    [[nodiscard]] double framesPerSecond() const noexcept { return m_framesPerSecond; }
    /// A new one of so much less, at least one frame at once; one without an end has none.
    [[nodiscard]] FrameBudget part(double part) const noexcept
    {
        return isLimited() ? FrameBudget(m_framesPerSecond * part, std::max(1.0, m_burst * part)) : FrameBudget();
    }
    /// The same for who had `before` until now: with what was left of that, so that no change of budgets is a burst more.
    [[nodiscard]] FrameBudget after(const FrameBudget &before) const noexcept;

    /// How many frames may be taken at `now`, which never goes back.
    [[nodiscard]] std::size_t left(Clock::time_point now) noexcept;
    void spend(std::size_t frames) noexcept { m_left -= static_cast<double>(frames); }

private:
    double m_framesPerSecond = 0;
    double m_burst = 0; ///< 0: no limit
    double m_left = 0;
    Clock::time_point m_filled; ///< when what has become free was last added
};

inline FrameBudget FrameBudget::after(const FrameBudget &before) const noexcept
{
    FrameBudget budget = *this;
    if (isLimited() && before.isLimited()) {
        budget.m_left = std::min(m_burst, before.m_left);
        budget.m_filled = before.m_filled;
    }
    return budget;
}

inline std::size_t FrameBudget::left(Clock::time_point now) noexcept
{
    if (!isLimited())
        return std::numeric_limits<std::size_t>::max();
    if (m_filled != Clock::time_point())
        m_left += m_framesPerSecond * std::chrono::duration<double>(now - m_filled).count();
    m_left = m_left < m_burst ? m_left : m_burst;
    m_filled = now;
    return m_left > 0 ? static_cast<std::size_t>(m_left) : 0;
}

} // namespace decoy::ui
