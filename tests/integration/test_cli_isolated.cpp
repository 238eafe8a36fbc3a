// SPDX-License-Identifier: BSD-3-Clause
#include "decoy_command.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>

using namespace decoy::test;

/// `decoy host --isolated`, whose serving process is killed.
class TestCliIsolated : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void aKilledProcessIsReportedAndAnotherOneServes();
    void afterTheLastRestartTheCommandFails();
    void aSignalEndsBothProcesses();
    void whatCannotStartSaysWhy_data();
    void whatCannotStartSaysWhy();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

namespace {

QJsonObject nextObject(Process &process) { return QJsonDocument::fromJson(process.readLine()).object(); }

/// The id of the process that serves from here on.
int awaitReady(Process &process)
{
    for (QJsonObject line = nextObject(process); !line.isEmpty(); line = nextObject(process)) {
        if (line.contains("ready"))
            return line["pid"].toInt();
    }
    return 0;
}

} // namespace

void TestCliIsolated::aKilledProcessIsReportedAndAnotherOneServes()
{
    Process host(DECOY_PROGRAM, {"host", "--isolated"});
    const int first = awaitReady(host);
    QVERIFY(first != 0 && first != host.id());
    QCOMPARE(::kill(first, SIGKILL), 0);
    QCOMPARE(nextObject(host),
             (QJsonObject{
                 {"ended", "killed by signal 9 (SIGKILL)"}, {"server", "demo"}, {"pid", first}, {"restartsIn", 0.1}}));
    const int second = awaitReady(host);
    QVERIFY(second != 0 && second != first);
    QCOMPARE(decoy::test::decoy({"call", "demo", "counter", "add", "5"}).output, QByteArray("105\n"));
}

void TestCliIsolated::afterTheLastRestartTheCommandFails()
{
    Process host(DECOY_PROGRAM, {"host", "--isolated", "--restarts", "1"});
    QCOMPARE(::kill(awaitReady(host), SIGABRT), 0);
    QCOMPARE(::kill(awaitReady(host), SIGABRT), 0);
    QVERIFY(nextObject(host)["restartsIn"].isNull());
    const Outcome outcome = host.waitForEnd();
    QCOMPARE(
        outcome.errors,
        QByteArray("decoy: PeerDied: the server \"demo\" was given up after 1 restarts; its last process: killed by "
                   "signal 6 (SIGABRT)\n"));
    QCOMPARE(outcome.status, 3);
}

void TestCliIsolated::aSignalEndsBothProcesses()
{
    Process host(DECOY_PROGRAM, {"host", "--isolated"});
    const int child = awaitReady(host);
    host.send(SIGTERM);
    QCOMPARE(host.waitForEnd().status, 0);
    QVERIFY(::kill(child, 0) != 0); // it was waited for
    QVERIFY(!m_runtime->entries().contains("demo.sock"));
}

void TestCliIsolated::whatCannotStartSaysWhy_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("errors");
    QTest::newRow("name") << QStringList{"--isolated", "--name", "../demo"} << 2 << QByteArray("decoy: UsageError: ");
    QTest::newRow("bufsize") << QStringList{"--isolated", "--bufsize", "3"} << 1
                             << QByteArray(
                                    "decoy: ProxyError: the isolated server \"demo\" did not start: bufsize must be ");
    QTest::newRow("restarts of nothing") << QStringList{"--restarts", "3"} << 2 << QByteArray("decoy: UsageError: ");
}

void TestCliIsolated::whatCannotStartSaysWhy()
{
    QFETCH(QStringList, options);
    QFETCH(int, status);
    QFETCH(QByteArray, errors);
    const Outcome outcome = decoy::test::decoy(QStringList{"host"} + options);
    QVERIFY2(outcome.errors.startsWith(errors), outcome.errors);
    QCOMPARE(outcome.errors.count('\n'), 1);
    QCOMPARE(outcome.status, status);
}

QTEST_GUILESS_MAIN(TestCliIsolated)
#include "test_cli_isolated.moc"
