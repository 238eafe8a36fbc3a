// SPDX-License-Identifier: BSD-3-Clause
#include "isolation/restart_policy.h"
#include "support/isolated_test.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <set>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// A server in a process of its own that ends without being stopped: what callers are told, and what is started in its
/// place. This program is that process, too.
class TestIsolatedRestarts : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void anEndOfTheProcessIsToldAndAnotherOneStarted_data();
    void anEndOfTheProcessIsToldAndAnotherOneStarted();
    void aCallUnderWayEndsWithPeerDiedWhenItsProcessIsKilled();
    void noCallRunsTwiceWhileProcessesDieUnderManyClients();
    void afterTooManyRestartsItIsGivenUpAndCanBeStartedAgain();
    void aWaitForTheNextProcessHasADeadline();
    void pausesGrowAndOldRestartsAreForgotten();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestIsolatedRestarts::anEndOfTheProcessIsToldAndAnotherOneStarted_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("number");
    QTest::addColumn<QString>("end");
    QTest::newRow("SIGSEGV") << "raise" << SIGSEGV << "killed by signal 11 (SIGSEGV)";
    QTest::newRow("abort") << "raise" << SIGABRT << "killed by signal 6 (SIGABRT)";
    QTest::newRow("SIGTERM") << "raise" << SIGTERM << "killed by signal 15 (SIGTERM)";
    QTest::newRow("exit(3)") << "exit" << 3 << "exited with status 3";
    QTest::newRow("exit(0)") << "exit" << 0 << "exited with status 0";
}

void TestIsolatedRestarts::anEndOfTheProcessIsToldAndAnotherOneStarted()
{
    QFETCH(QString, method);
    QFETCH(int, number);
    QFETCH(QString, end);
    Diary diary;
    IsolatedOptions options = impatient();
    options.changed = diary.writer();
    IsolatedServer server("bank", options);
    server.start();
    const int first = server.status().process;
    const Connection connection = server.connect();
    QCOMPARE(errorOf([&] { connection["bomb"].call(method.toStdString(), number); }), "PeerDied");
    QCOMPARE(errorOf([&] { (void)connection["bomb"]; }), "PeerDied"); // nothing is reconnected behind one's back

    QCOMPARE(server.connect()["bomb"].call<std::string>("variable", "DECOY_ISOLATED"), std::string());
    const IsolatedStatus status = server.status();
    QCOMPARE(status.restarts, 1U);
    QVERIFY(status.process != first);
    QCOMPARE(status.lastEnd, end.toStdString());
    EVENTUALLY_EQUAL(diary.states(), (States{"Starting", "Serving", "Pausing", "Starting", "Serving"}));
}

void TestIsolatedRestarts::aCallUnderWayEndsWithPeerDiedWhenItsProcessIsKilled()
{
    IsolatedServer server("bank", impatient());
    server.start();
    const Proxy bomb = server.connect()["bomb"].withTimeout(waitForever);
    auto call = std::async(std::launch::async, [&] { return errorOf([&] { bomb.call("hang"); }); });
    EVENTUALLY_EQUAL(bomb.call<int>("hanging"), 1);
    kill(server.status().process, SIGKILL);
    QCOMPARE(call.get(), "PeerDied");
    QVERIFY(server.connect()["bomb"].isValid());
    QCOMPARE(server.status().lastEnd, std::string("killed by signal 9 (SIGKILL)"));
}

void TestIsolatedRestarts::noCallRunsTwiceWhileProcessesDieUnderManyClients()
{
    constexpr int clients = 8;
    constexpr int deaths = 4;
    QTemporaryDir folder;
    const std::string file = folder.filePath("notes").toStdString();
    IsolatedOptions options = impatient();
    options.maxRestarts = deaths;
    IsolatedServer server("bank", options);
    server.start();

    std::atomic<bool> isOver{false};
    std::atomic<int> answers{0};
    std::vector<std::future<std::set<std::string>>> answered;
    for (int client = 0; client < clients; ++client) {
        answered.push_back(std::async(std::launch::async, [&, client] {
            std::set<std::string> lines;
            int number = 0;
            while (!isOver) {
                try {
                    const Proxy bomb = server.connect(waitForever)["bomb"];
                    while (!isOver) {
                        const std::string line = std::to_string(client) + "-" + std::to_string(number++);
                        bomb.call("note", file, line);
                        lines.insert(line);
                        ++answers;
                    }
                } catch (const ProxyError &) { // PeerDied; or CallTimeout while it starts anew on a busy machine
                    // Perhaps it ran, perhaps not; it is for us not to ask again.
                }
            }
            return lines;
        }));
    }
    for (std::uint64_t death = 1; death <= deaths; ++death) {
        const int before = answers;
        EVENTUALLY(answers > before + 10 * clients);
        kill(server.status().process, SIGKILL);
        EVENTUALLY_EQUAL(server.status().restarts, death);
        (void)server.connect();
    }
    isOver = true;

    std::map<std::string, int> noted;
    std::set<std::string> acknowledged;
    for (auto &each : answered)
        acknowledged.merge(each.get());
    std::ifstream notes(file);
    for (std::string line; std::getline(notes, line);)
        ++noted[line];
    QVERIFY(std::ranges::all_of(noted, [](const auto &line) { return line.second == 1; }));
    QVERIFY(std::ranges::all_of(acknowledged, [&](const std::string &line) { return noted.contains(line); }));
    QVERIFY(noted.size() - acknowledged.size() <= clients * deaths); // at most the calls that were under way
}

void TestIsolatedRestarts::afterTooManyRestartsItIsGivenUpAndCanBeStartedAgain()
{
    IsolatedOptions options = impatient();
    options.maxRestarts = 2;
    IsolatedServer server("bank", options);
    server.start();
    for (int i = 0; i < 3; ++i)
        QCOMPARE(errorOf([&] { server.connect()["bomb"].call("exit", 7); }), "PeerDied");
    std::string message;
    QCOMPARE(errorOf([&] { (void)server.connect(waitForever); }, &message), "ServerNotFound");
    QCOMPARE(message,
             std::string(
                 "the isolated server \"bank\" was given up after 2 restarts; its last process: exited with status 7"));
    QCOMPARE(server.status().state, IsolatedState::GivenUp);
    QCOMPARE(server.status().process, 0);

    server.start();
    QCOMPARE(server.status().restarts, 0U);
    QCOMPARE(errorOf([&] { server.connect()["bomb"].call("exit", 7); }), "PeerDied");
    QVERIFY(server.connect()["bomb"].isValid());
}

void TestIsolatedRestarts::aWaitForTheNextProcessHasADeadline()
{
    IsolatedOptions options;
    options.firstPause = options.longestPause = 1h;
    IsolatedServer server("bank", options);
    server.start();
    QCOMPARE(errorOf([&] { server.connect()["bomb"].call("exit", 1); }), "PeerDied");
    QCOMPARE(errorOf([&] { (void)server.connect(20ms); }), "CallTimeout");
    EVENTUALLY(server.status().state == IsolatedState::Pausing);
    QCOMPARE(server.status().pause, 1h);
}

void TestIsolatedRestarts::pausesGrowAndOldRestartsAreForgotten()
{
    IsolatedOptions options;
    options.maxRestarts = 4;
    options.restartWindow = 60s;
    options.firstPause = 100ms;
    options.longestPause = 300ms;
    isolation::RestartPolicy policy(options);
    using Pause = std::optional<std::chrono::milliseconds>;
    const auto begin = isolation::RestartPolicy::Clock::time_point();
    QCOMPARE(policy.nextPause(begin), Pause(100ms));
    QCOMPARE(policy.nextPause(begin + 1s), Pause(200ms));
    QCOMPARE(policy.nextPause(begin + 2s), Pause(300ms));
    QCOMPARE(policy.nextPause(begin + 30s), Pause(300ms));
    QCOMPARE(policy.nextPause(begin + 60s), Pause());      // the first restart was 59.9 s ago
    QCOMPARE(policy.nextPause(begin + 63s), Pause(200ms)); // of the four only the last counts
}

int main(int argc, char **argv) { return serveOrTest<TestIsolatedRestarts>(argc, argv); }

#include "test_isolated_restarts.moc"
