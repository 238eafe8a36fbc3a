// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/timeline_layout.h"
#include "views/traffic_painter.h"

#include <optional>

namespace decoy::ui {

/// Draws the timeline. Made for one paint event. Asks a lane for one summary a pixel, or for its calls where they are few.
class TimelinePainter {
public:
    TimelinePainter(QPainter &painter, const TimelineLayout &layout, const TimelineSnapshot &timeline,
                    const QPalette &palette, const TrafficFonts &fonts, int maxLevel);

    void paintGrid();
    void paintLane(std::size_t lane, const QString &name, const QString &way);
    /// The call between two times, in its lane.
    void paintSelectedCall(std::size_t lane, std::int64_t from, std::int64_t to);
    void paintSelectedTime(std::int64_t time);
    void paintSpan(std::int64_t from, std::int64_t to);
    void paintRuler(std::optional<std::int64_t> pointed);
    void paintOverview();

private:
    void paintName(std::size_t lane, const QString &name, const QString &way);
    void paintColumns(std::size_t lane);
    void paintCalls(std::size_t lane, const std::vector<FoundTimelineCall> &calls);
    void paintOpenCalls(std::size_t lane);
    void paintLevelRow(std::size_t lane, int level, const std::vector<CallSummary> &columns);
    void paintLevelCell(std::size_t lane, int level, double from, double to);
    void paintErrorMark(std::size_t lane, double x);
    [[nodiscard]] QColor levelColour(int level) const;
    void paintText(const QString &text, QRect rect, const TrafficFonts::Face &face, const QColor &colour,
                   Qt::Alignment side = Qt::AlignLeft);
    [[nodiscard]] std::int64_t absolute(std::int64_t time) const noexcept { return time + m_timeline.origin; }
    [[nodiscard]] double xOf(std::int64_t absoluteTime) const noexcept;

    QPainter &m_painter;
    const TimelineLayout &m_layout;
    const TimelineSnapshot &m_timeline;
    const QPalette &m_palette;
    const TrafficFonts &m_fonts;
    const int m_maxLevel;
    const QColor m_muted;
    const QColor m_line;
    const QColor m_accent;
};

} // namespace decoy::ui
