// SPDX-License-Identifier: BSD-3-Clause
#include "memory/mailbox_names.h"
#include "python_peer.h"
#include "shared_names.h"
#include "support/local_server.h"
#include "support/served_process.h"
#include "support/tapped_frames.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <csignal>
#include <future>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

using namespace decoy;
using namespace decoy::test;

namespace {

/// Promises an answer to every call, and keeps none of them before it is told to.
class Procrastinator final : public Target {
public:
    [[nodiscard]] std::string_view typeName() const noexcept override { return "Procrastinator"; }
    [[nodiscard]] Description describe() const override { return {}; }
    void get(std::string_view, Reply &reply) override { promise(reply); }
    void set(std::string_view, const msgpack::object &, Reply &reply) override { promise(reply); }
    void call(std::string_view, const Arguments &, Reply &reply) override { promise(reply); }
    /// Its promises keep it alive, as those of any target do.
    void forget()
    {
        std::vector<std::shared_ptr<Reply>> promised;
        const std::lock_guard lock(m_mutex);
        promised.swap(m_promised);
    }
    [[nodiscard]] std::size_t promised() const
    {
        const std::lock_guard lock(m_mutex);
        return m_promised.size();
    }

private:
    void promise(Reply &reply)
    {
        const std::lock_guard lock(m_mutex);
        m_promised.push_back(reply.defer());
    }
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<Reply>> m_promised;
};

} // namespace

/// The life of mailboxes that Python clients use, and what those who watch a server see of them.
class TestDuckMailboxes : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { forkOnce(); }
    void init();
    void cleanup();

    void aNameIsPutBackWhenAProxyIsCollected();
    void aNameIsPutBackWhenAClientExits();
    void twoMailboxesServeOneObject();
    void aClosedMailboxAnswersWhoWaitsAndIsGone();
    void aClosedMailboxCannotBeFoundThoughACallStillRuns();
    void closingAMailboxReleasesWhatItsClientHeld();
    void memoryOfTheUsersOwnIsAMailboxToo();

    void stoppingAnswersThoseWhoWait();
    void aMailboxOutlastsStoppingAndRunning();
    void aGoodExitLeavesNothing();
    void theNextServerClearsAwayWhatAKilledOneLeft();

    void aTapSeesTheLaneTheClientAndBothFrames();
    void aTapSeesErrorsAndHandOuts();
    void theClientIsListed();

private:
    [[nodiscard]] DuckAddress lab() { return m_local->server->createProxy(m_local->objects->lab).address(); }
    [[nodiscard]] DuckAddress node() { return m_local->server->createProxy(m_local->objects->node).address(); }
    [[nodiscard]] std::vector<ConnectionInfo> duckConnections() const
    {
        std::vector<ConnectionInfo> all = m_local->server->connections();
        std::erase_if(all, [](const ConnectionInfo &info) { return info.lane != Lane::Duck; });
        return all;
    }

    std::optional<LocalServer> m_local;
};

namespace {

/// The mailboxes of a server in a process of its own.
DuckAddress nextAddress(ServedProcess &server)
{
    return fromJson(server.process().readLine().toStdString()).as<DuckAddress>();
}

} // namespace

void TestDuckMailboxes::init() { m_local.emplace(); }

void TestDuckMailboxes::cleanup() { m_local.reset(); }

// Names

void TestDuckMailboxes::aNameIsPutBackWhenAProxyIsCollected()
{
    const DuckAddress address = node();
    const ino_t file = fileOf(address.segment);
    QVERIFY(file != 0);
    PythonClient client(address);
    for (int round = 0; round < 20; ++round) {
        NameWatch name(address.segment);
        QCOMPARE(client.execute("fresh", {}, {{"keep", "fresh"}}).text(), "proxy Node"); // attaches by the name
        client.ask("drop", {{"name", "fresh"}});
        QVERIFY(name.waitUntilPutBack());
        QCOMPARE(fileOf(address.segment), file);
    }
}

void TestDuckMailboxes::aNameIsPutBackWhenAClientExits()
{
    const DuckAddress address = lab();
    const ino_t file = fileOf(address.segment);
    for (int round = 0; round < 3; ++round) {
        NameWatch name(address.segment);
        PythonClient client(address);
        QCOMPARE(client.call("digits", {round}).text(), "int " + QByteArray::number(100 * round + 23));
        QCOMPARE(client.end().status, 0);
        QVERIFY(name.waitUntilPutBack());
        QCOMPARE(fileOf(address.segment), file);
    }
}

// Mailboxes

void TestDuckMailboxes::twoMailboxesServeOneObject()
{
    const DuckAddress first = lab();
    const DuckAddress second = lab();
    QCOMPARE(first.id, second.id);
    QVERIFY(first.segment != second.segment);
    PythonClient one(first);
    PythonClient other(second);
    QCOMPARE(one.set("value", 7).text(), "NoneType null");
    QCOMPARE(other.get("value").text(), "int 7");
    QVERIFY(m_local->server->closeMailbox(first.segment));
    QCOMPARE(other.set("value", 8).text(), "NoneType null");
    QCOMPARE(decoy::connect("local")["lab"].get<int>("value"), 8);
}

void TestDuckMailboxes::aClosedMailboxAnswersWhoWaitsAndIsGone()
{
    const DuckAddress address = lab();
    PythonClient client(address);
    client.ask("send", {{"method", "waitAt"}, {"args", QJsonArray{"closed"}}});
    EVENTUALLY_EQUAL(m_local->objects->gates.waiting("closed"), 1);
    QVERIFY(m_local->server->closeMailbox(address.segment));
    const QByteArray error = client.ask("await").text(); // while its call still runs
    QVERIFY2(error.startsWith("ProxyError: ProxyObjectNotFound"), error);
    m_local->objects->gates.open("closed");
    QVERIFY(!m_local->server->closeMailbox(address.segment));
    QVERIFY(client.execute("digits", {1}, {{"timeout", 0.2}}).text().startsWith("TimeoutError"));
    EVENTUALLY_EQUAL(fileOf(address.segment), ino_t{0});
    PythonClient late(address);
    const Outcome outcome = late.end();
    QVERIFY(outcome.status == 1 && outcome.errors.contains("FileNotFoundError"));
}

void TestDuckMailboxes::aClosedMailboxCannotBeFoundThoughACallStillRuns()
{
    const DuckAddress address = lab();
    PythonClient client(address);
    client.ask("send", {{"method", "waitAt"}, {"args", QJsonArray{"closed"}}});
    EVENTUALLY_EQUAL(m_local->objects->gates.waiting("closed"), 1);
    QVERIFY(m_local->server->closeMailbox(address.segment));
    const ino_t file = fileOf(address.segment);
    m_local->objects->gates.open("closed");
    QCOMPARE(file, ino_t{0});
}

void TestDuckMailboxes::closingAMailboxReleasesWhatItsClientHeld()
{
    const auto bag = std::make_shared<DynamicObject>("Bag");
    const std::weak_ptr<DynamicObject> alive = bag;
    bag->setObject("inner", std::make_shared<DynamicObject>("Inner"));
    const std::size_t objects = m_local->server->objects().size();
    DuckAddress address = m_local->server->createProxy(bag).address();
    PythonClient client(address);
    QCOMPARE(client.get("inner", {{"keep", "inner"}}).text(), "proxy Inner");
    QCOMPARE(m_local->server->objects().size(), objects + 2);
    QVERIFY(m_local->server->closeMailbox(address.segment));
    QCOMPARE(m_local->server->objects().size(), objects);
}

void TestDuckMailboxes::memoryOfTheUsersOwnIsAMailboxToo()
{
    const std::string name = "decoy-test-" + memory::randomDigits();
    SharedMemory own = SharedMemory::createNamed(name, 4096);
    const DuckAddress address =
        m_local->server->createProxy(m_local->objects->node, {.memory = SharedMemory::openNamed(name)}).address();
    QCOMPARE(address.segment, name);
    NameWatch watch(name);
    PythonClient client(address);
    QCOMPARE(client.execute("child", {}, {{"keep", "child"}}).text(), "proxy Node");
    client.ask("drop", {{"name", "child"}});
    QVERIFY(watch.waitUntilPutBack());
    QCOMPARE(client.execute("child").text(), "proxy Node");
    QVERIFY(m_local->server->closeMailbox(name));
    own.unlink();
    QCOMPARE(fileOf(name), ino_t{0});
}

// The end of servers

void TestDuckMailboxes::stoppingAnswersThoseWhoWait()
{
    const auto late = std::make_shared<Procrastinator>();
    PythonClient promised(m_local->server->createProxy(late).address());
    PythonClient running(m_local->server->createProxy(m_local->objects->till).address());
    PythonClient queued(m_local->server->createProxy(m_local->objects->till).address());
    promised.ask("send", {{"method", "anything"}});
    EVENTUALLY_EQUAL(late->promised(), std::size_t{1});
    running.ask("send", {{"method", "waitAt"}, {"args", QJsonArray{"end"}}});
    EVENTUALLY_EQUAL(m_local->objects->gates.waiting("end"), 1);
    queued.ask("send", {{"method", "note"}, {"args", QJsonArray{1}}});
    auto stopped = std::async(std::launch::async, [this] { m_local->server->stop(); });
    m_local->objects->gates.open("end"); // the call that runs is waited for
    stopped.get();
    const QByteArray unkept = promised.ask("await").text();
    QVERIFY2(unkept.startsWith("ProxyError: PeerDied"), unkept);
    const QByteArray ran = running.ask("await").text();
    QVERIFY2(ran == "bytes {\"$bytes\":\"\"}" || ran.startsWith("ProxyError: PeerDied"), ran);
    const QByteArray last = queued.ask("await").text();
    QVERIFY2(last == "NoneType null" || last.startsWith("ProxyError: PeerDied"), last);
    late->forget();
}

void TestDuckMailboxes::aMailboxOutlastsStoppingAndRunning()
{
    PythonClient client(lab());
    for (int round = 0; round < 3; ++round) {
        QCOMPARE(client.execute("digits", {round}).text(), "int " + QByteArray::number(100 * round + 23));
        m_local->server->stop();
        QVERIFY(client.execute("digits", {1}, {{"timeout", 0.02}}).text().startsWith("TimeoutError"));
        client.ask("send", {{"method", "digits"}, {"args", QJsonArray{9}}});
        m_local->server->run();
        QCOMPARE(client.ask("await").text(), "int 923");
    }
}

void TestDuckMailboxes::aGoodExitLeavesNothing()
{
    DuckAddress first;
    {
        ServedProcess server({"duck=2"});
        first = nextAddress(server);
        const DuckAddress second = nextAddress(server);
        PythonClient client(first);
        PythonClient another(second);
        QCOMPARE(client.call("digits", {1}).text(), "int 123");
        QCOMPARE(client.end().status, 0);
        QCOMPARE(another.call("digits", {1}).text(), "int 123"); // it is still there when the server ends
        QVERIFY(!namesOfServer(first.segment).isEmpty());
        server.send(SIGTERM);
        QCOMPARE(server.process().waitForEnd().status, 0);
        QCOMPARE(namesOfServer(first.segment), QStringList());
    }
    QCOMPARE(namesOfServer(first.segment), QStringList());

    const DuckAddress here = node();
    {
        PythonClient client(here);
        QCOMPARE(client.execute("fresh", {}, {{"keep", "fresh"}}).text(), "proxy Node");
        client.ask("drop", {{"name", "fresh"}});
        QVERIFY(!namesOfServer(here.segment).isEmpty());
        m_local->server.reset();
        QCOMPARE(namesOfServer(here.segment), QStringList());
    }
}

void TestDuckMailboxes::theNextServerClearsAwayWhatAKilledOneLeft()
{
    ServedProcess killed({"duck=2"}, "killed");
    const DuckAddress address = nextAddress(killed);
    PythonClient client(address);
    QCOMPARE(client.call("digits", {1}).text(), "int 123");
    QCOMPARE(namesOfServer(address.segment).size(), 5); // two for each mailbox, one for the server's life
    killed.send(SIGKILL);
    QVERIFY(client.execute("digits", {1}, {{"timeout", 0.02}}).text().startsWith("TimeoutError"));
    const ServedProcess next({}, "another");
    QCOMPARE(namesOfServer(address.segment), QStringList());
    QVERIFY(fileOf(node().segment) != 0); // those of a server that lives stay
}

// What watchers see

void TestDuckMailboxes::aTapSeesTheLaneTheClientAndBothFrames()
{
    const DuckAddress address = lab();
    const auto tap = m_local->server->tap();
    PythonClient client(address);
    QCOMPARE(client.execute("digits", {1}).text(), "int 123");
    QCOMPARE(client.get("value").text(), "int 100");
    QCOMPARE(client.set("value", 1).text(), "NoneType null");
    const std::vector<TappedFrame> seen = requestsAndResults(*tap);
    QCOMPARE(seen.size(), std::size_t{6});
    const std::vector opcodes{ProxyOpCode::Execute, ProxyOpCode::Get, ProxyOpCode::Set};
    for (std::size_t i = 0; i < seen.size(); i += 2) {
        const FrameEvent &request = seen[i].event;
        const FrameEvent &result = seen[i + 1].event;
        QVERIFY(!request.isFromServer() && result.isFromServer());
        QCOMPARE(static_cast<int>(request.opcode), static_cast<int>(opcodes[i / 2]));
        QCOMPARE(static_cast<int>(result.opcode), static_cast<int>(ProxyOpCode::ExecutionResult));
        QCOMPARE(result.callId, request.callId);
        QVERIFY(result.latency > 0 && result.time - request.time == result.latency);
        for (const FrameEvent &event : {request, result}) {
            QCOMPARE(event.lane, Lane::Duck);
            QCOMPARE(event.process, client.id());
            QCOMPARE(event.object, address.id);
            QCOMPARE(event.connection, seen[0].event.connection);
            QVERIFY(!event.isFailed());
        }
    }
    QVERIFY(seen[0].event.callId != seen[2].event.callId && seen[2].event.callId != seen[4].event.callId);
}

void TestDuckMailboxes::aTapSeesErrorsAndHandOuts()
{
    const DuckAddress address = node();
    PythonClient client(address);
    const auto tap = m_local->server->tap();
    const PythonAnswer child = client.execute("child", {}, {{"keep", "child"}});
    QVERIFY(client.get("nothing").isError());
    client.get("name", {{"on", "child"}});
    client.ask("drop", {{"name", "child"}});
    std::vector<TappedFrame> seen;
    const auto sawAll = [&] {
        std::ranges::move(requestsAndResults(*tap), std::back_inserter(seen));
        return seen.size() >= 8;
    };
    EVENTUALLY(sawAll());
    QCOMPARE(seen.size(), std::size_t{8});
    QVERIFY(seen[1].event.flags & FrameEvent::ProxyResult);
    QVERIFY(!seen[1].event.isFailed() && seen[3].event.isFailed());
    QCOMPARE(seen[5].event.object, child.id());
    QCOMPARE(static_cast<int>(seen[5].event.chainLevel), 1);
    QCOMPARE(static_cast<int>(seen[6].event.opcode), static_cast<int>(ProxyOpCode::Execute)); // `__del__`
    QCOMPARE(seen[6].event.object, child.id());
    QCOMPARE(seen[7].event.callId, seen[6].event.callId);
}

void TestDuckMailboxes::theClientIsListed()
{
    QVERIFY(duckConnections().empty());
    const DuckAddress address = node();
    const auto tap = m_local->server->tap(); // while somebody watches, clients are looked for
    {
        PythonClient client(address);
        QCOMPARE(client.execute("child", {}, {{"keep", "child"}}).text(), "proxy Node");
        QCOMPARE(client.get("name").text(), "str \"root\"");
        const std::vector<ConnectionInfo> listed = duckConnections();
        QCOMPARE(listed.size(), std::size_t{1});
        QCOMPARE(listed[0].peer.process, client.id());
        QCOMPARE(listed[0].calls, std::uint64_t{2});
        QCOMPARE(listed[0].references, std::uint64_t{1});
        QVERIFY(listed[0].id != 0 && listed[0].since > 0);
    }
    QVERIFY(m_local->server->closeMailbox(address.segment));
    QVERIFY(duckConnections().empty());
}

QTEST_GUILESS_MAIN(TestDuckMailboxes)
#include "test_duck_mailboxes.moc"
