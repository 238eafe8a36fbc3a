// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/lesson_scene.h"
#include "session/worker.h"

#include <QPointer>

#include <memory>

namespace decoy::ui {

/// Kills a client in the middle of a call, and then a server of its own in the middle of one.
class DeathScene : public LessonScene {
    Q_OBJECT

public:
    explicit DeathScene(Session &session);
    /// Ends what it has started, and takes its worker's row away.
    ~DeathScene() override;

    void perform(LessonAction action) override;

private:
    void startWorker();
    void lookForCall();
    void noteHeld();
    void killWorker();
    void noteWorkerEnd();
    void startServer();
    void callServer();
    void confirmCall();
    void killServer();
    [[nodiscard]] CallRequest requestToServer(std::string member) const;

    QPointer<Worker> m_worker;     ///< the pool's; the person may clear it away
    std::uint64_t m_startedIn = 0; ///< the generation of the frames that its call is looked for in
    bool m_isHeldSaid = false;
    QString m_serverName;
    std::unique_ptr<Worker> m_server;
    quint64 m_call = 0; ///< that waits for the server
    qint64 m_killedAt = 0;
};

} // namespace decoy::ui
