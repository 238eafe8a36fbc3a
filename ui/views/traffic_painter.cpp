// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/traffic_painter.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <decoy/frame.h>

#include <QHeaderView>
#include <QPainter>
#include <QtMath>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int markWidth = 3;

QColor withAlpha(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

QFont withWeight(QFont font, QFont::Weight weight)
{
    font.setWeight(weight);
    return font;
}

/// Shaping takes most of the time of painting a page, and numbers and names have nothing to be shaped.
QFont withoutShaping(QFont font)
{
    font.setStyleStrategy(QFont::PreferNoShaping);
    return font;
}

bool isAscii(const QString &text)
{
    return std::ranges::all_of(text, [](QChar character) { return character.unicode() < 0x80; });
}

} // namespace

TrafficFonts::Face::Face(const QFont &face) : font(face), metrics(face)
{
    const QFontMetricsF exact(face);
    digitWidth = exact.horizontalAdvance(u'0');
    isFixedPitch = qFuzzyCompare(exact.horizontalAdvance(u'i'), digitWidth)
        && qFuzzyCompare(exact.horizontalAdvance(u'W'), digitWidth);
}

int TrafficFonts::Face::widthOf(const QString &text) const
{
    // For most texts of the table a multiplication does what would be a second layout.
    return isFixedPitch && isAscii(text) ? qCeil(digitWidth * static_cast<qreal>(text.size()))
                                         : metrics.horizontalAdvance(text);
}

QString TrafficFonts::Face::elided(const QString &text, int width) const
{
    if (!isFixedPitch || !isAscii(text))
        return metrics.elidedText(text, Qt::ElideRight, width);
    return text.first(std::max<qsizetype>(0, qFloor(width / digitWidth) - 1)) + u'…';
}

TrafficFonts::TrafficFonts(const QFont &font)
    : text(font), strong(withWeight(font, QFont::DemiBold)), monospace(codeFont(font)),
      tabular(withoutShaping(tabularFont(font)))
{}

TrafficPainter::TrafficPainter(QPainter &painter, const QHeaderView &header, const QPalette &palette,
                               const TrafficFonts &fonts, int width)
    : m_painter(painter), m_header(header), m_palette(palette), m_fonts(fonts), m_muted(mutedColour(palette)),
      m_width(width)
{}

void TrafficPainter::paintRow(const TrafficRow &row, const TrafficRowState &state, int top, int height)
{
    const QRect rect(0, top, m_width, height);
    paintBackground(row, state, rect);
    for (int column = 0; column < trafficColumnCount; ++column) {
        if (m_header.isSectionHidden(column))
            continue;
        const QRect cell(m_header.sectionViewportPosition(column), top, m_header.sectionSize(column), height);
        if (cell.intersects(rect))
            paintCell(row, static_cast<TrafficColumn>(column), cell.adjusted(gridUnit, 0, -gridUnit, 0));
    }
    paintMarks(state, rect);
}

void TrafficPainter::paintBackground(const TrafficRow &row, const TrafficRowState &state, QRect rect)
{
    if (state.isSelected)
        m_painter.fillRect(rect, m_palette.color(QPalette::Highlight));
    else if (state.isInCall)
        m_painter.fillRect(rect, withAlpha(m_palette.color(QPalette::Highlight), 0.45F));
    else if (row.event().isFailed() || row.event().isLost() || row.isDamaged())
        m_painter.fillRect(rect, opcodeStyle(FrameRole::Error, m_palette).tint);
    if (state.isHovered && !state.isSelected)
        m_painter.fillRect(rect, withAlpha(m_palette.color(QPalette::Text), 0.05F));
}

void TrafficPainter::paintMarks(const TrafficRowState &state, QRect rect)
{
    const QColor accent = accentColour(m_palette);
    if (state.isInCall || state.isSelected)
        m_painter.fillRect(QRect(rect.left(), rect.top(), markWidth, rect.height()),
                           state.isCurrent ? accent : withAlpha(accent, 0.5F));
    if (state.isMarked) {
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(accent);
        const QPointF corner(rect.left() + markWidth + 2, rect.top() + rect.height() / 2.0);
        m_painter.drawPolygon(QPolygonF({corner + QPointF(0, -4), corner + QPointF(6, 0), corner + QPointF(0, 4)}));
        m_painter.restore();
    }
    if (state.isCurrent && state.hasFocus) {
        m_painter.setPen(accent);
        m_painter.drawLine(rect.topLeft(), rect.topRight());
        m_painter.drawLine(rect.bottomLeft(), rect.bottomRight());
    }
}

void TrafficPainter::paintCell(const TrafficRow &row, TrafficColumn column, QRect cell)
{
    const TrafficColumnInfo &info = trafficColumns()[static_cast<std::size_t>(column)];
    const bool isPending = frameRole(row.event().opcode, row.event().isFailed()) == FrameRole::Pending;
    const QColor text = isPending ? m_muted : m_palette.color(QPalette::Text);
    switch (column) {
    case TrafficColumn::Opcode: return paintOpcode(row, cell);
    case TrafficColumn::Call: return paintCall(row, cell);
    case TrafficColumn::Object: return paintText(row.text(column), cell, m_fonts.monospace, text);
    case TrafficColumn::Number:
    case TrafficColumn::Lane:
    case TrafficColumn::CallId:
        return paintText(row.text(column), cell, m_fonts.tabular, m_muted,
                         info.isNumber ? Qt::AlignRight : Qt::AlignLeft);
    case TrafficColumn::Level:
        return paintText(row.text(column), cell, m_fonts.tabular, row.level() == 0 ? m_muted : text, Qt::AlignRight);
    default:
        return paintText(row.text(column), cell, m_fonts.tabular, text, info.isNumber ? Qt::AlignRight : Qt::AlignLeft);
    }
}

void TrafficPainter::paintOpcode(const TrafficRow &row, QRect cell)
{
    const OpcodeStyle &style = opcodeStyle(row.event().opcode, row.event().isFailed(), m_palette);
    const int signWidth = gridUnit * 2;
    const TrafficFonts::Face &face = style.dimmed ? m_fonts.text : m_fonts.strong;
    paintText(style.sign, QRect(cell.left(), cell.top(), signWidth, cell.height()), face, style.colour,
              Qt::AlignHCenter);
    paintText(style.word, cell.adjusted(signWidth + halfUnit, 0, 0, 0), face, style.colour);
}

void TrafficPainter::paintCall(const TrafficRow &row, QRect cell)
{
    const FrameEvent &event = row.event();
    const bool isAnswer = isReply(event);
    const OpcodeStyle &style = opcodeStyle(event.opcode, event.isFailed(), m_palette);
    const bool isProblem = event.isFailed() || row.isDamaged();
    const QColor content = isProblem ? opcodeStyle(FrameRole::Error, m_palette).colour
        : style.dimmed               ? m_muted
                                     : m_palette.color(QPalette::Text);

    if (const QString note = row.holdNote(); !note.isEmpty()) {
        // First, for what follows may be long: that somebody waits must be seen.
        paintText(note, cell, m_fonts.text, opcodeStyle(FrameRole::Set, m_palette).colour);
        cell.setLeft(cell.left() + m_fonts.text.widthOf(note) + gridUnit);
    }
    if (const QString note = row.lossNote(); !note.isEmpty()) {
        paintText(note, cell, m_fonts.text, opcodeStyle(FrameRole::Error, m_palette).colour);
        cell.setLeft(cell.left() + m_fonts.text.widthOf(note) + gridUnit);
    }
    if (!row.member().isEmpty()) {
        // The member is what a request asks for, and only a reminder in its answer.
        const QString member = row.member() + row.joint();
        paintText(member, cell, m_fonts.monospace, isAnswer ? m_muted : style.colour);
        cell.setLeft(cell.left() + m_fonts.monospace.widthOf(member));
    }
    if (cell.width() > 0)
        paintText(row.content(), cell, m_fonts.monospace, content);
}

void TrafficPainter::paintGap(const QString &text, int top, int height)
{
    const QRect rect(0, top, m_width, height);
    const OpcodeStyle &style = opcodeStyle(FrameRole::Set, m_palette); // the palette's amber: a warning, not an error
    m_painter.fillRect(rect, style.tint);
    paintText(u"⋯  "_s + text, rect.adjusted(doubleUnit, 0, -gridUnit, 0), m_fonts.text, style.colour);
}

void TrafficPainter::paintText(const QString &text, QRect cell, const TrafficFonts::Face &face, const QColor &colour,
                               Qt::AlignmentFlag side)
{
    if (text.isEmpty() || cell.width() <= 0)
        return;
    const int width = face.widthOf(text);
    const bool fits = width <= cell.width();
    const int left = fits && side != Qt::AlignLeft
        ? cell.left() + (cell.width() - width) / (side == Qt::AlignRight ? 1 : 2)
        : cell.left();
    const int baseline = cell.top() + (cell.height() + face.metrics.ascent() - face.metrics.descent()) / 2;
    m_painter.setFont(face.font);
    m_painter.setPen(colour);
    // At a point, not in a rectangle: that would lay the text out once more.
    m_painter.drawText(QPoint(left, baseline), fits ? text : face.elided(text, cell.width()));
}

} // namespace decoy::ui
