// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringDecoder>

#include <deque>

namespace decoy::ui {

enum class WorkerState : quint8 {
    Starting,
    Running,
    Suspended, ///< stopped by a signal (SIGSTOP): it is there, but does nothing
    Stopping,  ///< was asked to end and has not yet
    Finished,  ///< ended by itself or as asked
    Killed,    ///< by us, with SIGKILL
    Crashed,   ///< by a signal that we did not send
    NotStarted ///< the system refused
};

[[nodiscard]] QString workerStateText(WorkerState state);

/// One client process of the monitor's server, its output included. Restarting keeps the row and the log.
class Worker : public QObject {
    Q_OBJECT

public:
    Worker(QString scenario, QString title, QString program, QStringList arguments, QObject *parent = nullptr);
    /// Kills the process if it still runs: a worker never outlives the monitor.
    ~Worker() override;

    [[nodiscard]] const QString &scenario() const noexcept { return m_scenario; }
    [[nodiscard]] const QString &title() const noexcept { return m_title; } ///< "teller 2"
    [[nodiscard]] WorkerState state() const noexcept { return m_state; }
    [[nodiscard]] bool isAlive() const noexcept;
    /// Of the process that runs, or ran last; 0 before the first.
    [[nodiscard]] qint64 process() const noexcept { return m_process; }
    [[nodiscard]] qint64 aliveMs() const noexcept;
    /// How it ended, in words: "exit code 0", "killed by signal 9 (SIGKILL)"; empty while it runs.
    [[nodiscard]] const QString &ending() const noexcept { return m_ending; }
    [[nodiscard]] const std::deque<QString> &log() const noexcept { return m_log; }

    /// What the server knows of it.
    [[nodiscard]] quint64 calls() const noexcept { return m_calls; }
    [[nodiscard]] double callsPerSecond() const noexcept { return m_callsPerSecond; }
    /// Calls of it that have no answer yet, as the server counts them.
    [[nodiscard]] quint32 callsInFlight() const noexcept { return m_callsInFlight; }
    void setCalls(quint64 calls, double perSecond, quint32 inFlight);
    /// Processor time in the last second or so: 1 is one core the whole time.
    [[nodiscard]] double load() const noexcept { return m_load; }
    /// Whether a request of it waits at a breakpoint.
    [[nodiscard]] bool isHeld() const noexcept { return m_isHeld; }
    void setHeld(bool held);
    /// Adds what only others can know, for example the call during which it died.
    void addToEnding(const QString &text);

    void start();
    /// Asks it to end (SIGTERM).
    void stop();
    /// Ends it at once (SIGKILL).
    void kill();
    /// Starts it again, after its end if it runs.
    void restart();
    /// Notices what the system does not report: that it was suspended or continued, and how much it computes.
    void sample();

Q_SIGNALS:
    void changed();
    void logged(const QString &line);
    void ended();

private:
    void setState(WorkerState state);
    void measureLoad(quint64 ticks);
    void readOutput();
    void appendLine(QString line);
    void onFinished(int code, QProcess::ExitStatus status);
    void onError(QProcess::ProcessError error);

    const QString m_scenario;
    const QString m_title;
    QProcess m_child;
    WorkerState m_state = WorkerState::Starting;
    bool m_killedByUs = false;
    bool m_stopRequested = false;
    bool m_startAgain = false;
    qint64 m_process = 0;
    QElapsedTimer m_alive;
    qint64 m_aliveFor = 0;
    QString m_ending;
    QStringDecoder m_decoder{QStringDecoder::Utf8};
    QString m_partialLine;
    std::deque<QString> m_log;
    quint64 m_calls = 0;
    double m_callsPerSecond = 0;
    quint32 m_callsInFlight = 0;
    bool m_isHeld = false;
    quint64 m_ticks = 0; ///< of processor time, when m_sinceTicks began
    QElapsedTimer m_sinceTicks;
    double m_load = 0;
};

} // namespace decoy::ui
