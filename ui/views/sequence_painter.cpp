// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/sequence_painter.h"

#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <decoy/frame.h>

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int markWidth = 3;
constexpr int waitingWidth = 6;
constexpr int stubLength = gridUnit * 3; ///< of an arrow whose client is out of sight at the left
constexpr int proxySize = 4;
constexpr int widestChip = gridUnit * 22;

QColor withAlpha(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

/// What a frame says: "add(5)", "= 105", "✕ ZeroDivisionError: ...", "✕ lost rang(3)".
QString saysText(const TrafficRow &row)
{
    const FrameEvent &event = row.event();
    if (event.isFailed() || row.isDamaged())
        return u"✕ "_s + row.content();
    if (!isReply(event))
        return (event.isLost() ? row.lossNote() + u' ' : QString()) + row.member() + row.joint() + row.content();
    return event.opcode == static_cast<int>(ProxyOpCode::ExecutionResult) ? u"= "_s + row.content()
                                                                          : u"… "_s + row.content();
}

} // namespace

SequencePainter::SequencePainter(QPainter &painter, const SequenceLayout &layout, const QPalette &palette,
                                 const TrafficFonts &fonts)
    : m_painter(painter), m_layout(layout), m_palette(palette), m_fonts(fonts), m_muted(mutedColour(palette)),
      m_line(lineColour(palette))
{}

QLine SequencePainter::arrowLine(const SequenceLayout &layout, const FrameEvent &event, int top)
{
    const int server = layout.serverX();
    const std::size_t client = layout.clientOf(event.process);
    const int lane = client < layout.clients.size() ? layout.clientX(client) : layout.width;
    const int end = lane < layout.clientsLeft() ? server + stubLength : std::min(lane, layout.width - gridUnit);
    const int y = layout.arrowY(top);
    return event.isFromServer() ? QLine(server, y, end, y) : QLine(end, y, server, y);
}

void SequencePainter::paintLifelines(int bottom)
{
    m_painter.setPen(m_line);
    m_painter.drawLine(m_layout.gutter(), SequenceLayout::headHeight, m_layout.gutter(), m_layout.height);
    const auto lifeline = [this, bottom](int x) {
        m_painter.setPen(withAlpha(m_muted, 0.55F));
        m_painter.drawLine(x, SequenceLayout::headHeight, x, bottom);
    };
    lifeline(m_layout.serverX());
    for (std::size_t client = 0; client < m_layout.clients.size(); ++client) {
        const int x = m_layout.clientX(client);
        if (x >= m_layout.clientsLeft() && x < m_layout.width)
            lifeline(x);
    }
}

void SequencePainter::fillAs(QRect rect, const SequenceRowState &state, bool failed)
{
    if (state.isCurrent)
        m_painter.fillRect(rect, m_palette.color(QPalette::Highlight));
    else if (state.isInCall)
        m_painter.fillRect(rect, withAlpha(m_palette.color(QPalette::Highlight), 0.45F));
    else if (failed)
        m_painter.fillRect(rect, opcodeStyle(FrameRole::Error, m_palette).tint);
    if (state.isHovered && !state.isCurrent)
        m_painter.fillRect(rect, withAlpha(m_palette.color(QPalette::Text), 0.05F));
}

void SequencePainter::paintBackground(const SequenceRowState &state, bool failed, int top)
{
    const QRect rect(0, top, m_layout.width, m_layout.rowHeight);
    fillAs(rect, state, failed);
    const QColor accent = accentColour(m_palette);
    if (state.isCurrent || state.isInCall)
        m_painter.fillRect(QRect(0, top, markWidth, m_layout.rowHeight),
                           state.isCurrent ? accent : withAlpha(accent, 0.5F));
    if (state.isCurrent && state.hasFocus) {
        m_painter.setPen(accent);
        m_painter.drawLine(rect.topLeft(), rect.topRight());
        m_painter.drawLine(rect.bottomLeft(), rect.bottomRight());
    }
}

void SequencePainter::paintWaiting(std::size_t client, int from, int to, bool isOpen)
{
    const int x = m_layout.clientX(client);
    if (x >= m_layout.clientsLeft() && x <= m_layout.width + waitingWidth)
        paintBar(x, from, to, isOpen);
}

void SequencePainter::paintServerWaiting(int from, int to, bool isOpen)
{
    paintBar(m_layout.serverX(), from, to, isOpen);
}

void SequencePainter::paintBar(int x, int from, int to, bool isOpen)
{
    if (to <= from)
        return;
    const QRect bar(x - waitingWidth / 2, from, waitingWidth, to - from);
    m_painter.setPen(QPen(m_muted, 1, isOpen ? Qt::DashLine : Qt::SolidLine));
    m_painter.setBrush(isOpen ? m_palette.color(QPalette::Base) : m_palette.color(QPalette::Window));
    m_painter.drawRect(bar);
}

void SequencePainter::paintTip(QPoint tip, bool toTheRight, const QColor &colour, bool filled)
{
    const int size = std::clamp(m_layout.rowHeight / 4, 2, 5);
    const int back = toTheRight ? -size - 2 : size + 2;
    const QPolygonF head({QPointF(tip) + QPointF(back, -size), QPointF(tip), QPointF(tip) + QPointF(back, size)});
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(QPen(colour, filled ? 1.0 : 1.5));
    m_painter.setBrush(filled ? QBrush(colour) : QBrush(Qt::NoBrush));
    if (filled)
        m_painter.drawPolygon(head);
    else
        m_painter.drawPolyline(head);
    m_painter.setRenderHint(QPainter::Antialiasing, false);
}

void SequencePainter::paintErrorMark(QPoint at, const QColor &colour)
{
    // On the line itself: where rows are dense there is no text that says it.
    const int size = std::clamp(m_layout.rowHeight / 5, 2, 4);
    m_painter.fillRect(QRect(at - QPoint(size + 1, size), QSize(2 * size + 3, 2 * size + 1)),
                       m_palette.color(QPalette::Base));
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(QPen(colour, 1.5));
    const QPointF centre = at + QPointF(0.5, 0.5);
    m_painter.drawLine(centre + QPointF(-size, -size), centre + QPointF(size, size));
    m_painter.drawLine(centre + QPointF(-size, size), centre + QPointF(size, -size));
    m_painter.setRenderHint(QPainter::Antialiasing, false);
}

void SequencePainter::paintProxyMark(QPoint at)
{
    // A new object: a diamond on the server's lifeline, where it was born.
    const QColor accent = accentColour(m_palette);
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(QPen(accent, 1.5));
    m_painter.setBrush(m_palette.color(QPalette::Base));
    const QPointF centre = at;
    m_painter.drawPolygon(QPolygonF({centre + QPointF(0, -proxySize), centre + QPointF(proxySize, 0),
                                     centre + QPointF(0, proxySize), centre + QPointF(-proxySize, 0)}));
    m_painter.setRenderHint(QPainter::Antialiasing, false);
}

void SequencePainter::paintArrow(const FrameEvent &event, const SequenceRowState &state, int top)
{
    const OpcodeStyle &style = opcodeStyle(event.opcode, event.isFailed(), m_palette);
    const QLine line = arrowLine(m_layout, event, top);
    QPen pen(style.colour, 1);
    if (style.dimmed)
        pen.setDashPattern({1, 3});
    else if (isReply(event))
        pen.setDashPattern({5, 3}); // an answer; an event answers nothing
    pen.setCapStyle(Qt::FlatCap);
    m_painter.setPen(pen);
    m_painter.drawLine(line);
    // Hollow: what is not finished, a PENDING or a request that has no answer.
    paintTip(line.p2(), line.x2() > line.x1(), style.colour, !style.dimmed && !state.isOpen);
    if (event.isFailed() || event.isLost())
        paintErrorMark({line.p1().x() + doubleUnit / 2 + 2, line.y1()},
                       opcodeStyle(FrameRole::Error, m_palette).colour);
    if (event.flags & FrameEvent::ProxyResult)
        paintProxyMark(line.p1());
}

int SequencePainter::paintPart(const QString &text, int left, int right, int baseline, const TrafficFonts::Face &face,
                               const QColor &colour)
{
    if (text.isEmpty() || left >= right)
        return left;
    const int width = face.widthOf(text);
    m_painter.setFont(face.font);
    m_painter.setPen(colour);
    m_painter.drawText(QPoint(left, baseline), width <= right - left ? text : face.elided(text, right - left));
    return left + std::min(width, right - left);
}

void SequencePainter::paintLabel(const TrafficRow &row, const QString &client, const SequenceRowState &state, int top)
{
    const FrameEvent &event = row.event();
    const OpcodeStyle &style = opcodeStyle(event.opcode, event.isFailed() || row.isDamaged(), m_palette);
    const bool namesObject = !isReply(event);
    const std::size_t lane = m_layout.clientOf(event.process);
    const int x = lane < m_layout.clients.size() ? m_layout.clientX(lane) : m_layout.width;
    const bool isInSight = x >= m_layout.clientsLeft() && x < m_layout.width - gridUnit;

    const QString object = namesObject && !row.isDamaged() ? row.objectText() + u'.' : QString();
    const QString says = saysText(row);
    QString aside = state.isOpen ? u"   no answer so far"_s
        : namesObject            ? QString()
                                 : u"   "_s + row.text(TrafficColumn::Latency);
    if (!isInSight)
        aside += u"   "_s + (x < m_layout.clientsLeft() ? u"‹ "_s : u"› "_s) + client;

    const TrafficFonts::Face &face = m_fonts.monospace;
    const int left = m_layout.serverX() + gridUnit + halfUnit;
    const int right = m_layout.width - gridUnit;
    const int baseline = m_layout.arrowY(top) - 3 - face.metrics.descent() / 2;
    const int wanted = face.widthOf(object) + face.widthOf(says) + m_fonts.text.widthOf(aside);
    // Lifelines and bars do not go through the text.
    const QRect room(left - 2, baseline - face.metrics.ascent() + 1, std::min(wanted, right - left) + 4,
                     face.metrics.ascent() + face.metrics.descent() - 2);
    m_painter.fillRect(room, m_palette.color(QPalette::Base));
    fillAs(room, state, event.isFailed() || event.isLost());

    int next = paintPart(object, left, right, baseline, face, m_muted);
    next = paintPart(says, next, right, baseline, face, style.dimmed ? m_muted : style.colour);
    paintPart(aside, next, right, baseline, m_fonts.text, m_muted);
}

void SequencePainter::paintText(const QString &text, QRect rect, const TrafficFonts::Face &face, const QColor &colour,
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

void SequencePainter::paintGutter(const SequenceGutter &gutter, int top)
{
    const int height = std::max(m_layout.rowHeight, m_fonts.tabular.metrics.height());
    const QColor warning = opcodeStyle(FrameRole::Set, m_palette).colour; // the palette's amber
    int left = 0;
    const auto column = [&](const QString &text, int width, const QColor &colour) {
        paintText(text, QRect(left + gridUnit, top, width - gridUnit, height), m_fonts.tabular, colour, Qt::AlignRight);
        left += width;
    };
    column(gutter.number, m_layout.numberWidth, m_muted);
    column(gutter.time, m_layout.timeWidth, m_palette.color(QPalette::Text));
    column(gutter.gap, m_layout.gapWidth - gridUnit, gutter.isLongGap ? m_palette.color(QPalette::Text) : m_muted);
    if (gutter.isLongGap && gutter.missing.isEmpty()) {
        m_painter.setPen(QPen(m_muted, 1, Qt::DotLine));
        m_painter.drawLine(0, top, m_layout.width, top);
    }
    if (!gutter.missing.isEmpty()) {
        m_painter.fillRect(QRect(0, top - 1, m_layout.width, 2), warning);
        const int width = m_fonts.text.widthOf(gutter.missing) + doubleUnit;
        const QRect sign(m_layout.width - width - gridUnit, top, width, height);
        m_painter.fillRect(sign, m_palette.color(QPalette::Base));
        m_painter.fillRect(sign, opcodeStyle(FrameRole::Set, m_palette).tint);
        paintText(gutter.missing, sign, m_fonts.text, warning, Qt::AlignHCenter);
    }
}

void SequencePainter::paintHead(const QString &server, const std::vector<QString> &clients,
                                const std::vector<QString> &ways)
{
    constexpr int height = SequenceLayout::headHeight;
    m_painter.fillRect(QRect(0, 0, m_layout.width, height), m_palette.color(QPalette::Window));
    paintText(u"No."_s, QRect(gridUnit, 0, m_layout.numberWidth - gridUnit, height), m_fonts.text, m_muted,
              Qt::AlignRight);
    paintText(u"Time"_s, QRect(m_layout.numberWidth, 0, m_layout.timeWidth, height), m_fonts.text, m_muted,
              Qt::AlignRight);
    paintText(u"After"_s, QRect(m_layout.numberWidth + m_layout.timeWidth, 0, m_layout.gapWidth - gridUnit, height),
              m_fonts.text, m_muted, Qt::AlignRight);
    const auto lane = [this](int x, int width, const QString &name, const QString &what) {
        const QRect chip(x - width / 2, halfUnit, width, height - gridUnit);
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(m_line);
        m_painter.setBrush(m_palette.color(QPalette::Base));
        m_painter.drawRoundedRect(QRectF(chip).adjusted(0.5, 0.5, -0.5, -0.5), halfUnit, halfUnit);
        m_painter.setRenderHint(QPainter::Antialiasing, false);
        const QRect text = chip.adjusted(gridUnit, 0, -gridUnit, 0);
        const bool isOneLine = 2 * m_fonts.text.metrics.height() > chip.height();
        const int half = chip.height() / 2;
        paintText(name, isOneLine ? text : QRect(text.left(), text.top() + 2, text.width(), half), m_fonts.strong,
                  m_palette.color(QPalette::Text), Qt::AlignHCenter);
        if (isOneLine)
            return;
        paintText(what, QRect(text.left(), text.top() + half - 1, text.width(), half), m_fonts.text, m_muted,
                  Qt::AlignHCenter);
    };
    m_painter.save();
    m_painter.setClipRect(QRect(m_layout.clientsLeft(), 0, m_layout.width - m_layout.clientsLeft(), height));
    const int width = std::min(m_layout.laneWidth() - gridUnit, widestChip);
    for (std::size_t client = 0; client < m_layout.clients.size(); ++client) {
        const int x = m_layout.clientX(client);
        if (x + width >= m_layout.clientsLeft() && x - width < m_layout.width)
            lane(x, width, clients[client], ways[client]);
    }
    m_painter.restore();
    lane(m_layout.serverX(), SequenceLayout::serverLaneWidth - gridUnit, server, u"server"_s);
    m_painter.setPen(m_line);
    m_painter.drawLine(0, height - 1, m_layout.width, height - 1);
}

} // namespace decoy::ui
