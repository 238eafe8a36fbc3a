// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <future>
#include <memory>

using namespace decoy;
using namespace decoy::test;

/// Objects that are published, borrowed or shared, and what is left of them when they are withdrawn.
class TestWithdrawal : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void aBorrowedObjectStaysWithItsOwner();
    void aSharedObjectLivesWhileItCanBeReached();
    void awithdrawnObjectIsGoneForEverybody();
    void withdrawingWaitsForTheCallThatRuns();
    void withdrawingAlsoWaitsForACallOnAnotherMemberOfTheFamily();
    void anObjectMayWithdrawItself();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestWithdrawal::aBorrowedObjectStaysWithItsOwner()
{
    ProxyServer server("local");
    const ServedTestObjects objects(server);
    {
        Node borrowed("borrowed");
        const std::uint64_t id = server.publish("mine", borrowed);
        QVERIFY(id > 0);
        server.run();
        const Connection connection = decoy::connect("local");
        connection["mine"].set("name", "renamed");
        QVERIFY(server.withdraw("mine"));
        QVERIFY(borrowed.name
                == "renamed"); // now, because ThreadSanitizer does not see that threads meet in shared memory
        QVERIFY(!server.withdraw("mine"));
    }
    QCOMPARE(Node::living(), 1);
    QVERIFY_THROWS_EXCEPTION(ArgumentError, server.publish("", std::make_shared<Node>()));
    QVERIFY_THROWS_EXCEPTION(ArgumentError, server.publish("nothing", std::shared_ptr<Node>()));
    QVERIFY_THROWS_EXCEPTION(NameTaken, server.publish("lab", std::make_shared<Node>()));
    QVERIFY_THROWS_EXCEPTION(ProxyError, server.publish("unbound", std::make_shared<std::string>("text")));
}

void TestWithdrawal::aSharedObjectLivesWhileItCanBeReached()
{
    ProxyServer server("local");
    const ServedTestObjects objects(server);
    server.run();
    std::weak_ptr<Node> watched;
    {
        auto shared = std::make_shared<Node>("shared");
        watched = shared;
        server.publish("shared", std::move(shared));
    }
    {
        const Connection connection = decoy::connect("local");
        const Proxy shared = connection["shared"];
        QVERIFY(!watched.expired());
        server.withdraw("shared");
        QCOMPARE(errorOf([&] { (void)shared.get("name"); }), "ProxyObjectNotFound");
    }
    EVENTUALLY(watched.expired());
}

void TestWithdrawal::awithdrawnObjectIsGoneForEverybody()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    const Proxy fresh = connection["node"].call<Proxy>("fresh");
    QVERIFY(connection["probe"].call<bool>("withdraw", "lab"));
    QVERIFY(!connection["probe"].call<bool>("withdraw", "lab"));
    QCOMPARE(errorOf([&] { (void)lab.get("value"); }), "ProxyObjectNotFound");
    QCOMPARE(errorOf([&] { (void)connection["lab"]; }), "ProxyObjectNotFound");
    QCOMPARE(connection.objects().size(), std::size_t{5});
    connection["probe"].call("withdraw", "node");
    QVERIFY(fresh.get<std::string>("name") == "fresh"); // what it handed out is still there
}

void TestWithdrawal::withdrawingWaitsForTheCallThatRuns()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    const Proxy till = connection["till"];
    const Proxy probe = connection["probe"];
    auto running = std::async(std::launch::async, [till] { till.call("waitAt", "withdrawn"); });
    EVENTUALLY_EQUAL(lab.call<int>("waiting", "withdrawn"), 1);
    auto queued = std::async(std::launch::async, [till] { return errorOf([&] { till.call("note", 1); }); });
    auto withdrawal = std::async(std::launch::async, [probe] { return probe.call<bool>("withdraw", "till"); });
    EVENTUALLY_EQUAL(connection.objects().size(), std::size_t{5}); // the name is gone, the call still runs
    QCOMPARE(lab.call<int>("waiting", "withdrawn"), 1);
    QCOMPARE(withdrawal.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
    lab.call("open", "withdrawn");
    QVERIFY(withdrawal.get());
    running.get();
    QCOMPARE(queued.get(), "ProxyObjectNotFound");
}

void TestWithdrawal::withdrawingAlsoWaitsForACallOnAnotherMemberOfTheFamily()
{
    struct Household {
        Node parent{"parent"};
        Node child{"child"};
    };
    ProxyServer server("local");
    ServedTestObjects objects(server);
    {
        const auto household = std::make_shared<Household>();
        server.publish("parent", std::shared_ptr<Node>(household, &household->parent));
        server.publish("child", std::shared_ptr<Node>(household, &household->child));
    }
    server.run();
    const Connection connection = decoy::connect("local");
    const Proxy child = connection["child"];
    auto running = std::async(std::launch::async, [child] { child.call("waitAt", "withdrawn"); });
    EVENTUALLY_EQUAL(objects.gates.waiting("withdrawn"), 1);
    auto withdrawal = std::async(std::launch::async, [&server] { return server.withdraw("parent"); });
    EVENTUALLY_EQUAL(connection.objects().size(), std::size_t{7}); // the name is gone, the call still runs
    QCOMPARE(withdrawal.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
    objects.gates.open("withdrawn");
    QVERIFY(withdrawal.get());
    running.get();
    QCOMPARE(child.get<std::string>("name"), std::string("child"));
}

void TestWithdrawal::anObjectMayWithdrawItself()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy probe = connection["probe"];
    QVERIFY(probe.call<bool>("withdraw", "probe"));
    QCOMPARE(errorOf([&] { probe.call("living"); }), "ProxyObjectNotFound");
    QCOMPARE(connection.objects().size(), std::size_t{5});
}

QTEST_GUILESS_MAIN(TestWithdrawal)
#include "test_withdrawal.moc"
