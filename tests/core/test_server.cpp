// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <future>
#include <limits>
#include <memory>
#include <span>
#include <thread>

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
    void theSameObjectHandedOutTwiceHasOneId();
    void idsAreNeverUsedAgain();
    void theLastReleaseFreesTheObject();
    void aReleaseThatFoundNoRoomIsNotForgotten();
    void aClientReachesOnlyWhatItWasHanded();
    void aClosedProxyIsOfNoMoreUse();
    void aClientHoldsNoMoreReferencesThanItMay();
    void aReleasedObjectKeepsItsOneCallAtATime();
    void aBorrowedObjectStaysWithItsOwner();
    void aSharedObjectLivesWhileItCanBeReached();
    void awithdrawnObjectIsGoneForEverybody();
    void withdrawingWaitsForTheCallThatRuns();
    void anObjectMayWithdrawItself();
    void aRemoteErrorSaysWhatAndWhere();
    void everyKindOfErrorArrivesAsItself();
    void aTooBigRequestOrResultNamesBothSizes();
    void framesLargerThanTheRingArriveWhole();
    void manyLargeFramesAtOnceArriveWhole();
    void largeValuesStayWhatTheyAreWhateverIsCalledNext();
    void bytesCanBeTakenAndGivenWithoutACopy();
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

void TestServer::theSameObjectHandedOutTwiceHasOneId()
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

void TestServer::idsAreNeverUsedAgain()
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

void TestServer::theLastReleaseFreesTheObject()
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

void TestServer::aReleaseThatFoundNoRoomIsNotForgotten()
{
    const ServedProcess server;
    const Proxy probe = server.connect()["probe"];
    {
        const Proxy node = server.connect()["node"];
        std::vector<Proxy> many;
        for (int i = 0; i < 20'000; ++i)
            many.push_back(node.call<Proxy>("fresh"));
        QCOMPARE(probe.call<int>("living"), 20'001);
        many.clear(); // twenty thousand releases at once
        QVERIFY(node.get<std::string>("name") == "root");
        EVENTUALLY_EQUAL(probe.call<int>("living"), 1);
    }
    EVENTUALLY_EQUAL(probe.call<int>("references"), 1);
}

void TestServer::aClientReachesOnlyWhatItWasHanded()
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

void TestServer::aClosedProxyIsOfNoMoreUse()
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

void TestServer::aClientHoldsNoMoreReferencesThanItMay()
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
    QVERIFY(node.call("fresh").isProxy());
}

void TestServer::aReleasedObjectKeepsItsOneCallAtATime()
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

void TestServer::aBorrowedObjectStaysWithItsOwner()
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
        QVERIFY(borrowed.name == "renamed");
        QVERIFY(server.withdraw("mine"));
        QVERIFY(!server.withdraw("mine"));
    }
    QCOMPARE(Node::living(), 1);
    QVERIFY_THROWS_EXCEPTION(ArgumentError, server.publish("", std::make_shared<Node>()));
    QVERIFY_THROWS_EXCEPTION(ArgumentError, server.publish("nothing", std::shared_ptr<Node>()));
    QVERIFY_THROWS_EXCEPTION(NameTaken, server.publish("lab", std::make_shared<Node>()));
    QVERIFY_THROWS_EXCEPTION(ProxyError, server.publish("unbound", std::make_shared<std::string>("text")));
}

void TestServer::aSharedObjectLivesWhileItCanBeReached()
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

void TestServer::awithdrawnObjectIsGoneForEverybody()
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

void TestServer::withdrawingWaitsForTheCallThatRuns()
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

void TestServer::anObjectMayWithdrawItself()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy probe = connection["probe"];
    QVERIFY(probe.call<bool>("withdraw", "probe"));
    QCOMPARE(errorOf([&] { probe.call("living"); }), "ProxyObjectNotFound");
    QCOMPARE(connection.objects().size(), std::size_t{5});
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

void TestServer::aTooBigRequestOrResultNamesBothSizes()
{
    const ServedProcess server({"bufsize=4096"});
    const Proxy lab = server.connect()["lab"];
    std::string message;
    QCOMPARE(errorOf([&] { lab.call("length", Bytes(5000)); }, &message), "DataTooBigError");
    QVERIFY2(message.find("request") != std::string::npos && message.find("50") != std::string::npos
                 && message.find("4096") != std::string::npos,
             message.c_str());
    QCOMPARE(errorOf([&] { lab.call("blob", 5000); }, &message), "DataTooBigError");
    QVERIFY2(message.find("result") != std::string::npos && message.find("501") != std::string::npos
                 && message.find("4096") != std::string::npos,
             message.c_str());
    // To the byte: 4 prefix, 3 head, 1 id, 3 bin header, 1 nil.
    const std::size_t largest = 4096 - 12;
    QCOMPARE(lab.call<Bytes>("blob", largest).size(), largest);
    QCOMPARE(errorOf([&] { lab.call("blob", largest + 1); }), "DataTooBigError");
    QCOMPARE(lab.get<int>("value"), 100);
}

void TestServer::framesLargerThanTheRingArriveWhole()
{
    const ServedProcess server({"bufsize=16777216"});
    const Proxy lab = server.connect()["lab"];
    Bytes bytes(5'000'000);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(i * 31 >> 8);
    QVERIFY(lab.call<Bytes>("echo", bytes) == bytes);
    QCOMPARE(lab.call<std::size_t>("length", Bytes(16'000'000)), std::size_t{16'000'000});
    QVERIFY(lab.call<Bytes>("blob", 16'000'000, 3) == Bytes(16'000'000, std::byte{3}));
    QCOMPARE(errorOf([&] { lab.call("blob", 16'777'216); }), "DataTooBigError");
    for (std::size_t size = 1; size < 3'000'000; size *= 3) // on both sides of the ring's inline size
        QVERIFY(lab.call<Bytes>("blob", size, 5) == Bytes(size, std::byte{5}));
}

void TestServer::manyLargeFramesAtOnceArriveWhole()
{
    const ServedProcess server({"bufsize=16777216"});
    const Connection connection = server.connect();
    const int before = connection["probe"].call<int>("descriptors");
    std::vector<std::future<bool>> callers;
    for (int caller = 0; caller < 8; ++caller) {
        callers.push_back(std::async(std::launch::async, [&connection, caller] {
            const Proxy lab = connection["lab"];
            // Some in memory that is kept, and some in memory that is given up after each frame.
            const std::size_t size = caller % 2 == 0 ? 1'500'000 : 5'000'000;
            const Bytes bytes(size + static_cast<std::size_t>(caller), static_cast<std::byte>(caller));
            for (int i = 0; i < 5; ++i) {
                if (lab.call<Bytes>("echo", bytes) != bytes || lab.call<int>("digits", caller) != 100 * caller + 23)
                    return false;
            }
            return true;
        }));
    }
    QVERIFY(std::ranges::all_of(callers, [](auto &caller) { return caller.get(); }));
    QCOMPARE(connection["probe"].call<int>("descriptors"), before);
}

void TestServer::largeValuesStayWhatTheyAreWhateverIsCalledNext()
{
    const ServedProcess server({"bufsize=16777216"});
    const Proxy lab = server.connect()["lab"];
    std::vector<std::size_t> sizes;
    std::vector<Value> values;
    for (const std::size_t size : {5'000, 70'000, 2'000, 6'000'000, 70'000, 100, 1'000'000, 5'000}) {
        sizes.push_back(size);
        values.push_back(lab.call("blob", size, sizes.size()));
    }
    std::thread([value = values[1]]() mutable { value = Value(); }).join(); // copies may go in any thread
    for (std::size_t i = 0; i < sizes.size(); ++i)
        QVERIFY(values[i].as<Bytes>() == Bytes(sizes[i], static_cast<std::byte>(i + 1)));
    values.clear();
    QVERIFY(lab.call<Bytes>("blob", 70'000, 9) == Bytes(70'000, std::byte{9}));
}

void TestServer::bytesCanBeTakenAndGivenWithoutACopy()
{
    struct Mirror {
        std::size_t taken = 0;
        std::span<const std::byte> turn(std::span<const std::byte> bytes)
        {
            taken += bytes.size();
            return bytes; // refers to the request, which lives until the result was packed
        }
    };
    ProxyServer server("mirrors");
    server.bind(Class<Mirror>("Mirror").property("taken", &Mirror::taken).method("turn", &Mirror::turn, arg("bytes")));
    Mirror mirror;
    server.publish("mirror", mirror);
    server.run();
    const Proxy proxy = decoy::connect("mirrors")["mirror"];
    QCOMPARE(proxy.describe().methods.front().returns, std::string("bytes"));
    const Bytes bytes(50'000, std::byte{7});
    QVERIFY(proxy.call<Bytes>("turn", bytes) == bytes);
    QVERIFY(proxy.call<Bytes>("turn", std::span<const std::byte>(bytes).first(3)) == Bytes(3, std::byte{7}));
    QVERIFY(proxy.call<Bytes>("turn", Bytes()).empty());
    QCOMPARE(errorOf([&] { proxy.call("turn", "text"); }), "ArgumentError");
    QCOMPARE(proxy.get<std::size_t>("taken"), bytes.size() + 3);
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
