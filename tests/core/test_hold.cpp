// SPDX-License-Identifier: BSD-3-Clause
#include "support/local_server.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QScopeGuard>
#include <QTest>

#include <atomic>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace decoy;
using namespace decoy::test;

/// Breakpoints on a real server: requests that match wait before their object, and nothing else does.
class TestHold : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void aMatchingRequestWaitsUntilItIsForwarded();
    void whatDoesNotMatchGoesOn();
    void aRequestGoesOnWithOtherArguments();
    void anEditThatIsNoRequestIsRefusedAndTheRequestStays();
    void aRequestIsAnsweredInTheObjectsPlace();
    void aRequestFailsInTheObjectsPlace();
    void aValueThatIsTooBigFailsTheCallAndSaysSoHere();
    void aDroppedRequestTimesOutAtItsClient();
    void aRequestThatNobodyLooksAfterGoesOnByItself();
    void aDelayedRequestGoesOnLater();
    void destroyingTheHoldForwardsEverything();
    void aSlowRequestHoldsUpNoneThatIsForwardedWithIt();
    void theObjectStaysThoughItsClientReleasesIt();
    void theServerStopsWhileRequestsWait();
    void whatADeadClientHeldIsGone();
    void aHeldCallIsPendingAndItsLatencyCountsTheWait();
    void thereIsOneHoldAtATime();
    void aPredicateThatThrowsHoldsNothing();
    void aCallbackThatThrowsIsNoFailureOfTheRequest();

private:
    template <class... Args>
    std::future<Value> callEcho(const Args &...args)
    {
        return std::async(std::launch::async, [this, args...] { return m_lab.call("echo", args...); });
    }
    [[nodiscard]] HeldRequest waitForHeld(const Hold &hold)
    {
        while (hold.held().empty())
            std::this_thread::yield();
        return hold.held().front();
    }
    [[nodiscard]] static bool isPending(std::future<Value> &call)
    {
        return call.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
    }

    std::optional<LocalServer> m_local;
    Proxy m_lab;
};

namespace {

/// Holds EXECUTE of one method.
HoldOptions holding(const std::string &method)
{
    HoldOptions options;
    options.matches = [method](const FrameEvent &, std::span<const std::byte> bytes) {
        const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
        return text.find(method) != std::string_view::npos;
    };
    return options;
}

} // namespace

void TestHold::init()
{
    m_local.emplace("held");
    m_lab = decoy::connect("held")["lab"];
}

void TestHold::cleanup()
{
    m_lab = Proxy();
    m_local.reset();
}

void TestHold::aMatchingRequestWaitsUntilItIsForwarded()
{
    const auto hold = m_local->server->hold(holding("echo"));
    auto call = callEcho(5);
    const HeldRequest held = waitForHeld(*hold);
    QVERIFY(isPending(call));
    QCOMPARE(held.event.opcode, static_cast<std::int8_t>(ProxyOpCode::Execute));
    QVERIFY(held.event.flags & FrameEvent::Held);
    QVERIFY(hold->forward(held.id));
    QCOMPARE(call.get().as<int>(), 5);
    QVERIFY(!hold->forward(held.id));
    QVERIFY(hold->held().empty());
}

void TestHold::whatDoesNotMatchGoesOn()
{
    const auto hold = m_local->server->hold(holding("echo"));
    auto call = callEcho(5);
    const HeldRequest held = waitForHeld(*hold);
    QCOMPARE(m_lab.get<int>("value"), 100);
    QCOMPARE(m_lab.call<int>("digits", 1, 2, 3), 123);
    QVERIFY(isPending(call));
    QVERIFY(hold->forward(held.id));
    call.get();
}

void TestHold::aRequestGoesOnWithOtherArguments()
{
    const auto hold = m_local->server->hold(holding("echo"));
    auto call = callEcho(5);
    const HeldRequest held = waitForHeld(*hold);
    const Frame edited(
        ProxyOpCode::Execute,
        {Value(held.event.object), Value("echo"), Value(std::vector<int>{77}), Value(std::map<std::string, int>{})});
    QVERIFY(hold->forward(held.id, edited));
    QCOMPARE(call.get().as<int>(), 77);
}

void TestHold::anEditThatIsNoRequestIsRefusedAndTheRequestStays()
{
    const auto hold = m_local->server->hold(holding("echo"));
    auto call = callEcho(5);
    const HeldRequest held = waitForHeld(*hold);
    const Frame result(ProxyOpCode::ExecutionResult, {Value(1), Value(2), Value()});
    QCOMPARE(errorOf([&] { hold->forward(held.id, result); }), "ArgumentError");
    const Frame shapeless(ProxyOpCode::Get, {Value(1)});
    QCOMPARE(errorOf([&] { hold->forward(held.id, shapeless); }), "DataDecodeError");
    const Frame huge(ProxyOpCode::Set, {Value(1), Value("text"), Value(std::string(100'000, 'x'))});
    QCOMPARE(errorOf([&] { hold->forward(held.id, huge); }), "DataTooBigError");
    QVERIFY(hold->forward(held.id));
    QCOMPARE(call.get().as<int>(), 5);
}

void TestHold::aRequestIsAnsweredInTheObjectsPlace()
{
    const auto hold = m_local->server->hold(holding("echo"));
    auto call = callEcho(5);
    QVERIFY(hold->answer(waitForHeld(*hold).id, Value("by hand")));
    QCOMPARE(call.get().as<std::string>(), std::string("by hand"));
}

void TestHold::aRequestFailsInTheObjectsPlace()
{
    const auto hold = m_local->server->hold(holding("echo"));
    auto call = callEcho(5);
    QVERIFY(hold->fail(waitForHeld(*hold).id, {ErrorKind::RemoteError, "Staged", "no", "by hand"}));
    std::string message;
    QCOMPARE(errorOf([&] { call.get(); }, &message), "RemoteError");
    QVERIFY(message.find("no") != std::string::npos);
}

void TestHold::aValueThatIsTooBigFailsTheCallAndSaysSoHere()
{
    const auto hold = m_local->server->hold(holding("echo"));
    auto call = callEcho(5);
    const HeldRequest held = waitForHeld(*hold);
    (void)hold->answer(held.id, Value(std::string(100'000, 'x')));
    QCOMPARE(errorOf([&] { call.get(); }), "DataTooBigError");
}

void TestHold::aDroppedRequestTimesOutAtItsClient()
{
    const auto hold = m_local->server->hold(holding("echo"));
    const Proxy impatient = m_lab.withTimeout(std::chrono::milliseconds(200));
    auto call = std::async(std::launch::async, [impatient] { return impatient.call("echo", 5); });
    QVERIFY(hold->drop(waitForHeld(*hold).id));
    QCOMPARE(errorOf([&] { call.get(); }), "CallTimeout");
    QCOMPARE(m_lab.get<int>("value"), 100);
}

void TestHold::aRequestThatNobodyLooksAfterGoesOnByItself()
{
    HoldOptions options = holding("echo");
    options.timeout = std::chrono::milliseconds(20);
    const auto hold = m_local->server->hold(options);
    QCOMPARE(callEcho(5).get().as<int>(), 5);
}

void TestHold::aDelayedRequestGoesOnLater()
{
    const auto hold = m_local->server->hold(holding("echo"));
    auto call = callEcho(5);
    const HeldRequest held = waitForHeld(*hold);
    QVERIFY(hold->delay(held.id, std::chrono::milliseconds(20)));
    QCOMPARE(call.get().as<int>(), 5);
}

void TestHold::destroyingTheHoldForwardsEverything()
{
    auto hold = m_local->server->hold(holding("echo"));
    std::vector<std::future<Value>> calls;
    for (int i = 0; i < 4; ++i)
        calls.push_back(callEcho(i));
    while (hold->held().size() < 4)
        std::this_thread::yield();
    hold.reset();
    for (int i = 0; i < 4; ++i)
        QCOMPARE(calls[static_cast<std::size_t>(i)].get().as<int>(), i);
    QCOMPARE(m_lab.call<int>("echo", 9), 9);
}

void TestHold::aSlowRequestHoldsUpNoneThatIsForwardedWithIt()
{
    const auto hold = m_local->server->hold();
    auto slow = std::async(std::launch::async, [this] { return m_lab.call("waitAt", "slow"); });
    const auto atLast = qScopeGuard([this] { m_local->objects->gates.open("slow"); });
    (void)waitForHeld(*hold);
    auto fast = callEcho(1);
    EVENTUALLY_EQUAL(hold->held().size(), std::size_t{2});
    QCOMPARE(hold->forwardAll(), std::size_t{2});
    QCOMPARE(fast.get().as<int>(), 1);
    EVENTUALLY_EQUAL(m_local->objects->gates.waiting("slow"), 1);
    QVERIFY(isPending(slow));
}

void TestHold::theObjectStaysThoughItsClientReleasesIt()
{
    const Connection connection = decoy::connect("held");
    Proxy fresh = connection["node"].call<Proxy>("fresh");
    HoldOptions options;
    options.matches = [](const FrameEvent &event, const auto &) {
        return event.opcode == static_cast<int>(ProxyOpCode::Get);
    };
    const auto hold = m_local->server->hold(options);
    Future<std::string> name = fresh.getAsync<std::string>("name");
    const HeldRequest request = waitForHeld(*hold);
    fresh.close();
    (void)connection.objects(); // so the server has seen the release
    QVERIFY(hold->forward(request.id));
    QCOMPARE(name.get(), std::string("fresh"));
    name = {};
    EVENTUALLY_EQUAL(Node::living(), 1);
}

void TestHold::theServerStopsWhileRequestsWait()
{
    const auto hold = m_local->server->hold(holding("echo"));
    auto call = callEcho(5);
    (void)waitForHeld(*hold);
    m_local->server->stop();
    QCOMPARE(errorOf([&] { call.get(); }), "PeerDied");
    QVERIFY(hold->held().empty());
}

void TestHold::whatADeadClientHeldIsGone()
{
    std::atomic<int> changes = 0;
    HoldOptions options = holding("echo");
    options.changed = [&changes] { ++changes; };
    const auto hold = m_local->server->hold(options);
    const Connection other = decoy::connect("held");
    auto call = std::async(std::launch::async, [lab = other["lab"]] { return lab.call("echo", 5); });
    (void)waitForHeld(*hold);
    EVENTUALLY(changes == 1);
    other.close();
    QCOMPARE(errorOf([&] { call.get(); }), "PeerDied");
    EVENTUALLY(changes == 2); // whoever shows what waits is told
    QVERIFY(hold->held().empty());
}

void TestHold::aHeldCallIsPendingAndItsLatencyCountsTheWait()
{
    const auto tap = m_local->server->tap();
    const auto hold = m_local->server->hold(holding("echo"));
    auto call = callEcho(5);
    const HeldRequest held = waitForHeld(*hold);
    std::vector<FrameEvent> events;
    const auto collect = [&] {
        tap->drain([&events](const FrameEvent &event, std::span<const std::byte>) { events.push_back(event); });
        return events.size();
    };
    while (collect() < 2) // the request, and that it is pending
        std::this_thread::yield();
    QVERIFY(hold->forward(held.id));
    call.get();
    // It may be said to be pending once more while its object works on it.
    while (collect() < 3 || events.back().opcode != static_cast<std::int8_t>(ProxyOpCode::ExecutionResult))
        std::this_thread::yield();
    QVERIFY(events[0].flags & FrameEvent::Held);
    QCOMPARE(events[1].opcode, static_cast<std::int8_t>(ProxyOpCode::ResponsePending));
    QCOMPARE(events.back().latency, events.back().time - events[0].time);
}

void TestHold::thereIsOneHoldAtATime()
{
    auto hold = m_local->server->hold();
    QCOMPARE(errorOf([&] { (void)m_local->server->hold(); }), "AlreadyRunning");
    hold.reset();
    hold = m_local->server->hold();
}

void TestHold::aPredicateThatThrowsHoldsNothing()
{
    HoldOptions options;
    options.matches = [](const FrameEvent &, std::span<const std::byte>) -> bool { throw 7; };
    const auto hold = m_local->server->hold(options);
    QCOMPARE(m_lab.call<int>("echo", 5), 5);
}

void TestHold::aCallbackThatThrowsIsNoFailureOfTheRequest()
{
    HoldOptions options;
    options.changed = [] { throw std::runtime_error("nobody to tell"); };
    const auto hold = m_local->server->hold(options);
    auto call = callEcho(1);
    const HeldRequest held = waitForHeld(*hold);
    QVERIFY(isPending(call));
    QVERIFY(hold->forward(held.id));
    QCOMPARE(call.get().as<int>(), 1);
}

QTEST_GUILESS_MAIN(TestHold)

#include "test_hold.moc"
