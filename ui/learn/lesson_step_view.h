// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QLabel;
class QProgressBar;
class QPushButton;
class QRadioButton;
class QToolButton;
class QVBoxLayout;

namespace decoy::ui {

class CostBars;
class LessonPlayer;
struct LessonQuestion;

/// One step of the lesson that is under way: what to know, what to do, and what came of it. `player` must outlive it.
class LessonStepView : public QWidget {
    Q_OBJECT

public:
    explicit LessonStepView(LessonPlayer &player, QWidget *parent = nullptr);

    [[nodiscard]] QPushButton *actionButton() const noexcept { return m_action; }
    [[nodiscard]] QPushButton *nextButton() const noexcept { return m_next; }
    [[nodiscard]] QPushButton *backButton() const noexcept { return m_back; }
    [[nodiscard]] QPushButton *leaveButton() const noexcept { return m_leave; }
    [[nodiscard]] const std::vector<QRadioButton *> &answers() const noexcept { return m_answers; }
    /// What the panel says about the step: done, wrong, failed.
    [[nodiscard]] QString status() const;
    void focusFirst();

protected:
    void changeEvent(QEvent *event) override;

private:
    void layOut();
    void showStep();
    void showState();
    void showQuestion(const LessonQuestion &question);
    void showStatus(const QString &sign, const QString &text, int role);
    void showProgress(double share);

    LessonPlayer &m_player;
    QLabel *m_place;
    QLabel *m_title;
    QLabel *m_text;
    QLabel *m_task;
    QPushButton *m_action;
    QProgressBar *m_progress;
    QLabel *m_question;
    QWidget *m_answerBox;
    QVBoxLayout *m_answerLayout;
    std::vector<QRadioButton *> m_answers;
    CostBars *m_costs;
    QLabel *m_status;
    QPushButton *m_leave;
    QToolButton *m_restart;
    QPushButton *m_back;
    QPushButton *m_next;
    int m_statusRole = 0;
};

} // namespace decoy::ui
