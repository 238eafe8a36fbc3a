// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/session.h"

#include "session/call_history.h"
#include "session/call_runner.h"
#include "session/frame_filter.h"
#include "session/handle_store.h"
#include "session/held_books.h"
#include "session/interrupted_call.h"
#include "session/manual_calls.h"
#include "session/navigator.h"
#include "session/object_pins.h"
#include "session/object_watcher.h"
#include "session/record_settings.h"
#include "session/saved_calls.h"
#include "session/traffic_hold.h"
#include "session/worker_pool.h"
#include "trace/problem_analyser.h"
#include "trace/traffic_collector.h"

#include <decoy/proxy_server.h>

#include <QCoreApplication>
#include <QTimer>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// The last frames of a worker that died are still on their way when its death is noticed.
constexpr int lastFramesMs = 200;

/// Nothing in no folder.
QString fileIn(const QString &folder, QLatin1String name)
{
    return folder.isEmpty() ? QString() : folder + u'/' + name;
}

StatisticsLimits statisticsLimits(const ServerOptions &server)
{
    StatisticsLimits limits;
    limits.nearBufsize = server.limits.bufsize / 5 * 4;
    return limits;
}

std::int32_t ownProcess() { return static_cast<std::int32_t>(QCoreApplication::applicationPid()); }

ProblemOptions problemOptions(const ServerOptions &server)
{
    ProblemOptions options;
    options.ownProcess = ownProcess();
    options.maxChainLevel = server.maxChainLevel;
    options.bufsize = server.limits.bufsize;
    return options;
}

HeldBooksOptions heldBooksOptions()
{
    HeldBooksOptions options;
    options.leaks.ownProcess = ownProcess();
    return options;
}

} // namespace

Session::Session(ProxyServer &server, SessionOptions options, QObject *parent)
    : QObject(parent), m_server(server), m_options(std::move(options)),
      m_statistics(statisticsLimits(server.options())), m_frames(m_options.frames),
      m_filter(std::make_unique<FrameFilter>(m_frames, m_names)), m_navigation(std::make_unique<NavigationStack>()),
      m_navigator(std::make_unique<Navigator>(*m_navigation, m_selection, *m_filter, m_frames)),
      m_collector(std::make_unique<TrafficCollector>(m_frames)),
      m_record(std::make_unique<RecordSettings>(*m_collector)),
      m_problems(std::make_unique<ProblemAnalyser>(m_frames, m_statistics, problemOptions(server.options()))),
      m_handles(std::make_unique<HandleStore>()),
      m_callHistory(std::make_unique<CallHistory>(fileIn(m_options.dataFolder, "call-history.json"_L1))),
      m_savedCalls(std::make_unique<SavedCalls>(fileIn(m_options.dataFolder, "saved-calls.json"_L1))),
      m_calls(std::make_unique<CallRunner>(m_links, *m_handles)),
      m_manualCalls(std::make_unique<ManualCalls>(*m_calls, *m_callHistory, m_frames, *m_collector, serverName())),
      m_objects(std::make_unique<ObjectWatcher>(m_server, m_links, *m_handles)), m_pins(std::make_unique<ObjectPins>()),
      m_workers(std::make_unique<WorkerPool>(m_options.workerProgram, serverName())),
      m_hold(std::make_unique<TrafficHold>(m_server))
{
    m_frames.setObserver(&m_statistics);
    connect(m_collector.get(), &TrafficCollector::updated, m_problems.get(), &ProblemAnalyser::noteFrames);
    connect(m_collector.get(), &TrafficCollector::capturingChanged, m_problems.get(), &ProblemAnalyser::noteCapturing);
    auto *books = new HeldBooks(m_server, m_links, m_statistics, heldBooksOptions(),
                                m_problems.get()); // and goes with it
    connect(books, &HeldBooks::leaksChanged, m_problems.get(), [this, books] { m_problems->setLeaks(books->leaks()); });
    connect(m_objects.get(), &ObjectWatcher::updated, books, [this, books] { books->follow(m_objects->servers()); });
    connect(m_collector.get(), &TrafficCollector::updated, m_filter.get(), &FrameFilter::refresh);
    connect(this, &Session::namesChanged, m_filter.get(), &FrameFilter::learnNames);
    connect(this, &Session::namesChanged, m_hold.get(), [this] { m_hold->setNames(m_names); });
    connect(m_hold.get(), &TrafficHold::waitingChanged, m_workers.get(),
            [this] { m_workers->learnHeld(m_hold->waiting()); });
    m_names.learnProcess(ownProcess(), u"monitor"_s);
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

void Session::startCapture()
{
    const std::vector<ObjectInfo> objects = m_server.objects(); // before their first frames
    m_statistics.learnObjects(objects);
    m_record->learnObjects(objects);
    m_collector->start(m_server.tap());
}

void Session::stopCapture() { m_collector->stop(); }

void Session::clearFrames()
{
    m_selection.selectFrame(noRow);
    m_collector->clear();
}

void Session::forgetServer(const QString &server) { m_links.forget(server.toStdString()); }

void Session::learnObjects()
{
    const ServerSnapshot &local = m_objects->servers().front();
    m_names.learnObjects(local.news);
    m_names.learnHandedOut(m_statistics.takeHandedOut()); // they may be gone already
    m_record->learnObjects(local.news);
    m_statistics.learnObjects(local.news);
    m_workers->learnCalls(local.connections);
    tellOfNames();
}

/// Views paint all that they show when names change, so they are told only if some have.
void Session::tellOfNames()
{
    if (std::exchange(m_toldNames, m_names.revision()) != m_names.revision())
        Q_EMIT namesChanged();
}

void Session::learnWorker(const Worker *worker)
{
    m_names.learnProcess(static_cast<std::int32_t>(worker->process()), worker->scenario());
    tellOfNames();
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
