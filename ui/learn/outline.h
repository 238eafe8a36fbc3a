// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace decoy::ui {

/// A line around a widget, so that one sees where to look. Lies over it in the same parent, follows it, and lets every click
/// through. Must be deleted before the widget gets another parent.
class Outline : public QWidget {
    Q_OBJECT

public:
    explicit Outline(QWidget *target);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QWidget *const m_target;
};

} // namespace decoy::ui
