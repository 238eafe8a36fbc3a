// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/mailbox_history.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace decoy::ui {

class ElidedLabel;
class MailboxCells;

/// A mailbox as it is and as it was: its bytes, what each is for and who wrote it, and every state that was seen, to go back through.
class MailboxView : public QWidget {
    Q_OBJECT

public:
    explicit MailboxView(QWidget *parent = nullptr);

    /// Shows the newest image, and remembers the others.
    void showHistory(const MailboxHistory &history);
    [[nodiscard]] MailboxCells *cells() const noexcept { return m_cells; }
    /// Which of the images is shown.
    [[nodiscard]] int shown() const noexcept { return m_shown; }
    [[nodiscard]] QString title() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeBar();
    void showImage(int index);
    void explain(int byte);
    void colourLegend();

    std::vector<MailboxImage> m_images;
    int m_shown = -1;
    QLabel *m_title;
    QLabel *m_time;
    MailboxCells *m_cells;
    QLabel *m_explanation;
    QPushButton *m_before;
    QPushButton *m_after;
    QLabel *m_legend;
};

} // namespace decoy::ui
