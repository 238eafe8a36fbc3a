// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QFile>
#include <QTest>

#include <atomic>
#include <csignal>
#include <future>
#include <memory>
#include <poll.h>
#include <thread>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// What follows a call, functions and coroutines: where it runs, what it sees of errors, and when it does not run.
class TestContinuations : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void whatFollowsRunsInTheThreadThatProcesses();
    void whatFollowsRunsInTheWaitForIt();
    void whatAWaitHasRunIsNotDueAnyMore();
    void aThreadThatOnlyCallsRunsNothingOfOthers();
    void nothingFollowsAnAbandonedCall();
    void anErrorGoesPastWhatFollows();
    void whatTakesAFutureSeesTheError();
    void aDetachedCallGoesOn();
    void whatFollowsADeadServerRunsBeforeTheLoopEnds();
    void anExpiredCallIsToldByTheDescriptor();
    void whatIsMadeDueMeanwhileWakesTheThreadThatProcesses();
    void aCallMadeMeanwhileExpiresInTheThreadThatProcesses();

    void aCoroutineGoesFromCallToCall();
    void aCoroutineGetsErrorsAsExceptions();
    void anAbandonedCoroutineIsDestroyedWhereItWaits();
    void coroutinesAwaitEachOther();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestContinuations::whatFollowsRunsInTheThreadThatProcesses()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    std::promise<std::thread::id> ran;
    const auto follower = connection["lab"].callAsync<int>("echo", 1).then(
        [&ran](int) { ran.set_value(std::this_thread::get_id()); });
    auto where = ran.get_future();
    std::thread loop([connection] {
        (void)errorOf([&] {
            for (;;)
                (void)connection.process(waitForever);
        });
    });
    QVERIFY(where.get() == loop.get_id());
    connection.close();
    loop.join();
}

void TestContinuations::whatFollowsRunsInTheWaitForIt()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    const auto other = lab.callAsync<int>("echo", 1).then([](int) { QFAIL("nobody has asked for this"); });
    auto text = lab.callAsync<int>("echo", 20).then([](int number) { return number + 1; }).then([](int number) {
        return std::to_string(number);
    });
    QCOMPARE(text.get(), std::string("21"));
}

void TestContinuations::whatAWaitHasRunIsNotDueAnyMore()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    QCOMPARE(lab.callAsync<int>("echo", 1).then([](int number) { return number; }).get(), 1);
    {
        const auto abandoned = lab.callAsync<int>("echo", 2).then([](int) {});
        QCOMPARE(lab.call<int>("echo", 3), 3); // reads that answer too
    }
    QVERIFY(!connection.process(std::chrono::milliseconds(0)));
}

void TestContinuations::aThreadThatOnlyCallsRunsNothingOfOthers()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    bool hasRun = false;
    const auto follower = lab.callAsync<int>("echo", 1).then([&hasRun](int) { hasRun = true; });
    QCOMPARE(lab.call<int>("echo", 2), 2);
    QCOMPARE(lab.callAsync<int>("echo", 3).get(), 3);
    QVERIFY(!hasRun);
    QVERIFY(connection.process(std::chrono::milliseconds(patience)));
    QVERIFY(hasRun);
    QVERIFY(!connection.process(0ms));
}

void TestContinuations::nothingFollowsAnAbandonedCall()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    int count = 0;
    {
        const auto waiting = lab.callAsync("echo", 1).then([&count](const Value &) { ++count; });
        auto due = lab.callAsync("echo", 1).then([&count](const Value &) { ++count; });
        QCOMPARE(lab.call<int>("echo", 2), 2); // both answers were read by this
    }
    while (connection.process(0ms)) {}
    QCOMPARE(count, 0);
}

void TestContinuations::anErrorGoesPastWhatFollows()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    auto never = lab.callAsync("throwInteger").then([](const Value &) { QFAIL("there is no value"); });
    QCOMPARE(errorOf([&] { never.get(); }), "RemoteError");
    auto thrown = lab.callAsync("nothing").then([](const Value &) -> int { throw ArgumentError("here"); });
    QCOMPARE(errorOf([&] { thrown.get(); }), "ArgumentError");
}

void TestContinuations::whatTakesAFutureSeesTheError()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    auto seen = lab.callAsync("throwInteger").then([](Future<> failed) { return errorOf([&] { failed.get(); }); });
    QCOMPARE(seen.get(), "RemoteError");
}

void TestContinuations::aDetachedCallGoesOn()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    int sum = 0;
    for (int i = 1; i <= 10; ++i)
        connection["lab"].callAsync<int>("echo", i).then([&sum](int number) { sum += number; }).detach();
    while (sum < 55)
        (void)connection.process(waitForever);
    QCOMPARE(sum, 55);
}

void TestContinuations::whatFollowsADeadServerRunsBeforeTheLoopEnds()
{
    ServedProcess server;
    const Connection connection = server.connect();
    int ended = 0;
    for (int i = 0; i < 10; ++i)
        connection["lab"]
            .callAsync("waitAt", "never")
            .then([&ended](Future<> call) { ended += errorOf([&] { call.get(); }) == "PeerDied"; })
            .detach();
    server.send(SIGKILL);
    QCOMPARE(errorOf([&] {
                 for (;;)
                     (void)connection.process(waitForever);
             }),
             "PeerDied");
    QCOMPARE(ended, 10);
}

void TestContinuations::anExpiredCallIsToldByTheDescriptor()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    bool isOver = false;
    const auto follower =
        connection["lab"].withTimeout(30ms).callAsync("waitAt", "never").then([&isOver](Future<> call) {
            isOver = errorOf([&] { call.get(); }) == "CallTimeout";
        });
    pollfd what{connection.descriptor(), POLLIN, 0};
    while (!isOver) {
        QCOMPARE(poll(&what, 1, patience), 1);
        (void)connection.process(0ms);
    }
    connection["lab"].call("open", "never");
}

namespace {

/// A thread that is in process() of a connection until that is closed.
class Loop {
public:
    explicit Loop(const Connection &connection)
        : m_connection(connection), m_thread([this] {
              m_id = gettid();
              (void)errorOf([this] {
                  for (;;)
                      (void)m_connection.process(waitForever);
              });
          })
    {}
    ~Loop()
    {
        m_connection.close();
        m_thread.join();
    }
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    [[nodiscard]] std::thread::id id() const { return m_thread.get_id(); }
    /// It waits in the system.
    [[nodiscard]] bool sleeps() const
    {
        QFile status(QStringLiteral("/proc/self/task/%1/status").arg(m_id));
        return m_id != 0 && status.open(QIODevice::ReadOnly) && status.readAll().contains("State:\tS");
    }

private:
    Connection m_connection;
    std::atomic<int> m_id{0};
    std::thread m_thread;
};

} // namespace

void TestContinuations::whatIsMadeDueMeanwhileWakesTheThreadThatProcesses()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    auto answer = connection["lab"].withTimeout(waitForever).callAsync<int>("echo", 1);
    (void)connection["lab"].call<int>("echo", 2); // so the other one is there too
    const Loop loop(connection);
    EVENTUALLY(loop.sleeps());
    std::promise<std::thread::id> ran;
    const auto follower = std::move(answer).then([&ran](int) { ran.set_value(std::this_thread::get_id()); });
    auto where = ran.get_future();
    QCOMPARE(where.wait_for(std::chrono::milliseconds(patience)), std::future_status::ready);
    QVERIFY(where.get() == loop.id());
}

void TestContinuations::aCallMadeMeanwhileExpiresInTheThreadThatProcesses()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Loop loop(connection);
    EVENTUALLY(loop.sleeps());
    std::promise<QByteArray> ended;
    const auto follower =
        connection["lab"].withTimeout(30ms).callAsync("waitAt", "never").then([&ended](Future<> call) {
            ended.set_value(errorOf([&] { call.get(); }));
        });
    auto error = ended.get_future();
    QCOMPARE(error.wait_for(std::chrono::milliseconds(patience)), std::future_status::ready);
    QCOMPARE(error.get(), "CallTimeout");
    connection["lab"].call("open", "never");
}

namespace {

Future<std::string> addTwice(Proxy lab, int number)
{
    int sum = co_await lab.callAsync<int>("echo", number);
    sum += co_await lab.callAsync<int>("echo", number);
    co_return std::to_string(sum);
}

Future<QByteArray> failing(Proxy lab)
{
    try {
        co_await lab.callAsync("throwInteger");
    } catch (const RemoteError &) {
        co_return "caught";
    }
    co_return "nothing";
}

Future<void> waitForGate(Proxy lab, std::shared_ptr<int> witness)
{
    co_await lab.callAsync("waitAt", "gate");
    *witness = 1;
}

Future<int> nested(Proxy lab)
{
    const std::string first = co_await addTwice(lab, 4);
    const QByteArray second = co_await failing(lab);
    co_return std::stoi(first) + static_cast<int>(second.size());
}

} // namespace

void TestContinuations::aCoroutineGoesFromCallToCall()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    QCOMPARE(addTwice(connection["lab"], 21).get(), std::string("42"));
    Future<std::string> driven = addTwice(connection["lab"], 3);
    while (!driven.isReady())
        (void)connection.process(waitForever);
    QCOMPARE(driven.get(), std::string("6"));
}

void TestContinuations::aCoroutineGetsErrorsAsExceptions()
{
    const ServedProcess server;
    QCOMPARE(failing(server.connect()["lab"]).get(), "caught");
}

void TestContinuations::anAbandonedCoroutineIsDestroyedWhereItWaits()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const auto witness = std::make_shared<int>(0);
    {
        const Future<void> waits = waitForGate(connection["lab"], witness);
        QCOMPARE(witness.use_count(), 2L);
    }
    QCOMPARE(witness.use_count(), 1L);
    connection["lab"].call("open", "gate");
    while (connection.process(0ms)) {}
    QCOMPARE(*witness, 0);
}

void TestContinuations::coroutinesAwaitEachOther()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    QCOMPARE(nested(connection["lab"]).get(), 14);
    Future<int> driven = nested(connection["lab"]);
    while (!driven.isReady())
        (void)connection.process(waitForever);
    QCOMPARE(driven.get(), 14);
}

QTEST_GUILESS_MAIN(TestContinuations)
#include "test_continuations.moc"
