// SPDX-License-Identifier: BSD-3-Clause
#include "reference_server.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// What the reference documents of proxies, and what its users rely on, where no other test shows it.
/// docs/reference-table.md names each test.
class TestReferenceProxies : public QObject {
    Q_OBJECT

private slots:
    void init() { m_local.emplace(); }
    void cleanup() { m_local.reset(); }

    void aProxyIsMadeForAnIdAndAMailbox();
    void aProxyIsOpenedWhereItsAddressArrives();
    void aProxyReadsAsPeopleWriteIt();
    void theProxysOwnNamesNeverHideTheTargets_data() { onBothLanes(); }
    void theProxysOwnNamesNeverHideTheTargets();
    void getResponseGivesDataProxiesAndCallables_data() { onBothLanes(); }
    void getResponseGivesDataProxiesAndCallables();
    void getResponseEndsAtItsTimeout_data() { onBothLanes(); }
    void getResponseEndsAtItsTimeout();
    void attributesAreRemoved_data() { onBothLanes(); }
    void attributesAreRemoved();
    void itemsAreReadSetAndRemoved_data() { onBothLanes(); }
    void itemsAreReadSetAndRemoved();
    void aChainedProxyIsOneLevelFurther_data() { onBothLanes(); }
    void aChainedProxyIsOneLevelFurther();
    void dataAndCallablesBeginTheChainAgain_data() { onBothLanes(); }
    void dataAndCallablesBeginTheChainAgain();
    void aProxyThatLeavesItsScopeIsReleased_data() { onBothLanes(); }
    void aProxyThatLeavesItsScopeIsReleased();

private:
    static void onBothLanes()
    {
        QTest::addColumn<bool>("isDuck");
        QTest::newRow("native") << false;
        QTest::newRow("Duck") << true;
    }
    /// The object that was published under this name, on the lane of the test's row.
    [[nodiscard]] Proxy root(const char *name)
    {
        QFETCH(bool, isDuck);
        const Proxy native = decoy::connect("reference")[name];
        return isDuck ? m_local->server->createProxyFor(native.id()) : native;
    }

    std::optional<ReferenceServer> m_local;
};

void TestReferenceProxies::aProxyIsMadeForAnIdAndAMailbox()
{
    m_local->server->bind(Class<Account>("Account").property("balance", &Account::balance));
    Account account;
    const std::uint64_t id = m_local->server->publish("account", account);
    const Proxy proxy = m_local->server->createProxyFor(id);
    QCOMPARE(proxy.id(), id);
    QCOMPARE(proxy.level(), 0);
    QCOMPARE(proxy.sharedMemory().size(), std::size_t{m_local->server->options().limits.bufsize});
    const DuckAddress address = proxy.address();
    QCOMPARE(address.id, id);
    QCOMPARE(address.segment, proxy.sharedMemory().name());
    QCOMPARE(address.bufsize, m_local->server->options().limits.bufsize);
    QCOMPARE(address.maxChainLevel, defaultMaxChainLevel);
    QCOMPARE(address.process, getpid());
    proxy.set("balance", 7);
    QCOMPARE(proxy.get<int>("balance"), 7);
    QCOMPARE(errorOf([&] { (void)m_local->server->createProxyFor(id + 1000); }), "ProxyObjectNotFound");
    const Proxy native = decoy::connect("reference")["account"];
    QCOMPARE(errorOf([&] { (void)native.sharedMemory(); }), "ProxyError"); // that lane has none
    QCOMPARE(errorOf([] { (void)Proxy().sharedMemory(); }), "ProxyObjectNotFound");
    m_local->server.reset(); // before the account
    QCOMPARE(account.balance, 7);
}

void TestReferenceProxies::aProxyIsOpenedWhereItsAddressArrives()
{
    m_local->bag->setAttribute("a", 100);
    const Proxy proxy = m_local->server->createProxy(m_local->bag);
    const Value sent(proxy.address()); // as it may travel
    const auto address = sent.as<DuckAddress>();
    const Proxy opened = openProxy(address);
    QCOMPARE(opened.id(), proxy.id());
    QCOMPARE(opened.get<int>("a"), 100);
    opened.set("a", 101);
    QCOMPARE(proxy.get<int>("a"), 101);
    DuckAddress wrong = address;
    wrong.segment += "-";
    QCOMPARE(errorOf([&] { (void)openProxy(wrong); }), "ProxyObjectNotFound");
    wrong = address;
    ++wrong.bufsize;
    QCOMPARE(errorOf([&] { (void)openProxy(wrong); }), "ArgumentError");
    wrong = address;
    ++wrong.id; // nothing that was handed out
    QCOMPARE(kindOfError([&] { (void)openProxy(wrong).get("a"); }), "ProxyObjectNotFound");
}

void TestReferenceProxies::aProxyReadsAsPeopleWriteIt()
{
    const Proxy node = decoy::connect("reference")["node"];
    const auto text = [](const Proxy &proxy, int level) {
        return "<Proxy of Node, object " + std::to_string(proxy.id()) + ", level " + std::to_string(level) + ">";
    };
    QCOMPARE(node.toString(), text(node, 0));
    Proxy fresh = node.call<Proxy>("fresh");
    QCOMPARE(fresh.toString(), text(fresh, 1));
    const Proxy duck = m_local->server->createProxyFor(node.id()).call<Proxy>("fresh");
    QCOMPARE(duck.toString(), text(duck, 1));
    QCOMPARE(Proxy().toString(), std::string("<Proxy of nothing>"));
    fresh.close();
    QCOMPARE(fresh.toString(), std::string("<Proxy of nothing>"));
}

void TestReferenceProxies::theProxysOwnNamesNeverHideTheTargets()
{
    const std::vector<std::string> names = {"get",
                                            "set",
                                            "remove",
                                            "at",
                                            "size",
                                            "contains",
                                            "append",
                                            "insert",
                                            "erase",
                                            "range",
                                            "call",
                                            "callWith",
                                            "describe",
                                            "id",
                                            "level",
                                            "typeName",
                                            "toString",
                                            "isValid",
                                            "withTimeout",
                                            "timeout",
                                            "close",
                                            "remote",
                                            "sharedMemory",
                                            "address",
                                            "readFrame",
                                            "writeFrame",
                                            "_idx",
                                            "_cls_attrs",
                                            "getResponse",
                                            "get_response",
                                            "get_shared_memory",
                                            "read_frame",
                                            "write_frame",
                                            "__slots__",
                                            "__str__"};
    const Proxy bag = root("bag");
    int next = 0;
    for (const std::string &name : names) {
        bag.set(name, ++next);
        QCOMPARE(m_local->bag->attribute(name).as<int>(), next);
        QCOMPARE(bag.get<int>(name), next);
        m_local->bag->setFunction(name, [next](const std::vector<Value> &) { return Value(-next); });
        QCOMPARE(bag.call<int>(name), -next);
        QCOMPARE(bag[name]().as<int>(), -next);
    }
}

void TestReferenceProxies::getResponseGivesDataProxiesAndCallables()
{
    const Proxy node = root("node");
    const std::uint64_t id = node.id();
    QVERIFY(node.getResponse({ProxyOpCode::Set, {Value(id), Value("name"), Value("Ada")}}).isNone());
    QCOMPARE(node.getResponse({ProxyOpCode::Get, {Value(id), Value("name")}}).as<std::string>(), std::string("Ada"));
    const Value fresh = node.getResponse(execute(id, "fresh"));
    QVERIFY(fresh.isProxy());
    QCOMPARE(fresh.proxy().level(), 1);
    QCOMPARE(fresh.proxy().get<std::string>("name"), std::string("fresh"));
    const Value method = node.getResponse({ProxyOpCode::Get, {Value(id), Value("fresh")}});
    QVERIFY(method.isCallable());
    QCOMPARE(method.callable()().proxy().get<std::string>("name"), std::string("fresh"));
    const Frame mistaken(ProxyOpCode::Get, {Value(id), Value("nam")});
    QCOMPARE(kindOfError([&] { (void)node.getResponse(mistaken); }), "AttributeNotFound");
}

void TestReferenceProxies::getResponseEndsAtItsTimeout()
{
    const Proxy lab = root("lab");
    const Frame request = execute(lab.id(), "waitAt", Value(std::vector{"gate"}));
    QCOMPARE(errorOf([&] { (void)lab.getResponse(request, 500ms); }), "CallTimeout");
    EVENTUALLY_EQUAL(m_local->objects->gates.waiting("gate"), 1); // it was taken, and still runs
    m_local->objects->gates.open("gate");
    EVENTUALLY_EQUAL(m_local->objects->gates.waiting("gate"), 0);
    QCOMPARE(lab.getResponse({ProxyOpCode::Get, {Value(lab.id()), Value("value")}}, waitForever).as<int>(), 100);
}

void TestReferenceProxies::attributesAreRemoved()
{
    const Proxy bag = root("bag");
    bag.set("colour", "red");
    bag.set("size", 7);
    bag.remove("colour");
    QVERIFY_THROWS_EXCEPTION(AttributeNotFound, (void)m_local->bag->attribute("colour"));
    QCOMPARE(kindOfError([&] { (void)bag.get("colour"); }), "AttributeNotFound");
    QCOMPARE(kindOfError([&] { bag.remove("colour"); }), "AttributeNotFound");
    QCOMPARE(bag.get<int>("size"), 7);
    const Proxy node = root("node"); // a class's attributes stay
    QCOMPARE(kindOfError([&] { node.remove("name"); }), "AttributeNotFound");
    QCOMPARE(node.get<std::string>("name"), std::string("root"));
}

void TestReferenceProxies::itemsAreReadSetAndRemoved()
{
    using Settings = std::map<std::string, int>;
    m_local->server->bind(decoy::list<std::vector<int>>());
    m_local->server->bind(dictionary<Settings>());
    const auto numbers = std::make_shared<std::vector<int>>(std::vector{1, 2, 3});
    const auto settings = std::make_shared<Settings>(Settings{{"a", 1}});
    m_local->server->publish("numbers", numbers);
    m_local->server->publish("settings", settings);

    const Proxy list = root("numbers");
    QCOMPARE(list.at(0).get<int>(), 1);
    QCOMPARE(list.at(-1).get<int>(), 3);
    list[0] = 10;
    list.erase(1);
    QCOMPARE(list.at(0).get<int>(), 10);
    QCOMPARE(list.at(1).get<int>(), 3);
    QCOMPARE(kindOfError([&] { (void)list.at(2).get(); }), "ArgumentError");
    QCOMPARE(kindOfError([&] { (void)list.at(7).get(); }), "ArgumentError");

    const Proxy dictionary = root("settings");
    QCOMPARE(dictionary.at("a").get<int>(), 1);
    dictionary.at("b") = 2;
    dictionary.erase("a");
    QCOMPARE(dictionary.at("b").get<int>(), 2);
    QCOMPARE(kindOfError([&] { dictionary.erase("a"); }), "ArgumentError");
}

void TestReferenceProxies::aChainedProxyIsOneLevelFurther()
{
    const Proxy first = root("node").call<Proxy>("fresh");
    const Proxy second = first.call<Proxy>("fresh");
    const Proxy sibling = first.call<Proxy>("fresh");
    QCOMPARE(first.level(), 1);
    QCOMPARE(second.level(), 2);
    QCOMPARE(sibling.level(), 2);
    Proxy last = second;
    while (last.level() < defaultMaxChainLevel)
        last = last.call<Proxy>("fresh");
    QCOMPARE(kindOfError([&] { (void)last.call("fresh"); }), "LimitedProxyChaining");
    QVERIFY(first.call("fresh").isProxy()); // nearer to the root there is room
}

void TestReferenceProxies::dataAndCallablesBeginTheChainAgain()
{
    const Proxy node = root("node").call<Proxy>("fresh").call<Proxy>("fresh");
    QCOMPARE(node.level(), 2);
    QVERIFY(node.get("fresh").isCallable());
    QCOMPARE(node.level(), 0);
    const Proxy next = node.call<Proxy>("fresh").call<Proxy>("fresh");
    QCOMPARE(next.level(), 2);
    QCOMPARE(next.get<std::string>("name"), std::string("fresh"));
    QCOMPARE(next.level(), 0);
    QCOMPARE(next.call<Proxy>("fresh").level(), 1); // the server agrees
}

void TestReferenceProxies::aProxyThatLeavesItsScopeIsReleased()
{
    const Proxy node = root("node");
    QCOMPARE(Node::living(), 1);
    {
        const Proxy child = node.call<Proxy>("child");
        const Proxy copy = child;
        QCOMPARE(Node::living(), 2);
        QCOMPARE(copy.get<std::string>("name"), std::string("child"));
    }
    EVENTUALLY_EQUAL(Node::living(), 1);
    try {
        const Proxy child = node.call<Proxy>("child");
        child.call("noSuchMethod");
        QFAIL("it was called");
    } catch (const ProxyError &) {
        // The proxy is gone here too.
    }
    EVENTUALLY_EQUAL(Node::living(), 1);
    QCOMPARE(node.get<std::string>("name"), std::string("root"));
}

QTEST_GUILESS_MAIN(TestReferenceProxies)
#include "test_reference_proxies.moc"
