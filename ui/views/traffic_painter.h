// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/traffic_columns.h"

#include <QFont>
#include <QFontMetrics>
#include <QPalette>
#include <QRect>

class QHeaderView;
class QPainter;

namespace decoy::ui {

/// How one row is drawn.
struct TrafficRowState {
    bool isSelected = false;
    bool isCurrent = false;
    bool hasFocus = false; ///< of the whole view
    bool isHovered = false;
    bool isInCall = false; ///< belongs to the current row's call
    bool isMarked = false;
};

/// The fonts of the table. Looking them up is slow, so they are kept between paint events.
struct TrafficFonts {
    /// A font with what is needed to place text without laying it out twice.
    struct Face {
        explicit Face(const QFont &font);
        [[nodiscard]] int widthOf(const QString &text) const;
        [[nodiscard]] QString elided(const QString &text, int width) const;

        QFont font;
        QFontMetrics metrics;
        qreal digitWidth = 0; ///< of every ASCII character, where `isFixedPitch`
        bool isFixedPitch = false;
    };

    explicit TrafficFonts(const QFont &font);
    Face text;
    Face strong;
    Face monospace;
    Face tabular;
};

/// Draws rows of the traffic table. Made for one paint event.
class TrafficPainter {
public:
    TrafficPainter(QPainter &painter, const QHeaderView &header, const QPalette &palette, const TrafficFonts &fonts,
                   int width);

    void paintRow(const TrafficRow &row, const TrafficRowState &state, int top, int height);
    /// A line between rows: where frames are missing.
    void paintGap(const QString &text, int top, int height);

private:
    void paintBackground(const TrafficRow &row, const TrafficRowState &state, QRect rect);
    void paintMarks(const TrafficRowState &state, QRect rect);
    void paintCell(const TrafficRow &row, TrafficColumn column, QRect cell);
    void paintOpcode(const TrafficRow &row, QRect cell);
    void paintCall(const TrafficRow &row, QRect cell);
    void paintText(const QString &text, QRect cell, const TrafficFonts::Face &face, const QColor &colour,
                   Qt::AlignmentFlag side = Qt::AlignLeft);

    QPainter &m_painter;
    const QHeaderView &m_header;
    const QPalette &m_palette;
    const TrafficFonts &m_fonts;
    const QColor m_muted;
    const int m_width;
};

} // namespace decoy::ui
