// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/lesson.h"
#include "learn/lesson_scene.h"

#include <QObject>
#include <QSet>

#include <memory>
#include <vector>

namespace decoy::ui {

class Session;

/// Plays the lessons: one at a time, one step after the other. A step is done when what it asks for has really happened, or its
/// question was answered rightly. Remembers in the settings which lessons were finished. UI thread only.
class LessonPlayer : public QObject {
    Q_OBJECT

public:
    /// The session must outlive it.
    explicit LessonPlayer(Session &session, QObject *parent = nullptr);
    ~LessonPlayer() override;

    [[nodiscard]] const std::vector<Lesson> &lessons() const noexcept { return m_lessons; }
    [[nodiscard]] bool isFinished(int lesson) const;
    /// Published objects that a lesson needs and the server does not have; empty: it can be started.
    [[nodiscard]] QStringList missingObjects(int lesson) const;

    /// The lesson that is under way; -1: none.
    [[nodiscard]] int lesson() const noexcept { return m_lesson; }
    [[nodiscard]] int step() const noexcept { return m_step; }
    [[nodiscard]] int stepCount() const;
    /// Of the lesson that is under way; there must be one.
    [[nodiscard]] const LessonStep &currentStep() const;
    /// Null if no lesson is under way.
    [[nodiscard]] LessonScene *scene() const noexcept { return m_scene.get(); }

    [[nodiscard]] bool isDone() const;
    [[nodiscard]] bool isBusy() const noexcept { return m_isBusy; } ///< an action is under way
    [[nodiscard]] QString observation() const; ///< figures of this run; empty until the step is done
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] int answer() const noexcept { return m_answer; } ///< given to this step's question; -1: none

    /// Starts a lesson from its first step; one that is under way is left. Ignored if it cannot be started.
    void start(int lesson);
    /// Ends the lesson and takes away whatever it has made.
    void leave();
    void perform();
    void giveAnswer(int answer);
    /// Goes on if this step is done; after the last step the lesson is finished.
    void next();
    void back();

    /// The person selected a part of the frame that is shown.
    void noteElement(FrameElement::Role role);

Q_SIGNALS:
    /// A lesson was started or left; scene() is another.
    void lessonChanged();
    void stepChanged();
    /// Done, busy, answered or failed: anything about the step that is shown.
    void stateChanged();
    void progressed(double share);
    void mailboxChanged();
    void elementWanted(decoy::FrameElement::Role role);

private:
    void watchFrames();
    void makeScene();
    void goTo(int step);
    void finish();

    Session &m_session;
    const std::vector<Lesson> m_lessons;
    QSet<QString> m_finished; ///< ids
    std::unique_ptr<LessonScene> m_scene;
    int m_lesson = -1;
    int m_step = 0;
    bool m_isBusy = false;
    QString m_problem;
    int m_answer = -1;
    QSet<int> m_answered; ///< steps whose question was answered rightly
};

} // namespace decoy::ui
