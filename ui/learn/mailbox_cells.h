// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/mailbox_history.h"
#include "learn/mailbox_meaning.h"

#include <QAbstractScrollArea>
#include <QFont>
#include <QVariantAnimation>

#include <vector>

namespace decoy::ui {

/// The colour that stands for a writer; its letter is always drawn with it.
[[nodiscard]] QColor writerColour(MailboxWriter writer, const QPalette &palette);

/// The bytes of one image of a mailbox as cells: the byte, what it means, and who wrote it last. What has just changed stands out,
/// and fades where the style animates at all.
class MailboxCells : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit MailboxCells(QWidget *parent = nullptr);

    void showImage(const MailboxImage &image);
    /// What the cells say, byte by byte.
    [[nodiscard]] const MailboxImage &image() const noexcept { return m_image; }
    [[nodiscard]] const std::vector<ByteMeaning> &meanings() const noexcept { return m_meanings; }
    [[nodiscard]] int currentByte() const noexcept { return m_current; }
    void setCurrentByte(int byte);
    /// Where the cell of a byte is, in the viewport.
    [[nodiscard]] QRect cellRect(int byte) const;

Q_SIGNALS:
    void currentByteChanged(int byte);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void layOut();
    void chooseFonts();
    [[nodiscard]] int byteCount() const noexcept { return static_cast<int>(m_image.bytes.size()); }
    [[nodiscard]] bool sameGroup(int byte, int other) const;
    void paintCell(QPainter &painter, int byte) const;
    void paintMeaning(QPainter &painter, int byte, int end) const;

    MailboxImage m_image;
    std::vector<ByteMeaning> m_meanings;
    int m_current = -1;
    int m_columns = 8;
    int m_cellWidth = 0;
    int m_cellHeight = 0;
    int m_gutter = 0;
    QFont m_hexFont;
    QFont m_smallFont;
    QVariantAnimation m_fading; ///< 1 to 0: how strongly the change still shows
    double m_strength = 0;
};

} // namespace decoy::ui
