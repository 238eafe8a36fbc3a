// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/hex_view.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int offsetDigits = 4;
constexpr int groupSize = 8; ///< bytes after which a little more space helps to count

QString hexOf(int number, int digits) { return u"%1"_s.arg(number, digits, 16, QChar(u'0')); }

int valueOf(const QByteArray &bytes, int index) { return static_cast<unsigned char>(bytes.at(index)); }

QColor withAlpha(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

} // namespace

HexView::HexView(QWidget *parent) : QAbstractScrollArea(parent)
{
    setAccessibleName(tr("Bytes of the frame"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::Base);
    updateLayout();
}

void HexView::setBytes(const QByteArray &bytes, qint64 whole)
{
    m_bytes = bytes;
    m_whole = std::max<qint64>(whole, bytes.size());
    m_selection = m_highlight = {};
    m_anchor = m_hovered = -1;
    verticalScrollBar()->setValue(0);
    updateLayout();
}

void HexView::setSelection(ByteRange range)
{
    range.begin = std::clamp(range.begin, 0, static_cast<int>(m_bytes.size()));
    range.end = std::clamp(range.end, range.begin, static_cast<int>(m_bytes.size()));
    if (std::exchange(m_selection, range) == range)
        return;
    if (!range.isEmpty()) {
        scrollTo(range.begin);
        setAccessibleDescription(
            tr("Bytes %1 to %2: %3").arg(range.begin).arg(range.end - 1).arg(selectedHex().left(96)));
    }
    viewport()->update();
    Q_EMIT selectionChanged(range);
}

void HexView::setHighlight(ByteRange range)
{
    if (std::exchange(m_highlight, range) != range)
        viewport()->update();
}

QString HexView::selectedHex() const
{
    const ByteRange range = m_selection.isEmpty() ? ByteRange{0, static_cast<int>(m_bytes.size())} : m_selection;
    return QString::fromLatin1(m_bytes.mid(range.begin, range.end - range.begin).toHex(' '));
}

void HexView::copySelection() const { QGuiApplication::clipboard()->setText(selectedHex()); }

HexView::Layout HexView::layoutFor(int bytesPerLine) const
{
    const int groups = (bytesPerLine - 1) / groupSize;
    Layout layout;
    layout.bytesPerLine = bytesPerLine;
    layout.hexLeft = gridUnit + offsetDigits * m_digitWidth + doubleUnit;
    layout.textLeft = layout.hexLeft + bytesPerLine * 3 * m_digitWidth + groups * m_digitWidth + gridUnit;
    layout.width = layout.textLeft + bytesPerLine * m_digitWidth + gridUnit;
    return layout;
}

void HexView::updateLayout()
{
    m_font = monospaceFont(font());
    const QFontMetrics metrics(m_font);
    m_lineHeight = metrics.height() + halfUnit;
    m_digitWidth = metrics.horizontalAdvance(u'0');
    for (const int bytesPerLine : {16, groupSize, groupSize / 2}) {
        m_layout = layoutFor(bytesPerLine);
        if (m_layout.width <= viewport()->width())
            break;
    }
    const int lines = lineCount() + (m_whole > m_bytes.size() ? 1 : 0);
    const int page = std::max(1, (viewport()->height() - gridUnit) / m_lineHeight);
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setRange(0, std::max(0, lines - page));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(0, std::max(0, m_layout.width - viewport()->width()));
    viewport()->update();
}

int HexView::lineCount() const
{
    return (static_cast<int>(m_bytes.size()) + m_layout.bytesPerLine - 1) / m_layout.bytesPerLine;
}

QRect HexView::hexCell(int byte) const
{
    const int column = byte % m_layout.bytesPerLine;
    const int line = byte / m_layout.bytesPerLine - verticalScrollBar()->value();
    const int x = m_layout.hexLeft + column * 3 * m_digitWidth + column / groupSize * m_digitWidth;
    return {x - m_digitWidth / 2 - horizontalScrollBar()->value(), halfUnit + line * m_lineHeight, 3 * m_digitWidth,
            m_lineHeight};
}

QRect HexView::textCell(int byte) const
{
    const int column = byte % m_layout.bytesPerLine;
    const int line = byte / m_layout.bytesPerLine - verticalScrollBar()->value();
    return {m_layout.textLeft + column * m_digitWidth - horizontalScrollBar()->value(), halfUnit + line * m_lineHeight,
            m_digitWidth, m_lineHeight};
}

int HexView::byteAt(QPoint position) const
{
    const int line = verticalScrollBar()->value() + (position.y() - halfUnit) / m_lineHeight;
    const int first = line * m_layout.bytesPerLine;
    const int last = std::min(first + m_layout.bytesPerLine, static_cast<int>(m_bytes.size()));
    for (int byte = std::max(0, first); byte < last; ++byte) {
        if (hexCell(byte).contains(position) || textCell(byte).contains(position))
            return byte;
    }
    return -1;
}

void HexView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.setFont(m_font);
    const QColor accent = accentColour(palette());
    fillRange(painter, m_highlight, withAlpha(palette().color(QPalette::Highlight), 0.55F));
    fillRange(painter, m_selection, palette().color(QPalette::Highlight));
    if (m_hovered >= 0) {
        painter.setPen(accent);
        painter.drawRect(hexCell(m_hovered).adjusted(0, 0, -1, -1));
        painter.drawRect(textCell(m_hovered).adjusted(0, 0, -1, -1));
    }
    const int first = verticalScrollBar()->value();
    const int lines = viewport()->height() / m_lineHeight + 2;
    for (int line = first; line < std::min(lineCount(), first + lines); ++line)
        paintLine(painter, line);
    paintMissing(painter);
}

void HexView::fillRange(QPainter &painter, ByteRange range, const QColor &colour) const
{
    for (int byte = range.begin; byte < range.end; ++byte) {
        const QRect cell = hexCell(byte);
        if (cell.bottom() < 0 || cell.top() > viewport()->height())
            continue;
        // Within a line the space between two groups belongs to the range as well.
        const bool bridgesGroups = byte + 1 < range.end && (byte + 1) % groupSize == 0
            && (byte + 1) % m_layout.bytesPerLine != 0;
        painter.fillRect(cell.adjusted(0, 0, bridgesGroups ? m_digitWidth : 0, 0), colour);
        painter.fillRect(textCell(byte), colour);
    }
}

void HexView::paintLine(QPainter &painter, int line) const
{
    const QColor muted = mutedColour(palette());
    const QColor normal = palette().color(QPalette::Text);
    const int first = line * m_layout.bytesPerLine;
    const int last = std::min(first + m_layout.bytesPerLine, static_cast<int>(m_bytes.size()));
    const QRect start = hexCell(first);
    painter.setPen(muted);
    painter.drawText(
        QRect(gridUnit - horizontalScrollBar()->value(), start.top(), offsetDigits * m_digitWidth, m_lineHeight),
        Qt::AlignVCenter | Qt::TextDontClip, hexOf(first, offsetDigits));
    for (int byte = first; byte < last; ++byte) {
        const int value = valueOf(m_bytes, byte);
        const bool isText = value >= 0x20 && value < 0x7f;
        painter.setPen(normal);
        painter.drawText(hexCell(byte), Qt::AlignCenter, hexOf(value, 2));
        painter.setPen(isText ? normal : muted);
        painter.drawText(textCell(byte), Qt::AlignCenter, isText ? QString(QChar(value)) : u"·"_s);
    }
}

void HexView::paintMissing(QPainter &painter) const
{
    if (m_whole <= m_bytes.size())
        return;
    const int y = halfUnit + (lineCount() - verticalScrollBar()->value()) * m_lineHeight;
    painter.setPen(mutedColour(palette()));
    painter.setFont(font());
    painter.drawText(
        QRect(gridUnit, y, viewport()->width() - gridUnit, m_lineHeight), Qt::AlignVCenter,
        tr("… %1 more bytes were not kept").arg(groupedNumber(static_cast<quint64>(m_whole - m_bytes.size()))));
}

void HexView::scrollTo(int byte)
{
    const int line = byte / m_layout.bytesPerLine;
    const int first = verticalScrollBar()->value();
    const int page = verticalScrollBar()->pageStep();
    if (line < first)
        verticalScrollBar()->setValue(line);
    else if (line >= first + page)
        verticalScrollBar()->setValue(line - page + 1);
}

void HexView::moveTo(int byte)
{
    if (m_bytes.isEmpty())
        return;
    m_anchor = std::clamp(byte, 0, static_cast<int>(m_bytes.size()) - 1);
    setSelection({m_anchor, m_anchor + 1});
    Q_EMIT byteClicked(m_anchor);
}

void HexView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateLayout();
}

void HexView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateLayout();
}

void HexView::mousePressEvent(QMouseEvent *event)
{
    const int byte = byteAt(event->position().toPoint());
    if (byte >= 0 && event->button() == Qt::LeftButton)
        moveTo(byte);
}

void HexView::mouseMoveEvent(QMouseEvent *event)
{
    const int byte = byteAt(event->position().toPoint());
    if (byte >= 0 && m_anchor >= 0 && byte != m_anchor && event->buttons().testFlag(Qt::LeftButton))
        setSelection({std::min(m_anchor, byte), std::max(m_anchor, byte) + 1});
    if (std::exchange(m_hovered, byte) != byte) {
        viewport()->update();
        Q_EMIT byteHovered(byte);
    }
}

void HexView::leaveEvent(QEvent *event)
{
    QAbstractScrollArea::leaveEvent(event);
    if (std::exchange(m_hovered, -1) != -1) {
        viewport()->update();
        Q_EMIT byteHovered(-1);
    }
}

void HexView::keyPressEvent(QKeyEvent *event)
{
    const int from = m_anchor < 0 ? m_selection.begin : m_anchor;
    if (event->matches(QKeySequence::Copy))
        return copySelection();
    switch (event->key()) {
    case Qt::Key_Left: return moveTo(from - 1);
    case Qt::Key_Right: return moveTo(from + 1);
    case Qt::Key_Up: return moveTo(from - m_layout.bytesPerLine);
    case Qt::Key_Down: return moveTo(from + m_layout.bytesPerLine);
    case Qt::Key_Home: return moveTo(0);
    case Qt::Key_End: return moveTo(static_cast<int>(m_bytes.size()) - 1);
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void HexView::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_bytes.isEmpty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(m_selection.isEmpty() ? tr("Copy all bytes as hex") : tr("Copy bytes as hex"), QKeySequence::Copy,
                    this, &HexView::copySelection);
    menu->popup(event->globalPos());
}

} // namespace decoy::ui
