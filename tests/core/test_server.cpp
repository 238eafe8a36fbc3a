// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <future>
#include <limits>
#include <memory>

using namespace decoy;
using namespace decoy::test;

/// What a client may ask of a server in another process, and what it is told.
class TestServer : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void attributesAreReadAndSet();
    void callsTakePositionalAndKeywordArgumentsAndDefaults();
    void everyKindOfDataSurvivesTheJourney();
    void aServerListsWhatItPublished();
    void aMethodIsAResultThatCanBeCalled();
    void aChainEndsAtTheServersMaximum_data();
    void aChainEndsAtTheServersMaximum();
    void aPlainResultBeginsTheChainAgain();
    void aRemoteErrorSaysWhatAndWhere();
    void everyKindOfErrorArrivesAsItself();
    void callsBeyondTheLimitAreRefusedAndReleasesAreNot();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestServer::attributesAreReadAndSet()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    QCOMPARE(lab.get<int>("value"), 100);
    lab.set("value", 5);
    QCOMPARE(lab.get<int>("value"), 5);
    lab["text"] = "Ada";
    const std::string text = lab["text"];
    QVERIFY(text == "Ada");
    QCOMPARE(server.connect()["lab"].get<int>("value"), 5);
    std::string message;
    QCOMPARE(errorOf([&] { lab.set("constant", 1); }, &message), "AttributeNotFound");
    QCOMPARE(errorOf([&] { lab.set("value", "text"); }), "ArgumentError");
    QCOMPARE(errorOf([&] { (void)lab.get("valeu"); }, &message), "AttributeNotFound");
    QVERIFY2(message.find("valeu") != std::string::npos, message.c_str());
    QCOMPARE(lab.get<int>("constant"), 3);
    QVERIFY(lab.typeName() == "Lab" && lab.level() == 0);
}

void TestServer::callsTakePositionalAndKeywordArgumentsAndDefaults()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    QCOMPARE(lab.call<int>("digits", 1), 123);
    QCOMPARE(lab.call<int>("digits", 1, 5), 153);
    QCOMPARE(lab.call<int>("digits", 1, kw("c", 9)), 129);
    QCOMPARE(lab.call<int>("digits", kw("c", 7), kw("b", 8), kw("a", 9)), 987);
    QCOMPARE(lab.callWith("digits", {Value(4)}, {{"b", Value(4)}}).as<int>(), 443);
    QVERIFY(lab.call("nothing").isNone());
    for (const auto &wrong : {std::vector<Value>{}, {1, 2, 3, 4}, {"one"}, {1.5}})
        QCOMPARE(errorOf([&] { lab.callWith("digits", wrong); }), "ArgumentError");
    QCOMPARE(errorOf([&] { lab.call("digits", 1, kw("d", 1)); }), "ArgumentError");
    QCOMPARE(errorOf([&] { lab.call("digits", 1, kw("a", 1)); }), "ArgumentError");
    QCOMPARE(errorOf([&] { lab.call("digitz", 1); }), "AttributeNotFound");
    QCOMPARE(lab.call<int>("digits", 1), 123);
}

void TestServer::everyKindOfDataSurvivesTheJourney()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    const std::vector<Value> values = {Value(),
                                       Value(true),
                                       Value(0),
                                       Value(-1),
                                       Value(std::numeric_limits<std::int64_t>::min()),
                                       Value(std::numeric_limits<std::uint64_t>::max()),
                                       Value(0.1),
                                       Value(""),
                                       Value("\xc3\xa4\xe2\x82\xac"),
                                       Value(std::string(40'000, 'x')),
                                       Value(Bytes(300, std::byte{7})),
                                       Value(std::vector<int>{1, 2, 3}),
                                       Value(std::map<std::string, std::vector<double>>{{"a", {1.5}}, {"b", {}}}),
                                       Value("<proxy>-Fake"),
                                       Value("<callable>-fake")};
    const auto packed = [](const Value &value) { // msgpack-c's own comparison hands null to memcmp for an empty string
        msgpack::sbuffer buffer;
        msgpack::pack(buffer, value);
        return QByteArray(buffer.data(), static_cast<qsizetype>(buffer.size()));
    };
    for (const Value &value : values)
        QVERIFY2(packed(lab.call("echo", value)) == packed(value), value.toString().substr(0, 60).c_str());
    QVERIFY(lab.call<Bytes>("blob", 1000, 9) == Bytes(1000, std::byte{9}));
    QCOMPARE(lab.call<std::size_t>("length", Bytes(777)), std::size_t{777});
}

void TestServer::aServerListsWhatItPublished()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    QVERIFY(connection.serverName() == "served");
    QCOMPARE(connection.serverProcess(), server.id());
    QCOMPARE(connection.maxChainLevel(), defaultMaxChainLevel);
    const std::vector<PublishedObject> objects = connection.objects();
    QCOMPARE(objects.size(), std::size_t{6});
    QVERIFY(objects[0].name == "lab" && objects[0].type == "Lab" && objects[0].id == connection["lab"].id());
    QVERIFY(connection.directory().call<Proxy>("object", "till").typeName() == "Till");
    QCOMPARE(errorOf([&] { (void)connection["lba"]; }), "ProxyObjectNotFound");
    const Description description = connection["lab"].describe();
    QVERIFY(description.type == "Lab");
}

void TestServer::aMethodIsAResultThatCanBeCalled()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    const RemoteCallable digits = lab.get("digits").callable();
    QVERIFY(digits.name() == "digits");
    QCOMPARE(digits(7, kw("c", 0)).as<int>(), 720);
    QCOMPARE(lab["digits"](3).as<int>(), 323);
}

void TestServer::aChainEndsAtTheServersMaximum_data()
{
    QTest::addColumn<int>("maximum");
    QTest::newRow("the reference's") << defaultMaxChainLevel;
    QTest::newRow("a shorter one") << 2;
    QTest::newRow("none at all") << 0;
    QTest::newRow("a longer one") << 20;
}

void TestServer::aChainEndsAtTheServersMaximum()
{
    QFETCH(int, maximum);
    const ServedProcess server({"chain=" + QString::number(maximum)});
    const Connection connection = server.connect();
    std::vector<Proxy> chain{connection["node"]};
    QCOMPARE(chain.back().level(), 0);
    for (int level = 1; level <= maximum; ++level) {
        chain.push_back(chain.back().call<Proxy>("fresh"));
        QCOMPARE(chain.back().level(), level);
    }
    std::string message;
    QCOMPARE(errorOf([&] { (void)chain.back().call("fresh"); }, &message), "LimitedProxyChaining");
    QVERIFY2(message.find(std::to_string(maximum)) != std::string::npos && message.find("Node") != std::string::npos,
             message.c_str());
    // What was refused was not kept either, and the chain is as good as before.
    QCOMPARE(connection["probe"].call<int>("living"), maximum + 1);
    QVERIFY(chain.back().get<std::string>("name") == (maximum ? "fresh" : "root"));
}

void TestServer::aPlainResultBeginsTheChainAgain()
{
    const ServedProcess server({"chain=2"});
    Proxy node = server.connect()["node"];
    for (int round = 0; round < 4; ++round) {
        node = node.call<Proxy>("fresh");
        node = node.call<Proxy>("fresh");
        QCOMPARE(node.level(), 2);
        QCOMPARE(errorOf([&] { (void)node.call("fresh"); }), "LimitedProxyChaining");
        QVERIFY(node.get<std::string>("name") == "fresh");
        QCOMPARE(node.level(), 0);
    }
}

void TestServer::aRemoteErrorSaysWhatAndWhere()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    try {
        lab.call("throwInteger");
        QFAIL("no error");
    } catch (const RemoteError &error) {
        QVERIFY(error.type() == "int" && error.where() == "Lab.throwInteger" && !error.message().empty());
    }
    try {
        lab.call("fail", static_cast<int>(ErrorKind::RemoteError), "out of paper");
        QFAIL("no error");
    } catch (const RemoteError &error) {
        QVERIFY(error.type() == "Broken" && error.message() == "out of paper" && error.where() == "somewhere");
    }
}

void TestServer::everyKindOfErrorArrivesAsItself()
{
    const ServedProcess server;
    const Proxy lab = server.connect()["lab"];
    for (int kind = 0; kind <= static_cast<int>(lastErrorKind); ++kind) {
        std::string message;
        const std::string_view name = errorKindName(static_cast<ErrorKind>(kind));
        QCOMPARE(errorOf([&] { lab.call("fail", kind, "told"); }, &message),
                 QByteArray(name.data(), static_cast<qsizetype>(name.size())));
        QVERIFY(message.find("told") != std::string::npos);
    }
    QVERIFY_THROWS_EXCEPTION(LimitedProxyChaining,
                             lab.call("fail", static_cast<int>(ErrorKind::LimitedProxyChaining), ""));
    QVERIFY_THROWS_EXCEPTION(DataTooBigError, lab.call("fail", static_cast<int>(ErrorKind::DataTooBigError), ""));
    // An error as long as a frame is cut, not lost.
    QCOMPARE(errorOf([&] { lab.call("fail", 0, std::string(65'000, 'e')); }), "ProxyError");
}

void TestServer::callsBeyondTheLimitAreRefusedAndReleasesAreNot()
{
    const ServedProcess server({"calls=4"});
    const Connection other = server.connect();
    const Connection connection = server.connect();
    const Proxy lab = connection["lab"];
    Proxy fresh = connection["node"].call<Proxy>("fresh");
    std::vector<std::future<QByteArray>> waiting;
    for (int i = 0; i < 4; ++i)
        waiting.push_back(
            std::async(std::launch::async, [lab] { return errorOf([&] { lab.call("waitAt", "limit"); }); }));
    EVENTUALLY_EQUAL(other["lab"].call<int>("waiting", "limit"), 4);
    QCOMPARE(errorOf([&] { (void)lab.get("value"); }), "LimitExceeded");
    fresh.close();
    EVENTUALLY_EQUAL(other["probe"].call<int>("living"), 1);
    other["lab"].call("open", "limit");
    for (auto &call : waiting)
        QCOMPARE(call.get(), "none");
    QCOMPARE(lab.get<int>("value"), 100);
}

QTEST_GUILESS_MAIN(TestServer)
#include "test_server.moc"
