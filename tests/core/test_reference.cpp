// SPDX-License-Identifier: BSD-3-Clause
#include "support/process.h"
#include "support/served_objects.h"
#include "support/served_process.h"
#include "wire_bytes.h"

#include <decoy/decoy.h>

#include <QCoreApplication>
#include <QTest>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

namespace {

struct Account {
    int balance = 100;
    int deposit(int amount) { return balance += amount; }
    [[nodiscard]] int audit() const noexcept { return balance; }
};
struct SavingsAccount : Account {
    int addInterest(int percent) { return balance += balance * percent / 100; }
};
struct Vault {
    void lock() {}
};

struct Adder {
    int operator()(int a, int b) const { return a + b; }
};

const Value noArguments{std::vector<int>()};
const Value noKeywords{std::map<std::string, int>()};

Frame execute(std::uint64_t id, const char *method, const Value &arguments = noArguments)
{
    return {ProxyOpCode::Execute, {Value(id), Value(method), arguments, noKeywords}};
}

/// Named memory of this process, at most one at a time, and a second mapping of it as another process has it.
class Memory {
public:
    explicit Memory(std::size_t size)
        : own(SharedMemory::createNamed("decoy-test-" + std::to_string(getpid()), size)),
          other(SharedMemory::openNamed(own.name()))
    {}
    /// Puts bytes there as a peer does that is not done yet.
    void write(std::size_t offset, const std::vector<std::byte> &data) const
    {
        std::ranges::copy(data, own.writableBytes().begin() + static_cast<std::ptrdiff_t>(offset));
    }
    SharedMemory own;
    SharedMemory other;
};

/// The kind of the error that `action` ended with, whatever the lane: on Duck's an error is a text that begins with it.
template <class Action>
QByteArray kindOfError(Action action)
{
    try {
        action();
    } catch (const RemoteError &error) {
        return QByteArray::fromStdString(error.type());
    } catch (const ProxyError &error) {
        return QByteArray::fromStdString(std::string(errorKindName(error.kind())));
    }
    return "none";
}

/// What the server answers into the mailbox of `proxy` to a request that stands there. It need not run.
std::string answerTo(ProxyServer &server, const Proxy &proxy, const Frame &request)
{
    const SharedMemory &memory = proxy.sharedMemory();
    Proxy::writeFrame(memory, request);
    server.handleRequestFrame(memory, ProxyServer::readFrame(memory));
    return Proxy::readFrame(memory).toString();
}

template <class Error>
bool isCaughtAsProxyError()
{
    try {
        throw Error("what happened");
    } catch (const ProxyError &error) {
        return std::string_view(error.what()) == "what happened";
    }
}

} // namespace

/// The semantics that the reference documents, where no other test shows them: docs/reference-table.md names each.
class TestReference : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void theExampleOfTheReferencesPageWorks();
    void theListOfTheReferencesPageWorks();

    void everyErrorIsAProxyError();
    void whatCannotTravelIsADataEncodeError();
    void theChainLimitsErrorNamesTheMaximumAndTheTarget();

    void aFrameIsAnOpcodeAndAPayload();
    void theOpcodesHaveTheReferencesNumbers();
    void aWrittenFrameStandsBehindItsLength();
    void aFrameThatDoesNotFitIsNotWritten();
    void readingAFrameWaitsUntilItIsWhole();
    void readingAFrameEndsAtItsTimeout();
    void whatIsNoFrameSaysSo();

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

    void aServersMailboxesHaveItsBufsize();
    void aProxyHasAMailboxOfItsOwnOrTheOneThatItIsGiven();
    void aMailboxStaysUntilItIsClosedOrItsServerEnds();
    void getSetAndExecuteAreAnsweredAsTheReferenceDoes();
    void descriptorsBeginWithTheReferencesPrefixes();
    void handleFrameAnswersIntoTheMemoryOfAServerThatDoesNotRun();
    void whatIsNoRequestIsNotHandled();
    void aServerRunsUntilItIsStopped();

    void everyCallableHasAName();
    void aRemoteMethodBelongsToItsObject();
    void aMemberFunctionBelongsToItsClass();

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
        return isDuck ? m_server->createProxyFor(native.id()) : native;
    }

    std::unique_ptr<RuntimeDirectory> m_runtime;
    std::unique_ptr<ProxyServer> m_server;
    std::unique_ptr<ServedTestObjects> m_objects;
    std::shared_ptr<DynamicObject> m_bag;
};

void TestReference::init()
{
    m_runtime = std::make_unique<RuntimeDirectory>();
    m_server = std::make_unique<ProxyServer>("reference");
    m_objects = std::make_unique<ServedTestObjects>(*m_server);
    m_bag = std::make_shared<DynamicObject>("Bag");
    m_server->publish("bag", m_bag);
    m_server->run();
}

void TestReference::cleanup()
{
    m_server.reset();
    m_objects.reset();
    m_bag.reset();
    m_runtime.reset();
}

// The page's examples, with a process of its own. See main().

void TestReference::theExampleOfTheReferencesPageWorks()
{
    ProxyServer server(200);
    server.run();
    const auto object = std::make_shared<DynamicObject>("myObject");
    object->setAttribute("a", 100);
    const Proxy proxy = server.createProxy(object);
    Process process(QCoreApplication::applicationFilePath(), {"--print-a", toJson(Value(proxy.address())).c_str()});
    const Outcome outcome = process.waitForEnd();
    QVERIFY2(outcome.status == 0, outcome.errors.constData());
    QCOMPARE(outcome.output, QByteArray("100\n"));
}

void TestReference::theListOfTheReferencesPageWorks()
{
    ProxyServer server(200);
    server.bind(decoy::list<std::vector<int>>());
    server.run();
    std::vector<int> numbers{1, 2, 3};
    const Proxy proxy = server.createProxy(numbers);
    Process process(QCoreApplication::applicationFilePath(), {"--append-4", toJson(Value(proxy.address())).c_str()});
    const Outcome outcome = process.waitForEnd();
    QVERIFY2(outcome.status == 0, outcome.errors.constData());
    QCOMPARE(outcome.output, QByteArray("[1,2,3]\n[1,2,3,4]\n"));
    QCOMPARE(numbers, (std::vector{1, 2, 3, 4}));
}

// Errors

void TestReference::everyErrorIsAProxyError()
{
    QVERIFY(isCaughtAsProxyError<ProxyError>());
    QVERIFY(isCaughtAsProxyError<DataDecodeError>());
    QVERIFY(isCaughtAsProxyError<DataEncodeError>());
    QVERIFY(isCaughtAsProxyError<DataTooBigError>());
    QVERIFY(isCaughtAsProxyError<EmptyData>());
    QVERIFY(isCaughtAsProxyError<LimitedProxyChaining>());
    QVERIFY(isCaughtAsProxyError<ProxyObjectNotFound>());
    QVERIFY(isCaughtAsProxyError<CallTimeout>());
}

void TestReference::whatCannotTravelIsADataEncodeError()
{
    const Proxy bag = decoy::connect("reference")["bag"];
    const Frame frame(ProxyOpCode::Set, {Value(bag.id()), Value("itself"), Value(bag)});
    QCOMPARE(errorOf([&] { (void)frame.pack(); }), "DataEncodeError");
    QCOMPARE(errorOf([&] { (void)bag.getResponse(frame); }), "DataEncodeError");
    const Memory memory(64);
    QCOMPARE(errorOf([&] { Proxy::writeFrame(memory.own, frame); }), "DataEncodeError");
    QCOMPARE(hex(memory.own.bytes()), hex(std::vector<std::byte>(64)));
}

void TestReference::theChainLimitsErrorNamesTheMaximumAndTheTarget()
{
    const std::string named = LimitedProxyChaining(7, "Account").what();
    QVERIFY2(named.find("maximum is 7") != std::string::npos && named.starts_with("Account "), named.c_str());
    const std::string unnamed = LimitedProxyChaining(12).what();
    QVERIFY2(unnamed.find("maximum is 12") != std::string::npos && unnamed.starts_with("the object "), unnamed.c_str());
    for (const std::string &text : {named, unnamed}) // what one can do about it
        QVERIFY2(text.find("nearer to the root") != std::string::npos && text.find("raise") != std::string::npos,
                 text.c_str());
}

// Frames

void TestReference::aFrameIsAnOpcodeAndAPayload()
{
    const Frame frame(ProxyOpCode::Get, {Value(7), Value("a")});
    QCOMPARE(frame.opcode(), ProxyOpCode::Get);
    QCOMPARE(frame.payload().size(), std::size_t{2});
    QCOMPARE(frame.payload()[0].as<int>(), 7);
    QCOMPARE(frame.payload()[1].as<std::string>(), std::string("a"));
    const Frame parsed = Frame::parse(frame.pack());
    QCOMPARE(parsed.opcode(), frame.opcode());
    QCOMPARE(parsed.payload().size(), frame.payload().size());
    QCOMPARE(hex(parsed.pack()), QByteArray("92 00 92 07 a1 61"));
}

void TestReference::theOpcodesHaveTheReferencesNumbers()
{
    const auto number = [](ProxyOpCode code) { return static_cast<int>(code); };
    QCOMPARE(number(ProxyOpCode::Get), 0);
    QCOMPARE(number(ProxyOpCode::Set), 1);
    QCOMPARE(number(ProxyOpCode::Execute), 2);
    QCOMPARE(number(ProxyOpCode::ExecutionResult), -1);
    QCOMPARE(number(ProxyOpCode::ResponsePending), -2);
    QCOMPARE(opcodeName(-1), std::string_view("EXECUTION_RESULT"));
    QCOMPARE(opcodeName(2), std::string_view("EXECUTE"));
}

void TestReference::aWrittenFrameStandsBehindItsLength()
{
    QCOMPARE(framePrefixSize, std::size_t{4});
    const Memory memory(512);
    const Frame small(ProxyOpCode::Get, {Value(7), Value("a")});
    for (const auto write : {&Proxy::writeFrame, &ProxyServer::writeFrame}) {
        std::ranges::fill(memory.own.writableBytes(), std::byte{0xee});
        QCOMPARE(write(memory.own, small), std::size_t{6});
        QCOMPARE(hex(memory.other.bytes().first(11)), QByteArray("00 00 00 06 92 00 92 07 a1 61 ee"));
    }
    // A length of two bytes shows their order.
    const Frame large(ProxyOpCode::Set, {Value(7), Value("a"), Value(std::string(300, 'x'))});
    QCOMPARE(Proxy::writeFrame(memory.own, large), std::size_t{309});
    QCOMPARE(hex(memory.other.bytes().first(6)), QByteArray("00 00 01 35 92 01"));
    QCOMPARE(ProxyServer::readFrame(memory.other).toString(), large.toString());
}

void TestReference::aFrameThatDoesNotFitIsNotWritten()
{
    const Memory memory(64);
    const auto frame = [](std::size_t size) {
        return Frame(ProxyOpCode::Set, {Value(7), Value("a"), Value(std::string(size, 'x'))});
    };
    constexpr std::size_t head = 8; // array, opcode, array, id, two for the name, two for the text
    constexpr std::size_t largest = 64 - framePrefixSize - head;
    for (const auto write : {&Proxy::writeFrame, &ProxyServer::writeFrame}) {
        QCOMPARE(write(memory.own, frame(largest)), 64 - framePrefixSize);
        const QByteArray before = hex(memory.own.bytes());
        std::string message;
        QCOMPARE(errorOf([&] { write(memory.own, frame(largest + 1)); }, &message), "DataTooBigError");
        QVERIFY2(message.find("65") != std::string::npos && message.find("64") != std::string::npos, message.c_str());
        QCOMPARE(hex(memory.own.bytes()), before);
    }
}

void TestReference::readingAFrameWaitsUntilItIsWhole()
{
    const Memory memory(64);
    const std::vector<std::byte> payload = bytes("92 02 94 01 a3 616464 91 05 80");
    for (const auto read : {&Proxy::readFrame, &ProxyServer::readFrame}) {
        std::ranges::fill(memory.own.writableBytes(), std::byte{0});
        auto reader = std::async(std::launch::async, [&] { return read(memory.other, std::nullopt).toString(); });
        memory.write(0, bytes("00 00 00 0b"));
        memory.write(framePrefixSize, {payload.begin(), payload.begin() + 6});
        QCOMPARE(reader.wait_for(0s), std::future_status::timeout);
        memory.write(framePrefixSize + 6, {payload.begin() + 6, payload.end()});
        QCOMPARE(reader.get(), std::string("EXECUTE [1, \"add\", [5], {}]"));
    }
}

void TestReference::readingAFrameEndsAtItsTimeout()
{
    const Memory memory(64);
    for (const auto read : {&Proxy::readFrame, &ProxyServer::readFrame}) {
        std::string message;
        QCOMPARE(errorOf([&] { (void)read(memory.other, 20ms); }, &message), "CallTimeout");
        QVERIFY2(message.find("20 ms") != std::string::npos, message.c_str());
        QCOMPARE(errorOf([&] { (void)read(memory.other, 0ms); }), "CallTimeout");
    }
    QCOMPARE(defaultFrameTimeout, 500ms);
    QCOMPARE(errorOf([&] { (void)Proxy::readFrame(memory.other); }), "CallTimeout");
    Proxy::writeFrame(memory.own, Frame(ProxyOpCode::ResponsePending, {}));
    // What is there already is in time.
    QCOMPARE(Proxy::readFrame(memory.other, 0ms).toString(), std::string("RESPONSE_PENDING []"));
}

void TestReference::whatIsNoFrameSaysSo()
{
    const Memory memory(64);
    QCOMPARE(errorOf([&] { (void)decoy::readFrame(memory.other.bytes()); }), "EmptyData");
    for (const auto read : {&Proxy::readFrame, &ProxyServer::readFrame}) {
        memory.write(0, bytes("00 00 00 3d")); // one byte more than there is; nothing to wait for
        QCOMPARE(errorOf([&] { (void)read(memory.other, std::nullopt); }), "DataTooBigError");
        memory.write(0, bytes("ff ff ff ff"));
        QCOMPARE(errorOf([&] { (void)read(memory.other, std::nullopt); }), "DataTooBigError");
        memory.write(0, bytes("00 00 00 03 92 09 90")); // no opcode of ours
        QCOMPARE(errorOf([&] { (void)read(memory.other, 1ms); }), "DataDecodeError");
        memory.write(0, bytes("00 00 00 01 c1 00 00")); // no msgpack
        QCOMPARE(errorOf([&] { (void)read(memory.other, 1ms); }), "DataDecodeError");
    }
}

// Proxies

void TestReference::aProxyIsMadeForAnIdAndAMailbox()
{
    m_server->bind(Class<Account>("Account").property("balance", &Account::balance));
    Account account;
    const std::uint64_t id = m_server->publish("account", account);
    const Proxy proxy = m_server->createProxyFor(id);
    QCOMPARE(proxy.id(), id);
    QCOMPARE(proxy.level(), 0);
    QCOMPARE(proxy.sharedMemory().size(), std::size_t{m_server->options().limits.bufsize});
    const DuckAddress address = proxy.address();
    QCOMPARE(address.id, id);
    QCOMPARE(address.segment, proxy.sharedMemory().name());
    QCOMPARE(address.bufsize, m_server->options().limits.bufsize);
    QCOMPARE(address.maxChainLevel, defaultMaxChainLevel);
    QCOMPARE(address.process, getpid());
    proxy.set("balance", 7);
    QCOMPARE(account.balance, 7);
    QCOMPARE(errorOf([&] { (void)m_server->createProxyFor(id + 1000); }), "ProxyObjectNotFound");
    const Proxy native = decoy::connect("reference")["account"];
    QCOMPARE(errorOf([&] { (void)native.sharedMemory(); }), "ProxyError"); // that lane has none
    QCOMPARE(errorOf([] { (void)Proxy().sharedMemory(); }), "ProxyObjectNotFound");
    m_server.reset(); // before the account
}

void TestReference::aProxyIsOpenedWhereItsAddressArrives()
{
    m_bag->setAttribute("a", 100);
    const Proxy proxy = m_server->createProxy(m_bag);
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

void TestReference::aProxyReadsAsPeopleWriteIt()
{
    const Proxy node = decoy::connect("reference")["node"];
    const auto text = [](const Proxy &proxy, int level) {
        return "<Proxy of Node, object " + std::to_string(proxy.id()) + ", level " + std::to_string(level) + ">";
    };
    QCOMPARE(node.toString(), text(node, 0));
    Proxy fresh = node.call<Proxy>("fresh");
    QCOMPARE(fresh.toString(), text(fresh, 1));
    const Proxy duck = m_server->createProxyFor(node.id()).call<Proxy>("fresh");
    QCOMPARE(duck.toString(), text(duck, 1));
    QCOMPARE(Proxy().toString(), std::string("<Proxy of nothing>"));
    fresh.close();
    QCOMPARE(fresh.toString(), std::string("<Proxy of nothing>"));
}

void TestReference::theProxysOwnNamesNeverHideTheTargets()
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
        QCOMPARE(m_bag->attribute(name).as<int>(), next);
        QCOMPARE(bag.get<int>(name), next);
        m_bag->setFunction(name, [next](const std::vector<Value> &) { return Value(-next); });
        QCOMPARE(bag.call<int>(name), -next);
        QCOMPARE(bag[name]().as<int>(), -next);
    }
}

void TestReference::getResponseGivesDataProxiesAndCallables()
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

void TestReference::getResponseEndsAtItsTimeout()
{
    const Proxy lab = root("lab");
    const Frame request = execute(lab.id(), "waitAt", Value(std::vector{"gate"}));
    QCOMPARE(errorOf([&] { (void)lab.getResponse(request, 10ms); }), "CallTimeout");
    EVENTUALLY_EQUAL(m_objects->gates.waiting("gate"), 1); // it was taken, and still runs
    m_objects->gates.open("gate");
    EVENTUALLY_EQUAL(m_objects->gates.waiting("gate"), 0);
    QCOMPARE(lab.getResponse({ProxyOpCode::Get, {Value(lab.id()), Value("value")}}, waitForever).as<int>(), 100);
}

void TestReference::attributesAreRemoved()
{
    const Proxy bag = root("bag");
    bag.set("colour", "red");
    bag.set("size", 7);
    bag.remove("colour");
    QVERIFY_THROWS_EXCEPTION(AttributeNotFound, (void)m_bag->attribute("colour"));
    QCOMPARE(kindOfError([&] { (void)bag.get("colour"); }), "AttributeNotFound");
    QCOMPARE(kindOfError([&] { bag.remove("colour"); }), "AttributeNotFound");
    QCOMPARE(bag.get<int>("size"), 7);
    const Proxy node = root("node"); // a class's attributes stay
    QCOMPARE(kindOfError([&] { node.remove("name"); }), "AttributeNotFound");
    QCOMPARE(node.get<std::string>("name"), std::string("root"));
}

void TestReference::itemsAreReadSetAndRemoved()
{
    using Settings = std::map<std::string, int>;
    m_server->bind(decoy::list<std::vector<int>>());
    m_server->bind(dictionary<Settings>());
    const auto numbers = std::make_shared<std::vector<int>>(std::vector{1, 2, 3});
    const auto settings = std::make_shared<Settings>(Settings{{"a", 1}});
    m_server->publish("numbers", numbers);
    m_server->publish("settings", settings);

    const Proxy list = root("numbers");
    QCOMPARE(list.at(0).get<int>(), 1);
    QCOMPARE(list.at(-1).get<int>(), 3);
    list[0] = 10;
    list.erase(1);
    QCOMPARE(*numbers, (std::vector{10, 3}));
    QCOMPARE(kindOfError([&] { (void)list.at(7).get(); }), "ArgumentError");

    const Proxy dictionary = root("settings");
    QCOMPARE(dictionary.at("a").get<int>(), 1);
    dictionary.at("b") = 2;
    dictionary.erase("a");
    QCOMPARE(*settings, (Settings{{"b", 2}}));
    QCOMPARE(kindOfError([&] { dictionary.erase("a"); }), "ArgumentError");
}

void TestReference::aChainedProxyIsOneLevelFurther()
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

void TestReference::dataAndCallablesBeginTheChainAgain()
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

void TestReference::aProxyThatLeavesItsScopeIsReleased()
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

// Servers

void TestReference::aServersMailboxesHaveItsBufsize()
{
    ProxyServer server(200);
    server.run();
    constexpr std::size_t largest = 200 - 11; // prefix 4, array, opcode, array, id, two for the text, error
    m_bag->setAttribute("text", std::string(largest, 'x'));
    const Proxy proxy = server.createProxy(m_bag);
    QCOMPARE(server.options().limits.bufsize, 200U);
    QCOMPARE(proxy.sharedMemory().size(), std::size_t{200});
    QCOMPARE(proxy.address().bufsize, 200U);
    QCOMPARE(proxy.get<std::string>("text").size(), largest);
    std::string message;
    QCOMPARE(errorOf([&] { proxy.set("text", std::string(300, 'x')); }, &message), "DataTooBigError");
    QVERIFY2(message.find("200") != std::string::npos, message.c_str());
    m_bag->setAttribute("text", std::string(largest + 1, 'x'));
    QCOMPARE(kindOfError([&] { (void)proxy.get("text"); }), "DataTooBigError");
    (void)errorOf([&] { (void)proxy.get("text"); }, &message);
    QVERIFY2(message.find("200") != std::string::npos && message.find("201") != std::string::npos, message.c_str());
    for (const std::uint32_t bufsize : {0U, 63U, (1U << 30) + 1})
        QCOMPARE(errorOf([&] { const ProxyServer bad(bufsize); }), "ArgumentError");
}

void TestReference::aProxyHasAMailboxOfItsOwnOrTheOneThatItIsGiven()
{
    m_bag->setAttribute("a", 100);
    const Proxy first = m_server->createProxy(m_bag);
    const Proxy second = m_server->createProxy(m_bag, {.bufsize = 128});
    QVERIFY(first.sharedMemory().name() != second.sharedMemory().name());
    QCOMPARE(first.id(), second.id());
    QCOMPARE(second.sharedMemory().size(), std::size_t{128});

    const Memory memory(512);
    {
        const Proxy given = m_server->createProxy(m_bag, {.memory = SharedMemory::openNamed(memory.own.name())});
        QCOMPARE(given.sharedMemory().name(), memory.own.name());
        QCOMPARE(given.sharedMemory().size(), std::size_t{512});
        QCOMPARE(given.get<int>("a"), 100);
        const Frame answer = decoy::readFrame(memory.other.bytes()); // it went through there
        QCOMPARE(answer.opcode(), ProxyOpCode::ExecutionResult);
        QCOMPARE(errorOf([&] {
                     (void)m_server->createProxy(m_bag, {.memory = SharedMemory::openNamed(memory.own.name())});
                 }),
                 "NameTaken");
    }
    QVERIFY(m_server->closeMailbox(memory.own.name()));
    QVERIFY(SharedMemory::openNamed(memory.own.name()).isOpen()); // its name stays with whoever made it
    QCOMPARE(second.get<int>("a"), 100);
}

void TestReference::aMailboxStaysUntilItIsClosedOrItsServerEnds()
{
    const auto exists = [](const std::string &segment) {
        return errorOf([&] { (void)SharedMemory::openNamed(segment); }) == "none";
    };
    auto server = std::make_unique<ProxyServer>(200);
    server->run();
    std::weak_ptr<DynamicObject> watched;
    std::string closed;
    {
        auto object = std::make_shared<DynamicObject>();
        watched = object;
        Proxy proxy = server->createProxy(std::move(object));
        closed = proxy.sharedMemory().name();
        proxy.set("a", 1);
        proxy.close();
    }
    QVERIFY(exists(closed) && !watched.expired()); // another client may come
    QVERIFY(server->closeMailbox(closed));
    EVENTUALLY(!exists(closed));
    EVENTUALLY(watched.expired());
    QVERIFY(!server->closeMailbox(closed));

    const Proxy node = m_server->createProxyFor(decoy::connect("reference")["node"].id());
    const Proxy held = node.call<Proxy>("fresh");
    QCOMPARE(Node::living(), 2);
    QVERIFY(m_server->closeMailbox(node.sharedMemory().name())); // and with it what its client held
    EVENTUALLY_EQUAL(Node::living(), 1);

    const std::string left = server->createProxy(m_bag).sharedMemory().name();
    QVERIFY(exists(left));
    server.reset();
    QVERIFY(!exists(left));
}

void TestReference::getSetAndExecuteAreAnsweredAsTheReferenceDoes()
{
    ProxyServer server(200); // does not run
    server.bind(Class<Account>("Account")
                    .property("balance", &Account::balance)
                    .method("deposit", &Account::deposit, arg("amount")));
    Account account;
    const Proxy proxy = server.createProxy(account);
    const std::uint64_t id = proxy.id();
    const std::string head = "EXECUTION_RESULT [" + std::to_string(id) + ", ";
    QCOMPARE(answerTo(server, proxy, {ProxyOpCode::Get, {Value(id), Value("balance")}}), head + "100, null]");
    QCOMPARE(answerTo(server, proxy, {ProxyOpCode::Set, {Value(id), Value("balance"), Value(5)}}),
             head + "null, null]");
    QCOMPARE(answerTo(server, proxy, execute(id, "deposit", Value(std::vector{50}))), head + "55, null]");
    const Value amount(std::map<std::string, int>{{"amount", 1}});
    QCOMPARE(answerTo(server, proxy, {ProxyOpCode::Execute, {Value(id), Value("deposit"), noArguments, amount}}),
             head + "56, null]");
    const std::string error = answerTo(server, proxy, {ProxyOpCode::Get, {Value(id), Value("balanse")}});
    QVERIFY2(error.starts_with(head + "null, \"AttributeNotFound: "), error.c_str());
    QCOMPARE(account.balance, 56);
}

void TestReference::descriptorsBeginWithTheReferencesPrefixes()
{
    QCOMPARE(duckProxyPrefix, std::string_view("<proxy>-"));
    QCOMPARE(duckCallablePrefix, std::string_view("<callable>-"));
    ProxyServer server(200);
    const ServedTestObjects objects(server);
    const Proxy proxy = server.createProxy(std::make_shared<Node>());
    const SharedMemory &memory = proxy.sharedMemory();
    const auto valueOf = [&](const Frame &request) {
        answerTo(server, proxy, request);
        return Proxy::readFrame(memory).payload().at(1).as<std::string>();
    };
    QCOMPARE(valueOf(execute(proxy.id(), "fresh")), std::string(duckProxyPrefix) + "Node");
    QVERIFY(Proxy::readFrame(memory).payload().at(0).as<std::uint64_t>() != proxy.id()); // the new object's
    QCOMPARE(valueOf({ProxyOpCode::Get, {Value(proxy.id()), Value("fresh")}}),
             std::string(duckCallablePrefix) + "fresh");
    QCOMPARE(Proxy::readFrame(memory).payload().at(0).as<std::uint64_t>(), proxy.id());
}

void TestReference::handleFrameAnswersIntoTheMemoryOfAServerThatDoesNotRun()
{
    ProxyServer server(200);
    m_bag->setAttribute("a", 100);
    const Proxy proxy = server.createProxy(m_bag);
    QVERIFY(!server.running());
    // A loop of one's own: the client waits in another thread.
    auto client = std::async(std::launch::async,
                             [address = proxy.address()] { return openProxy(address).get<int>("a"); });
    const Frame request = ProxyServer::readFrame(proxy.sharedMemory(), std::nullopt);
    QCOMPARE(request.toString(), "GET [" + std::to_string(proxy.id()) + ", \"a\"]");
    server.handleFrame(proxy.sharedMemory(), request);
    QCOMPARE(client.get(), 100);
}

void TestReference::whatIsNoRequestIsNotHandled()
{
    ProxyServer server(200);
    m_bag->setAttribute("a", 100);
    const Proxy proxy = server.createProxy(m_bag);
    const SharedMemory &memory = proxy.sharedMemory();
    for (const Frame &frame : {Frame(ProxyOpCode::ResponsePending, {}),
                               Frame(ProxyOpCode::ExecutionResult, {Value(proxy.id()), Value(1), Value()})}) {
        Proxy::writeFrame(memory, frame);
        server.handleFrame(memory, frame);
        QCOMPARE(Proxy::readFrame(memory).toString(), frame.toString());
        QCOMPARE(errorOf([&] { server.handleRequestFrame(memory, frame); }), "ArgumentError");
    }
    // The client has given up, and asks for something else by now.
    const Frame late(ProxyOpCode::Set, {Value(proxy.id()), Value("a"), Value(5)});
    const Frame current(ProxyOpCode::Get, {Value(proxy.id()), Value("a")});
    Proxy::writeFrame(memory, current);
    server.handleFrame(memory, late);
    QCOMPARE(Proxy::readFrame(memory).toString(), current.toString());
    QCOMPARE(m_bag->attribute("a").as<int>(), 100);
    // Memory that is no mailbox of this server.
    const Memory other(200);
    QCOMPARE(errorOf([&] { server.handleFrame(other.own, current); }), "ArgumentError");
}

void TestReference::aServerRunsUntilItIsStopped()
{
    ProxyServer server(200);
    m_bag->setAttribute("a", 100);
    const Proxy proxy = server.createProxy(m_bag);
    QVERIFY(!server.running());
    for (int round = 0; round < 3; ++round) {
        server.run();
        QVERIFY(server.running());
        QCOMPARE(errorOf([&] { server.run(); }), "AlreadyRunning");
        QCOMPARE(proxy.get<int>("a"), 100);
        server.stop();
        QVERIFY(!server.running());
        QCOMPARE(errorOf([&] { (void)proxy.withTimeout(10ms).get("a"); }), "CallTimeout");
    }
    server.stop();
}

// Functions

void TestReference::everyCallableHasAName()
{
    const Value remote = decoy::connect("reference")["lab"].get("digits");
    QCOMPARE(callableName(remote), std::string("digits"));
    QCOMPARE(callableName(remote.callable()), std::string("digits"));
    QCOMPARE(callableName(&::toupper), std::string("toupper")); // one that no sanitizer replaces
    QVERIFY(callableName(Adder()).ends_with("Adder"));
    QVERIFY(callableName(&Account::deposit).find("Account::*") != std::string::npos);
    QVERIFY(callableName(std::function<int(int)>()).find("function<int (int)>") != std::string::npos);
    QVERIFY(!callableName(std::bind(Adder(), 1, 2)).empty());
    QVERIFY(!callableName([] {}).empty());
    QCOMPARE(errorOf([] { (void)callableName(Value(1)); }), "DataDecodeError");
}

void TestReference::aRemoteMethodBelongsToItsObject()
{
    const Connection connection = decoy::connect("reference");
    const Proxy lab = connection["lab"];
    const Proxy node = connection["node"];
    const Proxy sibling = node.call<Proxy>("fresh");
    const RemoteCallable fresh = node.get("fresh").callable();
    QVERIFY(isMethodOf(fresh, node));
    QVERIFY(isMethodOf(fresh, sibling)); // another object of that class has it too
    QVERIFY(!isMethodOf(fresh, lab));
    QVERIFY(!isMethodOf(lab.get("digits").callable(), node));
    QVERIFY(!isMethodOf(lab.get("digits").callable(), connection["till"])); // that has one of its own
    QVERIFY(!isMethodOf(fresh, Proxy()));
    const Proxy duck = m_server->createProxyFor(node.id());
    QVERIFY(isMethodOf(duck.get("fresh").callable(), duck));
    ProxyServer otherServer("other");
    const ServedTestObjects otherObjects(otherServer);
    otherServer.run();
    const Proxy stranger = decoy::connect("other")["node"];
    QCOMPARE(stranger.id(), node.id());
    QVERIFY(!isMethodOf(fresh, stranger));
}

void TestReference::aMemberFunctionBelongsToItsClass()
{
    Account account;
    const SavingsAccount savings;
    const Vault vault;
    QVERIFY(isMethodOf(&Account::deposit, account));
    QVERIFY(isMethodOf(&Account::audit, account));
    QVERIFY(isMethodOf(&Account::deposit, savings));
    QVERIFY(isMethodOf(&SavingsAccount::addInterest, savings));
    QVERIFY(!isMethodOf(&SavingsAccount::addInterest, account));
    QVERIFY(!isMethodOf(&Account::deposit, vault));
    QVERIFY(!isMethodOf(&Vault::lock, account));
}

namespace {

/// The other process of the page's examples.
int printA(const Proxy &proxy)
{
    const Proxy p = proxy; // with proxy as p
    std::printf("%d\n", p.get<int>("a"));
    return 0;
}
int appendFour(const Proxy &p)
{
    std::puts(p.call("__iter__").toString().c_str());
    p.call("append", 4);
    std::puts(p.call("__iter__").toString().c_str());
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string_view part = argc == 3 ? argv[1] : "";
    if (part == "--print-a")
        return printA(openProxy(fromJson(argv[2]).as<DuckAddress>()));
    if (part == "--append-4")
        return appendFour(openProxy(fromJson(argv[2]).as<DuckAddress>()));
    QCoreApplication application(argc, argv);
    TestReference test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_reference.moc"
