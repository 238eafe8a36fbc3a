// SPDX-License-Identifier: BSD-3-Clause
#include "named_memory.h"
#include "reference_server.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

namespace {

/// What the server answers into the mailbox of `proxy` to a request that stands there. It need not run.
std::string answerTo(ProxyServer &server, const Proxy &proxy, const Frame &request)
{
    const SharedMemory &memory = proxy.sharedMemory();
    Proxy::writeFrame(memory, request);
    server.handleRequestFrame(memory, ProxyServer::readFrame(memory));
    return Proxy::readFrame(memory).toString();
}

} // namespace

/// What the reference documents of servers and their mailboxes, where no other test shows it.
/// docs/reference-table.md names each test.
class TestReferenceServers : public QObject {
    Q_OBJECT

private slots:
    void init() { m_local.emplace(); }
    void cleanup() { m_local.reset(); }

    void aServersMailboxesHaveItsBufsize();
    void aProxyHasAMailboxOfItsOwnOrTheOneThatItIsGiven();
    void aMailboxStaysUntilItIsClosedOrItsServerEnds();
    void getSetAndExecuteAreAnsweredAsTheReferenceDoes();
    void descriptorsBeginWithTheReferencesPrefixes();
    void handleFrameAnswersIntoTheMemoryOfAServerThatDoesNotRun();
    void whatIsNoRequestIsNotHandled();
    void aServerRunsUntilItIsStopped();

private:
    std::optional<ReferenceServer> m_local;
};

void TestReferenceServers::aServersMailboxesHaveItsBufsize()
{
    ProxyServer server(200);
    server.run();
    constexpr std::size_t largest = 200 - 11; // prefix 4, array, opcode, array, id, two for the text, error
    m_local->bag->setAttribute("text", std::string(largest, 'x'));
    const Proxy proxy = server.createProxy(m_local->bag);
    QCOMPARE(server.options().limits.bufsize, 200U);
    QCOMPARE(proxy.sharedMemory().size(), std::size_t{200});
    QCOMPARE(proxy.address().bufsize, 200U);
    QCOMPARE(proxy.get<std::string>("text").size(), largest);
    std::string message;
    QCOMPARE(errorOf([&] { proxy.set("text", std::string(300, 'x')); }, &message), "DataTooBigError");
    QVERIFY2(message.find("200") != std::string::npos, message.c_str());
    m_local->bag->setAttribute("text", std::string(largest + 1, 'x'));
    QCOMPARE(kindOfError([&] { (void)proxy.get("text"); }), "DataTooBigError");
    (void)errorOf([&] { (void)proxy.get("text"); }, &message);
    QVERIFY2(message.find("200") != std::string::npos && message.find("201") != std::string::npos, message.c_str());
    for (const std::uint32_t bufsize : {0U, 63U, (1U << 30) + 1})
        QCOMPARE(errorOf([&] { const ProxyServer bad(bufsize); }), "ArgumentError");
}

void TestReferenceServers::aProxyHasAMailboxOfItsOwnOrTheOneThatItIsGiven()
{
    m_local->bag->setAttribute("a", 100);
    const Proxy first = m_local->server->createProxy(m_local->bag);
    const Proxy second = m_local->server->createProxy(m_local->bag, {.bufsize = 128});
    QVERIFY(first.sharedMemory().name() != second.sharedMemory().name());
    QCOMPARE(first.id(), second.id());
    QCOMPARE(second.sharedMemory().size(), std::size_t{128});

    const Memory memory(512);
    {
        const Proxy given = m_local->server->createProxy(m_local->bag,
                                                         {.memory = SharedMemory::openNamed(memory.own.name())});
        QCOMPARE(given.sharedMemory().name(), memory.own.name());
        QCOMPARE(given.sharedMemory().size(), std::size_t{512});
        QCOMPARE(given.get<int>("a"), 100);
        const Frame answer = decoy::readFrame(memory.other.bytes()); // it went through there
        QCOMPARE(answer.opcode(), ProxyOpCode::ExecutionResult);
        QCOMPARE(errorOf([&] {
                     (void)m_local->server->createProxy(m_local->bag,
                                                        {.memory = SharedMemory::openNamed(memory.own.name())});
                 }),
                 "NameTaken");
    }
    QVERIFY(m_local->server->closeMailbox(memory.own.name()));
    QVERIFY(SharedMemory::openNamed(memory.own.name()).isOpen()); // its name stays with whoever made it
    QCOMPARE(second.get<int>("a"), 100);
}

void TestReferenceServers::aMailboxStaysUntilItIsClosedOrItsServerEnds()
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

    const Proxy node = m_local->server->createProxyFor(decoy::connect("reference")["node"].id());
    const Proxy held = node.call<Proxy>("fresh");
    QCOMPARE(Node::living(), 2);
    QVERIFY(m_local->server->closeMailbox(node.sharedMemory().name())); // and with it what its client held
    EVENTUALLY_EQUAL(Node::living(), 1);

    const std::string left = server->createProxy(m_local->bag).sharedMemory().name();
    QVERIFY(exists(left));
    server.reset();
    QVERIFY(!exists(left));
}

void TestReferenceServers::getSetAndExecuteAreAnsweredAsTheReferenceDoes()
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

void TestReferenceServers::descriptorsBeginWithTheReferencesPrefixes()
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

void TestReferenceServers::handleFrameAnswersIntoTheMemoryOfAServerThatDoesNotRun()
{
    ProxyServer server(200);
    m_local->bag->setAttribute("a", 100);
    const Proxy proxy = server.createProxy(m_local->bag);
    QVERIFY(!server.running());
    // A loop of one's own: the client waits in another thread.
    auto client = std::async(std::launch::async,
                             [address = proxy.address()] { return openProxy(address).get<int>("a"); });
    const Frame request = ProxyServer::readFrame(proxy.sharedMemory(), std::nullopt);
    QCOMPARE(request.toString(), "GET [" + std::to_string(proxy.id()) + ", \"a\"]");
    server.handleFrame(proxy.sharedMemory(), request);
    QCOMPARE(client.get(), 100);
}

void TestReferenceServers::whatIsNoRequestIsNotHandled()
{
    ProxyServer server(200);
    m_local->bag->setAttribute("a", 100);
    const Proxy proxy = server.createProxy(m_local->bag);
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
    QCOMPARE(m_local->bag->attribute("a").as<int>(), 100);
    // Memory that is no mailbox of this server.
    const Memory other(200);
    QCOMPARE(errorOf([&] { server.handleFrame(other.own, current); }), "ArgumentError");
}

void TestReferenceServers::aServerRunsUntilItIsStopped()
{
    ProxyServer server(200);
    m_local->bag->setAttribute("a", 100);
    const Proxy proxy = server.createProxy(m_local->bag);
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

QTEST_GUILESS_MAIN(TestReferenceServers)
#include "test_reference_servers.moc"
