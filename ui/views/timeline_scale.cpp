// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/timeline_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr std::int64_t microsecond = 1'000;
constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

/// Seconds and less go by 1, 2 and 5; minutes and hours by what clocks show.
constexpr std::array longSteps = {10 * second, 15 * second, 30 * second, minute,   2 * minute, 5 * minute, 10 * minute,
                                  15 * minute, 30 * minute, hour,        2 * hour, 6 * hour,   12 * hour,  day};

std::int64_t stepOfAtLeast(std::int64_t wanted)
{
    for (std::int64_t step = 1; step < 10 * second; step *= 10) {
        for (const std::int64_t times : {1, 2, 5}) {
            if (step * times >= wanted)
                return step * times;
        }
    }
    const auto found = std::ranges::lower_bound(longSteps, wanted);
    return found == longSteps.end() ? day : *found;
}

QString inUnit(std::int64_t time, std::int64_t unit, std::int64_t step, QStringView name)
{
    int decimals = 0;
    for (std::int64_t part = unit; part > 1 && step % part != 0; part /= 10)
        ++decimals;
    return QString::number(static_cast<double>(time) / static_cast<double>(unit), 'f', decimals) + u' '
        + name.toString();
}

} // namespace

QString rulerText(std::int64_t time, std::int64_t step)
{
    const std::int64_t size = std::max(std::abs(time), step);
    if (size < microsecond)
        return inUnit(time, 1, step, u"ns");
    if (size < millisecond)
        return inUnit(time, microsecond, step, u"µs");
    if (size < second)
        return inUnit(time, millisecond, step, u"ms");
    if (size < 2 * minute || step < second)
        return inUnit(time, second, step, u"s");
    const std::int64_t seconds = time / second;
    const auto twoDigits = [](std::int64_t number) { return QString::number(number).rightJustified(2, u'0'); };
    if (size < hour)
        return u"%1:%2 min"_s.arg(QString::number(seconds / 60), twoDigits(std::abs(seconds) % 60));
    return u"%1:%2:%3 h"_s.arg(QString::number(seconds / 3600), twoDigits(std::abs(seconds) / 60 % 60),
                               twoDigits(std::abs(seconds) % 60));
}

void TimelineScale::setPixels(int left, int width) noexcept
{
    m_left = left;
    m_width = std::max(1, width);
}

void TimelineScale::setSpan(std::int64_t from, std::int64_t to) noexcept
{
    m_span = std::clamp(to - from, shortest, longest);
    m_from = from;
}

void TimelineScale::zoomAt(double x, double factor) noexcept
{
    const std::int64_t fixed = time(x);
    const double part = (x - m_left) / m_width;
    m_span = std::clamp(static_cast<std::int64_t>(static_cast<double>(m_span) / factor), shortest, longest);
    m_from = fixed - static_cast<std::int64_t>(part * static_cast<double>(m_span));
}

double TimelineScale::x(std::int64_t time) const noexcept
{
    return m_left + static_cast<double>(time - m_from) * m_width / static_cast<double>(m_span);
}

std::int64_t TimelineScale::time(double x) const noexcept
{
    return m_from + static_cast<std::int64_t>(std::floor((x - m_left) * static_cast<double>(m_span) / m_width));
}

std::vector<TimelineScale::Tick> TimelineScale::ticks(int pitch) const
{
    const auto wanted = static_cast<std::int64_t>(static_cast<double>(m_span) * pitch / m_width);
    const std::int64_t step = stepOfAtLeast(std::max<std::int64_t>(1, wanted));
    std::vector<Tick> ticks;
    // Nothing came before the first frame, so no time before it is named.
    for (std::int64_t time = std::max<std::int64_t>(0, (m_from + step - 1) / step * step); time <= to(); time += step)
        ticks.push_back({time, rulerText(time, step)});
    return ticks;
}

} // namespace decoy::ui
