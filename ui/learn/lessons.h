// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/lesson.h"

namespace decoy::ui {

// Each is one text to read, in lessons/. What they say about bytes is what docs/wire-format.md says.
[[nodiscard]] Lesson frameAnatomyLesson();
[[nodiscard]] Lesson requestPendingResultLesson();
[[nodiscard]] Lesson chainLimitLesson();
[[nodiscard]] Lesson peerDeathLesson();
[[nodiscard]] Lesson pollingOrWakingLesson();

/// All lessons, in the order in which they build on one another.
[[nodiscard]] inline std::vector<Lesson> allLessons()
{
    return {frameAnatomyLesson(), requestPendingResultLesson(), chainLimitLesson(), peerDeathLesson(),
            pollingOrWakingLesson()};
}

} // namespace decoy::ui
