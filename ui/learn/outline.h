// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace decoy::ui {

/// A line around a widget, so that one sees where to look. Lies over it, follows its size, and lets every click through.
class Outline : public QWidget {
    Q_OBJECT

public:
    explicit Outline(QWidget *target);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
};

} // namespace decoy::ui
