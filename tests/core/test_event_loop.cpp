// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <csignal>
#include <future>
#include <memory>
#include <poll.h>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// A connection that an event loop reads: process() and descriptor(), beside threads that call.
class TestEventLoop : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void withNothingToDoProcessingEndsInTime();
    void aThreadThatProcessesReadsForThoseThatCall();
    void aResultThatNobodyWaitsForMakesTheDescriptorReadable();
    void callsDoNotLeaveTheDescriptorReadable();
    void aKilledServerEndsTheLoopAndSaysSoOnce();
    void aClosedConnectionWakesTheThreadThatProcesses();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

namespace {

bool isReadable(int descriptor, int milliseconds)
{
    pollfd what{descriptor, POLLIN, 0};
    return poll(&what, 1, milliseconds) == 1;
}

/// Does what there is to do, until the descriptor says that there is nothing.
void drain(const Connection &connection)
{
    while (isReadable(connection.descriptor(), 0))
        (void)connection.process(0ms);
}

} // namespace

void TestEventLoop::withNothingToDoProcessingEndsInTime()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    QVERIFY(!connection.process(0ms));
    QVERIFY(!connection.process(20ms));
    QVERIFY(!isReadable(connection.descriptor(), 0));
}

void TestEventLoop::aThreadThatProcessesReadsForThoseThatCall()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    auto loop = std::async(std::launch::async,
                           [connection] { return errorOf([&] { connection.process(waitForever); }); });
    std::vector<std::future<int>> callers;
    for (int caller = 0; caller < 3; ++caller) {
        callers.push_back(std::async(std::launch::async, [&connection, caller] {
            const Proxy lab = connection["lab"];
            int wrong = 0;
            for (int i = 0; i < 1000; ++i)
                wrong += lab.call<int>("echo", 1000 * caller + i) != 1000 * caller + i;
            return wrong;
        }));
    }
    for (auto &caller : callers)
        QCOMPARE(caller.get(), 0);
    connection.close();
    QCOMPARE(loop.get(), "PeerDied");
}

void TestEventLoop::aResultThatNobodyWaitsForMakesTheDescriptorReadable()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Connection other = server.connect();
    const Proxy impatient = connection["lab"].withTimeout(0ms);
    const int descriptor = connection.descriptor();
    QCOMPARE(errorOf([&] { impatient.call("waitAt", "late"); }), "CallTimeout");
    EVENTUALLY_EQUAL(other["lab"].call<int>("waiting", "late"), 1);
    drain(connection); // it may have been told that the call is pending
    other["lab"].call("open", "late");
    QVERIFY(isReadable(descriptor, patience));
    drain(connection);
    QCOMPARE(connection["lab"].call<int>("echo", 7), 7);
}

void TestEventLoop::callsDoNotLeaveTheDescriptorReadable()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    const int descriptor = connection.descriptor();
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(lab.call<int>("echo", i), i);
    drain(connection);
    QVERIFY(!isReadable(descriptor, 0));
    QCOMPARE(connection.descriptor(), descriptor);
}

void TestEventLoop::aKilledServerEndsTheLoopAndSaysSoOnce()
{
    ServedProcess server;
    const Connection connection = server.connect();
    const int descriptor = connection.descriptor();
    server.send(SIGKILL);
    QVERIFY(isReadable(descriptor, patience));
    QCOMPARE(errorOf([&] { connection.process(0ms); }), "PeerDied");
    QCOMPARE(errorOf([&] { connection.process(waitForever); }), "PeerDied");
    QVERIFY(!isReadable(descriptor, 0)); // a loop that polls on does not spin
}

void TestEventLoop::aClosedConnectionWakesTheThreadThatProcesses()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    auto loop = std::async(std::launch::async,
                           [connection] { return errorOf([&] { connection.process(waitForever); }); });
    auto other = std::async(std::launch::async,
                            [connection] { return errorOf([&] { connection.process(waitForever); }); });
    QCOMPARE(connection["lab"].call<int>("echo", 1), 1);
    connection.close();
    QCOMPARE(loop.get(), "PeerDied");
    QCOMPARE(other.get(), "PeerDied");
}

QTEST_GUILESS_MAIN(TestEventLoop)
#include "test_event_loop.moc"
