// SPDX-License-Identifier: BSD-3-Clause
#include "support/raw_client.h"
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// Calls on results that have not arrived yet.
class TestPipelining : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void aChainIsAskedWithoutWaitingForItsParts();
    void whatAChainHandsOutIsReleased();
    void aResultThatHasArrivedIsAskedItself();
    void aResultThatComesLaterIsWaitedForAtTheServer();
    void whatWaitsForAResultIsNotOvertaken();
    void anErrorIsThatOfAllThatDependOnIt();
    void aResultThatIsNoObjectCannotBeAsked();
    void chainsAreLimitedAsAlways();
    void aCallThatWaitsForAnotherIsTakenBack();
    void aCallThatIsTakenBackTakesItsDependentsAlong();
    void aServerThatDiesEndsTheWholeChain();
    void aClientThatDiesLeavesNothing();
    void moreDependentsThanTheServerTakesWaitAtTheirClient();
    void onlyAResultOfACallCanBeAsked();

    void aRequestOnAnUnknownResultIsAnError();
    void aRequestThatDoesNotSayOnWhichResultIsAnError();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestPipelining::aChainIsAskedWithoutWaitingForItsParts()
{
    const ServedProcess server;
    const Proxy node = server.connect()["node"];
    QCOMPARE(node.callAsync("child").call("child").call("child").getAsync<std::string>("name").get(),
             std::string("child"));
    QCOMPARE(server.connect().directory().callAsync("object", "lab").call<int>("digits", 7, kw("c", 1)).get(), 721);
}

void TestPipelining::whatAChainHandsOutIsReleased()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    for (int i = 0; i < 50; ++i)
        QCOMPARE(connection["node"].callAsync("fresh").call<Proxy>("fresh").get().get<std::string>("name"),
                 std::string("fresh"));
    EVENTUALLY_EQUAL(connection["probe"].call<int>("living"), 1);
}

void TestPipelining::aResultThatHasArrivedIsAskedItself()
{
    const ServedProcess server;
    const Proxy node = server.connect()["node"];
    Future<Proxy> child = node.callAsync<Proxy>("child");
    QVERIFY(child.wait());
    QCOMPARE(child.getAsync<std::string>("name").get(), std::string("child"));
    QCOMPARE(child.call<Proxy>("child").get().level(), 1); // the text before has set its level back
    QCOMPARE(child.get().get<std::string>("name"), std::string("child"));
    Future<> broken = server.connect()["lab"].callAsync("throwInteger");
    QVERIFY(broken.wait());
    QCOMPARE(errorOf([&] { broken.call("child").get(); }), "RemoteError");
}

void TestPipelining::aResultThatComesLaterIsWaitedForAtTheServer()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy later = connection["later"];
    Future<Proxy> fresh = later.callAsync<Proxy>("fresh", "n");
    Future<std::string> name = fresh.getAsync<std::string>("name");
    Future<std::string> deeper = fresh.call("child").getAsync<std::string>("name");
    EVENTUALLY_EQUAL(later.call<int>("awaited", "n"), 1);
    QVERIFY(!name.isReady());
    later.call("keep", "n", 0);
    QCOMPARE(name.get(), std::string("fresh"));
    QCOMPARE(deeper.get(), std::string("child"));
}

namespace {
/// Written on in the order of calls, by a slow hand.
struct Slate {
    std::vector<int> numbers;
    void write(int number)
    {
        const auto end = std::chrono::steady_clock::now() + 20us;
        while (std::chrono::steady_clock::now() < end) {}
        numbers.push_back(number);
    }
};
/// Gives one away once somebody says so.
struct Desk {
    Gates &gates;
    [[nodiscard]] std::shared_ptr<Slate> slate(const std::string &gate) const
    {
        gates.pass(gate);
        return std::make_shared<Slate>();
    }
};
} // namespace

void TestPipelining::whatWaitsForAResultIsNotOvertaken()
{
    constexpr int count = 100;
    Gates gates;
    ProxyServer server("desks");
    server.bind(Class<Slate>("Slate").readOnly("numbers", &Slate::numbers).method("write", &Slate::write));
    server.bind(Class<Desk>("Desk").method("slate", &Desk::slate));
    server.publish("desk", std::make_shared<Desk>(gates));
    server.run();
    const Connection connection = decoy::connect("desks");
    for (int round = 0; round < 20; ++round) {
        const std::string gate = "round " + std::to_string(round);
        Future<Proxy> slate = connection["desk"].callAsync<Proxy>("slate", gate);
        std::vector<Future<>> written;
        for (int number = 0; number < count; ++number) {
            if (number == count / 2) {
                (void)connection.objects(); // the first half waits at the server now, the others come at any time
                gates.open(gate);
            }
            written.push_back(slate.call("write", number));
        }
        const Proxy given = slate.get();
        given.call("write", count); // and then asked itself
        for (Future<> &one : written)
            one.get();
        const auto numbers = given.get<std::vector<int>>("numbers");
        QVERIFY(numbers.size() == count + 1);
        QVERIFY2(std::ranges::is_sorted(numbers), std::to_string(round).c_str());
    }
}

void TestPipelining::anErrorIsThatOfAllThatDependOnIt()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    std::string message;
    QCOMPARE(errorOf(
                 [&] {
                     connection["lab"]
                         .callAsync("fail", static_cast<int>(ErrorKind::NameTaken), "mine")
                         .call("a")
                         .call("b")
                         .get();
                 },
                 &message),
             "NameTaken");
    QCOMPARE(message, std::string("mine"));
    Future<> given = connection["later"].callAsync("fresh", "n");
    Future<> dependent = given.call("child");
    connection["later"].call("giveUp", "n");
    QCOMPARE(errorOf([&] { dependent.get(); }), "ProxyError");
}

void TestPipelining::aResultThatIsNoObjectCannotBeAsked()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    QCOMPARE(errorOf([&] { lab.callAsync("echo", 1).call("child").get(); }), "ProxyObjectNotFound");
    QCOMPARE(errorOf([&] { lab.callAsync("nothing").getAsync("name").get(); }), "ProxyObjectNotFound");
}

void TestPipelining::chainsAreLimitedAsAlways()
{
    const ServedProcess server({"chain=2"});
    const Proxy node = server.connect()["node"];
    QCOMPARE(node.callAsync("child").call<Proxy>("child").get().level(), 2);
    QCOMPARE(errorOf([&] { node.callAsync("child").call("child").call("child").getAsync("name").get(); }),
             "LimitedProxyChaining");
}

void TestPipelining::aCallThatWaitsForAnotherIsTakenBack()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy later = connection["later"];
    Future<Proxy> fresh = later.callAsync<Proxy>("fresh", "n");
    Future<> unwanted = fresh.getAsync("name");
    Future<> wanted = fresh.getAsync("name");
    EVENTUALLY_EQUAL(later.call<int>("awaited", "n"), 1);
    QVERIFY(unwanted.cancel() == CancelOutcome::NeverRan);
    QCOMPARE(errorOf([&] { unwanted.get(); }), "CallCancelled");
    later.call("keep", "n", 0);
    QCOMPARE(wanted.get().as<std::string>(), std::string("fresh"));
}

void TestPipelining::aCallThatIsTakenBackTakesItsDependentsAlong()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    const Proxy node = connection["node"];
    Future<> busy = node.callAsync("waitAt", "gate");
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "gate"), 1);
    Future<> child = node.callAsync("child");
    Future<> dependent = child.call("child");
    QVERIFY(child.cancel() == CancelOutcome::NeverRan);
    QCOMPARE(errorOf([&] { dependent.get(); }), "CallCancelled");
    lab.call("open", "gate");
    busy.get();
}

void TestPipelining::aServerThatDiesEndsTheWholeChain()
{
    ServedProcess server;
    const Proxy later = server.connect()["later"];
    Future<> fresh = later.callAsync("fresh", "n");
    Future<> child = fresh.call("child");
    Future<> name = child.getAsync("name");
    server.send(SIGKILL);
    for (Future<> *future : {&fresh, &child, &name})
        QCOMPARE(errorOf([&] { future->get(); }), "PeerDied");
}

void TestPipelining::aClientThatDiesLeavesNothing()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy later = connection["later"];
    {
        const Connection other = server.connect();
        Future<> fresh = other["later"].callAsync("fresh", "n");
        const Future<> child = fresh.call("child");
        EVENTUALLY_EQUAL(later.call<int>("awaited", "n"), 1);
        other.close();
    }
    EVENTUALLY_EQUAL(connection["probe"].call<int>("connections"), 1);
    later.call("keep", "n", 0);
    EVENTUALLY_EQUAL(connection["probe"].call<int>("living"), 1);
}

void TestPipelining::moreDependentsThanTheServerTakesWaitAtTheirClient()
{
    const ServedProcess server({"calls=8"});
    const Connection connection = server.connect();
    const Proxy node = connection["node"];
    std::vector<Future<std::string>> names;
    for (int i = 0; i < 100; ++i)
        names.push_back(node.callAsync("child").getAsync<std::string>("name"));
    for (auto &name : names)
        QCOMPARE(name.get(), std::string("child"));
}

void TestPipelining::onlyAResultOfACallCanBeAsked()
{
    Promise<Value> promise;
    Future<> future = promise.future();
    QCOMPARE(errorOf([&] { (void)future.call("child"); }), "ProxyError");
    QCOMPARE(errorOf([&] { (void)Future<>().call("child"); }), "ProxyError");
}

void TestPipelining::aRequestOnAnUnknownResultIsAnError()
{
    const ServedProcess server;
    RawClient client("served");
    client.answer();
    using Flag = memory::RecordHeader::Flag;
    // The ids are large, so that msgpack writes them as uint 64.
    const std::uint64_t unknown = (std::uint64_t{1} << 60) + 1;
    QVERIFY(client.call(1, unknown, "child", {}, Flag::OnResult));
    QCOMPARE(client.receiveResult().value().failure().value().kind, ErrorKind::ProxyObjectNotFound);
    QVERIFY(client.call(2, 0, "objects", {}, Flag::Referable));
    QVERIFY(!client.receiveResult().value().failure());
    QVERIFY(client.call(unknown + 1, unknown + 1, "child", {}, Flag::Referable | Flag::OnResult)); // on itself
    QVERIFY(client.call(3, 0, "__cancel__", {Value(unknown + 1)}));
    QCOMPARE(client.receiveResult().value().callId, unknown + 1);
    QCOMPARE(client.receiveResult().value().callId, std::uint64_t{3});
}

void TestPipelining::aRequestThatDoesNotSayOnWhichResultIsAnError()
{
    const ServedProcess server;
    RawClient client("served");
    client.answer();
    using Flag = memory::RecordHeader::Flag;
    QVERIFY(client.call(1, 7, "child", {}, Flag::OnResult)); // a short number
    QCOMPARE(client.receiveResult().value().failure().value().kind, ErrorKind::DataDecodeError);
    for (std::size_t size = 0; size < 20; ++size) {
        QVERIFY(client.send(size + 2, Bytes(size, std::byte{0xcf}), Flag::OnResult | Flag::Referable));
        QVERIFY(client.receiveResult().value().failure());
    }
    QVERIFY(client.call(100, 0, "objects"));
    QVERIFY(!client.receiveResult().value().failure());
}

QTEST_GUILESS_MAIN(TestPipelining)
#include "test_pipelining.moc"
