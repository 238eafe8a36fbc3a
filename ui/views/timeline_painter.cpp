// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/timeline_painter.h"

#include "theme/fonts.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"
#include "views/chain_view.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Calls a pixel up to which each is drawn by itself.
constexpr std::size_t callsPerPixel = 1;
constexpr float paleAlpha = 0.4F;
constexpr int widthOfNumber = gridUnit + halfUnit;

QColor withAlpha(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

/// Calls `paint(first, end, value)` for each run of equal values that is not empty: neighbours become one rectangle.
template <typename Value, typename ValueOf, typename Paint>
void forEachRun(std::size_t count, const Value &nothing, const ValueOf &valueOf, const Paint &paint)
{
    for (std::size_t first = 0; first < count;) {
        const Value value = valueOf(first);
        std::size_t end = first + 1;
        while (end < count && valueOf(end) == value)
            ++end;
        if (!(value == nothing))
            paint(first, end, value);
        first = end;
    }
}

} // namespace

TimelinePainter::TimelinePainter(QPainter &painter, const TimelineLayout &layout, const TimelineSnapshot &timeline,
                                 const QPalette &palette, const TrafficFonts &fonts, int maxLevel)
    : m_painter(painter), m_layout(layout), m_timeline(timeline), m_palette(palette), m_fonts(fonts),
      m_maxLevel(maxLevel), m_muted(mutedColour(palette)), m_line(lineColour(palette)), m_accent(accentColour(palette))
{}

double TimelinePainter::xOf(std::int64_t absoluteTime) const noexcept
{
    // Far outside, rectangles are cut off: painters count in 32 bits.
    return std::clamp(m_layout.scale.x(absoluteTime - m_timeline.origin), double(m_layout.scale.left() - 2),
                      double(m_layout.scale.right() + 2));
}

QColor TimelinePainter::levelColour(int level) const { return chainLevelColour(level, m_maxLevel, m_palette); }

void TimelinePainter::paintLane(std::size_t lane, const QString &name, const QString &way)
{
    const TimelineLane &calls = m_timeline.lanes[lane];
    const TimelineScale &scale = m_layout.scale;
    const QRect latency = m_layout.latencyRect(lane);
    m_painter.setPen(m_line);
    m_painter.drawLine(latency.left(), latency.bottom() + 1, latency.right(), latency.bottom() + 1);
    paintName(lane, name, way);
    m_painter.save();
    m_painter.setClipRect(m_layout.lanesRect());
    const std::size_t few = static_cast<std::size_t>(scale.width()) * callsPerPixel;
    const CallSummary visible = calls.summary(absolute(scale.from()), absolute(scale.to()));
    if (visible.count > few)
        paintColumns(lane);
    else if (visible.count > 0)
        paintCalls(lane, calls.calls(absolute(scale.from()), absolute(scale.to()), few));
    paintOpenCalls(lane);
    m_painter.restore();
}

void TimelinePainter::paintColumns(std::size_t lane)
{
    const TimelineScale &scale = m_layout.scale;
    std::vector<CallSummary> columns(static_cast<std::size_t>(scale.width()));
    for (std::size_t pixel = 0; pixel < columns.size(); ++pixel) {
        const double x = scale.left() + static_cast<double>(pixel);
        columns[pixel] = m_timeline.lanes[lane].summary(absolute(scale.time(x)), absolute(scale.time(x + 1)));
    }
    const QRect latency = m_layout.latencyRect(lane);
    const auto bars = [&](std::int64_t CallSummary::*latencyOf, float alpha) {
        forEachRun(
            columns.size(), 0,
            [&](std::size_t pixel) {
                return columns[pixel].count == 0 ? 0 : m_layout.latencyPixels(columns[pixel].*latencyOf);
            },
            [&](std::size_t first, std::size_t end, int height) {
                m_painter.fillRect(QRect(latency.left() + static_cast<int>(first), latency.bottom() + 1 - height,
                                         static_cast<int>(end - first), height),
                                   withAlpha(m_accent, alpha));
            });
    };
    bars(&CallSummary::maxLatency, paleAlpha);
    bars(&CallSummary::minLatency, 1);
    for (int level = 0; level < m_layout.lanes[lane].levels; ++level)
        paintLevelRow(lane, level, columns);
    double lastMark = -gridUnit;
    for (std::size_t pixel = 0; pixel < columns.size(); ++pixel) {
        const double x = scale.left() + static_cast<double>(pixel);
        if (columns[pixel].errors > 0 && x - lastMark >= gridUnit)
            paintErrorMark(lane, lastMark = x);
    }
}

void TimelinePainter::paintLevelRow(std::size_t lane, int level, const std::vector<CallSummary> &columns)
{
    // Full where every call went that deep, pale where some did.
    constexpr int some = 1;
    constexpr int every = 2;
    const QRect row = m_layout.levelRect(lane, level);
    forEachRun(
        columns.size(), 0,
        [&](std::size_t pixel) {
            const CallSummary &sum = columns[pixel];
            return sum.count == 0 || level > sum.maxLevel ? 0 : level > sum.minLevel ? some : every;
        },
        [&](std::size_t first, std::size_t end, int depth) {
            const QRect run(row.left() + static_cast<int>(first), row.top(), static_cast<int>(end - first),
                            row.height());
            m_painter.fillRect(run, withAlpha(levelColour(level), depth == every ? 1 : paleAlpha));
            if (run.width() >= widthOfNumber)
                paintText(QString::number(level), run, m_fonts.tabular,
                          m_palette.color(depth == every ? QPalette::Base : QPalette::Text), Qt::AlignHCenter);
        });
}

void TimelinePainter::paintCalls(std::size_t lane, const std::vector<FoundTimelineCall> &calls)
{
    const QRect latency = m_layout.latencyRect(lane);
    const QColor error = opcodeStyle(FrameRole::Error, m_palette).colour;
    double lastMark = -gridUnit;
    for (const FoundTimelineCall &call : calls) {
        const double from = xOf(call.start);
        const double to = std::max(from + 1, xOf(call.end));
        const int height = m_layout.latencyPixels(call.latency);
        const QRectF bar(from, latency.bottom() + 1 - height, to - from, height);
        m_painter.fillRect(bar, withAlpha(call.failed ? error : m_accent, 0.8F));
        for (int level = 0; level <= call.level; ++level)
            paintLevelCell(lane, level, from, to);
        if (call.failed && to - lastMark >= gridUnit)
            paintErrorMark(lane, lastMark = to);
        const QString text = durationText(call.latency);
        if (bar.width() > m_fonts.tabular.widthOf(text) + gridUnit && height >= doubleUnit)
            paintText(text, bar.toRect().adjusted(halfUnit, 0, -halfUnit, 0), m_fonts.tabular,
                      m_palette.color(QPalette::Base));
    }
}

void TimelinePainter::paintLevelCell(std::size_t lane, int level, double from, double to)
{
    const QRect row = m_layout.levelRect(lane, level);
    // A hair of space on the right keeps neighbours apart.
    const QRectF cell(from, row.top(), to - from > 3 ? to - from - 1 : to - from, row.height());
    m_painter.fillRect(cell, levelColour(level));
    if (cell.width() >= widthOfNumber)
        paintText(QString::number(level), cell.toRect(), m_fonts.tabular, m_palette.color(QPalette::Base),
                  Qt::AlignHCenter);
}

void TimelinePainter::paintErrorMark(std::size_t lane, double x)
{
    const OpcodeStyle &style = opcodeStyle(FrameRole::Error, m_palette);
    const QRect strip = m_layout.errorRect(lane);
    paintText(style.sign, QRect(static_cast<int>(x) - gridUnit, strip.top() - 2, doubleUnit, strip.height()),
              m_fonts.strong, style.colour, Qt::AlignHCenter);
}

void TimelinePainter::paintOpenCalls(std::size_t lane)
{
    const QRect latency = m_layout.latencyRect(lane);
    const double now = xOf(m_timeline.newest);
    for (const OpenTimelineCall &call : m_timeline.lanes[lane].open()) {
        const double from = xOf(call.start);
        const QRectF bar(from, latency.top(), std::max(2.0, now - from), latency.height() - 1);
        if (bar.left() >= m_layout.scale.right() || bar.right() <= m_layout.scale.left())
            continue;
        m_painter.fillRect(bar, QBrush(withAlpha(m_muted, 0.5F), Qt::BDiagPattern));
        m_painter.setPen(QPen(m_muted, 1, Qt::DashLine));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(bar);
        const QString text = u"no answer for %1"_s.arg(
            durationText(std::max<std::int64_t>(0, m_timeline.newest - call.start)));
        if (bar.width() > m_fonts.text.widthOf(text) + doubleUnit)
            paintText(text, bar.toRect().adjusted(gridUnit, 0, 0, 0), m_fonts.text, m_palette.color(QPalette::Text));
        for (int level = 0; level <= call.level; ++level) {
            const QRect row = m_layout.levelRect(lane, level);
            m_painter.setPen(QPen(levelColour(level), 1, Qt::DashLine));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawRect(QRectF(from, row.top(), bar.width(), row.height() - 1));
        }
    }
}

void TimelinePainter::paintSelectedCall(std::size_t lane, std::int64_t from, std::int64_t to)
{
    const QRect latency = m_layout.latencyRect(lane);
    const double left = xOf(from) - 1.5;
    const QRectF frame(left, latency.top() - 1.5, std::max(4.0, xOf(to) - left + 1.5), latency.height() + 1.5);
    m_painter.save();
    m_painter.setClipRect(m_layout.lanesRect());
    m_painter.setPen(QPen(m_palette.color(QPalette::Text), 2));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(frame);
    m_painter.restore();
}

} // namespace decoy::ui
