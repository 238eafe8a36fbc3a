// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <csignal>
#include <future>
#include <memory>
#include <thread>

using namespace decoy;
using namespace decoy::test;

/// Threads, deadlines and deaths: many calls at once, between processes that may end at any moment.
class TestNativeLane : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void eightThreadsShareOneChannelAndGetTheirOwnAnswers();
    void answersMayComeInAnotherOrderThanTheirCalls();
    void callsOfOneClientOnOneObjectKeepTheirOrder();
    void serialisedCallsNeverOverlapAndConcurrentOnesDo();
    void aSlowCallHoldsUpNobodyElse();
    void aSlowCallAfterManyFastOnesHoldsUpNobodyElse();
    void moreSlowCallsThanThreadsAllEnd();
    void aDeadlineEndsTheWaitAndTheLateReplyIsNobodyElses();
    void aLateProxyIsReleased();
    void aStoppedServerDoesNotGreetInTime();

    void everyWaitingThreadLearnsThatTheServerWasKilled();
    void aLargeCallToAKilledServerEnds();
    void aServerThatStopsTellsThoseWhoWait();
    void aKilledClientLeavesNothing();
    void aStoppedClientHarmsNobodyAndGetsAllItsAnswers();
    void stoppingUnderFullTrafficEnds();
    void aServerStopsAndRunsAgain();
    void aServerMayBeStoppedByACall();
    void aServerThatRunsHereStopsFromAnotherThreadAndFromASignalHandler();
    void idleClientsCostNothing();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

namespace {

template <class Task>
auto inThread(Task task)
{
    return std::async(std::launch::async, std::move(task));
}

} // namespace

void TestNativeLane::eightThreadsShareOneChannelAndGetTheirOwnAnswers()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    std::vector<std::future<int>> wrong;
    for (int thread = 0; thread < 8; ++thread) {
        wrong.push_back(inThread([&connection, thread] {
            const Proxy lab = connection["lab"];
            int mistakes = 0;
            for (int i = 0; i < 1000; ++i) {
                const int number = thread * 10'000 + i;
                mistakes += lab.call<int>("echo", number) != number;
                if (i % 50 == 0)
                    mistakes += lab.call<Bytes>("blob", i * 30, thread)
                        != Bytes(static_cast<std::size_t>(i) * 30, static_cast<std::byte>(thread));
            }
            return mistakes;
        }));
    }
    for (auto &each : wrong)
        QCOMPARE(each.get(), 0);
    QCOMPARE(connection["probe"].call<int>("connections"), 1);
}

void TestNativeLane::answersMayComeInAnotherOrderThanTheirCalls()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    std::vector<std::future<std::size_t>> calls;
    for (std::size_t i = 0; i < 6; ++i)
        calls.push_back(inThread([lab, i] { return lab.call<Bytes>("waitAt", "gate" + std::to_string(i), i).size(); }));
    for (std::size_t i = 0; i < 6; ++i)
        EVENTUALLY_EQUAL(lab.call<int>("waiting", "gate" + std::to_string(i)), 1);
    for (const std::size_t i : {3, 0, 5, 1, 4, 2}) {
        QCOMPARE(calls[i].wait_for(std::chrono::seconds(0)), std::future_status::timeout);
        lab.call("open", "gate" + std::to_string(i));
        QCOMPARE(calls[i].get(), i);
    }
}

void TestNativeLane::callsOfOneClientOnOneObjectKeepTheirOrder()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy till = connection["till"];
    const Proxy lab = connection["lab"];
    // The object is busy, so that what follows has to queue; each call times out at once, and runs all the same.
    auto busy = inThread([till] { till.call("waitAt", "busy"); });
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "busy"), 1);
    constexpr int calls = 500;
    const Proxy impatient = till.withTimeout(std::chrono::milliseconds(0));
    for (int i = 0; i < calls; ++i)
        QCOMPARE(errorOf([&] { impatient.call("note", i); }), "CallTimeout");
    lab.call("open", "busy");
    busy.get();
    const auto notes = till.call<std::vector<int>>("notes"); // behind them all
    QCOMPARE(notes.size(), std::size_t{calls});
    QVERIFY(std::ranges::is_sorted(notes));
}

void TestNativeLane::serialisedCallsNeverOverlapAndConcurrentOnesDo()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    const Proxy till = server.connect()["till"];
    std::vector<std::future<void>> writers;
    for (int writer = 0; writer < 4; ++writer) {
        writers.push_back(inThread([&server, writer] {
            const Proxy own = server.connect()["till"];
            for (int i = 0; i < 500; ++i)
                own.call("note", writer);
        }));
    }
    for (auto &writer : writers)
        writer.get();
    QCOMPARE(till.call<std::vector<int>>("notes").size(), std::size_t{2000});
    QCOMPARE(till.call<int>("overlaps"), 0);

    auto first = inThread([lab] { lab.call("waitAt", "together"); });
    auto second = inThread([&server] { server.connect()["lab"].call("waitAt", "together"); });
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "together"), 2);
    lab.call("open", "together");
    first.get();
    second.get();
    QCOMPARE(lab.call<int>("overlaps"), 1);
}

void TestNativeLane::aSlowCallHoldsUpNobodyElse()
{
    const ServedProcess server;
    const Connection own = server.connect();
    const Connection other = server.connect();
    const Proxy till = own["till"];
    auto slow = inThread([till] { till.call("waitAt", "slow"); });
    EVENTUALLY_EQUAL(own["lab"].call<int>("waiting", "slow"), 1);
    for (int i = 0; i < 500; ++i) {
        QCOMPARE(own["lab"].call<int>("echo", i), i);
        QCOMPARE(other["node"].get<std::string>("name"), std::string("root"));
    }
    QCOMPARE(slow.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
    other["lab"].call("open", "slow");
    slow.get();
}

void TestNativeLane::aSlowCallAfterManyFastOnesHoldsUpNobodyElse()
{
    const ServedProcess server;
    const Connection busy = server.connect();
    const Proxy till = busy["till"];
    const Proxy other = server.connect()["lab"];
    for (int round = 0; round < 4; ++round) {
        const std::string gate = "slow " + std::to_string(round);
        for (int i = 0; i < 2000; ++i) // for as long as the server's timer is put off
            QCOMPARE(till.call<int>("echo", i), i);
        Future<void> slow = till.callAsync<void>("waitAt", gate);
        EVENTUALLY_EQUAL(other.call<int>("waiting", gate), 1);
        QVERIFY(!slow.isReady());
        other.call("open", gate);
        slow.get();
    }
}

void TestNativeLane::moreSlowCallsThanThreadsAllEnd()
{
    ServerOptions options;
    options.maxThreads = 4;
    ProxyServer server("local", options);
    ServedTestObjects objects(server);
    server.run();
    std::vector<std::future<void>> slow;
    for (int i = 0; i < 12; ++i)
        slow.push_back(inThread([] { decoy::connect("local")["lab"].call("waitAt", "many"); }));
    EVENTUALLY_EQUAL(objects.gates.waiting("many"), 4); // nobody is left to take the others
    objects.gates.open("many");
    for (auto &call : slow)
        call.get();
    QCOMPARE(decoy::connect("local")["lab"].call<int>("digits", 1), 123);
}

void TestNativeLane::aDeadlineEndsTheWaitAndTheLateReplyIsNobodyElses()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    const Proxy impatient = lab.withTimeout(std::chrono::milliseconds(10));
    for (int i = 0; i < 20; ++i) {
        const std::string gate = "late" + std::to_string(i);
        std::string message;
        QCOMPARE(errorOf([&] { impatient.call("waitAt", gate, 1000 + i); }, &message), "CallTimeout");
        QVERIFY2(message.find("10 ms") != std::string::npos, message.c_str());
        lab.call("open", gate);
        for (int k = 0; k < 20; ++k) // the late reply comes in between
            QCOMPARE(lab.call<int>("echo", k), k);
        EVENTUALLY_EQUAL(lab.call<int>("waiting", gate), 0);
    }
}

void TestNativeLane::aLateProxyIsReleased()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    const Proxy probe = connection["probe"];
    const Proxy node = connection["node"];
    auto busy = inThread([node] { node.call("waitAt", "node"); });
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "node"), 1);
    const Proxy impatient = node.withTimeout(std::chrono::milliseconds(0));
    for (int i = 0; i < 50; ++i)
        QCOMPARE(errorOf([&] { (void)impatient.call("fresh"); }), "CallTimeout");
    lab.call("open", "node");
    busy.get();
    QVERIFY(node.get<std::string>("name") == "root"); // behind them: all fifty were handed out by now
    EVENTUALLY_EQUAL(probe.call<int>("living"), 1);
    QCOMPARE(probe.call<int>("references"), 3);
}

void TestNativeLane::aStoppedServerDoesNotGreetInTime()
{
    ServedProcess server;
    server.send(SIGSTOP);
    QCOMPARE(errorOf([] { (void)decoy::connect("served", {std::chrono::milliseconds(20)}); }), "CallTimeout");
    server.send(SIGCONT);
    QCOMPARE(server.connect()["lab"].call<int>("digits", 1), 123);
}

void TestNativeLane::everyWaitingThreadLearnsThatTheServerWasKilled()
{
    ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"].withTimeout(waitForever);
    std::vector<std::future<QByteArray>> waiting;
    for (int i = 0; i < 4; ++i)
        waiting.push_back(inThread([lab] { return errorOf([&] { lab.call("waitAt", "never"); }); }));
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "never"), 4);
    server.send(SIGKILL);
    for (auto &call : waiting)
        QCOMPARE(call.get(), "PeerDied");
    QCOMPARE(errorOf([&] { (void)lab.get("value"); }), "PeerDied");
    QVERIFY(!connection.isAlive());
}

void TestNativeLane::aLargeCallToAKilledServerEnds()
{
    ServedProcess server({"bufsize=16777216"});
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"].withTimeout(waitForever);
    server.send(SIGKILL);
    QCOMPARE(errorOf([&] { lab.call("length", Bytes(10'000'000)); }), "PeerDied");
}

void TestNativeLane::aServerThatStopsTellsThoseWhoWait()
{
    auto server = std::make_unique<ProxyServer>("local");
    ServedTestObjects objects(*server);
    server->run();
    const Connection connection = decoy::connect("local");
    const Proxy lab = connection["lab"];
    const Proxy till = connection["till"];
    auto running = inThread([till] { return errorOf([&] { till.call("waitAt", "end"); }); });
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "end"), 1);
    auto queued = inThread([till] { return errorOf([&] { till.call("note", 1); }); });
    auto destroyed = inThread([&server] { server.reset(); });
    objects.gates.open("end"); // the call that runs is waited for
    destroyed.get();
    const QByteArray ended = running.get();
    QVERIFY2(ended == "none" || ended == "PeerDied", ended);
    const QByteArray last = queued.get();
    QVERIFY2(last == "none" || last == "PeerDied", last);
    QCOMPARE(errorOf([&] { (void)lab.get("value"); }), "PeerDied");
    QCOMPARE(errorOf([] { (void)decoy::connect("local"); }), "ServerNotFound");
}

void TestNativeLane::aKilledClientLeavesNothing()
{
    const ServedProcess server;
    const Connection good = server.connect();
    const Proxy probe = good["probe"];
    const Proxy lab = good["lab"];
    const int descriptors = probe.call<int>("descriptors");
    {
        ClientProcess client("hold");
        QVERIFY(client.waitForLineWith("holding"));
        EVENTUALLY_EQUAL(lab.call<int>("waiting", "killed"),
                         3); // two in the lab, one at the till, where two more queue
        QCOMPARE(probe.call<int>("living"), 101);
        client.send(SIGKILL);
        (void)client.waitForEnd();
    }
    EVENTUALLY_EQUAL(probe.call<int>("living"), 1);
    EVENTUALLY_EQUAL(probe.call<int>("connections"), 1);
    QCOMPARE(lab.call<int>("digits", 1), 123);
    lab.call("open", "killed");
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "killed"), 0);
    EVENTUALLY_EQUAL(probe.call<int>("references"), 2);
    EVENTUALLY_EQUAL(probe.call<int>("descriptors"), descriptors);
    good["till"].call("note", 1); // its queue was skipped, its strand is free
}

void TestNativeLane::aStoppedClientHarmsNobodyAndGetsAllItsAnswers()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    ClientProcess client("collect");
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "collect"), 8);
    standStill(client);
    lab.call("open", "collect"); // 480 kB for a ring of 256
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "collect"), 0);
    for (int i = 0; i < 500; ++i)
        QCOMPARE(lab.call<int>("echo", i), i);
    client.send(SIGCONT);
    QCOMPARE(client.readLine(), "collected 8");
    QCOMPARE(client.waitForEnd().status, 0);
}

void TestNativeLane::stoppingUnderFullTrafficEnds()
{
    for (int round = 0; round < 20; ++round) {
        ProxyServer server("local");
        ServedTestObjects objects(server);
        server.run();
        std::vector<std::future<QByteArray>> callers;
        std::atomic<int> calls{0};
        for (int i = 0; i < 3; ++i) {
            callers.push_back(inThread([&calls] {
                return errorOf([&calls] {
                    const Proxy lab = decoy::connect("local")["lab"];
                    for (;; ++calls)
                        lab.call("nothing");
                });
            }));
        }
        EVENTUALLY(calls > 100);
        server.stop();
        for (auto &caller : callers)
            QVERIFY(caller.get() != "none");
    }
}

void TestNativeLane::aServerStopsAndRunsAgain()
{
    ProxyServer server("local");
    ServedTestObjects objects(server);
    QVERIFY(!server.running());
    std::uint64_t id = 0;
    for (int round = 0; round < 3; ++round) {
        server.run();
        QVERIFY(server.running());
        QCOMPARE(errorOf([&] { server.run(); }), "AlreadyRunning");
        QCOMPARE(errorOf([&] { server.runHere(); }), "AlreadyRunning");
        const Proxy lab = decoy::connect("local")["lab"];
        QVERIFY(round == 0 || id == lab.id());
        id = lab.id();
        QCOMPARE(lab.call<int>("digits", 1), 123);
        server.stop();
        server.stop();
        QVERIFY(!server.running());
        QCOMPARE(errorOf([&] { (void)lab.get("value"); }), "PeerDied");
        QCOMPARE(errorOf([] { (void)decoy::connect("local"); }), "ServerNotFound");
        QCOMPARE(m_runtime->entries(), QStringList());
    }
}

void TestNativeLane::aServerMayBeStoppedByACall()
{
    ProxyServer server("local");
    ServedTestObjects objects(server);
    server.run();
    const Proxy probe = decoy::connect("local")["probe"];
    const QByteArray end = errorOf([&] { probe.call("stop"); });
    QVERIFY2(end == "none" || end == "PeerDied", end);
    server.stop();
    QVERIFY(!server.running());
    server.run();
    QCOMPARE(decoy::connect("local")["lab"].call<int>("digits", 1), 123);
}

void TestNativeLane::aServerThatRunsHereStopsFromAnotherThreadAndFromASignalHandler()
{
    ProxyServer server("local");
    ServedTestObjects objects(server);
    for (int round = 0; round < 3; ++round) {
        auto serving = inThread([&server] { server.runHere(); });
        EVENTUALLY(server.running());
        if (round > 0)
            QCOMPARE(decoy::connect("local")["lab"].call<int>("digits", 1), 123);
        server.stop();
        serving.get();
        QVERIFY(!server.running());
    }
    ServedProcess other({"here=1"});
    QCOMPARE(other.connect()["lab"].call<int>("digits", 1), 123);
    other.send(SIGTERM);
    QCOMPARE(other.process().readLine(), "stopped");
    QCOMPARE(other.process().waitForEnd().status, 0); // so that no signal comes while it looks for leaks
}

void TestNativeLane::idleClientsCostNothing()
{
    const ServedProcess server;
    std::vector<Connection> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(server.connect());
        QCOMPARE(clients.back()["lab"].call<int>("digits", 1), 123);
    }
    const Proxy probe = clients.front()["probe"];
    const auto before = probe.call<std::int64_t>("cpuTime");
    // 300 ms of real time that somebody else takes: a call that no one answers.
    QCOMPARE(errorOf([&] { clients[1]["lab"].withTimeout(std::chrono::milliseconds(300)).call("waitAt", "idle"); }),
             "CallTimeout");
    const auto spent = probe.call<std::int64_t>("cpuTime") - before;
    QVERIFY2(spent < 100'000'000, std::to_string(spent).c_str()); // a spinning thread would have had 300
    clients.front()["lab"].call("open", "idle");
}

QTEST_GUILESS_MAIN(TestNativeLane)
#include "test_native_lane.moc"
