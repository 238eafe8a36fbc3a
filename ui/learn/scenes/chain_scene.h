// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/lesson_scene.h"

#include <decoy/connection.h>

#include <QThreadPool>

#include <mutex>
#include <optional>
#include <vector>

namespace decoy::ui {

/// Asks nodes for their children until the server refuses.
///
/// Is a client of its own: levels are counted for each client, and the monitor's own one reads attributes of what is selected, which
/// sets them back to 0.
class ChainScene : public LessonScene {
    Q_OBJECT

public:
    explicit ChainScene(Session &session);
    /// Gives its proxies back.
    ~ChainScene() override;

    void perform(LessonAction action) override;

private:
    struct Answer {
        Value value;
        std::optional<Failure> failure;
    };
    using Work = std::function<Value(const Proxy &node)>;
    using Done = std::function<void(const Answer &)>;

    /// Asks the last node of the chain; `done` runs later, in this thread.
    void ask(Work work, Done done);
    [[nodiscard]] Proxy lastNode();
    void askForChild(LessonGoal goal);
    void selectLast();
    void climb();
    void askOnceMore();
    void lookForRefusal();
    void readName();
    void fail(const Answer &answer, const QString &otherwise);

    QThreadPool m_thread; ///< one; its calls may wait for the server
    std::mutex m_mutex;
    std::optional<Connection> m_client; ///< guarded by m_mutex
    std::vector<Proxy> m_chain;         ///< from level 1 on; UI thread only
    std::size_t m_selected = 0;         ///< which of them was selected last, from 1 on
    std::uint64_t m_refusedIn = 0;      ///< the generation of those frames
    Row m_refusedFrom = noRow;          ///< the refused call is among the frames from here on
    QString m_refusal;
};

} // namespace decoy::ui
