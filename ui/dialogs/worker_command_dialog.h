// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace decoy::ui {

class Session;

/// Starts workers that no scenario is made for: any program with its arguments, several times if wanted. The command is remembered.
class WorkerCommandDialog : public QDialog {
    Q_OBJECT

public:
    /// The session must outlive this.
    explicit WorkerCommandDialog(Session &session, QWidget *parent = nullptr);

    void accept() override;

private:
    void check();

    Session &m_session;
    QLineEdit *m_command;
    QSpinBox *m_count;
    QLabel *m_problem;
    QPushButton *m_start = nullptr;
};

} // namespace decoy::ui
