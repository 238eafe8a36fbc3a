// SPDX-License-Identifier: GPL-3.0-or-later
// What stands around the timeline's lanes: names, ruler, overview, selections.
#include "views/timeline_painter.h"

#include "theme/fonts.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int tickPitch = gridUnit * 13;

QColor withAlpha(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

} // namespace

void TimelinePainter::paintText(const QString &text, QRect rect, const TrafficFonts::Face &face, const QColor &colour,
                                Qt::Alignment side)
{
    if (text.isEmpty() || rect.width() <= 0)
        return;
    const int width = face.widthOf(text);
    const bool fits = width <= rect.width();
    const int left = !fits || side & Qt::AlignLeft ? rect.left()
        : side & Qt::AlignRight                    ? rect.left() + rect.width() - width
                                                   : rect.left() + (rect.width() - width) / 2;
    const int baseline = rect.top() + (rect.height() + face.metrics.ascent() - face.metrics.descent()) / 2;
    m_painter.setFont(face.font);
    m_painter.setPen(colour);
    m_painter.drawText(QPoint(left, baseline), fits ? text : face.elided(text, rect.width()));
}

void TimelinePainter::paintGrid()
{
    m_painter.setPen(withAlpha(m_line, 0.6F));
    for (const TimelineScale::Tick &tick : m_layout.scale.ticks(tickPitch)) {
        const int x = static_cast<int>(m_layout.scale.x(tick.time));
        if (x >= m_layout.scale.left())
            m_painter.drawLine(x, TimelineLayout::headHeight, x, m_layout.height);
    }
}

void TimelinePainter::paintName(std::size_t lane, const QString &name, const QString &way)
{
    const CallSummary &total = m_timeline.lanes[lane].total();
    const QRect latency = m_layout.latencyRect(lane);
    const int left = gridUnit;
    const int width = TimelineLayout::nameWidth - 2 * gridUnit - doubleUnit;
    const int line = latency.height() / 2;
    paintText(name, QRect(left, latency.top() - halfUnit, width, line), m_fonts.strong,
              m_palette.color(QPalette::Text));
    const QString slowest = total.count == 0 ? way : u"%1 · to %2"_s.arg(way, durationText(total.maxLatency));
    paintText(slowest, QRect(left, latency.top() + line - halfUnit, width, line), m_fonts.text, m_muted);
    for (int level = 0; level < m_layout.lanes[lane].levels; ++level) {
        const QRect row = m_layout.levelRect(lane, level);
        const int right = TimelineLayout::nameWidth - gridUnit;
        paintText(level == 0 ? u"level 0"_s : QString::number(level), QRect(right - 60, row.top(), 60, row.height()),
                  m_fonts.tabular, m_muted, Qt::AlignRight);
    }
}

void TimelinePainter::paintSelectedTime(std::int64_t time)
{
    const double x = m_layout.scale.x(time - m_timeline.origin);
    if (x < m_layout.scale.left() || x > m_layout.scale.right())
        return;
    m_painter.setPen(m_accent);
    m_painter.drawLine(QPointF(x, TimelineLayout::headHeight), QPointF(x, m_layout.height));
}

void TimelinePainter::paintSpan(std::int64_t from, std::int64_t to)
{
    const double left = xOf(absolute(from));
    const double right = xOf(absolute(to));
    const QRectF span(left, TimelineLayout::headHeight, right - left, m_layout.height - TimelineLayout::headHeight);
    m_painter.fillRect(span, withAlpha(m_accent, 0.14F));
    m_painter.setPen(m_accent);
    m_painter.drawLine(span.topLeft(), span.bottomLeft());
    m_painter.drawLine(span.topRight(), span.bottomRight());
}

void TimelinePainter::paintRuler(std::optional<std::int64_t> pointed)
{
    const QRect ruler = m_layout.rulerRect();
    m_painter.fillRect(QRect(0, 0, m_layout.width, TimelineLayout::headHeight), m_palette.color(QPalette::Window));
    paintText(u"Clients"_s, QRect(gridUnit, ruler.top(), TimelineLayout::nameWidth - doubleUnit, ruler.height()),
              m_fonts.text, m_muted);
    m_painter.save();
    m_painter.setClipRect(ruler);
    for (const TimelineScale::Tick &tick : m_layout.scale.ticks(tickPitch)) {
        const int x = static_cast<int>(m_layout.scale.x(tick.time));
        m_painter.setPen(m_muted);
        m_painter.drawLine(x, ruler.bottom() - halfUnit, x, ruler.bottom());
        paintText(tick.text, QRect(x + halfUnit, ruler.top(), tickPitch, ruler.height()), m_fonts.tabular, m_muted);
    }
    if (pointed && *pointed >= 0) {
        const QString text = rulerText(*pointed, std::max<std::int64_t>(1, m_layout.scale.span() / 100'000));
        const int width = m_fonts.tabular.widthOf(text) + 2 * gridUnit;
        const int x = static_cast<int>(m_layout.scale.x(*pointed));
        const QRect sign(std::clamp(x - width / 2, ruler.left(), std::max(ruler.left(), ruler.right() - width)),
                         ruler.top() + 2, width, ruler.height() - halfUnit);
        m_painter.fillRect(sign, m_palette.color(QPalette::Text));
        paintText(text, sign, m_fonts.tabular, m_palette.color(QPalette::Base), Qt::AlignHCenter);
    }
    m_painter.restore();
    m_painter.setPen(m_line);
    m_painter.drawLine(0, ruler.bottom(), m_layout.width, ruler.bottom());
    m_painter.drawLine(TimelineLayout::nameWidth - 1, 0, TimelineLayout::nameWidth - 1, m_layout.height);
}

void TimelinePainter::paintOverview()
{
    const QRect area = m_layout.overviewRect();
    const TimelineOverview &overview = m_timeline.overview;
    const auto whole = static_cast<double>(std::max<std::int64_t>(1, m_timeline.newest - m_timeline.origin));
    const auto xAt = [&](std::int64_t time) {
        return area.left() + std::clamp(static_cast<double>(time) / whole, 0.0, 1.0) * area.width();
    };
    paintText(u"All of it: %1"_s.arg(durationText(static_cast<std::int64_t>(whole))),
              QRect(gridUnit, area.top(), TimelineLayout::nameWidth - doubleUnit, area.height()), m_fonts.text,
              m_muted);
    m_painter.fillRect(area, m_palette.color(QPalette::Base));
    std::uint64_t most = 1;
    for (const TimelineOverview::Bucket &bucket : overview.buckets())
        most = std::max(most, bucket.calls);
    const OpcodeStyle &error = opcodeStyle(FrameRole::Error, m_palette);
    for (std::size_t index = 0; index < overview.buckets().size(); ++index) {
        const TimelineOverview::Bucket &bucket = overview.buckets()[index];
        if (bucket.calls == 0)
            continue;
        const std::int64_t time = static_cast<std::int64_t>(index) * overview.bucketDuration();
        const double part = std::log2(1 + static_cast<double>(bucket.calls)) / std::log2(1 + static_cast<double>(most));
        const double height = std::max(2.0, part * (area.height() - gridUnit));
        const double left = xAt(time);
        const double width = std::max(1.0, xAt(time + overview.bucketDuration()) - left);
        m_painter.fillRect(QRectF(left, area.bottom() - height, width, height), withAlpha(m_accent, 0.55F));
        if (bucket.errors > 0) // a notch at the top, where nothing else is
            m_painter.fillRect(QRectF(left, area.top() + 1, std::max(2.0, width), 3), error.colour);
    }
    const double from = xAt(m_layout.scale.from());
    const double to = std::max(from + 3, xAt(m_layout.scale.to()));
    const QColor veil = withAlpha(m_palette.color(QPalette::Window), 0.75F);
    m_painter.fillRect(QRectF(area.left(), area.top(), from - area.left(), area.height()), veil);
    m_painter.fillRect(QRectF(to, area.top(), area.right() + 1 - to, area.height()), veil);
    m_painter.setPen(m_accent);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(QRectF(from, area.top(), to - from - 1, area.height() - 1));
}

} // namespace decoy::ui
