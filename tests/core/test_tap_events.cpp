// SPDX-License-Identifier: BSD-3-Clause
#include "support/local_server.h"
#include "support/process_until.h"
#include "support/raw_client.h"
#include "support/served_process.h"
#include "support/tapped_frames.h"

#include <decoy/decoy.h>

#include <QTest>

#include <atomic>
#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// What those who watch a server see of events: the frames at a tap, and who has subscribed to what in the books.
class TestTapEvents : public QObject {
    Q_OBJECT

private slots:
    void init() { m_local.emplace(); }
    void cleanup() { m_local.reset(); }

    void anEventIsSeenAsItTravels();
    void anEventIsSeenBeforeWhatItsSubscriberDoesAboutIt();
    void aSubscriptionIsNoCallWhateverNumberItHas();
    void everySubscriberHasItsOwnFrame();
    void theEndOfASubscriptionIsSeen();
    void aLostEventIsMarked();
    void anEventThatFitsNoFrameIsMarked();
    void afterUnsubscribingNothingIsSeen();
    void everyEventIsReceivedOrCountedAsDropped();
    void aFloodOfEventsDrownsNoCalls();
    void eventsAreTakenAgainWhenThereIsRoom();

    void theBooksSayWhoHasSubscribedToWhat();
    void theBooksCountWhatWasLost();
    void aClientCanAskForTheBooks();
    void theBooksForgetAKilledClient();

private:
    [[nodiscard]] Bell &bell() const { return m_local->objects->bell; }

    std::optional<LocalServer> m_local;
};

namespace {

constexpr TapOptions smallRing{64 * 1024, 256};

const auto ignore = [](const ReceivedEvent &) {};

bool isEvent(const TappedFrame &frame) { return frame.event.opcode == static_cast<std::int8_t>(ProxyOpCode::Event); }

/// The frames that belong to subscriptions.
std::vector<TappedFrame> ofSubscriptions(Tap &tap)
{
    std::vector<TappedFrame> all = taken(tap);
    std::erase_if(all, [](const TappedFrame &each) { return each.event.isOfCall(); });
    return all;
}

Frame parsed(const TappedFrame &frame) { return Frame::parse(std::span(frame.bytes).subspan(framePrefixSize)); }

} // namespace

void TestTapEvents::anEventIsSeenAsItTravels()
{
    const Connection client = decoy::connect("local");
    const Proxy proxy = client["bell"];
    const Subscription subscription = proxy.subscribe("rang", ignore);
    const auto tap = m_local->server->tap();
    bell().ring(2);
    const auto seen = taken(*tap);
    QCOMPARE(seen.size(), std::size_t{2});
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const FrameEvent &event = seen[i].event;
        QVERIFY(isEvent(seen[i]) && !event.isOfCall() && event.isFromServer());
        QVERIFY(!event.isLost() && !event.isFailed());
        QCOMPARE(event.sequence, std::uint64_t{i});
        QCOMPARE(event.object, proxy.id());
        QCOMPARE(event.connection, m_local->server->connections().front().id);
        QCOMPARE(event.process, getpid());
        QCOMPARE(event.latency, std::int64_t{0});
        QCOMPARE(std::size_t{event.size}, seen[i].bytes.size());
        QCOMPARE(parsed(seen[i]).toString(),
                 "EVENT [" + std::to_string(proxy.id()) + R"(, "rang", )" + std::to_string(i + 1) + ", ["
                     + std::to_string(i + 1) + R"(,"ding"]])");
    }
    QVERIFY(seen[0].event.time > 0 && seen[1].event.time >= seen[0].event.time);
    QCOMPARE(seen[0].event.callId, seen[1].event.callId);
    QCOMPARE(seen[0].event.callId, m_local->server->subscriptions().front().number);
}

void TestTapEvents::anEventIsSeenBeforeWhatItsSubscriberDoesAboutIt()
{
    const auto tap = m_local->server->tap();
    std::atomic<bool> isOver{false};
    auto listening = std::async(std::launch::async, [&isOver] {
        const Connection client = decoy::connect("local");
        const Proxy lab = client["lab"];
        const Proxy bellProxy = client["bell"];
        int heard = 0;
        const Subscription subscription = bellProxy.subscribe("rang", [&] { lab.call("echo", ++heard); });
        while (heard < 300)
            client.process(waitForever);
        isOver = true;
    });
    EVENTUALLY(bell().isWanted());
    for (int i = 0; i < 300; ++i)
        bell().ring(1);
    listening.get();
    int events = 0;
    int echoes = 0;
    for (const TappedFrame &frame : taken(*tap)) {
        events += isEvent(frame) ? 1 : 0;
        const bool isRequest = frame.event.opcode == static_cast<std::int8_t>(ProxyOpCode::Execute);
        echoes += isRequest && parsed(frame).payload().at(1).as<std::string>() == "echo" ? 1 : 0;
        QVERIFY(echoes <= events);
    }
    QCOMPARE(events, 300);
    QCOMPARE(echoes, 300);
    QVERIFY(isOver);
}

void TestTapEvents::aSubscriptionIsNoCallWhateverNumberItHas()
{
    RawClient client("local");
    client.answer();
    const auto tap = m_local->server->tap();
    QVERIFY(client.call(7, 0, "object", {"bell"}));
    const auto object = client.receiveResult();
    QVERIFY(object);
    const auto id = object->parsed().payload().at(0).as<std::uint64_t>();
    QVERIFY(client.call(8, id, "__subscribe__", {"rang", 8})); // its own number is that of the call
    QVERIFY(client.receiveResult());
    bell().ring(1);
    const auto event = client.receive();
    QVERIFY(event);
    QCOMPARE(event->callId, std::uint64_t{8});
    std::vector<std::pair<Conversation, int>> seen;
    for (const TappedFrame &frame : requestsAndResults(*tap)) {
        if (frame.event.callId == 8)
            seen.emplace_back(frame.event.conversation, frame.event.opcode);
    }
    QCOMPARE(seen.size(), std::size_t{3});
    QCOMPARE(seen[0], std::pair(Conversation::Call, 2));
    QCOMPARE(seen[1], std::pair(Conversation::Call, -1));
    QCOMPARE(seen[2], std::pair(Conversation::Subscription, -3));
}

void TestTapEvents::everySubscriberHasItsOwnFrame()
{
    const Connection one = decoy::connect("local");
    const Connection two = decoy::connect("local");
    const Subscription first = one["bell"].subscribe("rang", ignore);
    const Subscription second = two["bell"].subscribe("rung", ignore);
    const auto tap = m_local->server->tap();
    bell().ring(1);
    const auto seen = taken(*tap);
    QCOMPARE(seen.size(), std::size_t{2});
    QVERIFY(seen[0].event.connection != seen[1].event.connection);
    QCOMPARE(parsed(seen[0]).payload().at(1).as<std::string>(), std::string("rang"));
    QCOMPARE(parsed(seen[1]).payload().at(1).as<std::string>(), std::string("rung")); // as it was asked for
}

void TestTapEvents::theEndOfASubscriptionIsSeen()
{
    const Connection client = decoy::connect("local");
    const Subscription subscription = client["bell"].subscribe("rang", ignore);
    const std::uint64_t number = m_local->server->subscriptions().front().number;
    const auto tap = m_local->server->tap();
    QVERIFY(m_local->server->withdraw("bell"));
    const auto seen = ofSubscriptions(*tap);
    QCOMPARE(seen.size(), std::size_t{1});
    const FrameEvent &event = seen.front().event;
    QCOMPARE(static_cast<int>(event.opcode), static_cast<int>(ProxyOpCode::ExecutionResult));
    QVERIFY(event.isFromServer() && event.isFailed() && !event.isOfCall());
    QCOMPARE(event.callId, number);
    const auto why = parsed(seen.front()).payload().at(2).as<std::string>();
    QVERIFY2(why.find("no longer served") != std::string::npos, why.c_str());
    QVERIFY(m_local->server->subscriptions().empty());
}

void TestTapEvents::aLostEventIsMarked()
{
    const Connection client = decoy::connect("local"); // and reads nothing
    const Subscription subscription = client["bell"].subscribe("rang", ignore);
    const auto tap = m_local->server->tap();
    bell().ring(20'000);
    std::uint64_t sent = 0;
    std::uint64_t lost = 0;
    std::uint64_t number = 0;
    for (const TappedFrame &frame : taken(*tap)) {
        QVERIFY(isEvent(frame));
        QCOMPARE(parsed(frame).payload().at(2).as<std::uint64_t>(), ++number);
        ++(frame.event.isLost() ? lost : sent);
    }
    QCOMPARE(number, std::uint64_t{20'000});
    QVERIFY(lost > 0);
    processUntil(client, [&] { return subscription.received() == sent; });
    bell().ring(1); // tells how many are missing
    processUntil(client, [&] { return subscription.received() == sent + 1; });
    QCOMPARE(subscription.received(), sent + 1);
    QCOMPARE(subscription.dropped(), lost);
}

void TestTapEvents::anEventThatFitsNoFrameIsMarked()
{
    const Connection client = decoy::connect("local");
    const Subscription subscription = client["bell"].subscribe("rang", ignore);
    const auto tap = m_local->server->tap();
    bell().ringLoudly(client.limits().bufsize);
    const auto seen = taken(*tap);
    QCOMPARE(seen.size(), std::size_t{1});
    QVERIFY(isEvent(seen.front()) && seen.front().event.isLost());
    QCOMPARE(seen.front().event.size, 0U); // there is none
    QCOMPARE(m_local->server->subscriptions().front().lost, std::uint64_t{1});
}

void TestTapEvents::afterUnsubscribingNothingIsSeen()
{
    const Connection client = decoy::connect("local");
    Subscription subscription = client["bell"].subscribe("rang", ignore);
    subscription.unsubscribe();
    EVENTUALLY(!bell().isWanted());
    const auto tap = m_local->server->tap();
    bell().ring(5);
    QCOMPARE(tap->emitted(), std::uint64_t{0});
    QVERIFY(m_local->server->subscriptions().empty());
}

void TestTapEvents::everyEventIsReceivedOrCountedAsDropped()
{
    const Connection one = decoy::connect("local");
    const Connection two = decoy::connect("local");
    const Subscription first = one["bell"].subscribe("rang", ignore);
    const Subscription second = two["bell"].subscribe("rang", ignore);
    const auto tap = m_local->server->tap(smallRing);
    std::uint64_t received = 0;
    std::uint64_t next = 0;
    std::uint64_t gaps = 0;
    const auto drain = [&] {
        tap->drain([&](const FrameEvent &event, std::span<const std::byte>) {
            ++received;
            gaps += event.sequence - std::exchange(next, event.sequence + 1);
        });
    };
    auto ringing = std::async(std::launch::async, [this] { bell().ringTogether(3, 5000); });
    for (std::uint64_t known = 0; ringing.wait_for(0s) != std::future_status::ready; std::this_thread::yield()) {
        if (tap->dropped() == known)
            continue;
        drain(); // only now, so that it falls behind on any machine
        known = tap->dropped();
    }
    ringing.get();
    drain();
    bell().ring(1); // so that there are frames after the last gap
    drain();
    QCOMPARE(tap->emitted(), std::uint64_t{2 * 15'001});
    QVERIFY(tap->dropped() > 0);
    QCOMPARE(received + tap->dropped(), tap->emitted());
    QCOMPARE(gaps, tap->dropped());
}

void TestTapEvents::aFloodOfEventsDrownsNoCalls()
{
    const Connection client = decoy::connect("local");
    const Subscription subscription = client["bell"].subscribe("rang", ignore);
    const Proxy lab = client["lab"];
    const auto tap = m_local->server->tap(smallRing);
    bell().ring(10'000); // far more than the ring holds
    const std::uint64_t dropped = tap->dropped();
    QVERIFY(dropped > 9000);
    for (int i = 0; i < 50; ++i)
        lab.call("echo", i);
    QCOMPARE(tap->dropped(), dropped);
    int calls = 0;
    for (const TappedFrame &frame : requestsAndResults(*tap))
        calls += frame.event.isOfCall() ? 1 : 0;
    QCOMPARE(calls, 100);
}

void TestTapEvents::eventsAreTakenAgainWhenThereIsRoom()
{
    const Connection client = decoy::connect("local");
    const Subscription subscription = client["bell"].subscribe("rang", ignore);
    const auto tap = m_local->server->tap(smallRing);
    while (tap->dropped() == 0)
        bell().ring(1);
    const std::uint64_t taken = tap->emitted() - 1;
    const auto isTaken = [&] {
        const std::uint64_t before = tap->dropped();
        bell().ring(1);
        return tap->dropped() == before;
    };
    std::uint64_t left = taken;
    for (; !isTaken(); --left)
        QCOMPARE(tap->drain([](const FrameEvent &, std::span<const std::byte>) {}, 1), std::size_t{1});
    // A quarter of the ring, which was full to its half.
    QVERIFY2(left > taken * 2 / 5 && left < taken * 3 / 5, QByteArray::number(qulonglong(left)).constData());
}

void TestTapEvents::theBooksSayWhoHasSubscribedToWhat()
{
    const Connection client = decoy::connect("local");
    const Proxy proxy = client["bell"];
    QVERIFY(m_local->server->subscriptions().empty());
    const Subscription events = proxy.subscribe("rang", ignore);
    Subscription values = proxy.subscribe("rung", ignore);
    bell().ring(3);
    auto books = m_local->server->subscriptions();
    QCOMPARE(books.size(), std::size_t{2});
    for (const SubscriptionInfo &row : books) {
        QCOMPARE(row.process, getpid());
        QCOMPARE(row.connection, m_local->server->connections().front().id);
        QCOMPARE(row.object, proxy.id());
        QCOMPARE(row.type, std::string("Bell"));
        QCOMPARE(row.delivered, std::uint64_t{3});
        QCOMPARE(row.lost, std::uint64_t{0});
        QVERIFY(row.since > 0);
    }
    QCOMPARE((std::set{books[0].event, books[1].event}), (std::set<std::string>{"rang", "rung"}));
    QVERIFY(books[0].number != books[1].number);
    const auto ofBell = [this] {
        for (const ObjectInfo &object : m_local->server->objects()) {
            if (object.name == "bell")
                return object.subscriptions;
        }
        return std::uint64_t{99};
    };
    QCOMPARE(ofBell(), std::uint64_t{2});
    values.unsubscribe();
    EVENTUALLY(m_local->server->subscriptions().size() == 1);
    QCOMPARE(m_local->server->subscriptions().front().event, std::string("rang"));
    QCOMPARE(ofBell(), std::uint64_t{1});
}

void TestTapEvents::theBooksCountWhatWasLost()
{
    const Connection busy = decoy::connect("local");
    const Connection slow = decoy::connect("local");
    std::uint64_t heard = 0;
    const Subscription quick = busy["bell"].subscribe("rang", [&] { ++heard; });
    const Subscription idle = slow["bell"].subscribe("rang", ignore);
    for (std::uint64_t i = 0; i < 20'000; i += 100) {
        bell().ring(100);
        while (heard < i + 100)
            busy.process(waitForever);
    }
    const auto books = m_local->server->subscriptions();
    QCOMPARE(books.size(), std::size_t{2});
    QVERIFY(books[0].lost > 0); // those that lose come first
    QCOMPARE(books[0].delivered + books[0].lost, std::uint64_t{20'000});
    QCOMPARE(books[1].delivered, std::uint64_t{20'000});
    QCOMPARE(books[1].lost, std::uint64_t{0});
}

void TestTapEvents::aClientCanAskForTheBooks()
{
    const Connection client = decoy::connect("local");
    const Subscription subscription = client["bell"].subscribe("rang", ignore);
    bell().ring(2);
    const auto books = decoy::connect("local").subscriptions();
    QCOMPARE(books.size(), std::size_t{1});
    QCOMPARE(books.front().event, std::string("rang"));
    QCOMPARE(books.front().type, std::string("Bell"));
    QCOMPARE(books.front().process, getpid());
    QCOMPARE(books.front().delivered, std::uint64_t{2});
}

void TestTapEvents::theBooksForgetAKilledClient()
{
    m_local.emplace("served");
    ClientProcess client("listen");
    QCOMPARE(client.readLine(), QByteArray("listening"));
    const auto books = m_local->server->subscriptions();
    QCOMPARE(books.size(), std::size_t{1});
    QCOMPARE(books.front().process, client.id());
    client.send(SIGKILL);
    EVENTUALLY(m_local->server->subscriptions().empty());
}

QTEST_GUILESS_MAIN(TestTapEvents)
#include "test_tap_events.moc"
