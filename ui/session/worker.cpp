// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/worker.h"

#include <QFile>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include <sys/prctl.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// What a worker writes is kept up to these bounds; a worker that floods its log must not flood the monitor.
constexpr std::size_t mostLogLines = 2000;
constexpr qsizetype longestLogLine = 4096;
/// The kernel counts in hundredths of a second.
constexpr qint64 loadIntervalMs = 900;

QString signalText(int number)
{
    const char *name = sigabbrev_np(number);
    return name ? u"signal %1 (SIG%2)"_s.arg(number).arg(QString::fromLatin1(name)) : u"signal %1"_s.arg(number);
}

struct ProcessSample {
    char state = '\0';
    quint64 ticks = 0; ///< processor time, its own and the kernel's for it
};

/// What /proc/PID/stat says after the parenthesised name, which may hold anything.
std::optional<ProcessSample> sampleOf(qint64 process)
{
    QFile file(u"/proc/%1/stat"_s.arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray text = file.readAll();
    const QByteArrayList fields = text.mid(text.lastIndexOf(')') + 1).simplified().split(' ');
    constexpr qsizetype userTime = 11; // the 14th of all
    if (fields.size() <= userTime + 1 || fields.front().isEmpty())
        return {};
    return ProcessSample{fields.front().front(), fields[userTime].toULongLong() + fields[userTime + 1].toULongLong()};
}

} // namespace

QString workerStateText(WorkerState state)
{
    switch (state) {
    case WorkerState::Starting: return u"starting"_s;
    case WorkerState::Running: return u"running"_s;
    case WorkerState::Suspended: return u"suspended"_s;
    case WorkerState::Stopping: return u"stopping"_s;
    case WorkerState::Finished: return u"finished"_s;
    case WorkerState::Killed: return u"killed"_s;
    case WorkerState::Crashed: return u"died"_s;
    case WorkerState::NotStarted: return u"not started"_s;
    }
    return {};
}

Worker::Worker(QString scenario, QString title, QString program, QStringList arguments, QObject *parent)
    : QObject(parent), m_scenario(std::move(scenario)), m_title(std::move(title))
{
    m_child.setProgram(program);
    m_child.setArguments(arguments);
    m_child.setProcessChannelMode(QProcess::MergedChannels);
    m_child.setStandardInputFile(QProcess::nullDevice());
    // The kernel ends it if the monitor dies without a chance to do so.
    m_child.setChildProcessModifier([monitor = ::getpid()] {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != monitor)
            ::_exit(EXIT_FAILURE);
    });
    connect(&m_child, &QProcess::started, this, [this] {
        m_process = m_child.processId();
        setState(m_stopRequested ? WorkerState::Stopping : WorkerState::Running);
    });
    connect(&m_child, &QProcess::readyRead, this, &Worker::readOutput);
    connect(&m_child, &QProcess::finished, this, &Worker::onFinished);
    connect(&m_child, &QProcess::errorOccurred, this, &Worker::onError);
}

Worker::~Worker()
{
    m_child.disconnect(this);
    if (m_child.state() != QProcess::NotRunning) {
        m_child.kill();
        m_child.waitForFinished();
    }
}

bool Worker::isAlive() const noexcept { return m_child.state() != QProcess::NotRunning; }

qint64 Worker::aliveMs() const noexcept { return isAlive() && m_alive.isValid() ? m_alive.elapsed() : m_aliveFor; }

void Worker::setCalls(quint64 calls, double perSecond, quint32 inFlight)
{
    if (m_calls == calls && m_callsPerSecond == perSecond && m_callsInFlight == inFlight)
        return;
    m_calls = calls;
    m_callsPerSecond = perSecond;
    m_callsInFlight = inFlight;
    Q_EMIT changed();
}

void Worker::setHeld(bool held)
{
    if (std::exchange(m_isHeld, held) != held)
        Q_EMIT changed();
}

void Worker::addToEnding(const QString &text)
{
    m_ending += u", "_s + text;
    appendLine(u"[%1]"_s.arg(text));
    Q_EMIT changed();
}

void Worker::start()
{
    if (isAlive())
        return;
    m_killedByUs = false;
    m_stopRequested = false;
    m_startAgain = false;
    m_ending.clear();
    m_calls = 0;
    m_callsPerSecond = 0;
    m_callsInFlight = 0;
    m_load = 0;
    m_sinceTicks.invalidate();
    m_alive.start();
    setState(WorkerState::Starting);
    m_child.start(QIODevice::ReadOnly);
}

void Worker::stop()
{
    if (!isAlive())
        return;
    m_stopRequested = true;
    setState(WorkerState::Stopping);
    m_child.terminate();
}

void Worker::kill()
{
    if (!isAlive())
        return;
    m_killedByUs = true;
    m_child.kill();
}

void Worker::restart()
{
    if (!isAlive())
        return start();
    m_startAgain = true;
    stop();
}

void Worker::sample()
{
    if (m_state != WorkerState::Running && m_state != WorkerState::Suspended)
        return;
    const auto sample = sampleOf(m_process);
    if (!sample)
        return;
    setState(sample->state == 'T' || sample->state == 't' ? WorkerState::Suspended : WorkerState::Running);
    measureLoad(sample->ticks);
}

void Worker::measureLoad(quint64 ticks)
{
    if (!m_sinceTicks.isValid()) {
        m_ticks = ticks;
        m_sinceTicks.start();
        return;
    }
    if (m_sinceTicks.elapsed() < loadIntervalMs)
        return;
    const double seconds = static_cast<double>(m_sinceTicks.restart()) / 1000;
    const quint64 used = ticks - std::min(ticks, std::exchange(m_ticks, ticks));
    const double load = static_cast<double>(used) / static_cast<double>(::sysconf(_SC_CLK_TCK)) / seconds;
    if (std::exchange(m_load, load) != load)
        Q_EMIT changed();
}

void Worker::setState(WorkerState state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT changed();
}

void Worker::readOutput()
{
    m_partialLine += m_decoder.decode(m_child.readAll());
    qsizetype begin = 0;
    for (qsizetype end = m_partialLine.indexOf(u'\n'); end >= 0; end = m_partialLine.indexOf(u'\n', begin)) {
        appendLine(m_partialLine.mid(begin, end - begin));
        begin = end + 1;
    }
    m_partialLine.remove(0, begin);
    if (m_partialLine.size() > longestLogLine) {
        appendLine(m_partialLine);
        m_partialLine.clear();
    }
}

void Worker::appendLine(QString line)
{
    line.truncate(longestLogLine);
    m_log.push_back(line);
    if (m_log.size() > mostLogLines)
        m_log.pop_front();
    Q_EMIT logged(line);
}

void Worker::onFinished(int code, QProcess::ExitStatus status)
{
    m_aliveFor = m_alive.elapsed();
    readOutput();
    if (!m_partialLine.isEmpty())
        appendLine(std::exchange(m_partialLine, {}));
    m_callsPerSecond = 0;
    m_callsInFlight = 0;
    m_load = 0;
    // A crash's code is the signal's number.
    const bool bySignal = status == QProcess::CrashExit;
    m_ending = bySignal ? u"killed by %1"_s.arg(signalText(code)) : u"exit code %1"_s.arg(code);
    if (bySignal && m_killedByUs)
        m_ending += u", sent from here"_s;
    const bool asAsked = bySignal && m_stopRequested && code == SIGTERM;
    m_state = !bySignal || asAsked ? WorkerState::Finished : m_killedByUs ? WorkerState::Killed : WorkerState::Crashed;
    appendLine(u"[%1 %2]"_s.arg(m_title, m_ending));
    Q_EMIT changed();
    Q_EMIT ended();
    if (m_startAgain)
        start();
}

void Worker::onError(QProcess::ProcessError error)
{
    if (error != QProcess::FailedToStart)
        return; // a crash arrives in onFinished() as well
    m_ending = u"could not be started: %1"_s.arg(m_child.errorString());
    appendLine(u"[%1 %2]"_s.arg(m_title, m_ending));
    m_state = WorkerState::NotStarted;
    Q_EMIT changed();
    Q_EMIT ended();
}

} // namespace decoy::ui
