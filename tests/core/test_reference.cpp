// SPDX-License-Identifier: BSD-3-Clause
#include "named_memory.h"
#include "reference_server.h"
#include "support/process.h"
#include "support/served_process.h"
#include "wire_bytes.h"

#include <decoy/decoy.h>

#include <QCoreApplication>
#include <QTest>

#include <cctype>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace decoy;
using namespace decoy::test;

namespace {

struct SavingsAccount : Account {
    int addInterest(int percent) { return balance += balance * percent / 100; }
};
struct Vault {
    void lock() {}
};

struct Adder {
    int operator()(int a, int b) const { return a + b; }
};

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

/// What the reference documents of its module, where no other test shows it: the examples of its page, the errors and
/// the functions. docs/reference-table.md names each test.
class TestReference : public QObject {
    Q_OBJECT

private slots:
    void init() { m_local.emplace(); }
    void cleanup() { m_local.reset(); }

    void theExampleOfTheReferencesPageWorks();
    void theListOfTheReferencesPageWorks();

    void everyErrorIsAProxyError();
    void whatCannotTravelIsADataEncodeError();
    void theChainLimitsErrorNamesTheMaximumAndTheTarget();

    void everyCallableHasAName();
    void aRemoteMethodBelongsToItsObject();
    void aMemberFunctionBelongsToItsClass();

private:
    std::optional<ReferenceServer> m_local;
};

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
    const Proxy duck = m_local->server->createProxyFor(node.id());
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
