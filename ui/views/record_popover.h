// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace decoy::ui {

class Session;

/// What is recorded at all: a box for each kind of request, the objects of which nothing is, and whether a sample is enough
/// under load. Opens below a widget, takes effect at
/// once, and closes with Escape or a click elsewhere. The session must outlive it.
class RecordPopover : public QFrame {
    Q_OBJECT

public:
    explicit RecordPopover(Session &session, QWidget *parent = nullptr);

    void openBelow(const QWidget &widget);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void addKinds(QVBoxLayout *layout);
    void addSampling(QVBoxLayout *layout);
    void refresh();
    void showObjects();
    void showCount();
    void fit();

    Session &m_session;
    QWidget *m_objects = nullptr; ///< made anew when they change
    QLabel *m_count;
    QPushButton *m_everything;
    QTimer m_timer; ///< while it is open
};

} // namespace decoy::ui
