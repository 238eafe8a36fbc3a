// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/mailbox_cells.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int fadeMs = 1600;
constexpr int narrowColumns = 8;
constexpr int wideColumns = 16;
constexpr int widestCell = gridUnit * 12;

QColor withAlpha(QColor colour, double alpha)
{
    colour.setAlphaF(static_cast<float>(alpha));
    return colour;
}

QString writerLetter(MailboxWriter writer)
{
    return writer == MailboxWriter::Nobody ? QString() : writerName(writer).left(1).toUpper();
}

} // namespace

QColor writerColour(MailboxWriter writer, const QPalette &palette)
{
    switch (writer) {
    case MailboxWriter::Client: return opcodeStyle(FrameRole::Execute, palette).colour;
    case MailboxWriter::Server: return opcodeStyle(FrameRole::Result, palette).colour;
    case MailboxWriter::Nobody: break;
    }
    return mutedColour(palette);
}

MailboxCells::MailboxCells(QWidget *parent) : QAbstractScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(u"Bytes of the mailbox"_s);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    m_fading.setStartValue(1.0);
    m_fading.setEndValue(0.0);
    m_fading.setDuration(fadeMs);
    connect(&m_fading, &QVariantAnimation::valueChanged, this, [this](const QVariant &value) {
        m_strength = value.toDouble();
        viewport()->update();
    });
    chooseFonts();
    layOut();
}

void MailboxCells::chooseFonts()
{
    m_hexFont = monospaceFont(font());
    m_hexFont.setPointSizeF(m_hexFont.pointSizeF() * 1.2);
    m_hexFont.setWeight(QFont::DemiBold);
    m_smallFont = font();
    m_smallFont.setPointSizeF(m_smallFont.pointSizeF() * 0.8);
}

void MailboxCells::showImage(const MailboxImage &image)
{
    m_image = image;
    m_meanings = mailboxMeaning(m_image.bytes);
    m_current = std::min(m_current, byteCount() - 1);
    const bool animates = style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0;
    m_fading.stop();
    m_strength = animates ? 1 : 0;
    if (animates && isVisible())
        m_fading.start();
    layOut();
    Q_EMIT currentByteChanged(m_current);
}

void MailboxCells::setCurrentByte(int byte)
{
    if (byte < 0 || byte >= byteCount())
        return;
    m_current = byte;
    const QRect cell = cellRect(byte);
    if (cell.top() < 0)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + cell.top());
    else if (cell.bottom() > viewport()->height())
        verticalScrollBar()->setValue(verticalScrollBar()->value() + cell.bottom() - viewport()->height());
    setAccessibleDescription(u"byte %1: %2"_s.arg(byte).arg(m_meanings[static_cast<std::size_t>(byte)].explanation));
    viewport()->update();
    Q_EMIT currentByteChanged(byte);
}

void MailboxCells::layOut()
{
    const QFontMetrics hex(m_hexFont);
    const QFontMetrics small(m_smallFont);
    m_gutter = small.horizontalAdvance(u"0000"_s) + gridUnit;
    const int width = viewport()->width() - m_gutter - gridUnit;
    const int least = hex.horizontalAdvance(u"00"_s) + 2 * small.horizontalAdvance(u"C"_s) + gridUnit;
    m_columns = width >= wideColumns * std::max(least, gridUnit * 6) ? wideColumns : narrowColumns;
    m_cellWidth = std::clamp(width / m_columns, least, widestCell);
    m_cellHeight = hex.height() + small.height() + doubleUnit;
    const int lines = (byteCount() + m_columns - 1) / m_columns;
    verticalScrollBar()->setRange(0, std::max(0, lines * m_cellHeight + gridUnit - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(m_cellHeight);
    viewport()->update();
}

QRect MailboxCells::cellRect(int byte) const
{
    return {m_gutter + byte % m_columns * m_cellWidth,
            gridUnit + byte / m_columns * m_cellHeight - verticalScrollBar()->value(), m_cellWidth, m_cellHeight};
}

bool MailboxCells::sameGroup(int byte, int other) const
{
    const ByteMeaning &one = m_meanings[static_cast<std::size_t>(byte)];
    const ByteMeaning &two = m_meanings[static_cast<std::size_t>(other)];
    return one.part == two.part && one.group == two.group && byte / m_columns == other / m_columns;
}

void MailboxCells::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), palette().color(QPalette::Base));
    painter.setRenderHint(QPainter::Antialiasing);
    for (int byte = 0; byte < byteCount(); ++byte) {
        if (byte % m_columns == 0) {
            painter.setFont(m_smallFont);
            painter.setPen(mutedColour(palette()));
            const QRect cell = cellRect(byte);
            painter.drawText(QRect(0, cell.top(), m_gutter - gridUnit / 2, cell.height() / 2),
                             Qt::AlignRight | Qt::AlignVCenter, QString::number(byte));
        }
        if (cellRect(byte).intersects(event->rect()))
            paintCell(painter, byte);
    }
    for (int byte = 0, end = 0; byte < byteCount(); byte = end) {
        for (end = byte + 1; end < byteCount() && sameGroup(byte, end);)
            ++end;
        paintMeaning(painter, byte, end);
    }
}

void MailboxCells::paintCell(QPainter &painter, int byte) const
{
    const auto index = static_cast<std::size_t>(byte);
    const MailboxWriter writer = m_image.writers[index];
    const QColor colour = writerColour(writer, palette());
    const QRectF cell = QRectF(cellRect(byte)).adjusted(1.5, 1.5, -1.5, -QFontMetrics(m_smallFont).height() - 5.5);
    const bool isChanged = m_image.changed[index];
    const bool isCurrent = byte == m_current && hasFocus();
    const double tint = writer == MailboxWriter::Nobody ? 0.05 : isChanged ? 0.18 + 0.27 * m_strength : 0.10;
    painter.setBrush(withAlpha(colour, tint));
    painter.setPen(isCurrent       ? QPen(palette().color(QPalette::WindowText), 2)
                       : isChanged ? QPen(colour, 1.5)
                                   : QPen(Qt::NoPen));
    painter.drawRoundedRect(cell, 3, 3);

    const bool isQuiet = m_meanings[index].part == ByteMeaning::Part::Unused;
    painter.setFont(m_hexFont);
    painter.setPen(isQuiet ? mutedColour(palette()) : palette().color(QPalette::Text));
    painter.drawText(cell, Qt::AlignCenter,
                     QString::number(std::to_integer<int>(m_image.bytes[index]), 16).rightJustified(2, u'0'));
    painter.setFont(m_smallFont);
    painter.setPen(colour);
    painter.drawText(cell.adjusted(0, 0, -3, 0), Qt::AlignRight | Qt::AlignTop, writerLetter(writer));
}

void MailboxCells::paintMeaning(QPainter &painter, int byte, int end) const
{
    const ByteMeaning &meaning = m_meanings[static_cast<std::size_t>(byte)];
    if (meaning.brief.isEmpty())
        return;
    const QRect place = cellRect(byte).united(cellRect(end - 1));
    const int height = QFontMetrics(m_smallFont).height();
    const QRect line(place.left() + 2, place.bottom() - height - 2, place.width() - 4, height);
    if (end - byte > 1) {
        painter.setPen(lineColour(palette()));
        painter.drawLine(line.left() + 1, line.top() - 1, line.right() - 1, line.top() - 1);
    }
    painter.setFont(m_smallFont);
    painter.setPen(meaning.part == ByteMeaning::Part::Leftover ? mutedColour(palette())
                                                               : palette().color(QPalette::Text));
    painter.drawText(line, Qt::AlignCenter,
                     QFontMetrics(m_smallFont).elidedText(meaning.brief, Qt::ElideRight, line.width()));
}

void MailboxCells::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void MailboxCells::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) {
        chooseFonts();
        layOut();
    }
}

void MailboxCells::mousePressEvent(QMouseEvent *event)
{
    for (int byte = 0; byte < byteCount(); ++byte) {
        if (cellRect(byte).contains(event->position().toPoint()))
            return setCurrentByte(byte);
    }
}

void MailboxCells::keyPressEvent(QKeyEvent *event)
{
    const int from = std::max(m_current, 0);
    switch (event->key()) {
    case Qt::Key_Left: return setCurrentByte(from - 1);
    case Qt::Key_Right: return setCurrentByte(m_current < 0 ? 0 : from + 1);
    case Qt::Key_Up: return setCurrentByte(from - m_columns);
    case Qt::Key_Down: return setCurrentByte(from + m_columns);
    case Qt::Key_Home: return setCurrentByte(0);
    case Qt::Key_End: return setCurrentByte(byteCount() - 1);
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void MailboxCells::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    const bool byKeyboard = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    if (m_current < 0 && byKeyboard)
        setCurrentByte(0);
    viewport()->update();
}

void MailboxCells::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace decoy::ui
