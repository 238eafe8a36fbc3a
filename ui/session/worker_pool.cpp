// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/worker_pool.h"

#include <QFileInfo>
#include <QProcess>
#include <QSet>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int samplingIntervalMs = 500;
/// Over a shorter time, a worker that makes a few calls a second would seem to make none or many.
constexpr qint64 rateIntervalMs = 1000;

} // namespace

WorkerPool::WorkerPool(QString program, QString server, QObject *parent)
    : QObject(parent), m_program(std::move(program)), m_server(std::move(server))
{
    m_sampling.setInterval(samplingIntervalMs);
    connect(&m_sampling, &QTimer::timeout, this, &WorkerPool::sampleAll);
}

WorkerPool::~WorkerPool()
{
    for (const auto &worker : m_workers)
        worker->disconnect(this); // their deaths below are nobody's news any more
}

Worker *WorkerPool::start(const QString &scenario)
{
    return add(scenario, m_program, {u"worker"_s, scenario, u"--server"_s, m_server});
}

Worker *WorkerPool::startCommand(const QString &command)
{
    QStringList arguments = QProcess::splitCommand(command);
    if (arguments.isEmpty())
        return nullptr;
    const QString program = arguments.takeFirst();
    return add(QFileInfo(program).fileName(), program, arguments);
}

Worker *WorkerPool::add(const QString &name, const QString &program, const QStringList &arguments)
{
    const QString title = u"%1 %2"_s.arg(name).arg(++m_started[name]);
    const int index = count();
    Q_EMIT workerAboutToBeAdded(index);
    m_workers.push_back(std::make_unique<Worker>(name, title, program, arguments));
    Worker *worker = m_workers.back().get();
    Q_EMIT workerAdded(index);

    connect(worker, &Worker::changed, this, [this, worker, wasProcess = qint64{0}]() mutable {
        if (worker->process() != std::exchange(wasProcess, worker->process()))
            Q_EMIT workerStarted(worker);
        Q_EMIT workerChanged(indexOf(worker));
    });
    connect(worker, &Worker::ended, this, [this, worker] { Q_EMIT workerEnded(worker); });
    worker->start();
    m_sampling.start();
    return worker;
}

void WorkerPool::stopAll()
{
    for (const auto &worker : m_workers)
        worker->stop();
}

void WorkerPool::clearEnded()
{
    for (int index = count() - 1; index >= 0; --index) {
        if (!at(index)->isAlive())
            remove(index);
    }
}

void WorkerPool::discard(const Worker *worker)
{
    Worker *discarded = at(indexOf(worker));
    discarded->disconnect(this); // its end is nobody's news any more
    discarded->kill();
    remove(indexOf(worker));
}

void WorkerPool::remove(int index)
{
    Q_EMIT workerAboutToBeRemoved(index);
    // Later: the signal that brought us here may be the worker's own.
    m_workers[static_cast<std::size_t>(index)].release()->deleteLater();
    m_workers.erase(m_workers.begin() + index);
    Q_EMIT workerRemoved(index);
}

Worker *WorkerPool::find(const QString &title) const noexcept
{
    const auto found = std::ranges::find_if(m_workers, [&](const auto &worker) { return worker->title() == title; });
    return found == m_workers.end() ? nullptr : found->get();
}

int WorkerPool::aliveCount() const noexcept
{
    return static_cast<int>(std::ranges::count_if(m_workers, [](const auto &worker) { return worker->isAlive(); }));
}

void WorkerPool::learnCalls(const std::vector<ConnectionInfo> &connections)
{
    const bool rateIsDue = !m_sinceCalls.isValid() || m_sinceCalls.elapsed() >= rateIntervalMs;
    const double seconds = m_sinceCalls.isValid() ? static_cast<double>(m_sinceCalls.elapsed()) / 1000 : 0;
    QHash<qint64, quint64> calls;
    QHash<qint64, quint32> inFlight;
    for (const ConnectionInfo &connection : connections) {
        calls[connection.peer.process] += connection.calls;
        inFlight[connection.peer.process] += connection.inFlight;
    }
    for (const auto &worker : m_workers) {
        const auto known = calls.constFind(worker->process());
        if (!worker->isAlive() || known == calls.constEnd())
            continue; // a dead one keeps its last count
        double rate = worker->callsPerSecond();
        if (rateIsDue) {
            quint64 &before = m_callsBefore[worker->process()];
            rate = seconds > 0 ? static_cast<double>(*known - std::min(before, *known)) / seconds : 0;
            before = *known;
        }
        worker->setCalls(*known, rate, inFlight.value(worker->process()));
    }
    if (rateIsDue)
        m_sinceCalls.start();
}

void WorkerPool::learnHeld(const std::vector<HeldRequest> &requests)
{
    QSet<qint64> blocked;
    for (const HeldRequest &request : requests)
        blocked.insert(request.event.process);
    for (const auto &worker : m_workers)
        worker->setHeld(worker->isAlive() && blocked.contains(worker->process()));
}

int WorkerPool::indexOf(const Worker *worker) const
{
    const auto found = std::ranges::find(m_workers, worker, &std::unique_ptr<Worker>::get);
    return static_cast<int>(found - m_workers.begin());
}

void WorkerPool::sampleAll()
{
    for (const auto &worker : m_workers)
        worker->sample();
    if (aliveCount() == 0)
        m_sampling.stop();
}

} // namespace decoy::ui
