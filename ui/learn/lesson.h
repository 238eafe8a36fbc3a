// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace decoy::ui {

/// What a step's button does, on the live server; which scene understands it stands in learn/scenes/.
enum class LessonAction : quint8 {
    None,
    CallAdd,
    ShowPrefix,
    ShowOpcode,
    ShowArgument,
    ShowResult,
    OpenMailbox,
    WriteBody,
    WriteLength,
    ReadResult,
    AskForChild,
    ClimbToLimit,
    AskOnceMore,
    ReadName,
    StartWorker,
    KillWorker,
    StartServer,
    KillServer,
    Measure,
};

/// What must really have happened before a step is done.
enum class LessonGoal : quint8 {
    None, ///< there is only something to read
    CallAnswered,
    PrefixSelected,
    OpcodeSelected,
    ArgumentSelected,
    ResultSelected,
    MailboxOpen,
    BodyWritten,
    RequestTaken,
    ResultPublished,
    ResultRead,
    ChildOpen,
    LimitReached,
    LimitRefused,
    LevelReset,
    WorkerWaits,
    WorkerDied,
    ServerCallWaits,
    ServerCallFailed,
    Measured,
};

/// Where to look: the window brings it to the front and draws a line around it.
enum class LessonPlace : quint8 { None, Traffic, Frame, Chains, Workers, Mailbox };

struct LessonAnswer {
    QString text;
    QString reply; ///< why it is right, or what would have to be so for it to be right
};

/// "Which frame comes next?": one of the answers is right, and the person is told at once why.
struct LessonQuestion {
    QString text;
    std::vector<LessonAnswer> answers;
    int right = 0;
};

/// One thing to learn: a few sentences, and one thing to do or one question to answer.
struct LessonStep {
    QString title;
    QString text;
    QString task = {};   ///< what to do; empty if there is nothing but the question, or the text
    QString button = {}; ///< does it; empty if it happens by itself
    LessonAction action = LessonAction::None;
    LessonGoal goal = LessonGoal::None;
    LessonPlace place = LessonPlace::None;
    std::optional<LessonQuestion> question = std::nullopt;
};

/// Which scene plays the lesson.
enum class LessonKind : quint8 { Anatomy, Mailbox, Chain, Death, Cost };

struct Lesson {
    LessonKind kind = LessonKind::Anatomy;
    QString id; ///< for the settings; never changes
    QString title;
    QString summary;
    std::vector<QString> objects; ///< published ones that it needs
    std::vector<LessonStep> steps;
};

} // namespace decoy::ui
