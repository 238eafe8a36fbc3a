// SPDX-License-Identifier: BSD-3-Clause
#include "decoy_command.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>
#include <memory>
#include <vector>

using namespace decoy::test;

/// Processes that come, work together, die and leave.
class TestProcesses : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void aHostSaysWhatItServesAndThenThatItIsReady();
    void aSignalEndsAHostAndNothingIsLeft_data();
    void aSignalEndsAHostAndNothingIsLeft();
    void aHostEndsAtOnceWhileACallSleeps();
    void theNameOfALiveServerIsNotTaken();
    void aCallerIsToldWhenItsServerIsKilled();
    void theNameOfAKilledServerIsTakenOver();
    void aFrameBeyondBufsizeIsRefusedInBothDirections();
    void aServerIsFoundWithoutARuntimeDirectory();
    void everyScenarioPlaysItsRounds_data();
    void everyScenarioPlaysItsRounds();
    void aRateHoldsAWorkerBack();
    void theFaultyWorkerMeetsEveryKindOfError();
    void theClimberReachesTheLimit();
    void aCrashingWorkerLeavesTheHostAtWork();
    void aWorkerEndsInGoodOrderInTheMiddleOfACall();
    void aWorkerSaysThatItsServerDied();
    void aWorkerThatNobodyReadsEndsQuietly();
    void severalWorkersShareOneServer();
    void theDemoPrintsTheTrafficOfItsWorkers();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

namespace {

Outcome call(const QString &object, const QStringList &rest)
{
    return decoy::test::decoy(QStringList{"call", "demo", object} + rest);
}

QByteArray sleepsBegun() { return decoy::test::decoy({"get", "demo", "lab", "sleeps"}).output; }

} // namespace

void TestProcesses::aHostSaysWhatItServesAndThenThatItIsReady()
{
    Process host(DECOY_PROGRAM, {"host", "--bufsize", "4096"});
    QCOMPARE(host.readLine(), R"({"object":"counter","id":1,"type":"Counter","bufsize":4096})");
    QCOMPARE(host.readLine(), R"({"object":"account","id":2,"type":"Account","bufsize":4096})");
    for (const char *object : {"numbers", "settings", "node", "lab", "thermostat"})
        QCOMPARE(QJsonDocument::fromJson(host.readLine()).object()["object"].toString(), object);
    QCOMPARE(host.readLine(), R"({"ready":true,"server":"demo","pid":)" + QByteArray::number(host.id()) + "}");
    QCOMPARE(call("counter", {"add", "5"}).output, "105\n");
}

void TestProcesses::aSignalEndsAHostAndNothingIsLeft_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void TestProcesses::aSignalEndsAHostAndNothingIsLeft()
{
    QFETCH(int, signal);
    Host host;
    QCOMPARE(call("counter", {"add", "5"}).output, "105\n");
    QVERIFY(!m_runtime->entries().isEmpty());
    host.send(signal);
    host.send(SIGTERM); // timeout(1) sends two: to the process and to its group
    const Outcome outcome = host.waitForEnd();
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(m_runtime->entries(), QStringList());
}

void TestProcesses::aHostEndsAtOnceWhileACallSleeps()
{
    Host host;
    Process caller(DECOY_PROGRAM, {"call", "demo", "lab", "sleep", "60", "--timeout", "600"});
    QTRY_COMPARE_WITH_TIMEOUT(sleepsBegun(), "1\n", 60'000);
    host.send(SIGTERM);
    QCOMPARE(host.waitForEnd().status, 0);
    // Either the failed call or the end of the server reaches the caller first.
    const Outcome outcome = caller.waitForEnd();
    QVERIFY2(outcome.status == 1 || outcome.status == 3, outcome.errors);
}

void TestProcesses::theNameOfALiveServerIsNotTaken()
{
    Host first;
    const Outcome second = decoy::test::decoy({"host"});
    QCOMPARE(second.status, 1);
    QCOMPARE(second.output, QByteArray());
    QVERIFY2(second.errors.startsWith("decoy: NameTaken: "), second.errors);
    QCOMPARE(call("counter", {"add", "5"}).output, "105\n");
}

void TestProcesses::aCallerIsToldWhenItsServerIsKilled()
{
    Host host;
    Process caller(DECOY_PROGRAM, {"call", "demo", "lab", "sleep", "60", "--timeout", "600"});
    QTRY_COMPARE_WITH_TIMEOUT(sleepsBegun(), "1\n", 60'000);
    host.send(SIGKILL);
    const Outcome outcome = caller.waitForEnd();
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.errors.startsWith("decoy: PeerDied: "), outcome.errors);
}

void TestProcesses::theNameOfAKilledServerIsTakenOver()
{
    Host first;
    QCOMPARE(call("counter", {"add", "5"}).output, "105\n");
    first.send(SIGKILL);
    QCOMPARE(first.waitForEnd().status, 128 + SIGKILL);
    QCOMPARE(call("counter", {"add", "5"}).status, 3);
    QCOMPARE(decoy::test::decoy({"ls", "--json"}).output, "[]\n");
    Host second;
    QCOMPARE(call("counter", {"add", "5"}).output, "105\n");
}

void TestProcesses::aFrameBeyondBufsizeIsRefusedInBothDirections()
{
    Host host({"--bufsize", "4096"});
    const Outcome request = call("lab", {"echo", '"' + QString(5000, 'x') + '"'});
    QCOMPARE(request.status, 1);
    QVERIFY2(request.errors.startsWith("decoy: DataTooBigError: ") && request.errors.contains("4096"), request.errors);
    const Outcome result = call("lab", {"blob", "5000"});
    QCOMPARE(result.status, 1);
    QVERIFY2(result.errors.startsWith("decoy: DataTooBigError: ") && result.errors.contains("4096"), result.errors);
    QCOMPARE(call("lab", {"blob", "4000"}).status, 0);
}

void TestProcesses::aServerIsFoundWithoutARuntimeDirectory()
{
    qunsetenv("XDG_RUNTIME_DIR");
    const QString name = QString("fallback-%1").arg(QCoreApplication::applicationPid());
    Host host({"--name", name});
    QCOMPARE(decoy::test::decoy({"call", name, "counter", "add", "5"}).output, "105\n");
    QVERIFY(decoy::test::decoy({"ls"}).output.contains(name.toUtf8()));
    host.send(SIGTERM);
    QCOMPARE(host.waitForEnd().status, 0);
}

void TestProcesses::everyScenarioPlaysItsRounds_data()
{
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<int>("rounds");
    QTest::addColumn<QString>("logged");
    QTest::newRow("reader") << "reader" << 20 << "counter.a = 100\n";
    QTest::newRow("teller") << "teller" << 20 << "history has ";
    QTest::newRow("climber") << "climber" << 2 << "climbed to level 7: LimitedProxyChaining: ";
    QTest::newRow("listener") << "listener" << 3 << "thermostat.temperatureChanged(";
    QTest::newRow("slow") << "slow" << 4 << "sleep 900 ms: CallTimeout: ";
    QTest::newRow("faulty") << "faulty" << 1 << "withdraw too much: RemoteError: InsufficientFunds: ";
    QTest::newRow("hoarder") << "hoarder" << 20 << "keeps child 20\n"; // deeper than a chain may be at once
    QTest::newRow("flood") << "flood" << 1000 << " calls/s\n";
}

void TestProcesses::everyScenarioPlaysItsRounds()
{
    QFETCH(QString, scenario);
    QFETCH(int, rounds);
    QFETCH(QString, logged);
    Host host;
    const Outcome outcome = Worker(scenario, {"--rate", "0", "--count", QString::number(rounds)}).waitForEnd();
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.output.contains(logged.toUtf8()), outcome.output);
}

void TestProcesses::aRateHoldsAWorkerBack()
{
    Host host;
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(Worker("reader", {"--rate", "20", "--count", "5"}).waitForEnd().status, 0);
    QVERIFY(clock.elapsed() >= 4 * 1000 / 20);
}

void TestProcesses::theFaultyWorkerMeetsEveryKindOfError()
{
    Host host;
    const Outcome outcome = Worker("faulty", {"--rate", "0", "--count", "2"}).waitForEnd();
    QVERIFY2(outcome.status == 0, outcome.errors);
    for (const char *kind :
         {"ProxyError", "DataDecodeError", "DataEncodeError", "DataTooBigError", "EmptyData", "LimitedProxyChaining",
          "ProxyObjectNotFound", "PeerDied", "CallTimeout", "AccessDenied", "RemoteError", "AttributeNotFound",
          "ArgumentError", "ServerNotFound", "NameTaken", "AlreadyRunning", "LimitExceeded", "ConcurrentModification"})
        QVERIFY2(outcome.output.contains(QByteArray(": ") + kind + ": "), kind);
    QCOMPARE(call("counter", {"add", "5"}).output, "105\n");
}

void TestProcesses::theClimberReachesTheLimit()
{
    Host host;
    const Outcome outcome = Worker("climber", {"--rate", "0", "--count", "3"}).waitForEnd();
    QCOMPARE(outcome.output.count('\n'), 3);
    QCOMPARE(outcome.output.count("climbed to level 7: LimitedProxyChaining"), 3);
}

void TestProcesses::aCrashingWorkerLeavesTheHostAtWork()
{
    Host host;
    QCOMPARE(Worker("crasher", {"--rate", "0"}).waitForEnd().status, 128 + SIGKILL);
    QCOMPARE(sleepsBegun(), "1\n");
    QCOMPARE(call("lab", {"echo", "1"}).output, "1\n");
    QCOMPARE(call("counter", {"add", "5"}).output, "105\n");
    host.send(SIGTERM);
    QCOMPARE(host.waitForEnd().status, 0);
    QCOMPARE(m_runtime->entries(), QStringList());
}

void TestProcesses::aWorkerEndsInGoodOrderInTheMiddleOfACall()
{
    Host host;
    Worker worker("slow", {"--rate", "0"});
    QVERIFY(worker.waitForLineWith("sleep 50 ms: done"));
    worker.send(SIGTERM);
    const Outcome outcome = worker.waitForEnd();
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.status, 0);
}

void TestProcesses::aWorkerSaysThatItsServerDied()
{
    Host host;
    Worker worker("reader", {"--rate", "0"});
    QVERIFY(worker.waitForLineWith("counter.a = 100"));
    host.send(SIGKILL);
    const Outcome outcome = worker.waitForEnd();
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.errors.startsWith("decoy: PeerDied: "), outcome.errors);
}

void TestProcesses::aWorkerThatNobodyReadsEndsQuietly()
{
    Host host;
    const QString command = QStringLiteral("%1 worker reader --server demo --rate 0 | head -n 1").arg(DECOY_PROGRAM);
    const Outcome outcome = run("bash", {"-o", "pipefail", "-c", command});
    QCOMPARE(outcome.output, "counter.a = 100\n");
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.status, 0);
}

void TestProcesses::severalWorkersShareOneServer()
{
    Host host;
    constexpr int workers = 4;
    constexpr int callsEach = 2000;
    std::vector<std::unique_ptr<Worker>> team;
    for (int i = 0; i < workers; ++i)
        team.push_back(std::make_unique<Worker>("flood", QStringList{"--count", QString::number(callsEach)}));
    for (const auto &worker : team) {
        const Outcome outcome = worker->waitForEnd();
        QVERIFY2(outcome.status == 0, outcome.errors);
    }
    QCOMPARE(call("counter", {"add", "5"}).output, "105\n");
}

void TestProcesses::theDemoPrintsTheTrafficOfItsWorkers()
{
    Process demo(DECOY_PROGRAM, {"demo"});
    QVERIFY(demo.waitForLineWith("OPCODE"));
    QVERIFY(demo.waitForLineWith("-> Node#"));
    QVERIFY(demo.waitForLineWith("account.deposit("));
    QVERIFY(demo.waitForLineWith("ERROR"));
    demo.send(SIGINT);
    const Outcome outcome = demo.waitForEnd();
    QVERIFY2(outcome.status == 0 && outcome.errors.isEmpty(), outcome.errors);
    QVERIFY2(outcome.output.endsWith(" frames printed, 0 dropped\n"), outcome.output.right(200));
    QVERIFY2(!outcome.output.contains('\x1b'), "colours without a terminal");
    QCOMPARE(m_runtime->entries(), QStringList());
}

QTEST_GUILESS_MAIN(TestProcesses)
#include "test_processes.moc"
