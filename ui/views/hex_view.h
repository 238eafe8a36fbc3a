// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QByteArray>
#include <QColor>
#include <QFont>
#include <QRect>

namespace decoy::ui {

/// A run of bytes: [begin, end).
struct ByteRange {
    int begin = 0;
    int end = 0;
    [[nodiscard]] bool isEmpty() const noexcept { return end <= begin; }
    [[nodiscard]] bool contains(int byte) const noexcept { return byte >= begin && byte < end; }
    bool operator==(const ByteRange &) const = default;
};

/// Bytes as offset, hexadecimal and text. Paints only what is visible.
class HexView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit HexView(QWidget *parent = nullptr);

    /// `whole` is how long the frame was; what is missing of it is said below the last byte.
    void setBytes(const QByteArray &bytes, qint64 whole);
    [[nodiscard]] const QByteArray &bytes() const noexcept { return m_bytes; }

    [[nodiscard]] ByteRange selection() const noexcept { return m_selection; }
    /// Marks bytes and brings the first of them into view.
    void setSelection(ByteRange range);
    /// Marks bytes lightly, for what the mouse points at elsewhere.
    void setHighlight(ByteRange range);

    /// "00 00 00 0b 92": the selected bytes, or all.
    [[nodiscard]] QString selectedHex() const;
    void copySelection() const;

Q_SIGNALS:
    void byteHovered(int byte); ///< -1: none any more
    void byteClicked(int byte);
    void selectionChanged(decoy::ui::ByteRange range);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    /// Where things stand, in pixels from the viewport's left.
    struct Layout {
        int bytesPerLine = 16;
        int hexLeft = 0;
        int textLeft = 0;
        int width = 0;
    };

    void updateLayout();
    [[nodiscard]] Layout layoutFor(int bytesPerLine) const;
    [[nodiscard]] int lineCount() const;
    [[nodiscard]] QRect hexCell(int byte) const;
    [[nodiscard]] QRect textCell(int byte) const;
    [[nodiscard]] int byteAt(QPoint position) const;
    void fillRange(QPainter &painter, ByteRange range, const QColor &colour) const;
    void paintLine(QPainter &painter, int line) const;
    void paintMissing(QPainter &painter) const;
    void moveTo(int byte);
    void scrollTo(int byte);

    QFont m_font;
    int m_lineHeight = 0;
    int m_digitWidth = 0;
    Layout m_layout;
    QByteArray m_bytes;
    qint64 m_whole = 0;
    ByteRange m_selection;
    ByteRange m_highlight;
    int m_anchor = -1;
    int m_hovered = -1;
};

} // namespace decoy::ui
