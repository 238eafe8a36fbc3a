// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

namespace decoy::test {

/// An empty XDG_RUNTIME_DIR for this process and its children, so that tests see no servers but their own.
class RuntimeDirectory {
public:
    RuntimeDirectory();
    ~RuntimeDirectory();
    RuntimeDirectory(const RuntimeDirectory &) = delete;
    RuntimeDirectory &operator=(const RuntimeDirectory &) = delete;

    /// What servers have left in it.
    [[nodiscard]] QStringList entries() const;

private:
    QTemporaryDir m_directory;
    QByteArray m_before;
};

/// What a program that has ended left behind.
struct Outcome {
    int status = -1; ///< its exit status; 128 + the signal if one ended it, as the shell has it
    QByteArray output;
    QByteArray errors;
};

/// One of our own programs as a child process; killed, if it still runs, when this object goes. The waiting functions wait for
/// facts; a program that does nothing for a minute fails the test.
class Process {
public:
    /// What becomes of its standard error: kept for waitForEnd(), or shown among this test's own, where it is seen however both end.
    enum class Errors { Kept, Shown };

    Process(const QString &program, const QStringList &arguments, Errors errors = Errors::Kept);
    ~Process();
    Process(const Process &) = delete;
    Process &operator=(const Process &) = delete;

    [[nodiscard]] int id() const { return static_cast<int>(m_process.processId()); }
    /// Looks at the process, without an event loop.
    [[nodiscard]] bool isRunning() { return m_process.state() == QProcess::Running && !m_process.waitForFinished(0); }

    /// The next line of its standard output without its end; null once there is none.
    [[nodiscard]] QByteArray readLine();
    /// Reads lines until one contains `text`. False if the output ended before.
    [[nodiscard]] bool waitForLineWith(const QByteArray &text);
    /// Writes a line to its standard input; returns when the system has it.
    void writeLine(const QByteArray &line);
    /// Ends its standard input.
    void closeInput();

    /// Does nothing if it is known to have ended.
    void send(int signal) const;
    /// What it did by the time it ended by itself, lines that were read before not included.
    [[nodiscard]] Outcome waitForEnd();

private:
    QProcess m_process;
};

/// Runs a program to its end.
[[nodiscard]] Outcome run(const QString &program, const QStringList &arguments);

/// For tests whose server runs here while they start processes: ThreadSanitizer ignores what threads synchronise that begin after a
/// fork, and takes what such a thread and an older one share for a race. After this all are younger.
inline void forkOnce() { (void)run("/bin/true", {}); }

} // namespace decoy::test
