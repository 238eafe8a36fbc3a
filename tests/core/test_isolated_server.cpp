// SPDX-License-Identifier: BSD-3-Clause
#include "isolation/lifeline.h"
#include "support/isolated_objects.h"
#include "support/isolated_test.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QDir>
#include <QTest>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <future>
#include <memory>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// A server in a process of its own: how that starts, what it inherits, and how it is stopped. This program is that
/// process, too.
class TestIsolatedServer : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void itServesFromAnotherProcess();
    void theProcessInheritsOutputEnvironmentAndArgumentsAndNothingElse();

    void aStartThatFailsSaysWhy_data();
    void aStartThatFailsSaysWhy();
    void itIsStartedOnceAndAgainAfterAStop();
    void whatWasStoppedIsNotWaitedFor();
    void aProcessThatHangsIsKilledAfterTheTimeToStop();
    void itCanBeStoppedByItsOwnCallback();
    void aStopEndsTheWaitForAStart();
    void theProcessGoesWhenItsParentIsKilled();

    void onlyTheStartedProcessIsAChild();
    void aProgramThatForgotToServeDoesNotStartItselfForEver();
    void nonsenseOnTheLifelineIsNoAnnouncement();
    void optionsThatCannotBeAreRefused();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

namespace {

FileDescriptor handleOf(int process) { return FileDescriptor(static_cast<int>(syscall(SYS_pidfd_open, process, 0))); }

bool hasEnded(const FileDescriptor &handle)
{
    pollfd ended{handle.get(), POLLIN, 0};
    return poll(&ended, 1, patience) == 1;
}

} // namespace

void TestIsolatedServer::itServesFromAnotherProcess()
{
    Diary diary;
    IsolatedOptions options;
    options.changed = diary.writer();
    IsolatedServer server("bank", options);
    QCOMPARE(server.status().state, IsolatedState::Stopped);
    server.start();
    const IsolatedStatus status = server.status();
    QCOMPARE(status.state, IsolatedState::Serving);
    QVERIFY(status.process != 0 && status.process != getpid());

    const Connection connection = server.connect();
    QCOMPARE(connection.serverProcess(), status.process);
    QCOMPARE(connection.objects().front().name, std::string("bomb"));
    server.stop();
    QVERIFY(!connection.isAlive());
    QCOMPARE(server.status().state, IsolatedState::Stopped);
    QCOMPARE(server.status().lastEnd, std::string("exited with status 0"));
    QCOMPARE(diary.states(), (States{"Starting", "Serving", "Stopping", "Stopped"}));
    QVERIFY(!m_runtime->entries().contains("bank.sock"));
}

void TestIsolatedServer::theProcessInheritsOutputEnvironmentAndArgumentsAndNothingElse()
{
    const QByteArray secret = QDir::tempPath().toUtf8() + "/decoy-secret-" + QByteArray::number(getpid());
    const FileDescriptor leak(open(secret.constData(), O_RDWR | O_CREAT, 0600)); // without O_CLOEXEC
    QVERIFY(leak.isOpen());
    unlink(secret.constData());
    qputenv("DECOY_TEST_VARIABLE", "before");
    IsolatedOptions options;
    options.arguments = {"--color", "a b"};
    IsolatedServer server("bank", options);
    server.start();
    qunsetenv("DECOY_TEST_VARIABLE");

    const Proxy bomb = server.connect()["bomb"];
    const auto files = bomb.call<std::vector<std::string>>("openFiles");
    QCOMPARE(files.front(), std::string("/dev/null"));
    QVERIFY(std::ranges::none_of(
        files, [](const std::string &file) { return file.find("decoy-secret") != std::string::npos; }));
    QCOMPARE(bomb.call<std::string>("variable", "DECOY_TEST_VARIABLE"), std::string("before"));
    QCOMPARE(bomb.call<std::string>("variable", "DECOY_ISOLATED"), std::string());
    const auto arguments = bomb.call<std::vector<std::string>>("arguments");
    QCOMPARE((std::vector<std::string>(arguments.begin() + 1, arguments.end())), options.arguments);
}

void TestIsolatedServer::aStartThatFailsSaysWhy_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("reason");
    QTest::newRow("the objects cannot be made") << "throws"
                                                << ""
                                                << "there is no money";
    QTest::newRow("it never serves") << "sleeps"
                                     << ""
                                     << "killed, because it did not serve within 200 ms";
    QTest::newRow("it babbles") << "babbles"
                                << ""
                                << "killed, because it did not end within 100 ms";
    QTest::newRow("the name is taken") << "taken"
                                       << ""
                                       << "a live server is called \"taken\" already";
    QTest::newRow("no such program") << "bank"
                                     << "/nowhere/bank"
                                     << "cannot run the program: No such file or directory";
    QTest::newRow("it does not serve at all") << "bank"
                                              << "/bin/false"
                                              << "exited with status 1";
}

void TestIsolatedServer::aStartThatFailsSaysWhy()
{
    QFETCH(QString, name);
    QFETCH(QString, program);
    QFETCH(QString, reason);
    ProxyServer other("taken");
    other.run();
    IsolatedOptions options = impatient();
    options.program = program.toStdString();
    if (name == "babbles")
        options.stopTimeout = 100ms;
    if (name == "sleeps")
        options.startTimeout = 200ms;
    IsolatedServer server(name.toStdString(), options);
    std::string message;
    QCOMPARE(errorOf([&] { server.start(); }, &message), "ProxyError");
    QCOMPARE(message, "the isolated server \"" + name.toStdString() + "\" did not start: " + reason.toStdString());
    QCOMPARE(server.status().state, IsolatedState::Stopped);
    QCOMPARE(server.status().restarts, 0U);
}

void TestIsolatedServer::itIsStartedOnceAndAgainAfterAStop()
{
    IsolatedServer server("bank");
    server.stop(); // nothing is there to stop, and the next start is not stopped by it
    server.start();
    QCOMPARE(errorOf([&] { server.start(); }), "AlreadyRunning");
    server.stop();
    server.stop();
    server.start();
    QVERIFY(server.connect()["bomb"].isValid());
}

void TestIsolatedServer::whatWasStoppedIsNotWaitedFor()
{
    IsolatedServer server("bank");
    QCOMPARE(errorOf([&] { (void)server.connect(waitForever); }), "ServerNotFound");
    IsolatedOptions options;
    options.firstPause = options.longestPause = 1h;
    IsolatedServer slow("slow", options);
    slow.start();
    QCOMPARE(errorOf([&] { slow.connect()["bomb"].call("exit", 1); }), "PeerDied");
    auto waiting = std::async(std::launch::async, [&] { return errorOf([&] { (void)slow.connect(waitForever); }); });
    EVENTUALLY(slow.status().state == IsolatedState::Pausing);
    slow.stop();
    QCOMPARE(waiting.get(), "ServerNotFound");
}

void TestIsolatedServer::aProcessThatHangsIsKilledAfterTheTimeToStop()
{
    IsolatedOptions options;
    options.stopTimeout = 50ms;
    IsolatedServer server("bank", options);
    server.start();
    const Proxy bomb = server.connect()["bomb"].withTimeout(waitForever);
    auto call = std::async(std::launch::async, [&] { return errorOf([&] { bomb.call("hang"); }); });
    EVENTUALLY_EQUAL(bomb.call<int>("hanging"), 1);
    server.stop();
    QCOMPARE(call.get(), "PeerDied");
    QCOMPARE(server.status().lastEnd, std::string("killed, because it did not end within 50 ms"));
    QCOMPARE(server.status().restarts, 0U);
}

void TestIsolatedServer::itCanBeStoppedByItsOwnCallback()
{
    IsolatedServer *self = nullptr;
    IsolatedOptions options = impatient();
    options.changed = [&self](const IsolatedStatus &status) {
        if (status.state == IsolatedState::Pausing)
            self->stop();
    };
    IsolatedServer server("bank", options);
    self = &server;
    server.start();
    QCOMPARE(errorOf([&] { server.connect()["bomb"].call("exit", 1); }), "PeerDied");
    EVENTUALLY(server.status().state == IsolatedState::Stopped);
    QCOMPARE(server.status().restarts, 0U);
}

void TestIsolatedServer::aStopEndsTheWaitForAStart()
{
    IsolatedOptions options;
    options.startTimeout = 1h;
    options.stopTimeout = 10ms;
    IsolatedServer server("sleeps", options);
    auto start = std::async(std::launch::async, [&] { return errorOf([&] { server.start(); }); });
    EVENTUALLY(server.status().process != 0);
    server.stop();
    QCOMPARE(start.get(), "ProxyError");
    QCOMPARE(server.status().state, IsolatedState::Stopped);
}

void TestIsolatedServer::theProcessGoesWhenItsParentIsKilled()
{
    Process parent(QCoreApplication::applicationFilePath(), {"parent"});
    const int id = parent.readLine().toInt();
    const FileDescriptor child = handleOf(id);
    QVERIFY(child.isOpen());
    const Connection connection = decoy::connect("bank");
    QCOMPARE(connection.serverProcess(), id);
    parent.send(SIGKILL);
    QVERIFY(hasEnded(child));
    QVERIFY(!connection.isAlive());
}

void TestIsolatedServer::onlyTheStartedProcessIsAChild()
{
    QVERIFY(!isIsolatedChild());
    QCOMPARE(errorOf([] { IsolatedChild child; }), "ProxyError");
    QCOMPARE(errorOf([] { serveIsolated([](ProxyServer &) {}); }), "ProxyError");
    for (const QByteArray &variable :
         {QByteArray("1:bank"), QByteArray(":bank"), QByteArray("bank"), QByteArray(),
          QByteArray::number(getppid()) + "bank", QByteArray::number(getppid()) + "x:bank"}) {
        qputenv("DECOY_ISOLATED", variable); // a grandchild has inherited it, or somebody plays with it
        QVERIFY2(!isIsolatedChild() || (variable == "1:bank" && getppid() == 1), variable);
    }
    qunsetenv("DECOY_ISOLATED");
}

void TestIsolatedServer::aProgramThatForgotToServeDoesNotStartItselfForEver()
{
    IsolatedServer server("bank");
    qputenv("DECOY_ISOLATED", QByteArray::number(getppid()) + ":bank"); // as in a child whose main() goes on
    std::string message;
    QCOMPARE(errorOf([&] { server.start(); }, &message), "ProxyError");
    qunsetenv("DECOY_ISOLATED");
    QVERIFY(message.find("serveIsolated()") != std::string::npos);
}

void TestIsolatedServer::nonsenseOnTheLifelineIsNoAnnouncement()
{
    const auto [ours, its] = isolation::makeLifeline();
    for (const std::string &nonsense :
         {std::string("?"), std::string("!"), std::string("!12345678"), std::string(2000, '+')}) {
        QCOMPARE(send(its.get(), nonsense.data(), nonsense.size(), 0), static_cast<ssize_t>(nonsense.size()));
        QVERIFY(!isolation::receiveAnnouncement(ours));
    }
    isolation::announce(its.get(), false, std::string(5000, 'x'));
    QCOMPARE(isolation::receiveAnnouncement(ours)->reason, std::string(1023, 'x'));
    isolation::announceSystemError(its.get(), EACCES);
    QCOMPARE(isolation::receiveAnnouncement(ours)->reason, std::string("cannot run the program: Permission denied"));
}

void TestIsolatedServer::optionsThatCannotBeAreRefused()
{
    IsolatedOptions negative;
    negative.stopTimeout = -1ms;
    QCOMPARE(errorOf([&] { IsolatedServer server("bank", negative); }), "ArgumentError");
    IsolatedOptions backwards;
    backwards.maxRestarts = -1;
    QCOMPARE(errorOf([&] { IsolatedServer server("bank", backwards); }), "ArgumentError");
    QCOMPARE(errorOf([] { IsolatedServer server("../bank"); }), "ArgumentError");
}

namespace {

/// A program with an isolated server, to be killed.
int runParent()
{
    IsolatedServer server("bank");
    server.start();
    std::printf("%d\n", server.status().process);
    std::fflush(stdout);
    Bomb().hang();
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (!isIsolatedChild() && argc > 1 && std::string_view(argv[1]) == "parent")
        return runParent();
    return serveOrTest<TestIsolatedServer>(argc, argv);
}

#include "test_isolated_server.moc"
