// SPDX-License-Identifier: BSD-3-Clause
#include "process.h"

#include <QDir>

#include <csignal>
#include <stdexcept>
#include <sys/personality.h>

#ifdef __SANITIZE_THREAD__
/// QProcess starts programs with vfork, whose child shares our memory: ThreadSanitizer then takes us for the child of a fork and
/// refuses to let us start threads.
extern "C" const char *__tsan_default_options(); // NOLINT(bugprone-reserved-identifier): the sanitizer's name for it
extern "C" const char *__tsan_default_options() { return "die_after_fork=0"; }
#endif

namespace decoy::test {

namespace {

constexpr const char *runtimeVariable = "XDG_RUNTIME_DIR";
constexpr int patience = 60'000;

/// The programs that this thread starts from here on find their memory at random places. ThreadSanitizer takes that from us, and with
/// it from them; but the reference names its mailboxes by addresses, so that two of its servers would always take the same name.
void randomiseAddressesOfChildren()
{
    constexpr unsigned long onlyAsk = 0xffffffff;
    const int current = personality(onlyAsk);
    if (current >= 0 && current & ADDR_NO_RANDOMIZE)
        personality(static_cast<unsigned long>(current & ~ADDR_NO_RANDOMIZE));
}

} // namespace

RuntimeDirectory::RuntimeDirectory() : m_before(qgetenv(runtimeVariable))
{
    if (!m_directory.isValid())
        throw std::runtime_error("cannot create a runtime directory");
    qputenv(runtimeVariable, m_directory.path().toUtf8());
}

RuntimeDirectory::~RuntimeDirectory()
{
    if (m_before.isNull())
        qunsetenv(runtimeVariable);
    else
        qputenv(runtimeVariable, m_before);
}

QStringList RuntimeDirectory::entries() const
{
    return QDir(m_directory.filePath("decoy"))
        .entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot);
}

Process::Process(const QString &program, const QStringList &arguments, Errors errors)
{
    if (errors == Errors::Shown)
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    randomiseAddressesOfChildren();
    m_process.start(program, arguments);
    if (!m_process.waitForStarted(patience))
        throw std::runtime_error("cannot start " + program.toStdString() + ": "
                                 + m_process.errorString().toStdString());
}

Process::~Process()
{
    m_process.kill();
    m_process.waitForFinished(patience);
}

QByteArray Process::readLine()
{
    while (!m_process.canReadLine() && m_process.waitForReadyRead(patience))
        continue;
    QByteArray line = m_process.readLine();
    if (line.endsWith('\n'))
        line.chop(1);
    return line;
}

bool Process::waitForLineWith(const QByteArray &text)
{
    for (QByteArray line = readLine(); !line.isNull(); line = readLine()) {
        if (line.contains(text))
            return true;
    }
    return false;
}

void Process::writeLine(const QByteArray &line)
{
    m_process.write(line + '\n');
    while (m_process.bytesToWrite() != 0 && m_process.waitForBytesWritten(patience))
        continue;
}

void Process::closeInput() { m_process.closeWriteChannel(); }

void Process::send(int signal) const
{
    if (m_process.processId() != 0) // which would be this process's whole group
        ::kill(static_cast<pid_t>(m_process.processId()), signal);
}

Outcome Process::waitForEnd()
{
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(patience))
        throw std::runtime_error(m_process.program().toStdString() + " did not end");
    const bool crashed = m_process.exitStatus() == QProcess::CrashExit;
    return {(crashed ? 128 : 0) + m_process.exitCode(), m_process.readAllStandardOutput(),
            m_process.readAllStandardError()};
}

Outcome run(const QString &program, const QStringList &arguments) { return Process(program, arguments).waitForEnd(); }

} // namespace decoy::test
