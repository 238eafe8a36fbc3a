// SPDX-License-Identifier: BSD-3-Clause
#include "support/pond_process.h"
#include "support/served_pond.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <csignal>
#include <future>
#include <memory>
#include <optional>
#include <thread>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// Callbacks that call the object from which they are called. Without care each of these calls would wait for its own end.
class TestCallbacksWithin : public QObject {
    Q_OBJECT

private slots:
    void init() { m_process.emplace(); }
    void cleanup() { m_process.reset(); }

    void aCallbackCallsTheObjectThatItIsCalledFrom();
    void aCallbackStartsCallsAndWaitsForThem();
    void theyCallEachOtherToAndFro();
    void theWayMayLeadOverOtherObjects();
    void tooDeepIsAnError();
    void callsWithinOneCallbackTakeTurns();
    void whoeverIsNotInsideWaitsForTheTurn();
    void aWaitThatIsOverWaitsForWhatRunsInside();
    void anObjectIsWithdrawnFromWithin();
    void aClientThatDiesInsideFreesTheObject();
    void aServerThatDiesInsideEndsBoth();
    void aServerStopsThoughItTakesNothingFromInside();

private:
    [[nodiscard]] Connection connect() const { return m_process->connect(); }
    std::optional<PondProcess> m_process;
};

void TestCallbacksWithin::aCallbackCallsTheObjectThatItIsCalledFrom()
{
    const Proxy pond = connect()["pond"];
    const Lent f = callback([&pond](std::int64_t number) {
        pond.call("note", number);
        return static_cast<std::int64_t>(pond.call<std::vector<int>>("notes").size());
    });
    QCOMPARE(pond.call<int>("apply", f, 7), 1);
    QCOMPARE(pond.call<int>("apply", f, 8), 2);
    QCOMPARE(pond.call<std::vector<int>>("notes"), (std::vector{7, 8}));
    QCOMPARE(pond.call<int>("overlaps"), 0);
}

void TestCallbacksWithin::aCallbackStartsCallsAndWaitsForThem()
{
    const Proxy pond = connect()["pond"];
    QCOMPARE(pond.call<int>("apply", callback([&pond](std::int64_t) {
                                Future<> one = pond.callAsync("note", 1);
                                Future<> other = pond.callAsync("note", 2);
                                one.get();
                                other.get();
                                return 5;
                            })),
             5);
    QCOMPARE(pond.call<std::vector<int>>("notes"), (std::vector{1, 2}));
}

void TestCallbacksWithin::theyCallEachOtherToAndFro()
{
    const Proxy pond = connect()["pond"];
    std::unique_ptr<Lent> f;
    f = std::make_unique<Lent>(callback([&](std::int64_t number) -> std::int64_t {
        return number == 0 ? 0 : 1 + pond.call<std::int64_t>("apply", *f, number - 1);
    }));
    for (int depth = 0; depth < 7; ++depth)
        QCOMPARE(pond.call<int>("apply", *f, depth), depth);
}

void TestCallbacksWithin::theWayMayLeadOverOtherObjects()
{
    const Connection connection = connect();
    const Proxy pond = connection["pond"];
    const Proxy lake = connection["lake"];
    const Lent inner = callback([&](std::int64_t number) { return pond.call("note", number), number; });
    const Lent outer = callback(
        [&](std::int64_t number) { return lake.call<std::int64_t>("apply", inner, number + 1); });
    QCOMPARE(pond.call<int>("apply", outer, 1), 2);
    QCOMPARE(pond.call<std::vector<int>>("notes"), std::vector{2});
}

void TestCallbacksWithin::tooDeepIsAnError()
{
    const Proxy pond = connect()["pond"];
    std::string message;
    std::unique_ptr<Lent> f;
    f = std::make_unique<Lent>(callback([&](std::int64_t number) -> std::int64_t {
        return number == 0 ? 0 : 1 + pond.call<std::int64_t>("apply", *f, number - 1);
    }));
    QCOMPARE(errorOf([&] { pond.call("apply", *f, 100); }, &message), "LimitExceeded");
    QVERIFY2(message.find("Limits::callsBack") != std::string::npos, message.c_str());
    QCOMPARE(pond.call<int>("apply", *f, 3), 3); // and everything is as before
}

void TestCallbacksWithin::callsWithinOneCallbackTakeTurns()
{
    const Proxy pond = connect()["pond"];
    pond.call("apply", callback([&pond](std::int64_t) {
                  std::vector<Future<>> notes;
                  for (int i = 0; i < 100; ++i)
                      notes.push_back(pond.callAsync("note", i));
                  for (Future<> &note : notes)
                      note.get();
                  return 0;
              }));
    QCOMPARE(pond.call<int>("overlaps"), 0);
    const auto notes = pond.call<std::vector<int>>("notes");
    QCOMPARE(notes.size(), std::size_t{100});
    QVERIFY(std::ranges::is_sorted(notes)); // and keep their order
}

void TestCallbacksWithin::whoeverIsNotInsideWaitsForTheTurn()
{
    const Proxy pond = connect()["pond"];
    const Connection other = connect();
    std::promise<Future<>> foreign;
    QCOMPARE(pond.call<int>("apply", callback([&](std::int64_t) {
                                Future<> note = other["pond"].callAsync("note", 1);
                                (void)other.objects(); // so that the server has seen it
                                pond.call("note", 2);
                                const bool wasReady = note.isReady();
                                foreign.set_value(std::move(note));
                                return wasReady ? 1 : 0;
                            })),
             0);
    foreign.get_future().get().get();
    QCOMPARE(pond.call<std::vector<int>>("notes"), (std::vector{2, 1}));
}

void TestCallbacksWithin::aWaitThatIsOverWaitsForWhatRunsInside()
{
    const Connection connection = connect();
    const Proxy pond = connection["pond"];
    const Proxy lab = connection["lab"];
    // By value: the callback takes in its own answer when the outer call, and with it this function, may already be over.
    Future<> outer = pond.callAsync("askWithin", callback([pond] { pond.call("hold", "inside"); }), 1000);
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "inside"), 1);
    const auto later = std::chrono::steady_clock::now() + 1200ms;
    EVENTUALLY(std::chrono::steady_clock::now() > later);
    connection.process(0ms);
    QVERIFY(!outer.isReady());
    lab.call("open", "inside");
    QCOMPARE(errorOf([&] { outer.get(); }), "CallTimeout");
    QCOMPARE(pond.call<int>("overlaps"), 0);
}

void TestCallbacksWithin::anObjectIsWithdrawnFromWithin()
{
    const Connection connection = connect();
    const Proxy pond = connection["pond"];
    const Proxy probe = connection["probe"];
    // withdraw() waits for the calls on the pond, and must not wait for those that wait for it.
    QCOMPARE(pond.call<int>("apply",
                            callback([&probe](std::int64_t) { return probe.call<bool>("withdraw", "pond") ? 1 : 0; })),
             1);
    QCOMPARE(errorOf([&] { pond.call("notes"); }), "ProxyObjectNotFound");
}

void TestCallbacksWithin::aClientThatDiesInsideFreesTheObject()
{
    const Connection connection = connect();
    ClientProcess client("lendWithin");
    QVERIFY(client.waitForLineWith("called"));
    EVENTUALLY_EQUAL(connection["lab"].call<int>("waiting", "lent"), 1);
    client.send(SIGKILL);
    Future<> note = connection["pond"].callAsync("note", 1);
    EVENTUALLY_EQUAL(connection["probe"].call<int>("connections"), 1);
    connection["lab"].call("open", "lent"); // what runs inside runs to its end
    note.get();
    QCOMPARE(connection["pond"].call<int>("overlaps"), 0);
}

void TestCallbacksWithin::aServerThatDiesInsideEndsBoth()
{
    const Proxy pond = connect()["pond"];
    const int process = m_process->id();
    std::promise<QByteArray> inner;
    QCOMPARE(errorOf([&] {
                 pond.call("apply", callback([&](std::int64_t) {
                               kill(process, SIGKILL);
                               inner.set_value(errorOf([&] { pond.call("note", 1); }));
                               return 0;
                           }));
             }),
             "PeerDied");
    QCOMPARE(inner.get_future().get(), "PeerDied");
    m_process->send(SIGKILL); // so that it is not ended in good order
}

void TestCallbacksWithin::aServerStopsThoughItTakesNothingFromInside()
{
    Gates gates;
    ProxyServer server("stops");
    const ServedPond served(server, gates);
    server.run();
    const Proxy pond = decoy::connect("stops")["pond"].withTimeout(waitForever);
    std::promise<void> isCalled;
    auto call = std::async(std::launch::async, [&] {
        return errorOf([&] {
            pond.call("ask", callback([&server, &isCalled, pond] {
                          isCalled.set_value();
                          while (server.running())
                              std::this_thread::yield();
                          pond.call("note", 1);
                      }),
                      "__call__");
        });
    });
    isCalled.get_future().get();
    server.stop();
    QCOMPARE(call.get(), "PeerDied");
}

QTEST_GUILESS_MAIN(TestCallbacksWithin)
#include "test_callbacks_within.moc"
