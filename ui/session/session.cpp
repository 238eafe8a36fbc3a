// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/session.h"

#include "session/call_runner.h"
#include "session/handle_store.h"
#include "session/interrupted_call.h"
#include "session/object_watcher.h"
#include "session/worker_pool.h"
#include "trace/traffic_collector.h"

#include <decoy/proxy_server.h>

#include <QCoreApplication>
#include <QTimer>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// The last frames of a worker that died are still on their way when its death is noticed.
constexpr int lastFramesMs = 200;

} // namespace

Session::Session(ProxyServer &server, SessionOptions options, QObject *parent)
    : QObject(parent), m_server(server), m_options(std::move(options)),
      m_collector(std::make_unique<TrafficCollector>(m_frames)), m_handles(std::make_unique<HandleStore>()),
      m_calls(std::make_unique<CallRunner>(m_links, *m_handles)),
      m_objects(std::make_unique<ObjectWatcher>(m_server, m_links, *m_handles)),
      m_workers(std::make_unique<WorkerPool>(m_options.workerProgram, serverName()))
{
    m_names.learnProcess(static_cast<std::int32_t>(QCoreApplication::applicationPid()), u"monitor"_s);
    connect(m_objects.get(), &ObjectWatcher::updated, this, &Session::learnObjects);
    connect(m_objects.get(), &ObjectWatcher::serverGone, m_handles.get(), &HandleStore::releaseAll);
    connect(m_workers.get(), &WorkerPool::workerStarted, this, &Session::learnWorker);
    connect(m_workers.get(), &WorkerPool::workerEnded, this, [this](Worker *worker) {
        QTimer::singleShot(lastFramesMs, worker, [this, worker] { explainEnding(worker); });
    });
}

Session::~Session()
{
    // Whatever waits for a server that hangs ends now; otherwise the members below would wait for it too.
    m_links.closeAll();
}

QString Session::serverName() const { return QString::fromStdString(m_server.name()); }

int Session::maxChainLevel() const { return m_server.options().maxChainLevel; }

bool Session::hasScenario(const QString &name) const
{
    return std::ranges::find(m_options.scenarios, name, &Scenario::name) != m_options.scenarios.end();
}

void Session::startCapture() { m_collector->start(m_server.tap()); }

void Session::stopCapture() { m_collector->stop(); }

void Session::clearFrames()
{
    m_selection.selectFrame(noRow);
    m_collector->clear();
}

void Session::learnObjects()
{
    const ServerSnapshot &local = m_objects->servers().front();
    m_names.learnObjects(local.objects);
    m_workers->learnCalls(local.connections);
    Q_EMIT namesChanged();
}

void Session::learnWorker(const Worker *worker)
{
    m_names.learnProcess(static_cast<std::int32_t>(worker->process()), worker->scenario());
    Q_EMIT namesChanged();
}

void Session::explainEnding(Worker *worker) const
{
    if (worker->state() != WorkerState::Crashed && worker->state() != WorkerState::Killed)
        return;
    const InterruptedCall call = findInterruptedCall(m_frames.snapshot(), static_cast<std::int32_t>(worker->process()));
    if (!call.isFound())
        return;
    const QString member = call.member.empty() ? QString() : u"."_s + QString::fromStdString(call.member);
    worker->addToEnding(
        u"in the middle of %1%2 (frame %3)"_s.arg(m_names.object(call.object), member).arg(call.row + 1));
}

} // namespace decoy::ui
