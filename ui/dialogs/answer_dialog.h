// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/hold.h>

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QRadioButton;
class QStackedWidget;

namespace decoy::ui {

class HeldRequestInfo;
class Session;

/// Answers a request that waits in its object's place, which never sees it: with a value, or with an error. Not modal.
class AnswerDialog : public QDialog {
    Q_OBJECT

public:
    AnswerDialog(Session &session, const HeldRequest &request, QWidget *parent = nullptr);

    [[nodiscard]] QRadioButton *valueChoice() const noexcept { return m_valueChoice; }
    [[nodiscard]] QRadioButton *errorChoice() const noexcept { return m_errorChoice; }
    [[nodiscard]] QPlainTextEdit *value() const noexcept { return m_value; }
    [[nodiscard]] QComboBox *errorType() const noexcept { return m_errorType; }
    [[nodiscard]] QLineEdit *errorMessage() const noexcept { return m_errorMessage; }
    [[nodiscard]] QPushButton *answerButton() const noexcept { return m_answer; }
    [[nodiscard]] QString problem() const;

public Q_SLOTS:
    void answer();

private:
    QWidget *makeValuePage();
    QWidget *makeErrorPage();
    bool send();
    void showProblem(const QString &problem);
    [[nodiscard]] Failure failure() const;

    Session &m_session;
    const std::uint64_t m_id;
    const QString m_where; ///< "account.deposit"
    HeldRequestInfo *m_info;
    QRadioButton *m_valueChoice;
    QRadioButton *m_errorChoice;
    QStackedWidget *m_pages;
    QPlainTextEdit *m_value = nullptr;
    QComboBox *m_errorType = nullptr;
    QLineEdit *m_errorMessage = nullptr;
    QLabel *m_problem;
    QPushButton *m_answer = nullptr;
};

} // namespace decoy::ui
