// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <vector>

class QToolBar;
class QToolButton;

namespace decoy::ui {

class TrafficChips;

/// Shares the room in the toolbar: where it does not do for all numbers, the buttons whose icons say most lose their texts first.
class ToolBarRoom : public QObject {
    Q_OBJECT

public:
    /// `bar` owns it; `leastFirst` are the buttons that may lose their texts, in this order.
    ToolBarRoom(QToolBar &bar, const TrafficChips &chips, const std::vector<QToolButton *> &leastFirst);

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Button {
        QToolButton *button;
        int minimumWidth; ///< with its text
        int textWidth = 0;
    };
    void measure();
    void fit();

    QToolBar &m_bar;
    const TrafficChips &m_chips;
    std::vector<Button> m_buttons;
    int m_othersWidth = 0; ///< of the whole bar, without numbers and without any of these texts
};

} // namespace decoy::ui
