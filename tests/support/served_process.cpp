// SPDX-License-Identifier: BSD-3-Clause
#include "served_process.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <sched.h>
#include <stdexcept>

namespace decoy::test {

namespace {
/// Where each thread of a process stands, for a report: its state, and what it waits for in the system.
QByteArray standingOf(const Process &process)
{
    const QDir tasks(QStringLiteral("/proc/%1/task").arg(process.id()));
    QByteArray threads;
    for (const QString &thread : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        for (const char *what : {"/wchan", "/syscall"}) {
            QFile file(tasks.filePath(thread + what));
            threads += file.open(QIODevice::ReadOnly) ? ' ' + file.readAll().trimmed() : QByteArray();
        }
        threads += ';';
    }
    return threads;
}
} // namespace

ServedProcess::ServedProcess(const QStringList &options, QString name)
    : m_name(std::move(name)),
      m_process(DECOY_TEST_PEER, QStringList{"serve", m_name} + options, Process::Errors::Shown)
{
    if (m_process.readLine() != "ready")
        throw std::runtime_error("the server did not start");
}

ServedProcess::~ServedProcess()
{
    if (m_isKilled)
        return;
    m_process.send(SIGTERM);
    m_process.send(SIGCONT);
    try {
        const int status = m_process.waitForEnd().status;
        if (status != 0)
            QTest::qFail(("the server ended with " + QByteArray::number(status)).constData(), __FILE__, __LINE__);
    } catch (const std::exception &error) {
        QTest::qFail((QByteArray(error.what()) + "; its threads:" + standingOf(m_process)).constData(), __FILE__,
                     __LINE__);
    }
}

void standStill(const Process &process)
{
    const auto standsStill = [&process] {
        const QDir tasks(QStringLiteral("/proc/%1/task").arg(process.id()));
        const QStringList threads = tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        return std::ranges::all_of(threads, [&tasks](const QString &thread) {
            QFile status(tasks.filePath(thread + "/status"));
            return !status.open(QIODevice::ReadOnly) || status.readAll().contains("State:\tT");
        });
    };
    process.send(SIGSTOP);
    while (!standsStill())
        sched_yield();
}

void ServedProcess::send(int signal)
{
    if (signal == SIGSTOP)
        return standStill(m_process);
    m_process.send(signal);
    if (signal != SIGKILL)
        return;
    m_isKilled = true;
    (void)m_process.waitForEnd();
}

} // namespace decoy::test
