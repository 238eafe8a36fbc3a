// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"
#include "support/tapped_frames.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <memory>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// Targets that answer later: by a promise that any thread keeps, or as a coroutine.
class TestLaterAnswers : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void aPromiseIsTheAnswerWhenItIsKept();
    void aCoroutineIsATarget();
    void anObjectCanBeTheLateAnswer();
    void waitingAnswersHoldUpNoThreadOfTheServer();
    void otherCallsOnTheObjectTakeTheirTurnsMeanwhile();
    void aClientThatWaitsIsToldThatItsCallIsPending();
    void aPromiseThatIsGivenUpIsAnError();
    void theTargetCanSeeThatItsClientIsGone();
    void aDescriptionNamesTheTypeThatWillCome();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestLaterAnswers::aPromiseIsTheAnswerWhenItIsKept()
{
    const ServedProcess server;
    const Proxy later = server.connect()["later"];
    Future<int> number = later.callAsync<int>("number", "n");
    Future<void> nothing = later.callAsync<void>("nothing", "n");
    EVENTUALLY_EQUAL(later.call<int>("awaited", "n"), 2);
    QVERIFY(!number.isReady());
    later.call("keep", "n", 7);
    QCOMPARE(number.get(), 7);
    nothing.get();
}

void TestLaterAnswers::aCoroutineIsATarget()
{
    const ServedProcess server;
    const Proxy later = server.connect()["later"];
    Future<int> sum = later.callAsync<int>("sum", "a", "b");
    EVENTUALLY_EQUAL(later.call<int>("awaited", "a"), 1);
    later.call("keep", "a", 40);
    EVENTUALLY_EQUAL(later.call<int>("awaited", "b"), 1);
    later.call("keep", "b", 2);
    QCOMPARE(sum.get(), 42);
}

void TestLaterAnswers::anObjectCanBeTheLateAnswer()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy later = connection["later"];
    Future<Proxy> fresh = later.callAsync<Proxy>("fresh", "n");
    later.call("keep", "n", 0);
    QCOMPARE(fresh.get().get<std::string>("name"), std::string("fresh"));
    EVENTUALLY_EQUAL(connection["probe"].call<int>("living"), 1);
}

void TestLaterAnswers::waitingAnswersHoldUpNoThreadOfTheServer()
{
    const ServedProcess server({"threads=2"});
    const Proxy later = server.connect()["later"];
    std::vector<Future<int>> numbers;
    for (int i = 0; i < 100; ++i)
        numbers.push_back(later.callAsync<int>("number", "n"));
    EVENTUALLY_EQUAL(later.call<int>("awaited", "n"), 100);
    later.call("keep", "n", 5);
    for (auto &number : numbers)
        QCOMPARE(number.get(), 5);
}

void TestLaterAnswers::otherCallsOnTheObjectTakeTheirTurnsMeanwhile()
{
    const ServedProcess server;
    const Proxy later = server.connect()["later"];
    Future<int> first = later.callAsync<int>("number", "first");
    Future<int> second = later.callAsync<int>("number", "second");
    later.call("keep", "second", 2);
    QCOMPARE(second.get(), 2);
    later.call("keep", "first", 1);
    QCOMPARE(first.get(), 1);
}

void TestLaterAnswers::aClientThatWaitsIsToldThatItsCallIsPending()
{
    ProxyServer server("pending");
    Later target;
    server.bind(Class<Later>("Later").method("number", &Later::number, arg("name")));
    server.publish("later", target);
    const auto tap = server.tap();
    server.run();
    Future<int> number = decoy::connect("pending")["later"].callAsync<int>("number", "n");
    bool wasPending = false; // what was taken from the tap is taken
    const auto isPending = [&] {
        wasPending = wasPending || std::ranges::any_of(taken(*tap), [](const TappedFrame &frame) {
                         return frame.event.opcode == static_cast<std::int8_t>(ProxyOpCode::ResponsePending);
                     });
        return wasPending;
    };
    EVENTUALLY(isPending());
    target.keep("n", 3);
    QCOMPARE(number.get(), 3);
}

void TestLaterAnswers::aPromiseThatIsGivenUpIsAnError()
{
    const ServedProcess server;
    const Proxy later = server.connect()["later"];
    Future<int> number = later.callAsync<int>("number", "n");
    later.call("giveUp", "n");
    std::string message;
    QCOMPARE(errorOf([&] { number.get(); }, &message), "ProxyError");
    QVERIFY(message.find("given up") != std::string::npos);
}

void TestLaterAnswers::theTargetCanSeeThatItsClientIsGone()
{
    const ServedProcess server;
    const Proxy later = server.connect()["later"];
    {
        const Connection other = server.connect();
        const Future<int> number = other["later"].callAsync<int>("number", "n");
        const Future<void> followed = other["later"].callAsync<void>("nothing", "n");
        const Future<int> coroutine = other["later"].callAsync<int>("sum", "n", "other");
        EVENTUALLY_EQUAL(later.call<int>("awaited", "n"), 3);
        other.close();
    }
    EVENTUALLY_EQUAL(later.call<int>("awaited", "n"), 0);
    later.call("keep", "n", 1); // goes nowhere, and harms nobody
}

void TestLaterAnswers::aDescriptionNamesTheTypeThatWillCome()
{
    const ServedProcess server;
    const Description description = server.connect()["later"].describe();
    const auto returns = [&description](std::string_view name) {
        return std::ranges::find(description.methods, name, &MethodDescription::name)->returns;
    };
    QCOMPARE(returns("number"), std::string("int"));
    QCOMPARE(returns("nothing"), std::string("None"));
    QCOMPARE(returns("fresh"), std::string("object"));
}

QTEST_GUILESS_MAIN(TestLaterAnswers)
#include "test_later_answers.moc"
