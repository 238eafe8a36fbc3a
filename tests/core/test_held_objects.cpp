// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTest>

#include <csignal>
#include <future>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// What clients hold: who sees it, and when it is given back.
class TestHeldObjects : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void theServerKnowsWhoHoldsWhatAndForgetsItWithTheClient();
    void aClientCanAskToo();
    void aBurstOfReleasesWakesTheServerOnce();

    void aSilentMailboxLosesWhatItWasHanded();
    void aCallUnderWayKeepsTheLease();
    void aSlowDestructorAtTheEndOfALeaseHoldsUpNobody();
    void withoutALeaseNothingIsTaken();
    void aRootThatWasHandedOutStaysWhenThatIsReleased();
    void aLeaseThatCannotBeIsRefused();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

namespace {

ServerOptions withLease(std::chrono::milliseconds lease)
{
    ServerOptions options;
    options.mailboxLease = lease;
    return options;
}

struct Server {
    explicit Server(std::chrono::milliseconds lease = 0ms, std::string name = "served")
        : server(std::move(name), withLease(lease)), objects(server)
    {
        server.run();
    }
    ~Server() // before its objects go
    {
        objects.gates.open("busy");
        server.stop();
    }
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;

    ProxyServer server;
    ServedTestObjects objects;
};

/// How often the eventfds of this process have been written; the doorbells of servers are never read.
std::uint64_t ringsHere()
{
    static const QRegularExpression count("eventfd-count:\\s*([0-9a-f]+)");
    std::uint64_t sum = 0;
    const QDir folder("/proc/self/fdinfo");
    for (const QString &name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        if (const auto match = count.match(file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
            match.hasMatch())
            sum += match.captured(1).toULongLong(nullptr, 16);
    }
    return sum;
}

} // namespace

void TestHeldObjects::theServerKnowsWhoHoldsWhatAndForgetsItWithTheClient()
{
    Server server;
    ClientProcess client("hold");
    QCOMPARE(client.readLine(), "holding");
    const auto held = server.server.heldObjects();
    const auto nodes = std::ranges::find(held, std::string("Node"), &HeldObjects::type);
    QVERIFY(nodes != held.end());
    QCOMPARE(nodes, held.begin()); // the most come first
    QCOMPARE(nodes->process, client.id());
    QVERIFY(nodes->objects >= 100);
    QVERIFY(nodes->references >= nodes->objects);
    QCOMPARE(nodes->ids.size(), HeldObjects::mostIds);
    QVERIFY(std::ranges::is_sorted(nodes->ids));
    QVERIFY(nodes->since > 0);

    client.send(SIGKILL);
    EVENTUALLY(server.server.heldObjects().empty());
    EVENTUALLY_EQUAL(Node::living(), 1);
    server.objects.gates.open("killed");
}

void TestHeldObjects::aClientCanAskToo()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    QVERIFY(connection.heldObjects().empty());
    const Proxy node = connection["node"];
    const Proxy first = node.call<Proxy>("child");
    const Proxy second = node.call<Proxy>("child"); // the same object
    const auto held = connection.heldObjects();
    QCOMPARE(held.size(), std::size_t{1});
    QCOMPARE(held.front().process, getpid());
    QCOMPARE(held.front().objects, 2U);
    QCOMPARE(held.front().references, 3U);
    QCOMPARE(held.front().ids, (std::vector<std::uint64_t>{node.id(), first.id()}));
}

void TestHeldObjects::aBurstOfReleasesWakesTheServerOnce()
{
    constexpr int count = 200;
    ServedProcess server;
    const Connection connection = server.connect();
    const Proxy node = connection["node"];
    const Proxy probe = connection["probe"];
    std::vector<Proxy> proxies;
    for (int i = 0; i < count; ++i)
        proxies.push_back(node.call<Proxy>("fresh"));
    QCOMPARE(probe.call<int>("living"), count + 1);

    server.send(SIGSTOP); // it sleeps, or will see what came without being rung
    const std::uint64_t before = ringsHere();
    proxies.clear();
    QVERIFY(ringsHere() - before <= 1);
    server.send(SIGCONT);
    EVENTUALLY_EQUAL(probe.call<int>("living"), 1); // a thread that was stopped in a release is overtaken
}

void TestHeldObjects::aSilentMailboxLosesWhatItWasHanded()
{
    Server server(1s);
    const Proxy root = server.server.createProxy(server.objects.node);
    const Proxy fresh = root.call<Proxy>("fresh");
    EVENTUALLY_EQUAL(Node::living(), 1);
    QVERIFY(server.server.heldObjects().empty());
    std::string message;
    QCOMPARE(errorOf([&] { (void)fresh.get<std::string>("name"); }, &message), "RemoteError");
    QVERIFY2(message.find("ProxyObjectNotFound") != std::string::npos, message.c_str());
    QCOMPARE(root.get<std::string>("name"), std::string("root"));
    QCOMPARE(root.call<Proxy>("fresh").get<std::string>("name"), std::string("fresh")); // and on it goes
}

void TestHeldObjects::aCallUnderWayKeepsTheLease()
{
    Server server(1s);
    const Proxy busy = server.server.createProxy(server.objects.node);
    const Proxy silent = server.server.createProxy(std::make_shared<Node>("other")); // calls on one node take turns
    const Proxy kept = busy.call<Proxy>("fresh");
    auto call = std::async(std::launch::async, [&] { busy.call("waitAt", "busy"); });
    EVENTUALLY_EQUAL(server.objects.gates.waiting("busy"), 1);
    const Proxy lost = silent.call<Proxy>("fresh");
    EVENTUALLY_EQUAL(server.server.heldObjects().size(), std::size_t{1});
    QCOMPARE(server.server.heldObjects().front().ids, std::vector<std::uint64_t>{kept.id()}); // silent for longer
    server.objects.gates.open("busy");
    call.get();
    EVENTUALLY(server.server.heldObjects().empty());
}

void TestHeldObjects::aSlowDestructorAtTheEndOfALeaseHoldsUpNobody()
{
    struct Slow {
        ~Slow() { gates->pass("destroyed"); }
        Gates *gates;
    };
    struct Maker {
        [[nodiscard]] std::shared_ptr<Slow> make() const { return std::shared_ptr<Slow>(new Slow{gates}); }
        Gates *gates;
    };
    Server server(20ms);
    server.server.bind(Class<Slow>("Slow"));
    server.server.bind(Class<Maker>("Maker").method("make", &Maker::make));
    const Connection connection = decoy::connect("served");
    const Proxy lab = connection["lab"].withTimeout(5s);
    const Proxy maker = server.server.createProxy(std::make_shared<Maker>(Maker{&server.objects.gates}));
    const Proxy lost = maker.call<Proxy>("make");
    const auto atLast = qScopeGuard([&server] { server.objects.gates.open("destroyed"); });
    EVENTUALLY_EQUAL(server.objects.gates.waiting("destroyed"), 1);
    QCOMPARE(errorOf([&] { lab.call("nothing"); }), "none");
    QCOMPARE(server.objects.gates.waiting("destroyed"), 1);
}

void TestHeldObjects::withoutALeaseNothingIsTaken()
{
    Server patient(0ms, "patient");
    const Proxy kept = patient.server.createProxy(patient.objects.node).call<Proxy>("fresh");
    {
        Server impatient(20ms, "impatient");
        const Proxy lost = impatient.server.createProxy(impatient.objects.node).call<Proxy>("fresh");
        EVENTUALLY(impatient.server.heldObjects().empty());
    }
    QCOMPARE(kept.get<std::string>("name"), std::string("fresh"));
}

void TestHeldObjects::aRootThatWasHandedOutStaysWhenThatIsReleased()
{
    Server server;
    const Proxy root = server.server.createProxy(server.objects.node);
    Proxy again = root.call<Proxy>("itself");
    QCOMPARE(again.id(), root.id());
    again.close();
    QCOMPARE(root.get<std::string>("name"), std::string("root"));
}

void TestHeldObjects::aLeaseThatCannotBeIsRefused()
{
    QCOMPARE(errorOf([] { ProxyServer server("served", withLease(-1ms)); }), "ArgumentError");
}

QTEST_GUILESS_MAIN(TestHeldObjects)
#include "test_held_objects.moc"
