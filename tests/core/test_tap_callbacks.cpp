// SPDX-License-Identifier: BSD-3-Clause
#include "raw_lender.h"
#include "support/local_server.h"
#include "support/served_pond.h"
#include "support/served_process.h"
#include "support/tapped_frames.h"

#include <decoy/decoy.h>

#include <QTest>

#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <unistd.h>

using namespace decoy;
using namespace decoy::test;

namespace {

constexpr TapOptions smallRing{64 * 1024, 256};

bool isResult(const FrameEvent &event) { return event.opcode == static_cast<int>(ProxyOpCode::ExecutionResult); }
bool isPending(const FrameEvent &event) { return event.opcode == static_cast<int>(ProxyOpCode::ResponsePending); }

Frame parsed(const TappedFrame &frame) { return Frame::parse(std::span(frame.bytes).subspan(framePrefixSize)); }

std::vector<TappedFrame> ofCallbacks(std::vector<TappedFrame> frames)
{
    std::erase_if(frames, [](const TappedFrame &frame) { return !frame.event.isOfCallback(); });
    return frames;
}

class Listener {
public:
    [[nodiscard]] std::shared_ptr<Listener> self() const { return std::make_shared<Listener>(); }
};

} // namespace

/// What those who watch a server see of the calls that it makes to what its clients have lent.
class TestTapCallbacks : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void aCallbackTravelsToTheClientAndItsAnswerBack();
    void itStandsBetweenTheCallThatMadeItAndItsResult();
    void aCallAndACallbackOfTheSameNumberAreTwo();
    void whatWentWrongIsMarked();
    void anObjectInAnAnswerIsMarked();
    void aSlowOneIsSeenToBePending();
    void theReleaseOfWhatWasLentWantsNoAnswer();
    void whatNobodyAskedForIsSeenAsItCame();
    void anAnswerIsSeenByATapThatMissedItsRequest();
    void everyFrameIsReceivedOrCountedAndWhole();
    void aFloodOfAnswersDrownsNoCalls();
    void theBooksSayWhatIsInFlight();

private:
    std::optional<LocalServer> m_local;
    std::optional<ServedPond> m_pond;
};

void TestTapCallbacks::init()
{
    m_local.emplace("served");
    m_pond.emplace(*m_local->server, m_local->objects->gates);
}

void TestTapCallbacks::cleanup()
{
    m_local->server.reset(); // nobody is in the pond any more
    m_pond.reset();
    m_local.reset();
}

void TestTapCallbacks::aCallbackTravelsToTheClientAndItsAnswerBack()
{
    const Connection client = decoy::connect("served");
    const Proxy pond = client["pond"];
    const auto tap = m_local->server->tap();
    QCOMPARE(pond.call<int>("apply", callback([](std::int64_t number) { return 2 * number; }), 21), 42);
    const auto frames = ofCallbacks(requestsAndResults(*tap));
    QVERIFY(frames.size() >= 2);
    const FrameEvent &request = frames[0].event;
    QVERIFY(request.isFromServer() && request.isRequest() && !request.isAnswer() && !request.isOfCall());
    QCOMPARE(parsed(frames[0]).toString(), "EXECUTE [" + std::to_string(request.object) + R"(, "__call__", [21], {}])");
    QCOMPARE(request.latency, std::int64_t{0});
    const FrameEvent &result = frames[1].event;
    QVERIFY(!result.isFromServer() && result.isAnswer() && !result.isRequest() && !result.isFailed());
    QCOMPARE(parsed(frames[1]).payload().at(1).as<int>(), 42);
    QVERIFY(result.latency > 0);
    QCOMPARE(result.latency, result.time - request.time);
    QCOMPARE(result.object, request.object);
    QCOMPARE(result.callId, request.callId);
    for (const TappedFrame &frame : frames) {
        QCOMPARE(frame.event.connection, m_local->server->connections().front().id);
        QCOMPARE(frame.event.process, getpid());
        QCOMPARE(std::size_t{frame.event.size}, frame.bytes.size());
    }
}

void TestTapCallbacks::itStandsBetweenTheCallThatMadeItAndItsResult()
{
    const Connection client = decoy::connect("served");
    const Proxy pond = client["pond"];
    const auto tap = m_local->server->tap();
    for (int i = 0; i < 300; ++i) {
        pond.call("apply", callback([pond](std::int64_t number) {
                      pond.call("note", static_cast<int>(number));
                      return number;
                  }),
                  i);
    }
    std::string order;
    for (const TappedFrame &frame : requestsAndResults(*tap)) {
        if (frame.event.flags & FrameEvent::OneWay)
            continue;
        const bool back = frame.event.isOfCallback();
        order += frame.event.isAnswer() ? (back ? ')' : 'a') : (back ? '(' : 'c');
    }
    std::string expected;
    for (int i = 0; i < 300; ++i)
        expected += "c(ca)a";
    QCOMPARE(order, expected);
}

void TestTapCallbacks::aCallAndACallbackOfTheSameNumberAreTwo()
{
    RawLender client;
    QVERIFY(client.open());
    const auto tap = m_local->server->tap();
    QVERIFY(client.callPacked(2, client.pond(), "ask", {RawLender::lent(7), {std::byte{0xa1}, std::byte{'x'}}},
                              memory::RecordHeader::Lends));
    client.finishGreeting();
    const auto asked = client.receiveRequest();
    QVERIFY(client.call(asked.callId, 0, "objects")); // our own call has the number of the server's
    QCOMPARE(client.receiveResult()->callId, asked.callId);
    QVERIFY(client.replyNumber(asked.callId, 5));
    QCOMPARE(client.receiveResult()->callId, std::uint64_t{2});
    std::vector<std::tuple<Conversation, bool, bool>> seen;
    for (const TappedFrame &frame : requestsAndResults(*tap)) {
        if (frame.event.callId == asked.callId && asked.callId != 2 && frame.event.object != 0)
            QVERIFY(frame.event.isOfCallback());
        if (frame.event.callId == asked.callId)
            seen.emplace_back(frame.event.conversation, frame.event.isFromServer(), frame.event.isAnswer());
    }
    // The first two are how the client found the pond, in its call 1.
    seen.erase(seen.begin(), seen.begin() + (seen.size() > 4 ? 2 : 0));
    QCOMPARE(seen.size(), std::size_t{4});
    QCOMPARE(seen[0], std::tuple(Conversation::Callback, true, false));
    QCOMPARE(seen[1], std::tuple(Conversation::Call, false, false));
    QCOMPARE(seen[2], std::tuple(Conversation::Call, true, true));
    QCOMPARE(seen[3], std::tuple(Conversation::Callback, false, true));
}

void TestTapCallbacks::whatWentWrongIsMarked()
{
    const Proxy pond = decoy::connect("served")["pond"];
    const auto tap = m_local->server->tap();
    const Lent thrower = callback([](std::int64_t) -> std::int64_t { throw std::runtime_error("no quack"); });
    QCOMPARE(errorOf([&] { pond.call("apply", thrower); }), "RemoteError");
    const auto frames = ofCallbacks(requestsAndResults(*tap));
    QVERIFY(!frames[0].event.isFailed() && frames[1].event.isFailed() && isResult(frames[1].event));
}

void TestTapCallbacks::anObjectInAnAnswerIsMarked()
{
    const Connection client = decoy::connect("served");
    client.bind(Class<Listener>("Listener").method("self", &Listener::self));
    const Proxy pond = client["pond"];
    const auto tap = m_local->server->tap();
    (void)errorOf([&] { pond.call("ask", client.lend(std::make_shared<Listener>()), "self"); });
    const auto frames = ofCallbacks(requestsAndResults(*tap));
    QVERIFY(frames[1].event.flags & FrameEvent::ProxyResult);
}

void TestTapCallbacks::aSlowOneIsSeenToBePending()
{
    const Proxy pond = decoy::connect("served")["pond"];
    const auto tap = m_local->server->tap();
    std::vector<TappedFrame> seen;
    std::promise<void> go;
    auto calling = std::async(std::launch::async, [&] {
        pond.call("apply", callback([&go](std::int64_t number) {
                      go.get_future().get();
                      return number;
                  }));
    });
    const auto lookForPending = [&] {
        const auto more = ofCallbacks(taken(*tap));
        seen.insert(seen.end(), more.begin(), more.end());
        return seen.size() >= 2;
    };
    EVENTUALLY(lookForPending());
    go.set_value();
    calling.get();
    lookForPending();
    QVERIFY(isPending(seen[1].event) && seen[1].event.isAnswer() && !seen[1].event.isFromServer());
    QCOMPARE(seen[1].event.callId, seen[0].event.callId);
    QCOMPARE(seen[1].event.object, seen[0].event.object);
    QVERIFY(isResult(seen[2].event));
}

void TestTapCallbacks::theReleaseOfWhatWasLentWantsNoAnswer()
{
    const Proxy pond = decoy::connect("served")["pond"];
    pond.call("keep", callback([] {}));
    const auto tap = m_local->server->tap();
    pond.call("forget");
    std::vector<TappedFrame> frames;
    const auto isSeen = [&] { // the thread that served "keep" may be the last to let go of it
        for (TappedFrame &frame : ofCallbacks(taken(*tap)))
            frames.push_back(std::move(frame));
        return !frames.empty();
    };
    EVENTUALLY(isSeen());
    QCOMPARE(frames.size(), std::size_t{1});
    QVERIFY(frames[0].event.flags & FrameEvent::OneWay);
    QVERIFY(frames[0].event.isRequest() && frames[0].event.isFromServer());
    QCOMPARE(parsed(frames[0]).payload().at(1).as<std::string>(), std::string("__del__"));
}

void TestTapCallbacks::whatNobodyAskedForIsSeenAsItCame()
{
    RawLender client;
    QVERIFY(client.open());
    QVERIFY(client.lend(2, "apply", {77}));
    client.finishGreeting();
    const auto asked = client.receiveRequest();
    const auto tap = m_local->server->tap();
    QVERIFY(client.replyNumber(asked.callId + 1000, 5));
    QVERIFY(client.reply(asked.callId + 1001, std::vector(20, std::byte{0xc1})));
    QVERIFY(client.replyNumber(asked.callId, 5));
    QVERIFY(client.receiveResult());
    const auto frames = ofCallbacks(taken(*tap));
    QVERIFY(frames.size() >= 3);
    QCOMPARE(frames[0].event.callId, asked.callId + 1000);
    QVERIFY(frames[0].event.isAnswer() && isResult(frames[0].event) && frames[0].event.latency == 0);
    QVERIFY(frames[1].event.isAnswer() && frames[1].event.isFailed());
    QCOMPARE(frames[2].event.callId, asked.callId);
}

void TestTapCallbacks::anAnswerIsSeenByATapThatMissedItsRequest()
{
    RawLender client;
    QVERIFY(client.open());
    QVERIFY(client.lend(2, "apply", {77}));
    client.finishGreeting();
    const auto asked = client.receiveRequest();
    const auto tap = m_local->server->tap();
    QVERIFY(client.replyNumber(asked.callId, 5));
    QVERIFY(client.receiveResult());
    const auto frames = ofCallbacks(requestsAndResults(*tap));
    QCOMPARE(frames[0].event.callId, asked.callId);
    QCOMPARE(frames[0].event.latency, std::int64_t{0}); // nobody looked at the clock when it was made
}

void TestTapCallbacks::everyFrameIsReceivedOrCountedAndWhole()
{
    const auto tap = m_local->server->tap(smallRing);
    std::vector<std::future<void>> callers;
    for (int i = 0; i < 3; ++i) {
        callers.push_back(std::async(std::launch::async, [] {
            const Proxy lake = decoy::connect("served")["lake"];
            const Lent same = callback([](std::int64_t number) { return number; });
            for (int call = 0; call < 500; ++call)
                lake.call("apply", same, call);
        }));
    }
    std::uint64_t received = 0;
    std::map<std::tuple<std::uint32_t, Conversation, std::uint64_t>, int> open;
    int strays = 0;
    std::uint64_t knownDrops = 0;
    const auto drain = [&] {
        received += tap->drain([&](const FrameEvent &event, std::span<const std::byte>) {
            if (event.flags & FrameEvent::OneWay)
                return;
            const auto key = std::tuple(event.connection, event.conversation, event.callId);
            if (event.isRequest())
                ++open[key];
            else if (!open.contains(key))
                ++strays;
            else if (isResult(event))
                open.erase(key);
        });
    };
    for (auto &caller : callers) {
        while (caller.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
            if (tap->dropped() != knownDrops) { // only now, so that it falls behind on any machine
                drain();
                knownDrops = tap->dropped();
            }
            std::this_thread::yield();
        }
        caller.get();
    }
    m_local->server->stop(); // the last releases are on their way
    drain();
    QCOMPARE(received + tap->dropped(), tap->emitted());
    QVERIFY(tap->dropped() > 0);
    QCOMPARE(strays, 0);
}

void TestTapCallbacks::aFloodOfAnswersDrownsNoCalls()
{
    RawLender client;
    QVERIFY(client.open());
    QVERIFY(client.lend(2, "apply", {77}));
    client.finishGreeting();
    const auto tap = m_local->server->tap(smallRing);
    const auto asked = client.receiveRequest();
    constexpr int flood = 20'000;
    PackBuffer pending;
    wire::packPending(pending);
    for (int i = 0; i < flood; ++i) {
        while (!client.reply(asked.callId, pending.bytes()))
            std::this_thread::yield(); // until the server has read some
    }
    const Connection other = decoy::connect("served");
    const Proxy lab = other["lab"]; // its release comes later
    lab.call("echo", 1);
    QVERIFY(client.replyNumber(asked.callId, 5));
    QVERIFY(client.receiveResult());
    m_local->server->stop(); // the release of what was lent may come after the result
    int calls = 0;
    std::uint64_t received = 0;
    for (const TappedFrame &frame : taken(*tap)) {
        ++received;
        calls += frame.event.isOfCall() && !isPending(frame.event) && frame.event.connection != client.hello.connection;
    }
    QCOMPARE(calls, 4); // finding the lab, and asking it
    QVERIFY(tap->dropped() > 0);
    QCOMPARE(received + tap->dropped(), tap->emitted());
}

void TestTapCallbacks::theBooksSayWhatIsInFlight()
{
    const Connection client = decoy::connect("served");
    const Connection idle = decoy::connect("served");
    const Proxy pond = client["pond"];
    std::promise<void> isCalled;
    std::promise<void> go;
    Future<> call = pond.callAsync("apply", callback([&](std::int64_t number) {
                                       isCalled.set_value();
                                       go.get_future().get();
                                       return number;
                                   }));
    isCalled.get_future().get();
    Future<> waiting = pond.callAsync("notes"); // for its turn
    EVENTUALLY(idle.clients().at(0).inFlight == 2);
    const std::vector<ClientCalls> clients = idle.clients();
    QCOMPARE(clients.size(), std::size_t{2});
    QCOMPARE(clients[0].callbacks, 1U);
    QCOMPARE(clients[0].process, getpid());
    QCOMPARE(clients[0].calls, std::uint64_t{3}); // one has found the pond
    QCOMPARE(clients[1].inFlight, 1U);            // the call that asks
    QCOMPARE(clients[1].callbacks, 0U);
    go.set_value();
    call.get();
    waiting.get();
    EVENTUALLY(idle.clients().at(0).connection == clients[1].connection);
    QCOMPARE(idle.clients().at(1).inFlight, 0U);
    QCOMPARE(idle.clients().at(1).callbacks, 0U);
}

QTEST_GUILESS_MAIN(TestTapCallbacks)
#include "test_tap_callbacks.moc"
