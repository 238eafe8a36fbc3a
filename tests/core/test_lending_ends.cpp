// SPDX-License-Identifier: BSD-3-Clause
#include "support/pond_process.h"
#include "support/raw_server.h"
#include "support/served_pond.h"

#include <decoy/decoy.h>

#include <QTest>

#include <atomic>
#include <csignal>
#include <future>
#include <optional>
#include <thread>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

namespace {

/// Counts those that are alive.
class Witness {
public:
    Witness() { ++living; }
    Witness(const Witness &) { ++living; }
    Witness(Witness &&) noexcept { ++living; }
    ~Witness() { --living; }
    Witness &operator=(const Witness &) = default;
    static inline std::atomic<int> living{0};
};

/// A callback that is alive as long as somebody may call it.
Lent witnessed()
{
    return callback([witness = Witness()](std::int64_t number) { return number; });
}

} // namespace

/// How what was lent comes back: whatever becomes of the call, of the server and of the client.
class TestLendingEnds : public QObject {
    Q_OBJECT

private slots:
    void init() { m_process.emplace(); }
    void cleanup()
    {
        m_process.reset();
        EVENTUALLY_EQUAL(Witness::living.load(), 0);
    }

    void withTheCall();
    void withACallThatIsRefused();
    void withACallThatWasNeverSent();
    void withACallThatIsTakenBack();
    void withACallOnAResultThatNeverCame();
    void whenTheServerLetsGo();
    void whenTheConnectionIsClosed();
    void whenTheServerDies();
    void aKeptCallbackDiesWithItsConnection();
    void aClientThatIsKilledInItsCallbackCostsItsOwnCall();
    void aClientThatNeverAnswersCostsItsOwnCall();
    void onlySoManyCallsWaitForOneClient();
    void clientsThatNeverAnswerKeepNotAllThreads();
    void theLastHandleMayGoInACallback();
    void aConnectionIsClosedInACallback();
    void whatFollowsACallToADeadClientIsTold();
    void whatFollowsIsToldWhenTheServerStops();
    void whatIsFollowedOnlyAfterItsClientDiedIsTold();
    void nothingIsLeftInTheServer();
    void callsThatNobodyWaitsForLeaveNothing();
    void aServerThatTakesNothingIsToldNothing();
    void aMailboxTakesNothing();

private:
    [[nodiscard]] Connection connect() const { return m_process->connect(); }
    std::optional<PondProcess> m_process;
};

void TestLendingEnds::withTheCall()
{
    const Connection connection = connect();
    QCOMPARE(connection["pond"].call<int>("apply", witnessed(), 3), 3);
    EVENTUALLY_EQUAL(Witness::living.load(), 0);
}

void TestLendingEnds::withACallThatIsRefused()
{
    const Connection connection = connect();
    const Proxy pond = connection["pond"];
    QCOMPARE(errorOf([&] { pond.call("refuse", witnessed()); }), "RemoteError");
    QCOMPARE(errorOf([&] { pond.call("note", witnessed()); }), "ArgumentError");
    QCOMPARE(errorOf([&] { pond.call("apply", witnessed(), witnessed(), witnessed()); }), "ArgumentError");
    QCOMPARE(errorOf([&] { pond.call("apply", witnessed(), kw("unknown", witnessed())); }), "ArgumentError");
    QCOMPARE(errorOf([&] { pond.call("nothingLikeThat", witnessed()); }), "AttributeNotFound");
    QCOMPARE(errorOf([&] { pond.set("nothingLikeThat", witnessed()); }), "AttributeNotFound");
    QCOMPARE(errorOf([&] { (void)pond.call("notes", witnessed()); }), "ArgumentError");
    // Only whole arguments are lent.
    EVENTUALLY_EQUAL(Witness::living.load(), 0);
}

void TestLendingEnds::withACallThatWasNeverSent()
{
    const Connection connection = connect();
    const Proxy pond = connection["pond"];
    const std::string large(2 * connection.limits().bufsize, 'x');
    QCOMPARE(errorOf([&] { pond.call("apply", witnessed(), large); }), "DataTooBigError");
    QCOMPARE(Witness::living.load(), 0); // at once: the server never knew of it
    QCOMPARE(errorOf([&] { (void)pond.callAsync("apply", large, witnessed()); }), "DataTooBigError");
    QCOMPARE(Witness::living.load(), 0);
    QCOMPARE(pond.call<int>("apply", witnessed(), 3), 3);
}

void TestLendingEnds::withACallThatIsTakenBack()
{
    const Connection connection = connect();
    Future<> busy = connection["pond"].callAsync("hold", "gate");
    EVENTUALLY_EQUAL(connection["lab"].call<int>("waiting", "gate"), 1);
    Future<> unwanted = connection["pond"].callAsync("apply", witnessed());
    QVERIFY(unwanted.cancel() == CancelOutcome::NeverRan);
    connection["lab"].call("open", "gate");
    busy.get();
    EVENTUALLY_EQUAL(Witness::living.load(), 0);
}

void TestLendingEnds::withACallOnAResultThatNeverCame()
{
    const Connection connection = connect();
    Future<> nobody = connection["lab"].callAsync("throwInteger");
    QCOMPARE(errorOf([&] { nobody.call("apply", witnessed()).get(); }), "RemoteError");
    EVENTUALLY_EQUAL(Witness::living.load(), 0);
}

void TestLendingEnds::whenTheServerLetsGo()
{
    const Connection connection = connect();
    connection["pond"].call("keep", witnessed());
    connection["pond"].call("keep", witnessed());
    QCOMPARE(Witness::living.load(), 2);
    connection["pond"].call("forget");
    EVENTUALLY_EQUAL(Witness::living.load(), 0);
}

void TestLendingEnds::whenTheConnectionIsClosed()
{
    const Connection connection = connect();
    connection["pond"].call("keep", witnessed());
    connection.close();
    EVENTUALLY_EQUAL(Witness::living.load(), 0);
    QCOMPARE(errorOf([&] { connection["pond"].call("keep", witnessed()); }), "PeerDied");
}

void TestLendingEnds::whenTheServerDies()
{
    const Connection connection = connect();
    const Proxy pond = connection["pond"];
    pond.call("keep", witnessed());
    m_process->send(SIGKILL);
    EVENTUALLY_EQUAL(Witness::living.load(), 0);
    QCOMPARE(errorOf([&] { pond.call("keep", witnessed()); }), "PeerDied");
}

void TestLendingEnds::aKeptCallbackDiesWithItsConnection()
{
    const Connection other = connect();
    {
        const Connection connection = connect();
        connection["pond"].call("keep", callback([] { return 5; }));
        QCOMPARE(other["pond"].call<int>("askKept"), 5); // somebody else's call
        connection.close();
    }
    EVENTUALLY_EQUAL(errorOf([&] { other["pond"].call("askKept"); }), "PeerDied");
}

void TestLendingEnds::aClientThatIsKilledInItsCallbackCostsItsOwnCall()
{
    const Connection connection = connect();
    ClientProcess client("lend");
    QVERIFY(client.waitForLineWith("called"));
    Future<> waiting = connection["pond"].callAsync("note", 1); // the pond is busy with that client
    client.send(SIGKILL);
    waiting.get();
    QCOMPARE(errorOf([&] { connection["pond"].call("askKept"); }), "PeerDied");
}

void TestLendingEnds::aClientThatNeverAnswersCostsItsOwnCall()
{
    const Connection connection = connect();
    std::promise<void> end;
    const Lent mute = callback([ended = end.get_future().share()] { ended.wait(); });
    QCOMPARE(errorOf([&] { connection["lake"].call("askWithin", mute, 50); }), "CallTimeout");
    QCOMPARE(connection["lake"].call<int>("apply", witnessed(), 4), 4);
    end.set_value();
}

void TestLendingEnds::onlySoManyCallsWaitForOneClient()
{
    const Connection connection = connect();
    const Proxy lake = connection["lake"];
    std::promise<void> end;
    std::atomic<std::uint32_t> called{0};
    const std::shared_future<void> ended = end.get_future().share();
    std::vector<Future<>> calls;
    for (std::uint32_t i = 0; i < connection.limits().callsBack; ++i) {
        calls.push_back(lake.callAsync("invoke", callback([ended, &called] {
                                           ++called;
                                           ended.wait();
                                       })));
    }
    EVENTUALLY_EQUAL(called.load(), connection.limits().callsBack);
    QCOMPARE(errorOf([&] { lake.call("invoke", callback([] {})); }), "LimitExceeded");
    const Connection other = connect();
    QCOMPARE(other["lake"].call<int>("apply", witnessed(), 5), 5); // another client is not counted with it
    end.set_value();
    for (Future<> &call : calls)
        call.get();
    QVERIFY(lake.call("invoke", callback([] {})).isNone());
}

void TestLendingEnds::clientsThatNeverAnswerKeepNotAllThreads()
{
    const Connection other = connect();
    std::promise<void> end;
    const Lent mute = callback([ended = end.get_future().share()] { ended.wait(); });
    std::vector<Connection> clients;
    std::vector<Future<>> calls;
    for (int i = 0; i < 3; ++i) { // each with as many as it may have
        clients.push_back(connect());
        for (std::uint32_t call = 0; call < clients.back().limits().callsBack; ++call)
            calls.push_back(clients.back()["lake"].callAsync("invoke", mute));
    }
    const auto answered = [&] {
        for (const Connection &client : clients)
            (void)client.process(0ms);
        return std::ranges::count_if(calls, [](const Future<> &call) { return call.isReady(); });
    };
    EVENTUALLY_EQUAL(answered(), 24 - 14);                                    // two of 16 threads are left
    QCOMPARE(other["lake"].call<std::string>("kindOf", 7), std::string("7")); // and serve others
    end.set_value();
    int refused = 0;
    for (Future<> &call : calls)
        refused += errorOf([&] { call.get(); }) == "LimitExceeded" ? 1 : 0;
    QCOMPARE(refused, 24 - 14);
}

void TestLendingEnds::theLastHandleMayGoInACallback()
{
    const Connection other = connect();
    {
        const Connection connection = connect();
        const Proxy pond = connection["pond"];
        // The callback keeps the connection, which keeps the callback, until the server lets go of it.
        pond.call("keep", callback([pond, witness = Witness()] { return 6; }));
    }
    QCOMPARE(other["pond"].call<int>("askKept"), 6);
    QCOMPARE(Witness::living.load(), 1);
    other["pond"].call("forget");
    EVENTUALLY_EQUAL(Witness::living.load(), 0);
    EVENTUALLY_EQUAL(other["probe"].call<int>("connections"), 1);
}

void TestLendingEnds::aConnectionIsClosedInACallback()
{
    const Connection connection = connect();
    // Its answer may still come through, or not.
    const QByteArray outcome = errorOf(
        [&] { connection["pond"].call("invoke", callback([connection] { connection.close(); })); });
    QVERIFY2(outcome == "PeerDied" || outcome == "none", outcome.constData());
    QCOMPARE(errorOf([&] { (void)connection.objects(); }), "PeerDied");
    QVERIFY(connect()["pond"].call("invoke", callback([] {})).isNone());
}

void TestLendingEnds::whatFollowsACallToADeadClientIsTold()
{
    const Connection other = connect();
    const Connection connection = connect();
    std::promise<void> isCalled;
    std::promise<void> go;
    connection["pond"].call("noteAnswer", callback([&isCalled, mayGo = go.get_future().share()] {
                                isCalled.set_value();
                                mayGo.wait();
                                return 5;
                            }));
    isCalled.get_future().get();
    connection.close();
    EVENTUALLY(other["pond"].call("notes").as<std::vector<int>>() == std::vector{-1});
    go.set_value();
}

void TestLendingEnds::whatFollowsIsToldWhenTheServerStops()
{
    Gates gates;
    ProxyServer server("stops");
    ServedPond served(server, gates);
    server.run();
    const Connection connection = decoy::connect("stops");
    std::promise<void> isCalled;
    std::promise<void> go;
    connection["pond"].call("noteAnswer", callback([&isCalled, mayGo = go.get_future().share()] {
                                isCalled.set_value();
                                mayGo.wait();
                                return 5;
                            }));
    isCalled.get_future().get();
    server.stop();
    QCOMPARE(served.pond.notes(), std::vector{-1});
    go.set_value();
}

void TestLendingEnds::whatIsFollowedOnlyAfterItsClientDiedIsTold()
{
    const Connection other = connect();
    const Connection connection = connect();
    connection["pond"].call("noteAnswer", callback([] { return 5; })); // so that the server reads this channel
    EVENTUALLY(other["pond"].call("notes").as<std::vector<int>>() == std::vector{5});
    std::promise<void> go;
    connection["pond"].call("start", callback([mayGo = go.get_future().share()] {
                                mayGo.wait();
                                return 6;
                            }));
    connection.close();
    EVENTUALLY_EQUAL(other["probe"].call<int>("connections"), 1);
    other["pond"].call("noteStarted");
    EVENTUALLY(other["pond"].call("notes").as<std::vector<int>>() == (std::vector{5, -1}));
    go.set_value();
}

void TestLendingEnds::callsThatNobodyWaitsForLeaveNothing()
{
    const Connection other = connect();
    const int descriptors = other["probe"].call<int>("descriptors");
    for (int i = 0; i < 20; ++i)
        connect()["pond"].call("tell", callback([] {}));
    EVENTUALLY_EQUAL(other["probe"].call<int>("connections"), 1);
    EVENTUALLY_EQUAL(other["probe"].call<int>("descriptors"), descriptors);
}

void TestLendingEnds::nothingIsLeftInTheServer()
{
    const Connection other = connect();
    const int descriptors = other["probe"].call<int>("descriptors");
    const int watched = other["probe"].call<int>("watched");
    for (int i = 0; i < 20; ++i) {
        const Connection connection = connect();
        QCOMPARE(connection["pond"].call<int>("apply", witnessed(), i), i);
        connection["pond"].call("keep", witnessed());
    }
    EVENTUALLY_EQUAL(other["probe"].call<int>("connections"), 1);
    other["pond"].call("forget");
    EVENTUALLY_EQUAL(other["probe"].call<int>("descriptors"), descriptors);
    QCOMPARE(other["probe"].call<int>("watched"), watched);
}

void TestLendingEnds::aServerThatTakesNothingIsToldNothing()
{
    RawServer server("older");
    auto connecting = std::async(std::launch::async, [] { return decoy::connect("older"); });
    server.greet();
    const Connection connection = connecting.get();
    std::string message;
    QCOMPARE(errorOf([&] { connection.directory().call("keep", witnessed()); }, &message), "DataEncodeError");
    QVERIFY2(message.find("takes no objects or callbacks") != std::string::npos, message.c_str());
    QCOMPARE(Witness::living.load(), 0);
}

void TestLendingEnds::aMailboxTakesNothing()
{
    ProxyServer server(std::uint32_t{4096});
    Gates gates;
    ServedPond served(server, gates);
    server.run();
    const Proxy pond = server.createProxy(served.pond);
    QCOMPARE(errorOf([&] { pond.call("keep", witnessed()); }), "DataEncodeError");
    QCOMPARE(errorOf([&] { pond.set("favourite", witnessed()); }), "DataEncodeError");
    QCOMPARE(Witness::living.load(), 0);
}

QTEST_GUILESS_MAIN(TestLendingEnds)
#include "test_lending_ends.moc"
