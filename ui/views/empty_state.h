// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QPushButton;
class QToolButton;

namespace decoy::ui {

/// What a view shows when it has nothing to show: why, what to do, and at most one button that does it.
/// Lies over its parent, in the middle, and follows the parent's size.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(QWidget *parent);

    /// `action` may be null; it must outlive this or be destroyed first.
    void setTexts(const QString &cause, const QString &advice, QAction *action = nullptr);
    /// A second, quieter thing to do, which triggers `action`.
    void setLink(const QString &text, QAction *action);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QLabel *m_cause;
    QLabel *m_advice;
    QToolButton *m_button;
    QPushButton *m_link;
};

} // namespace decoy::ui
