// SPDX-License-Identifier: BSD-3-Clause
#include "support/mailbox_address.h"
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/callable.h>
#include <decoy/duck.h>
#include <decoy/json.h>
#include <decoy/proxy_server.h>

#include <QTest>

#include <atomic>
#include <csignal>
#include <map>
#include <thread>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

namespace {

/// A server in this process and what the tests ask of it, each through a mailbox of its own.
struct InProcess {
    explicit InProcess(ServerOptions options = {}) : server("duck", std::move(options)), objects(server)
    {
        server.run();
        lab = server.createProxy(objects.lab);
        spare = server.createProxy(objects.lab);
        node = server.createProxy(objects.node);
    }
    ~InProcess() { server.stop(); }
    RuntimeDirectory runtime;
    ProxyServer server;
    ServedTestObjects objects;
    Proxy lab;
    Proxy spare;
    Proxy node;
};

/// The same in another process.
class OtherProcess {
public:
    OtherProcess() : m_process(DECOY_MAILBOX_PEER, {"serve", "duck"})
    {
        for (int i = 0; i < 4; ++i) {
            const std::string line = m_process.readLine().toStdString();
            const auto space = line.find(' ');
            m_addresses[line.substr(0, space)] = fromText(line.substr(space + 1));
        }
    }
    [[nodiscard]] const DuckAddress &address(const std::string &name) const { return m_addresses.at(name); }
    [[nodiscard]] Proxy operator[](const std::string &name) const { return openProxy(address(name)); }
    Process &process() { return m_process; }

private:
    RuntimeDirectory m_runtime;
    Process m_process;
    std::map<std::string, DuckAddress> m_addresses;
};

} // namespace

/// Our own client and our own server, who meet in a mailbox.
class TestDuckLane : public QObject {
    Q_OBJECT

private slots:
    void valuesComeBackAsTheyWere_data();
    void valuesComeBackAsTheyWere();
    void valuesComeBackFromAnotherProcess();
    void attributesAreReadAndChanged();
    void methodsComeAsCallables();
    void objectsComeAsProxiesInTheSameMailbox();
    void chainsAreCountedAndLimited();
    void aDroppedProxyReleasesItsObject();
    void aReleaseThatIsNotTakenInTimeIsSentAgain();
    void errorsKeepTheirText();
    void whatAPeerOfTheReferenceWouldNotUnderstandIsRefused();
    void aResultThatIsTooBigIsAnErrorThatNamesBothSizes();
    void aSlowCallInTheSameProcessIsWaitedFor_data();
    void aSlowCallInTheSameProcessIsWaitedFor();
    void aSlowCallInAnotherProcessIsWaitedFor();
    void threadsShareAMailbox();
    void processesShareAMailbox();
    void aCallAfterOneThatTimedOutGetsItsOwnAnswer();
    void aCallBehindOneThatNeverEndsTimesOut();
    void whoWaitsLearnsAtOnceThatTheServerWasKilled();
    void whoCallsLearnsThatTheServerWasKilled();
    void aCallMayStopItsServer();
    void whoWaitsLearnsThatTheServerHasStopped();
    void onlyRequestsAreSent();
};

void TestDuckLane::valuesComeBackAsTheyWere_data()
{
    QTest::addColumn<QByteArray>("json");
    for (const char *json :
         {"null", "true", "false", "0", "-1", "127", "128", "18446744073709551615", "-9223372036854775808", "1.5",
          "-0.25", "\"\"", "\"text\"", "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\xa6\x86\"", "[]", "{}", "[1,[2,[3]],{}]",
          "{\"a\":{\"b\":[null,true,1.5]},\"c\":\"\"}"})
        QTest::newRow(json) << QByteArray(json);
}

void TestDuckLane::valuesComeBackAsTheyWere()
{
    QFETCH(QByteArray, json);
    const InProcess here;
    QCOMPARE(toJson(here.lab.call("echo", fromJson(json.toStdString()))), json.toStdString());
}

void TestDuckLane::valuesComeBackFromAnotherProcess()
{
    const OtherProcess there;
    const Proxy lab = there["lab"];
    for (const char *json : {"null", "[1,2.5,\"three\"]", "{\"a\":{\"b\":[null]}}"})
        QCOMPARE(toJson(lab.call("echo", fromJson(json))), std::string(json));
    QCOMPARE(lab.call<test::Bytes>("blob", 60'000, 7), test::Bytes(60'000, std::byte{7}));
    QCOMPARE(lab.call<std::size_t>("length", test::Bytes(60'000)), std::size_t{60'000});
}

void TestDuckLane::attributesAreReadAndChanged()
{
    const InProcess here;
    here.lab.set("text", "changed");
    QCOMPARE(here.lab.get<std::string>("text"), std::string("changed"));
    QCOMPARE(here.spare.get<std::string>("text"), std::string("changed"));
    QVERIFY(errorOf([&] { here.lab.set("constant", 4); }) != "none");
    QCOMPARE(here.lab.get<int>("constant"), 3);
}

void TestDuckLane::methodsComeAsCallables()
{
    const InProcess here;
    const RemoteCallable digits = here.lab.get("digits").callable();
    QCOMPARE(digits.name(), std::string("digits"));
    QCOMPARE(digits(1).as<int>(), 123);
    QCOMPARE(digits(1, kw("c", 9)).as<int>(), 129);
    QCOMPARE(here.lab.call<int>("digits", kw("a", 7), kw("b", 8)), 783);
    QVERIFY(isMethodOf(digits, here.lab));
    QVERIFY(!isMethodOf(digits, here.node));
}

void TestDuckLane::objectsComeAsProxiesInTheSameMailbox()
{
    const InProcess here;
    const Proxy child = here.node.call<Proxy>("child");
    QCOMPARE(child.get<std::string>("name"), std::string("child"));
    QCOMPARE(child.address().segment, here.node.address().segment);
    QVERIFY(child.id() != here.node.id());
    QCOMPARE(here.node.call<Proxy>("child").id(), child.id());
    DuckAddress other = here.lab.address(); // whose client was handed nothing
    other.id = child.id();
    QVERIFY(errorOf([&] { (void)openProxy(other).get("name"); }) != "none");
}

void TestDuckLane::chainsAreCountedAndLimited()
{
    ServerOptions options;
    options.maxChainLevel = 3;
    const InProcess here(options);
    std::vector<Proxy> chain{here.node};
    for (int level = 1; level <= 3; ++level) {
        chain.push_back(chain.back().call<Proxy>("fresh"));
        QCOMPARE(chain.back().level(), level);
    }
    std::string text;
    QVERIFY(errorOf([&] { (void)chain.back().call<Proxy>("fresh"); }, &text) != "none");
    QVERIFY2(text.find("3") != std::string::npos, text.c_str());
    (void)chain.back().get("name"); // plain data ends the chain
    QCOMPARE(chain.back().level(), 0);
    QCOMPARE(chain.back().call<Proxy>("fresh").level(), 1);
}

void TestDuckLane::aDroppedProxyReleasesItsObject()
{
    const InProcess here;
    const int before = Node::living();
    Proxy fresh = here.node.call<Proxy>("fresh");
    QCOMPARE(Node::living(), before + 1);
    const Proxy copy = fresh;
    fresh = Proxy();
    QCOMPARE(copy.get<std::string>("name"), std::string("fresh"));
    Proxy(copy).close();
    QCOMPARE(Node::living(), before); // our own server answers a release when it is done
}

void TestDuckLane::aReleaseThatIsNotTakenInTimeIsSentAgain()
{
    OtherProcess there;
    const Proxy probe = there["probe"];
    const Proxy node = there["node"];
    Proxy fresh = node.call<Proxy>("fresh");
    QCOMPARE(probe.call<int>("living"), 2);
    there.process().send(SIGSTOP);
    fresh = Proxy(); // waits a little, and not for ever
    there.process().send(SIGCONT);
    QCOMPARE(node.get<std::string>("name"), std::string("root"));
    QCOMPARE(probe.call<int>("living"), 1);
}

void TestDuckLane::errorsKeepTheirText()
{
    const InProcess here;
    std::string text;
    QVERIFY(
        errorOf([&] { here.lab.call("fail", static_cast<int>(ErrorKind::RemoteError), "the till is empty"); }, &text)
        != "none");
    QVERIFY2(text.find("the till is empty") != std::string::npos, text.c_str());
    QVERIFY(errorOf([&] { here.lab.call("throwInteger"); }) != "none");
    QVERIFY(errorOf([&] { (void)here.lab.get("lable"); }, &text) != "none");
    QVERIFY2(text.find("lable") != std::string::npos, text.c_str());
    QVERIFY(errorOf([&] { here.lab.call("digits"); }, &text) != "none");
    QVERIFY2(text.find("digits") != std::string::npos, text.c_str());
    QCOMPARE(here.lab.call<int>("echo", 1), 1);
}

void TestDuckLane::whatAPeerOfTheReferenceWouldNotUnderstandIsRefused()
{
    const InProcess here;
    const std::map<int, int> numbers{{1, 2}};
    QCOMPARE(errorOf([&] { here.lab.call("echo", numbers); }), QByteArray("DataEncodeError"));
    QCOMPARE(errorOf([&] { here.lab.call("echo", std::vector<std::map<int, int>>{numbers}); }),
             QByteArray("DataEncodeError"));
    QCOMPARE(errorOf([&] { here.lab.call("echo", "\xff"); }), QByteArray("DataEncodeError"));
    std::string text;
    QVERIFY(errorOf([&] { (void)here.lab.call("echo", "<proxy>-Lab"); }, &text) != "none"); // forged
    QVERIFY2(text.find("<proxy>-") != std::string::npos, text.c_str());
    QCOMPARE(here.lab.call<std::vector<std::string>>("echo", std::vector<std::string>{"<proxy>-Lab"}).front(),
             std::string("<proxy>-Lab"));
}

void TestDuckLane::aResultThatIsTooBigIsAnErrorThatNamesBothSizes()
{
    const InProcess here;
    std::string text;
    QVERIFY(errorOf([&] { (void)here.lab.call("blob", 65'536); }, &text) != "none");
    QVERIFY2(text.find("65550") != std::string::npos && text.find("65536") != std::string::npos, text.c_str());
    QCOMPARE(errorOf([&] { (void)here.lab.call("length", test::Bytes(65'536)); }), QByteArray("DataTooBigError"));
    QCOMPARE(here.lab.call<int>("echo", 1), 1);
}

void TestDuckLane::aSlowCallInTheSameProcessIsWaitedFor_data()
{
    QTest::addColumn<bool>("isOfTheUser");
    QTest::newRow("in memory that the server has made") << false;
    QTest::newRow("in memory of the user") << true;
}

void TestDuckLane::aSlowCallInTheSameProcessIsWaitedFor()
{
    QFETCH(bool, isOfTheUser);
    InProcess here;
    Proxy lab = here.lab;
    if (isOfTheUser)
        lab = here.server.createProxy(
            here.objects.lab, {.memory = SharedMemory::createNamed("decoy-test-" + std::to_string(getpid()), 4096)});
    QByteArray error;
    std::thread waiter([&] { error = errorOf([&] { lab.call("waitAt", "first", 3); }); });
    // As long as another one needs to time out, which it does for no other reason.
    const QByteArray other = errorOf([&] { here.spare.withTimeout(300ms).call("waitAt", "second"); });
    here.objects.gates.open("first");
    here.objects.gates.open("second");
    waiter.join();
    QCOMPARE(other, QByteArray("CallTimeout"));
    QCOMPARE(error, QByteArray("none"));
}

void TestDuckLane::aSlowCallInAnotherProcessIsWaitedFor()
{
    const OtherProcess there;
    const Proxy lab = there["lab"];
    const Proxy spare = there["spare"];
    QByteArray error;
    std::thread waiter([&] { error = errorOf([&] { lab.call("waitAt", "first", 3); }); });
    EVENTUALLY(spare.call<int>("waiting", "first") == 1);
    const QByteArray other = errorOf([&] { there["lab"].withTimeout(300ms).call("nothing"); }); // it is not its turn
    spare.call("open", "first");
    waiter.join();
    QCOMPARE(other, QByteArray("CallTimeout"));
    QCOMPARE(error, QByteArray("none"));
}

void TestDuckLane::threadsShareAMailbox()
{
    const InProcess here;
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            const Proxy own = thread % 2 == 0 ? here.lab : openProxy(here.lab.address()); // a lane of its own, or not
            for (int i = 0; i < 250; ++i)
                right += own.call<int>("echo", thread * 1000 + i) == thread * 1000 + i ? 1 : 0;
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(right.load(), 1000);
}

void TestDuckLane::processesShareAMailbox()
{
    const OtherProcess there;
    const QString address = QString::fromStdString(toText(there.address("lab")));
    Process first(DECOY_MAILBOX_PEER, {"call", address, "0", "500"});
    Process second(DECOY_MAILBOX_PEER, {"call", address, "100000", "500"});
    const Proxy own = there["lab"];
    for (int i = 0; i < 500; ++i)
        QCOMPARE(own.call<int>("echo", -i), -i);
    QCOMPARE(first.readLine(), QByteArray("right 500"));
    QCOMPARE(second.readLine(), QByteArray("right 500"));
}

void TestDuckLane::aCallAfterOneThatTimedOutGetsItsOwnAnswer()
{
    InProcess here;
    QCOMPARE(errorOf([&] { here.lab.withTimeout(500ms).call("waitAt", "gate", 3); }), QByteArray("CallTimeout"));
    EVENTUALLY_EQUAL(here.objects.gates.waiting("gate"), 1);
    std::thread next([&] { here.spare.call("open", "gate"); });
    QCOMPARE(here.lab.call<int>("echo", 5), 5);
    next.join();
    QCOMPARE(here.lab.call<int>("echo", 6), 6);
}

void TestDuckLane::aCallBehindOneThatNeverEndsTimesOut()
{
    InProcess here;
    QCOMPARE(errorOf([&] { here.lab.withTimeout(500ms).call("waitAt", "gate"); }), QByteArray("CallTimeout"));
    QCOMPARE(errorOf([&] { here.lab.withTimeout(500ms).call("echo", 5); }), QByteArray("CallTimeout"));
    QCOMPARE(here.spare.call<int>("echo", 5), 5);
    here.objects.gates.open("gate");
    QCOMPARE(here.lab.call<int>("echo", 6), 6);
}

void TestDuckLane::whoWaitsLearnsAtOnceThatTheServerWasKilled()
{
    OtherProcess there;
    const Proxy lab = there["lab"].withTimeout(waitForever);
    QByteArray error;
    std::thread waiter([&] { error = errorOf([&] { lab.call("waitAt", "killed"); }); });
    EVENTUALLY(there["spare"].call<int>("waiting", "killed") == 1);
    there.process().send(SIGKILL);
    waiter.join();
    QCOMPARE(error, QByteArray("PeerDied"));
}

void TestDuckLane::whoCallsLearnsThatTheServerWasKilled()
{
    OtherProcess there;
    const Proxy lab = there["lab"];
    DuckAddress unknown = there.address("spare");
    unknown.process = 0; // then the lock on its names has to tell
    const Proxy spare = openProxy(unknown);
    const Proxy child = there["node"].call<Proxy>("fresh");
    there.process().send(SIGKILL);
    (void)there.process().waitForEnd();
    QCOMPARE(errorOf([&] { lab.call("nothing"); }), QByteArray("PeerDied"));
    QCOMPARE(errorOf([&] { spare.call("nothing"); }), QByteArray("PeerDied"));
    QCOMPARE(errorOf([&] { (void)child.get("name"); }), QByteArray("PeerDied"));
}

void TestDuckLane::aCallMayStopItsServer()
{
    InProcess here;
    const Proxy probe = here.server.createProxy(here.objects.probe);
    QCOMPARE(errorOf([&] { probe.call("stop"); }), QByteArray("none"));
    here.server.stop();
    QVERIFY(!here.server.running());
    here.server.run(); // mailboxes outlast that
    QCOMPARE(probe.call<int>("living"), Node::living());
    QCOMPARE(here.lab.call<int>("echo", 6), 6);
}

void TestDuckLane::whoWaitsLearnsThatTheServerHasStopped()
{
    InProcess here;
    QByteArray error;
    std::string text;
    std::thread waiter([&] { error = errorOf([&] { here.lab.call("waitAt", "stopped"); }, &text); });
    EVENTUALLY(here.objects.gates.waiting("stopped") == 1);
    std::thread stopper([&] { here.server.stop(); });
    EVENTUALLY(!here.server.running());
    here.objects.gates.open("stopped");
    stopper.join();
    waiter.join();
    QVERIFY(error == "none" || text.find("stopped") != std::string::npos); // whichever was faster
}

void TestDuckLane::onlyRequestsAreSent()
{
    const InProcess here;
    const Proxy lab = here.lab.withTimeout(10s);
    QCOMPARE(lab.getResponse(Frame(ProxyOpCode::Get, {lab.id(), "value"})).as<int>(), 100);
    QCOMPARE(errorOf([&] {
                 (void)lab.getResponse(Frame(ProxyOpCode::ExecutionResult, {lab.id(), 5, Value()}));
             }),
             QByteArray("ArgumentError"));
    QCOMPARE(errorOf([&] { (void)lab.getResponse(Frame(ProxyOpCode::ResponsePending, {})); }),
             QByteArray("ArgumentError"));
    QCOMPARE(errorOf([&] { lab.call("nothing"); }), QByteArray("none"));
}

QTEST_GUILESS_MAIN(TestDuckLane)
#include "test_duck_lane.moc"
