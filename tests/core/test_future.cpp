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
using namespace std::chrono_literals;

/// Calls that do not wait: futures, batches and promises, how a call is taken back, and how each of them ends.
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

    void aCallThatWaitsIsTakenBack();
    void aCallThatRunsIsNotTakenBack();
    void aCallThatWasAnsweredIsNotTakenBack();

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
    QVERIFY(done.wait());
    QVERIFY(done.cancel() == CancelOutcome::Answered);
    QCOMPARE(done.get(), 4);
    Future<int> fast = lab.callAsync<int>("echo", 6);
    QVERIFY(fast.cancel() != CancelOutcome::NeverRan);
    QCOMPARE(fast.get(), 6);
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
