// SPDX-License-Identifier: BSD-3-Clause
#include "python_peer.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <vector>

using namespace decoy;
using namespace decoy::test;

/// Our client at a Python server: values, objects and errors, and how far that server's own rules reach.
class TestDuckServers : public QObject {
    Q_OBJECT

private slots:
    void attributesAreReadAndSet();
    void methodsTakeArgumentsAndKeywords();
    void valuesComeBackAsTheyWent();
    void wholeFloatsStayFloats();
    void aTextOfThreeMegabytesTravelsBothWays();
    void aMethodIsACallable();
    void containersAreUsedAsContainers();
    void aContainerIsGoneThroughThoughThatServerHasNoBatches();

    void whatFailsAtTheServerIsARemoteError();
    void aMapWithIntKeysIsRefusedBeforeItIsSent();
    void aTooLargeRequestIsRefusedBeforeItIsSent();

    void chainedProxiesHaveLevelsUpToTheLimit();
    void aFloatOrBytesIsAProxy();
    void aProxyThatGoesIsReleasedAtTheServer();
    void aReleaseLeavesItsSegmentAlone();

    void anAddressThatFitsNothingSaysSo();
};

void TestDuckServers::attributesAreReadAndSet()
{
    PythonServer server;
    const Proxy counter = openProxy(server.address("counter"));
    QCOMPARE(counter.get<int>("a"), 100);
    counter.set("a", 7);
    QCOMPARE(counter.get<int>("a"), 7);
    counter["a"] = "text";
    QCOMPARE(counter.get<std::string>("a"), std::string("text"));
    counter.set("fresh", std::vector<int>{1, 2});
    QCOMPARE(counter.get<std::vector<int>>("fresh"), (std::vector{1, 2}));
    QCOMPARE(counter.id(), server.address("counter").id);
    QCOMPARE(counter.level(), 0);
}

void TestDuckServers::methodsTakeArgumentsAndKeywords()
{
    PythonServer server;
    const Proxy counter = openProxy(server.address("counter"));
    QCOMPARE(counter.call<int>("add", 5), 105);
    QCOMPARE(counter.call<int>("add", kw("number", 5)), 110);
    const Proxy values = openProxy(server.address("values"));
    const Value given = values.call("keywords", kw("one", 1), kw("two", "zwei"));
    QCOMPARE(given.size(), std::size_t{2});
    QCOMPARE(given.at("one").as<int>(), 1);
    QCOMPARE(given.at("two").as<std::string>(), std::string("zwei"));
}

void TestDuckServers::valuesComeBackAsTheyWent()
{
    PythonServer server;
    const Proxy values = openProxy(server.address("values"));
    QCOMPARE(values.call<int>("echo", -5), -5);
    QCOMPARE(values.call<std::uint64_t>("echo", std::numeric_limits<std::uint64_t>::max()),
             std::numeric_limits<std::uint64_t>::max());
    QCOMPARE(values.call<std::int64_t>("echo", std::numeric_limits<std::int64_t>::min()),
             std::numeric_limits<std::int64_t>::min());
    QCOMPARE(values.call<std::string>("echo", "äß€𝄞"), std::string("äß€𝄞"));
    QCOMPARE(values.call<std::string>("echo", ""), std::string());
    QCOMPARE(values.call<bool>("echo", true), true);
    QVERIFY(values.call("echo", Value()).isNone());
    const std::vector<std::vector<int>> lists{{1, 2}, {}, {3}};
    QCOMPARE(values.call<std::vector<std::vector<int>>>("echo", lists), lists);
    const std::map<std::string, double> map{{"half", 0.5}, {"third", 1.0 / 3}};
    QVERIFY((values.call<std::map<std::string, double>>("echo", map)) == map);
    const std::tuple<double, std::vector<std::byte>> nested{2.5, {std::byte{0}, std::byte{255}}};
    QVERIFY((values.call<std::tuple<double, std::vector<std::byte>>>("echo", nested)) == nested);
    const Value dict = values.get("a_dict");
    QCOMPARE(dict.at("one").as<int>(), 1);
    QCOMPARE(dict.at("half").as<double>(), 0.5);
    QVERIFY(dict.at("none").isNone());
}

void TestDuckServers::wholeFloatsStayFloats()
{
    PythonServer server;
    const Proxy values = openProxy(server.address("values"));
    QCOMPARE(values.call("echo", std::vector<double>{3.0}).toString(), std::string("[3.0]"));
    const Proxy number = values.call<Proxy>("echo", 3.0); // an int would have come by value
    QCOMPARE(number.call<std::string>("__repr__"), std::string("3.0"));
}

void TestDuckServers::aTextOfThreeMegabytesTravelsBothWays()
{
    PythonServer server(4 << 20);
    const Proxy values = openProxy(server.address("values"));
    for (int round = 0; round < 3; ++round) {
        const std::string text(3 << 20, static_cast<char>('a' + round));
        QVERIFY(values.call<std::string>("echo", text) == text);
        QCOMPARE(values.call<int>("echo", round), round);
    }
}

void TestDuckServers::aMethodIsACallable()
{
    PythonServer server;
    const Proxy counter = openProxy(server.address("counter"));
    const RemoteCallable add = counter.get("add").callable();
    QCOMPARE(add.name(), std::string("add"));
    QCOMPARE(add(5).as<int>(), 105);
    QCOMPARE(counter.get<int>("a"), 105);
    QCOMPARE(add(5).as<int>(), 110);
}

void TestDuckServers::containersAreUsedAsContainers()
{
    PythonServer server;
    const Proxy list = openProxy(server.address("list"));
    QCOMPARE(list.call<int>("__len__"), 3);
    list.call("append", 4);
    list[0] = 10;
    QCOMPARE(list.at(0).get<int>(), 10);
    QCOMPARE(list.at(3).get<int>(), 4);
    QVERIFY(list.contains(10));
    QCOMPARE(list.size(), std::size_t{4});
    QCOMPARE(errorOf([&] { (void)list.at(4).get(); }), "RemoteError");
}

void TestDuckServers::aContainerIsGoneThroughThoughThatServerHasNoBatches()
{
    PythonServer server;
    const Proxy list = openProxy(server.address("list"));
    std::vector<int> items;
    for (const Value &item : list)
        items.push_back(item.as<int>());
    QCOMPARE(items, (std::vector{1, 2, 3}));
    list.append(4);
    items.clear();
    std::ranges::copy(list.range<int>(), std::back_inserter(items));
    QCOMPARE(items, (std::vector{1, 2, 3, 4}));
    QCOMPARE(errorOf([&] { (void)begin(openProxy(server.address("counter"))); }), "AttributeNotFound");
}

void TestDuckServers::whatFailsAtTheServerIsARemoteError()
{
    PythonServer server;
    const Proxy values = openProxy(server.address("values"));
    std::string message;
    QCOMPARE(errorOf([&] { (void)values.get("nothing"); }, &message), "RemoteError");
    QVERIFY2(message.find("'nothing'") != std::string::npos, message.c_str());
    QCOMPARE(errorOf([&] { values.call("fail", "it was empty"); }, &message), "RemoteError");
    QVERIFY2(message.find("it was empty") != std::string::npos, message.c_str());
    QCOMPARE(errorOf([&] { values.call("echo"); }), "RemoteError");
    DuckAddress wrong = server.address("values");
    ++wrong.id;
    QCOMPARE(errorOf([&] { (void)openProxy(wrong).get("a_dict"); }), "RemoteError");
    QCOMPARE(values.call<int>("echo", 1), 1);
}

void TestDuckServers::aMapWithIntKeysIsRefusedBeforeItIsSent()
{
    PythonServer server;
    const Proxy values = openProxy(server.address("values"));
    QCOMPARE(values.call<int>("echo", 1), 1);
    const auto memory = values.sharedMemory().bytes();
    const std::vector<std::byte> before(memory.begin(), memory.end());
    const std::map<int, int> map{{1, 2}};
    QCOMPARE(errorOf([&] { values.call("echo", map); }), "DataEncodeError");
    QCOMPARE(errorOf([&] { values.call("echo", std::vector{map}); }), "DataEncodeError");
    QCOMPARE(errorOf([&] { values.call("keywords", kw("map", map)); }), "DataEncodeError");
    QCOMPARE(errorOf([&] { values.set("map", map); }), "DataEncodeError");
    QCOMPARE(errorOf([&] { values.call("echo", "\xff"); }), "DataEncodeError"); // nor can it read that
    QVERIFY(std::ranges::equal(memory, before));
    QCOMPARE(values.call<int>("echo", 1), 1);
}

void TestDuckServers::aTooLargeRequestIsRefusedBeforeItIsSent()
{
    PythonServer server;
    const Proxy values = openProxy(server.address("values"));
    std::string message;
    QCOMPARE(errorOf([&] { values.call("echo", std::string(70'000, 'x')); }, &message), "DataTooBigError");
    QVERIFY2(message.find("65536") != std::string::npos && message.find(" 700") != std::string::npos, message.c_str());
    QCOMPARE(values.call<int>("echo", 1), 1);
}

// Objects

void TestDuckServers::chainedProxiesHaveLevelsUpToTheLimit()
{
    PythonServer server;
    std::vector<Proxy> chain{openProxy(server.address("tree"))};
    for (int level = 1; level <= defaultMaxChainLevel; ++level) {
        chain.push_back(chain.back().call<Proxy>("child", level));
        QCOMPARE(chain.back().level(), level);
        QCOMPARE(chain.back().typeName(), std::string("Tree"));
    }
    QCOMPARE(errorOf([&] { (void)chain.back().call("child", 8); }), "LimitedProxyChaining");
    QCOMPARE(chain.back().get<std::string>("name"), std::string("root/1/2/3/4/5/6/7"));
    EVENTUALLY_EQUAL(server.objects(), 4 + defaultMaxChainLevel); // what was refused is not kept
    chain.clear();
    EVENTUALLY_EQUAL(server.objects(), 4);
}

void TestDuckServers::aFloatOrBytesIsAProxy()
{
    PythonServer server;
    const Proxy values = openProxy(server.address("values"));
    {
        const Proxy number = values.get<Proxy>("a_float");
        QCOMPARE(number.typeName(), std::string("float"));
        QCOMPARE(number.level(), 1);
        QCOMPARE(number.call<std::string>("__repr__"), std::string("2.5"));
        const Proxy bytes = values.get<Proxy>("a_bytes");
        QCOMPARE(bytes.typeName(), std::string("bytes"));
        QCOMPARE(bytes.call<int>("__len__"), 7);
        QCOMPARE(values.get<Proxy>("a_set").typeName(), std::string("set"));
        EVENTUALLY_EQUAL(server.objects(), 6);
    }
    EVENTUALLY_EQUAL(server.objects(), 4);
    QVERIFY(values.get("a_float").isProxy()); // the same one again: it was released
}

void TestDuckServers::aProxyThatGoesIsReleasedAtTheServer()
{
    PythonServer server;
    const Proxy tree = openProxy(server.address("tree"));
    for (int i = 0; i < 5; ++i) {
        Proxy child = tree.call<Proxy>("child", i);
        const Proxy copy = child;
        QCOMPARE(server.objects(), 5);
        child = Proxy();
        QCOMPARE(copy.get<std::string>("name"), "root/" + std::to_string(i));
        QCOMPARE(server.objects(), 5);
    }
    EVENTUALLY_EQUAL(server.objects(), 4);
    Proxy closed = tree.call<Proxy>("child", 9);
    closed.close();
    EVENTUALLY_EQUAL(server.objects(), 4);
    QCOMPARE(errorOf([&] { (void)closed.get("name"); }), "ProxyObjectNotFound");
    QCOMPARE(tree.get<std::string>("name"), std::string("root"));
}

void TestDuckServers::aReleaseLeavesItsSegmentAlone()
{
    PythonServer server;
    const DuckAddress address = server.address("tree");
    {
        const Proxy tree = openProxy(address);
        (void)tree.call<Proxy>("child", 1);
    }
    EVENTUALLY_EQUAL(server.objects(), 4);
    QCOMPARE(openProxy(address).get<std::string>("name"), std::string("root"));
}

// Addresses

void TestDuckServers::anAddressThatFitsNothingSaysSo()
{
    PythonServer server;
    DuckAddress address = server.address("counter");
    ++address.bufsize;
    std::string message;
    QCOMPARE(errorOf([&] { (void)openProxy(address); }, &message), "ArgumentError");
    QVERIFY2(message.find("65536") != std::string::npos && message.find("65537") != std::string::npos, message.c_str());
    address = server.address("counter");
    address.segment += "0";
    QCOMPARE(errorOf([&] { (void)openProxy(address); }), "ProxyObjectNotFound");
    address.segment = "../counter";
    QVERIFY(errorOf([&] { (void)openProxy(address); }) != "none");
    QCOMPARE(openProxy(server.address("counter")).get<int>("a"), 100);
}

QTEST_GUILESS_MAIN(TestDuckServers)
#include "test_duck_servers.moc"
