// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/scenes/death_scene.h"

#include "learn/own_server.h"
#include "session/interrupted_call.h"
#include "session/object_watcher.h"
#include "session/session.h"
#include "session/traffic_hold.h"
#include "session/worker_pool.h"
#include "theme/fonts.h"
#include "trace/traffic_collector.h"

#include <QTimer>

#include <algorithm>
#include <chrono>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr auto scenario = "sleeper"_L1;
/// A worker's row is completed with what it was doing a moment after its end; see Session.
constexpr int explanationMs = 400;
constexpr double sleepSeconds = 60;

qint64 nowNs() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

} // namespace

DeathScene::DeathScene(Session &session) : LessonScene(session)
{
    connect(&session.collector(), &TrafficCollector::updated, this, &DeathScene::lookForCall);
    connect(&session.hold(), &TrafficHold::waitingChanged, this, &DeathScene::noteHeld);
}

DeathScene::~DeathScene()
{
    if (m_worker)
        session().workers().discard(m_worker);
    session().calls().cancel(m_call);
    if (m_serverName.isEmpty())
        return;
    m_server.reset(); // kills it if the lesson has not
    session().forgetServer(m_serverName);
    clearUpAfter(m_serverName);
}

void DeathScene::perform(LessonAction action)
{
    switch (action) {
    case LessonAction::StartWorker: return startWorker();
    case LessonAction::KillWorker: return killWorker();
    case LessonAction::StartServer: return startServer();
    case LessonAction::KillServer: return killServer();
    default: return;
    }
}

void DeathScene::startWorker()
{
    if (m_worker)
        session().workers().discard(m_worker);
    m_startedIn = session().frames().generation();
    m_isHeldSaid = false;
    m_worker = session().workers().start(scenario);
    connect(m_worker, &Worker::ended, this, &DeathScene::noteWorkerEnd);
    // Its frames may come before the news that it has started.
    connect(m_worker, &Worker::changed, this, &DeathScene::lookForCall);
}

void DeathScene::lookForCall()
{
    if (!m_worker || !m_worker->isAlive() || m_worker->process() == 0 || hasReached(LessonGoal::WorkerWaits))
        return;
    if (session().frames().generation() != m_startedIn) {
        m_startedIn = session().frames().generation();
        Q_EMIT failed(u"The frames were cleared before the call was seen. Start the worker again."_s);
        return;
    }
    const InterruptedCall call = findInterruptedCall(session().frames().snapshot(),
                                                     static_cast<std::int32_t>(m_worker->process()));
    if (!call.isFound() || call.member != "sleep")
        return;
    session().selection().selectFrame(call.row);
    reach(LessonGoal::WorkerWaits,
          u"%1, process %2, waits for the result of %3."_s.arg(m_worker->title())
              .arg(m_worker->process())
              .arg(frameNumber(call.row)));
}

/// What it asks for first waits for the person, who may not know that the lesson waits for it.
void DeathScene::noteHeld()
{
    if (!m_worker || m_isHeldSaid || hasReached(LessonGoal::WorkerWaits))
        return;
    m_isHeldSaid = std::ranges::any_of(session().hold().waiting(), [this](const HeldRequest &request) {
        return request.event.process == m_worker->process();
    });
    if (m_isHeldSaid)
        Q_EMIT failed(
            u"A request of the worker is held. Let it go on in the panel “Held”; or stop holding, and start the "
            "worker again."_s);
}

void DeathScene::killWorker()
{
    if (!m_worker || !m_worker->isAlive()) {
        Q_EMIT failed(u"The worker runs no longer. Start the lesson again."_s);
        return;
    }
    m_worker->kill();
}

void DeathScene::noteWorkerEnd()
{
    if (!hasReached(LessonGoal::WorkerWaits)) {
        Q_EMIT failed(u"The worker has ended before it called: %1. Its log says why."_s.arg(m_worker->ending()));
        return;
    }
    QTimer::singleShot(explanationMs, this, [this] {
        session().objects().refresh();
        const QString how = m_worker ? m_worker->ending() : u"it is gone"_s;
        reach(LessonGoal::WorkerDied, u"%1%2."_s.arg(how.left(1).toUpper(), how.mid(1)));
    });
}

void DeathScene::startServer()
{
    if (m_server)
        return;
    m_serverName = ownServerName();
    m_server = startOwnServer(session(), m_serverName);
    connect(m_server.get(), &Worker::logged, this, [this](const QString &line) {
        if (saysReady(line) && m_call == 0)
            callServer();
    });
    connect(m_server.get(), &Worker::ended, this, [this] {
        if (hasReached(LessonGoal::ServerCallWaits))
            return;
        Q_EMIT failed(u"The server has ended: %1."_s.arg(m_server->ending()));
        m_server.release()->deleteLater(); // this signal is its own
    });
}

CallRequest DeathScene::requestToServer(std::string member) const
{
    CallRequest request;
    request.object = {m_serverName, 1};
    request.name = "lab";
    request.member = std::move(member);
    return request;
}

void DeathScene::callServer()
{
    CallRequest request = requestToServer("sleep");
    request.positional = {Value(sleepSeconds)};
    request.timeout = std::chrono::seconds(60);
    m_call = session().calls().call(std::move(request), this, [this](const CallOutcome &outcome) {
        if (!outcome.failure || !hasReached(LessonGoal::ServerCallWaits))
            return;
        reach(LessonGoal::ServerCallFailed,
              u"%1 after the signal the call ended with %2"_s.arg(
                  durationText(m_killedAt == 0 ? 0 : nowNs() - m_killedAt),
                  QString::fromStdString(outcome.failure->text())));
    });
    confirmCall();
}

void DeathScene::confirmCall()
{
    CallRequest request = requestToServer("sleeps");
    request.kind = CallKind::Get;
    session().calls().call(std::move(request), this, [this](const CallOutcome &outcome) {
        if (outcome.failure) {
            Q_EMIT failed(QString::fromStdString(outcome.failure->message));
            return;
        }
        if (outcome.value.as<std::int64_t>() == 0)
            return confirmCall(); // the call has not arrived yet
        reach(LessonGoal::ServerCallWaits,
              u"Server %1, process %2, is at it. The caller waits."_s.arg(m_serverName).arg(m_server->process()));
    });
}

void DeathScene::killServer()
{
    if (!m_server || !m_server->isAlive()) {
        Q_EMIT failed(u"That server runs no longer. Start the lesson again."_s);
        return;
    }
    m_killedAt = nowNs();
    m_server->kill();
}

} // namespace decoy::ui
