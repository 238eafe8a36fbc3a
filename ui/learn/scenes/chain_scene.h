// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/lesson_scene.h"

#include <vector>

namespace decoy::ui {

/// Asks nodes for their children until the server refuses, and keeps the proxies so that the chain can be looked at.
class ChainScene : public LessonScene {
    Q_OBJECT

public:
    explicit ChainScene(Session &session);
    /// Gives its proxies back.
    ~ChainScene() override;

    void perform(LessonAction action) override;

private:
    void askForChild();
    void keep(const Proxy &child);
    void climb();
    void askOnceMore();
    void lookForRefusal();
    void readName();
    [[nodiscard]] ObjectRef last() const;
    [[nodiscard]] CallRequest requestToLast(std::string member) const;
    [[nodiscard]] int level() const;

    std::vector<ObjectRef> m_chain; ///< what it keeps, from level 1 on
    bool m_isClimbing = false;
    Row m_refusedFrom = noRow; ///< the refused call is among the frames from here on
    QString m_refusal;
};

} // namespace decoy::ui
