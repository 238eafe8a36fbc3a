// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/lesson_scene.h"

namespace decoy::ui {

/// Calls counter.add(5) and follows the person through the two frames of that call.
class AnatomyScene : public LessonScene {
    Q_OBJECT

public:
    explicit AnatomyScene(Session &session);

    void perform(LessonAction action) override;
    void noteElement(FrameElement::Role role) override;

private:
    void call();
    void lookForFrames();
    void noteCleared();
    void showElement(FrameElement::Role role);
    void noteFrame(Row row);

    Row m_searchFrom = noRow;       ///< noRow: no call was made
    std::uint64_t m_generation = 0; ///< of the frames that the call is among
    QString m_answer;
    LessonCall m_call;
};

} // namespace decoy::ui
