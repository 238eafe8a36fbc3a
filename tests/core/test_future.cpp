// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <csignal>
#include <future>
#include <memory>
#include <poll.h>
#include <thread>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// Calls that do not wait: futures, what follows them, coroutines, batches, and how each of them ends.
class TestFuture : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void aFutureGivesTheAnswerOrTheError();
    void manyCallsAreUnderWayOnOneChannelAndEachGetsItsAnswer();
    void moreCallsThanTheServerTakesWaitForTheirTurn();
    void aWaitEndsInTimeAndCanBeRepeated();
    void anAnswerThatDoesNotComeIsATimeout();
    void largeAnswersComeToo();
    void callsOnOneObjectKeepTheirOrder();
    void aBatchIsSentAtOnceAndAlsoByWhoeverWaitsForIt();
    void aMailboxCarriesOneCallAtATime();

    void aKilledServerEndsAllCallsAtOnce();
    void anAbandonedCallReleasesWhatItsAnswerHandsOut();
    void anAnswerThatNobodyTakesIsReleased();
    void nothingFollowsAnAbandonedCall();

    void aCallThatWaitsIsTakenBack();
    void aCallThatRunsIsNotTakenBack();
    void aCallThatWasAnsweredIsNotTakenBack();

    void whatFollowsRunsInTheThreadThatProcesses();
    void whatFollowsRunsInTheWaitForIt();
    void whatAWaitHasRunIsNotDueAnyMore();
    void aThreadThatOnlyCallsRunsNothingOfOthers();
    void anErrorGoesPastWhatFollows();
    void whatTakesAFutureSeesTheError();
    void aDetachedCallGoesOn();
    void whatFollowsADeadServerRunsBeforeTheLoopEnds();
    void anExpiredCallIsToldByTheDescriptor();

    void aCoroutineGoesFromCallToCall();
    void aCoroutineGetsErrorsAsExceptions();
    void anAbandonedCoroutineIsDestroyedWhereItWaits();
    void coroutinesAwaitEachOther();

    void aPromiseIsKeptByAnyThread();
    void aPromiseThatIsGivenUpFailsItsFuture();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestFuture::aFutureGivesTheAnswerOrTheError()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    Future<int> seven = lab.callAsync<int>("echo", 7);
    Future<> text = lab.getAsync("text");
    Future<void> set = lab.setAsync("value", 5);
    Future<> digits = lab.callAsync("digits", 1, kw("c", 9));
    QCOMPARE(seven.get(), 7);
    QVERIFY(!seven.isValid());
    QCOMPARE(text.get().as<std::string>(), std::string("plain"));
    set.get();
    QCOMPARE(digits.get().as<int>(), 129);
    QCOMPARE(lab.getAsync<int>("value").get(), 5);
    QCOMPARE(errorOf([&] { lab.callAsync("fail", static_cast<int>(ErrorKind::RemoteError), "no").get(); }),
             "RemoteError");
    QCOMPARE(errorOf([&] { lab.callAsync<int>("echo", "text").get(); }), "DataDecodeError");
    QCOMPARE(errorOf([&] { lab.callAsync("length", Bytes(100'000)).get(); }), "DataTooBigError");
    QCOMPARE(errorOf([&] { seven.get(); }), "ProxyError");
}

void TestFuture::manyCallsAreUnderWayOnOneChannelAndEachGetsItsAnswer()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    std::vector<std::future<int>> threads;
    for (int thread = 0; thread < 3; ++thread) {
        threads.push_back(std::async(std::launch::async, [&connection, thread] {
            const Proxy lab = connection["lab"];
            std::vector<Future<int>> calls;
            for (int i = 0; i < 2000; ++i)
                calls.push_back(lab.callAsync<int>("echo", thread * 10'000 + i));
            int wrong = 0;
            for (int i = 1999; i >= 0; --i)
                wrong += calls[static_cast<std::size_t>(i)].get() != thread * 10'000 + i;
            return wrong;
        }));
    }
    for (auto &thread : threads)
        QCOMPARE(thread.get(), 0);
}

void TestFuture::moreCallsThanTheServerTakesWaitForTheirTurn()
{
    const ServedProcess server({"calls=4"});
    const Proxy lab = server.connect()["lab"];
    std::vector<Future<int>> calls;
    for (int i = 0; i < 200; ++i)
        calls.push_back(lab.callAsync<int>("echo", i));
    for (int i = 0; i < 200; ++i)
        QCOMPARE(calls[static_cast<std::size_t>(i)].get(), i);

    std::vector<Future<>> stuck;
    for (int i = 0; i < 4; ++i)
        stuck.push_back(lab.callAsync("waitAt", "closed"));
    QCOMPARE(errorOf([&] { (void)lab.withTimeout(20ms).callAsync("echo", 1); }), "CallTimeout");
    server.connect()["lab"].call("open", "closed");
    for (auto &call : stuck)
        call.get();
    QCOMPARE(lab.callAsync<int>("echo", 2).get(), 2);
}

void TestFuture::aWaitEndsInTimeAndCanBeRepeated()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    Future<Bytes> slow = lab.callAsync<Bytes>("waitAt", "gate", 3);
    QVERIFY(!slow.wait(0ms));
    QVERIFY(!slow.wait(20ms));
    QCOMPARE(errorOf([&] { slow.get(1ms); }), "CallTimeout");
    lab.call("open", "gate");
    QVERIFY(slow.wait());
    QVERIFY(slow.isReady());
    QCOMPARE(slow.get().size(), std::size_t{3});
}

void TestFuture::anAnswerThatDoesNotComeIsATimeout()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    Future<> one = lab.withTimeout(20ms).callAsync("waitAt", "gate");
    QCOMPARE(errorOf([&] { one.get(); }), "CallTimeout");
    Future<QByteArray> other = lab.withTimeout(20ms).callAsync("waitAt", "gate").then([](Future<> late) {
        return errorOf([&] { late.get(); });
    });
    while (!other.isReady())
        (void)connection.process(waitForever);
    QCOMPARE(other.get(), "CallTimeout");
    lab.call("open", "gate");
    QCOMPARE(lab.call<int>("echo", 1), 1);
}

void TestFuture::largeAnswersComeToo()
{
    const ServedProcess server({"bufsize=4000000"});
    const Proxy lab = server.connect()["lab"];
    std::vector<Future<Bytes>> calls;
    for (int i = 0; i < 20; ++i)
        calls.push_back(lab.callAsync<Bytes>("blob", 3'000'000 * (i % 2) + 1000, i));
    for (int i = 0; i < 20; ++i)
        QCOMPARE(calls[static_cast<std::size_t>(i)].get(),
                 Bytes(static_cast<std::size_t>(3'000'000 * (i % 2) + 1000), static_cast<std::byte>(i)));
}

void TestFuture::callsOnOneObjectKeepTheirOrder()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy till = connection["till"];
    Batch batch;
    std::vector<Future<void>> calls;
    for (int i = 0; i < 500; ++i)
        calls.push_back(i % 3 == 0 ? batch.call<void>(till, "note", i) : till.callAsync<void>("note", i));
    const auto notes = till.call<std::vector<int>>("notes");
    QCOMPARE(notes.size(), std::size_t{500});
    QVERIFY(std::ranges::is_sorted(notes));
}

void TestFuture::aBatchIsSentAtOnceAndAlsoByWhoeverWaitsForIt()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Connection other = server.connect();
    const Proxy till = connection["till"];
    Batch batch;
    Future<void> first = batch.call<void>(till, "note", 1);
    Future<void> second = batch.set(till, "value", 3);
    Future<int> third = batch.get<int>(till, "value");
    QVERIFY(other["till"].call<std::vector<int>>("notes").empty());
    batch.send();
    EVENTUALLY_EQUAL(other["till"].call<std::vector<int>>("notes").size(), std::size_t{1});
    QCOMPARE(third.get(), 3);
    Future<int> unsent = batch.get<int>(till, "value");
    QCOMPARE(unsent.get(), 3);
    first.get();
    second.get();
}

void TestFuture::aMailboxCarriesOneCallAtATime()
{
    ServedProcess server({"duck=1"});
    const QByteArray address = server.process().readLine();
    const Value json = fromJson(address.toStdString());
    const Proxy lab = openProxy(json.as<DuckAddress>());
    QCOMPARE(lab.call<int>("echo", 3), 3);
    QCOMPARE(errorOf([&] { (void)lab.callAsync("echo", 3); }), "ProxyError");
}

void TestFuture::aKilledServerEndsAllCallsAtOnce()
{
    ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    std::vector<Future<>> calls;
    for (int i = 0; i < 50; ++i)
        calls.push_back(lab.callAsync("waitAt", "never"));
    server.send(SIGKILL);
    for (auto &call : calls)
        QCOMPARE(errorOf([&] { call.get(); }), "PeerDied");
    QCOMPARE(errorOf([&] { lab.callAsync("echo", 1).get(); }), "PeerDied");
}

void TestFuture::anAbandonedCallReleasesWhatItsAnswerHandsOut()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy node = connection["node"];
    for (int i = 0; i < 100; ++i)
        (void)node.callAsync<Proxy>("fresh"); // and gone
    EVENTUALLY_EQUAL(connection["probe"].call<int>("living"), 1);
}

void TestFuture::anAnswerThatNobodyTakesIsReleased()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    {
        Future<Proxy> fresh = connection["node"].callAsync<Proxy>("fresh");
        QVERIFY(fresh.wait());
        QCOMPARE(connection["probe"].call<int>("living"), 2);
    }
    EVENTUALLY_EQUAL(connection["probe"].call<int>("living"), 1);
}

void TestFuture::nothingFollowsAnAbandonedCall()
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

void TestFuture::aCallThatWaitsIsTakenBack()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    const Proxy till = connection["till"];
    Future<> busy = till.callAsync("waitAt", "gate");
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "gate"), 1);
    Future<void> queued = till.callAsync<void>("note", 1);
    Future<void> stays = till.callAsync<void>("note", 2);
    QVERIFY(queued.cancel() == CancelOutcome::NeverRan);
    QCOMPARE(errorOf([&] { queued.get(); }), "CallCancelled");
    lab.call("open", "gate");
    busy.get();
    stays.get();
    QCOMPARE(till.call<std::vector<int>>("notes"), std::vector<int>{2});
}

void TestFuture::aCallThatRunsIsNotTakenBack()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    Future<Bytes> runs = lab.callAsync<Bytes>("waitAt", "gate", 2);
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "gate"), 1);
    QVERIFY(runs.cancel() == CancelOutcome::Running);
    lab.call("open", "gate");
    QCOMPARE(runs.get().size(), std::size_t{2});
}

void TestFuture::aCallThatWasAnsweredIsNotTakenBack()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    Future<int> done = lab.callAsync<int>("echo", 4);
    (void)lab.call("echo", 5);
    QVERIFY(done.cancel() == CancelOutcome::Answered);
    QCOMPARE(done.get(), 4);
    Future<int> fast = lab.callAsync<int>("echo", 6);
    QVERIFY(fast.cancel() != CancelOutcome::NeverRan);
    QCOMPARE(fast.get(), 6);
}

void TestFuture::whatFollowsRunsInTheThreadThatProcesses()
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

void TestFuture::whatFollowsRunsInTheWaitForIt()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    const auto other = lab.callAsync<int>("echo", 1).then([](int) { QFAIL("nobody has asked for this"); });
    auto text = lab.callAsync<int>("echo", 20).then([](int number) { return number + 1; }).then([](int number) {
        return std::to_string(number);
    });
    QCOMPARE(text.get(), std::string("21"));
}

void TestFuture::whatAWaitHasRunIsNotDueAnyMore()
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

void TestFuture::aThreadThatOnlyCallsRunsNothingOfOthers()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    bool hasRun = false;
    const auto follower = lab.callAsync<int>("echo", 1).then([&hasRun](int) { hasRun = true; });
    QCOMPARE(lab.call<int>("echo", 2), 2);
    QCOMPARE(lab.callAsync<int>("echo", 3).get(), 3);
    QVERIFY(!hasRun);
    QVERIFY(connection.process(0ms));
    QVERIFY(hasRun);
    QVERIFY(!connection.process(0ms));
}

void TestFuture::anErrorGoesPastWhatFollows()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    auto never = lab.callAsync("throwInteger").then([](const Value &) { QFAIL("there is no value"); });
    QCOMPARE(errorOf([&] { never.get(); }), "RemoteError");
    auto thrown = lab.callAsync("nothing").then([](const Value &) -> int { throw ArgumentError("here"); });
    QCOMPARE(errorOf([&] { thrown.get(); }), "ArgumentError");
}

void TestFuture::whatTakesAFutureSeesTheError()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    auto seen = lab.callAsync("throwInteger").then([](Future<> failed) { return errorOf([&] { failed.get(); }); });
    QCOMPARE(seen.get(), "RemoteError");
}

void TestFuture::aDetachedCallGoesOn()
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

void TestFuture::whatFollowsADeadServerRunsBeforeTheLoopEnds()
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

void TestFuture::anExpiredCallIsToldByTheDescriptor()
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

void TestFuture::aCoroutineGoesFromCallToCall()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    QCOMPARE(addTwice(connection["lab"], 21).get(), std::string("42"));
    Future<std::string> driven = addTwice(connection["lab"], 3);
    while (!driven.isReady())
        (void)connection.process(waitForever);
    QCOMPARE(driven.get(), std::string("6"));
}

void TestFuture::aCoroutineGetsErrorsAsExceptions()
{
    const ServedProcess server;
    QCOMPARE(failing(server.connect()["lab"]).get(), "caught");
}

void TestFuture::anAbandonedCoroutineIsDestroyedWhereItWaits()
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

void TestFuture::coroutinesAwaitEachOther()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    QCOMPARE(nested(connection["lab"]).get(), 14);
    Future<int> driven = nested(connection["lab"]);
    while (!driven.isReady())
        (void)connection.process(waitForever);
    QCOMPARE(driven.get(), 14);
}

void TestFuture::aPromiseIsKeptByAnyThread()
{
    Promise<int> promise;
    Future<int> future = promise.future();
    QCOMPARE(errorOf([&] { (void)promise.future(); }), "ProxyError");
    QVERIFY(!future.wait(1ms));
    std::thread keeper([promise = std::move(promise)]() mutable { promise.set(3); });
    QCOMPARE(std::move(future).then([](int number) { return number + 1; }).get(), 4);
    keeper.join();
}

void TestFuture::aPromiseThatIsGivenUpFailsItsFuture()
{
    auto promise = std::make_unique<Promise<void>>();
    Future<void> future = promise->future();
    promise.reset();
    QCOMPARE(errorOf([&] { future.get(); }), "ProxyError");
    Promise<void> unwanted;
    {
        const Future<void> gone = unwanted.future();
        QVERIFY(!unwanted.isAbandoned());
    }
    QVERIFY(unwanted.isAbandoned());
    QCOMPARE(errorOf([&] { Future<int>().get(); }), "ProxyError");
    QCOMPARE(errorOf([&] { (void)Promise<int>().future().cancel(); }), "ProxyError");
}

QTEST_GUILESS_MAIN(TestFuture)
#include "test_future.moc"
