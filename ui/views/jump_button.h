// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QPushButton>

namespace decoy::ui {

/// The way back to the newest frames, at the bottom right of a view that does not follow them. Belongs to the viewport.
class JumpButton : public QPushButton {
    Q_OBJECT

public:
    explicit JumpButton(QWidget *viewport);

    /// Shows it, with a number that does not change faster than one can read; `newer` of 0 names none.
    void offer(quint64 newer, bool frozen);
    void withdraw();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();

    QElapsedTimer m_textAge;
    bool m_frozen = false;
};

} // namespace decoy::ui
