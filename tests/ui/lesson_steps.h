// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor_fixture.h"

#include "learn/lesson_player.h"

#include <QTest>

// For tests of the guided tour: walks lessons as the buttons of the panel do.

enum LessonIndex { Anatomy, Mailbox, Chain, Death, Cost };

/// A call of the Duck lane takes three seconds, a measurement seven.
inline constexpr int patience = 30'000;

inline decoy::ui::LessonPlayer &player(const DemoMonitor &monitor) { return monitor.window->lessons(); }

/// Does what the step asks for, as the buttons of the panel do.
inline void doStep(decoy::ui::LessonPlayer &lessons)
{
    if (lessons.currentStep().question)
        lessons.giveAnswer(lessons.currentStep().question->right);
    else
        lessons.perform();
}

/// Starts a lesson once its objects are known.
#define START(monitor, index) \
    QTRY_VERIFY(player(monitor).missingObjects(index).isEmpty()); \
    QVERIFY((monitor).window->showLearn(index)); \
    QCOMPARE(player(monitor).lesson(), int(index))

/// Walks a lesson that was started up to a step, counted from 0.
#define WALK_TO(lessons, wanted) \
    while ((lessons).step() < (wanted)) { \
        doStep(lessons); \
        QTRY_VERIFY2_WITH_TIMEOUT((lessons).isDone(), qPrintable((lessons).currentStep().title + (lessons).problem()), \
                                  patience); \
        (lessons).next(); \
    }
