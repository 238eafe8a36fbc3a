// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace decoy::ui {

/// Which part of time is on the screen, and where. Times are ns since the first frame. A plain value.
class TimelineScale {
public:
    static constexpr std::int64_t shortest = 1'000;                       ///< 1 µs
    static constexpr std::int64_t longest = 7LL * 24 * 3'600'000'000'000; ///< a week

    struct Tick {
        std::int64_t time = 0;
        QString text;
    };

    [[nodiscard]] std::int64_t from() const noexcept { return m_from; }
    [[nodiscard]] std::int64_t to() const noexcept { return m_from + m_span; }
    [[nodiscard]] std::int64_t span() const noexcept { return m_span; }
    [[nodiscard]] int left() const noexcept { return m_left; }
    [[nodiscard]] int right() const noexcept { return m_left + m_width; }
    [[nodiscard]] int width() const noexcept { return m_width; }

    void setPixels(int left, int width) noexcept;
    void setSpan(std::int64_t from, std::int64_t to) noexcept;
    void moveBy(std::int64_t time) noexcept { m_from += time; }
    /// Keeps what is at `x` there. A factor above 1 shows less time, larger.
    void zoomAt(double x, double factor) noexcept;

    [[nodiscard]] double x(std::int64_t time) const noexcept;
    [[nodiscard]] std::int64_t time(double x) const noexcept;

    /// Round times, about `pitch` pixels apart or more, with their units.
    [[nodiscard]] std::vector<Tick> ticks(int pitch) const;

private:
    std::int64_t m_from = 0;
    std::int64_t m_span = 10'000'000'000;
    int m_left = 0;
    int m_width = 1;
};

/// A time on the ruler, as exact as `step` needs: "1.25 ms", "12.5 s", "2:05:10 h".
[[nodiscard]] QString rulerText(std::int64_t time, std::int64_t step);

} // namespace decoy::ui
