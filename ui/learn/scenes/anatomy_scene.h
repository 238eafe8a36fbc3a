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
    void showElement(FrameElement::Role role);
    void noteFrame(Row row);

    Row m_searchFrom = noRow; ///< noRow: no call was made
    QString m_answer;
    LessonCall m_call;
};

} // namespace decoy::ui
