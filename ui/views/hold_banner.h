// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QToolButton;

namespace decoy::ui {

class ElidedLabel;
class FrameNames;
class TrafficHold;

/// Says above all views that requests are held: which, how many wait, and who. Hidden while nothing is held.
class HoldBanner : public QWidget {
    Q_OBJECT

public:
    /// All of them must outlive this. The actions become its buttons.
    HoldBanner(const TrafficHold &hold, const FrameNames &names, const QList<QAction *> &actions,
               QWidget *parent = nullptr);

    [[nodiscard]] QString text() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    [[nodiscard]] QString what() const;
    [[nodiscard]] QString which() const;
    [[nodiscard]] QString whoWaits() const;

    const TrafficHold &m_hold;
    const FrameNames &m_names;
    QLabel *m_sign;
    QLabel *m_title;
    ElidedLabel *m_who;
};

} // namespace decoy::ui
