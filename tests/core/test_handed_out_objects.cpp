// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <atomic>
#include <future>
#include <memory>

using namespace decoy;
using namespace decoy::test;

/// Objects that calls hand out: their ids, who reaches them, and how they are given back.
class TestHandedOutObjects : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void theSameObjectHandedOutTwiceHasOneId();
    void idsAreNeverUsedAgain();
    void theLastReleaseFreesTheObject();
    void aReleaseThatFoundNoRoomIsNotForgotten();
    void aClientReachesOnlyWhatItWasHanded();
    void aClosedProxyIsOfNoMoreUse();
    void aClientHoldsNoMoreReferencesThanItMay();
    void aReleasedObjectKeepsItsOneCallAtATime();
    void anotherOwnerOfAKnownObjectIsDestroyedOutsideTheServersLocks();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestHandedOutObjects::theSameObjectHandedOutTwiceHasOneId()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy node = connection["node"];
    Proxy first = node.call<Proxy>("child");
    const Proxy second = node.call<Proxy>("child");
    QCOMPARE(first.id(), second.id());
    QCOMPARE(server.connect()["node"].call<Proxy>("child").id(), first.id());
    first.close();
    QVERIFY(second.get<std::string>("name") == "child");
    QVERIFY(node.call<Proxy>("fresh").id() != second.id());
    QCOMPARE(connection["node"].id(), node.id());
}

void TestHandedOutObjects::idsAreNeverUsedAgain()
{
    const ServedProcess server;
    const Proxy node = server.connect()["node"];
    std::uint64_t last = node.call<Proxy>("child").id();
    for (int i = 0; i < 100; ++i) {
        const std::uint64_t id = node.call<Proxy>("fresh").id(); // released at once; the next one may get its address
        QVERIFY(id > last);
        last = id;
    }
}

void TestHandedOutObjects::theLastReleaseFreesTheObject()
{
    const ServedProcess server;
    const Proxy probe = server.connect()["probe"];
    const Connection connection = server.connect();
    Proxy child = connection["node"].call<Proxy>("child");
    Proxy same = server.connect()["node"].call<Proxy>("child");
    QCOMPARE(probe.call<int>("living"), 2);
    child.close();
    EVENTUALLY_EQUAL(probe.call<int>("references"), 2); // the probe and `same`
    QCOMPARE(probe.call<int>("living"), 2);
    same = Proxy();
    EVENTUALLY_EQUAL(probe.call<int>("living"), 1);
    QCOMPARE(probe.call<int>("objects"), 6);
}

void TestHandedOutObjects::aReleaseThatFoundNoRoomIsNotForgotten()
{
    const ServedProcess server;
    const Proxy probe = server.connect()["probe"];
    {
        const Proxy node = server.connect()["node"];
        std::vector<Proxy> many;
        // Many in flight: on a busy machine each wait would cost a turn of the processor.
        for (int round = 0; round < 160; ++round) {
            std::vector<Future<Proxy>> some;
            for (int i = 0; i < 50; ++i)
                some.push_back(node.callAsync<Proxy>("fresh"));
            for (Future<Proxy> &one : some)
                many.push_back(one.get());
        }
        QCOMPARE(probe.call<int>("living"), 8'001);
        many.clear(); // eight thousand releases at once: twice what the ring holds
        QVERIFY(node.get<std::string>("name") == "root");
        EVENTUALLY_EQUAL(probe.call<int>("living"), 1);
    }
    EVENTUALLY_EQUAL(probe.call<int>("references"), 1);
}

void TestHandedOutObjects::aClientReachesOnlyWhatItWasHanded()
{
    const ServedProcess server;
    const Connection owner = server.connect();
    const Connection stranger = server.connect();
    const Proxy secret = owner["node"].call<Proxy>("fresh");
    const Proxy foothold = stranger["lab"];
    for (const std::uint64_t id :
         {secret.id(), secret.id() + 1, std::uint64_t{3}, std::uint64_t{12345}, ~std::uint64_t{0}}) {
        QCOMPARE(errorOf([&] {
                     (void)foothold.getResponse(Frame(ProxyOpCode::Get, {Value(id), Value("name")}));
                 }),
                 "ProxyObjectNotFound");
        // It cannot be taken from its owner either.
        QCOMPARE(errorOf([&] {
                     (void)foothold.getResponse(Frame(ProxyOpCode::Execute, {Value(id), Value("__del__")}));
                 }),
                 "ProxyObjectNotFound");
    }
    QVERIFY(secret.get<std::string>("name") == "fresh");
    for (const char *name : {"__class__", "__init__", "__dict__", "~Lab", ""})
        QVERIFY(errorOf([&] { (void)foothold.get(name); }) != "none");
}

void TestHandedOutObjects::aClosedProxyIsOfNoMoreUse()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    Proxy lab = connection["lab"];
    const Proxy copy = lab;
    const Proxy another = connection["lab"];
    lab.close();
    lab.close();
    QVERIFY(!lab.isValid() && !copy.isValid());
    QCOMPARE(errorOf([&] { (void)lab.get("value"); }), "ProxyObjectNotFound");
    QCOMPARE(errorOf([&] { (void)copy.get("value"); }), "ProxyObjectNotFound");
    QCOMPARE(errorOf([&] { (void)Proxy().get("value"); }), "ProxyObjectNotFound");
    QCOMPARE(another.get<int>("value"), 100);
    connection.close();
    QCOMPARE(errorOf([&] { (void)another.get("value"); }), "PeerDied");
    QVERIFY(!connection.isAlive());
}

void TestHandedOutObjects::aClientHoldsNoMoreReferencesThanItMay()
{
    const ServedProcess server({"references=10"});
    const Proxy node = server.connect()["node"];
    std::vector<Proxy> held;
    for (int i = 0; i < 9; ++i)
        held.push_back(node.call<Proxy>("fresh"));
    std::string message;
    QCOMPARE(errorOf([&] { held.push_back(node.call<Proxy>("fresh")); }, &message), "LimitExceeded");
    QVERIFY2(message.find("10") != std::string::npos, message.c_str());
    QCOMPARE(server.connect()["probe"].call<int>("living"), 10); // another client has its own quota
    held.pop_back();
    EVENTUALLY_EQUAL(server.connect()["probe"].call<int>("living"), 9);
    QVERIFY(node.call("fresh").isProxy());
}

void TestHandedOutObjects::aReleasedObjectKeepsItsOneCallAtATime()
{
    // The object is handed out again while a call on it still runs: it must still be the same object, with one call at a time.
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    const Proxy root = connection["node"];
    Proxy child = root.call<Proxy>("child");
    const std::uint64_t id = child.id();
    auto slow = std::async(std::launch::async, [child] { child.call("waitAt", "first"); });
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "first"), 1);
    child.close();
    const Proxy again = root.call<Proxy>("child");
    QCOMPARE(again.id(), id);
    auto next = std::async(std::launch::async, [again] { again.call("waitAt", "second"); });
    // This client's later calls are taken in order, so by now the second one would be inside if it could.
    QVERIFY(connection["node"].call<Proxy>("child").id() == id);
    QCOMPARE(lab.call<int>("waiting", "second"), 0);
    lab.call("open", "first");
    slow.get();
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "second"), 1);
    lab.call("open", "second");
    next.get();
}

void TestHandedOutObjects::anotherOwnerOfAKnownObjectIsDestroyedOutsideTheServersLocks()
{
    struct Lender {};
    ProxyServer server("local");
    ServedTestObjects objects(server);
    std::atomic<std::size_t> known{0};
    server.bind(Class<Lender>("Lender").method("lend", [&](Lender &) {
        return std::shared_ptr<Node>(&objects.node, [&](Node *) { known = server.objects().size(); });
    }));
    server.publish("lender", std::make_shared<Lender>());
    server.run();
    const Connection connection = decoy::connect("local");
    QCOMPARE(connection["lender"].call<Proxy>("lend").id(), connection["node"].id());
    QCOMPARE(known.load(), std::size_t{7});
}

QTEST_GUILESS_MAIN(TestHandedOutObjects)
#include "test_handed_out_objects.moc"
