// SPDX-License-Identifier: BSD-3-Clause
#include "support/process_until.h"
#include "support/raw_server.h"
#include "support/served_process.h"
#include "wire/event.h"
#include "wire/result.h"

#include <decoy/decoy.h>

#include <QTest>

#include <csignal>
#include <future>
#include <memory>
#include <thread>
#include <vector>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// Events from an object in another process, and everything that can end them.
class TestEvents : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void aSubscriberGetsEachEventInOrder();
    void anAttributeIsWatchedByTheEventThatTellsOfIt();
    void aDescriptionNamesTheEvents();
    void aHandlerSeesEverythingOrJustItsFirstArguments();
    void aHandlerMayCallAndUnsubscribe();
    void aHandlerThatThrowsEndsItsSubscription();
    void aSlowSubscriberLosesCountedEventsAndStillGetsResults();
    void aFullQueueLosesCountedEvents();
    void anEventThatIsTooLargeIsCounted();
    void eventsOfManyThreadsComeInOneOrder();
    void twoClientsGetTheSameEvents();
    void nobodyIsToldAfterUnsubscribing();
    void aKilledSubscriberIsForgottenAtOnce();
    void aKilledServerEndsTheSubscription();
    void aWithdrawnObjectEndsTheSubscription();
    void aDestroyedObjectEndsTheSubscription();
    void whatIsNotThereCannotBeSubscribedTo();
    void aFloodOfSubscriptionsIsRefused();
    void aMailboxHasNoEvents();
    void forgedEventsHurtNobody();
    void anEventThatMakesNoSenseEndsItsSubscription_data();
    void anEventThatMakesNoSenseEndsItsSubscription();
    void frames();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

namespace {

std::uint64_t all(const Subscription &subscription) { return subscription.received() + subscription.dropped(); }

const auto ignore = [](const ReceivedEvent &) {};

} // namespace

void TestEvents::aSubscriberGetsEachEventInOrder()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy bell = connection["bell"];
    std::vector<int> numbers;
    const Subscription subscription = bell.subscribe("rang", [&](int number, const std::string &text) {
        numbers.push_back(number);
        QCOMPARE(text, std::string("ding"));
    });
    QVERIFY(subscription.isActive());
    bell.call("ring", 1000);
    QVERIFY(numbers.empty()); // handlers run in process() alone
    processUntil(connection, [&] { return numbers.size() == 1000; });
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(numbers.at(static_cast<std::size_t>(i)), i + 1);
    QCOMPARE(subscription.dropped(), 0U);
}

void TestEvents::anAttributeIsWatchedByTheEventThatTellsOfIt()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy bell = connection["bell"];
    int rung = 0;
    const Subscription subscription = bell.subscribe("rung", [&] { rung = bell.get<int>("rung"); });
    bell.call("ring", 3);
    processUntil(connection, [&] { return rung == 3; });
    QCOMPARE(rung, 3);
}

void TestEvents::aDescriptionNamesTheEvents()
{
    const ServedProcess server;
    const Description description = server.connect()["bell"].describe();
    QCOMPARE(description.events.size(), 1U);
    QCOMPARE(description.event("rang")->signature(), std::string("rang(number: int, text: str)"));
    QCOMPARE(description.event("rang")->doc, std::string("At each ring."));
    QCOMPARE(description.attribute("rung")->notifiedBy, std::string("rang"));
    QVERIFY(!description.event("rung"));
}

void TestEvents::aHandlerSeesEverythingOrJustItsFirstArguments()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy bell = connection["bell"];
    QStringList seen;
    const Subscription whole = bell.subscribe("rang", [&](const ReceivedEvent &event) {
        seen += QString::fromStdString(std::string(event.name()) + " " + std::to_string(event.size()) + " "
                                       + event.argument(1).toString());
    });
    const Subscription first = bell.subscribe("rang", [&](double number) { seen += QString::number(number); });
    bell.call("ring", 1);
    processUntil(connection, [&] { return seen.size() == 2; });
    QCOMPARE(seen, (QStringList{"rang 2 \"ding\"", "1"}));
}

void TestEvents::aHandlerMayCallAndUnsubscribe()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy bell = connection["bell"];
    int handled = 0;
    Subscription subscription;
    subscription = bell.subscribe("rang", [&] {
        ++handled;
        bell.call("ring", 1); // more events come, which wait for their turn
        connection.process(0ms);
        if (handled == 3)
            subscription.unsubscribe();
    });
    bell.call("ring", 1);
    processUntil(connection, [&] { return !subscription.isActive(); });
    while (connection.process(0ms)) {}
    QCOMPARE(handled, 3);
    QVERIFY(!subscription.reason());
    EVENTUALLY(!bell.get<bool>("isWanted"));
}

void TestEvents::aHandlerThatThrowsEndsItsSubscription()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy bell = connection["bell"];
    int handled = 0;
    const Subscription broken = bell.subscribe("rang", [&] {
        ++handled;
        throw std::runtime_error("no hands left");
    });
    const Subscription unfit = bell.subscribe("rang", [&](bool) { ++handled; });
    const Subscription greedy = bell.subscribe("rang", [&](int, const std::string &, int) { ++handled; });
    bell.call("ring", 2);
    processUntil(connection, [&] { return !broken.isActive() && !unfit.isActive() && !greedy.isActive(); });
    QCOMPARE(handled, 1);
    QCOMPARE(broken.reason()->message, std::string("no hands left"));
    QCOMPARE(unfit.reason()->kind, ErrorKind::DataDecodeError);
    QCOMPARE(greedy.reason()->message, std::string("the event rang has 2 arguments; number 3 was asked for"));
    EVENTUALLY(!bell.get<bool>("isWanted"));
}

void TestEvents::aSlowSubscriberLosesCountedEventsAndStillGetsResults()
{
    const ServedProcess server;
    const Connection slow = server.connect();
    const Connection other = server.connect();
    const Subscription subscription = slow["bell"].subscribe("rang", ignore);
    other["bell"].call("ring", 20'000);
    QCOMPARE(slow["lab"].call<int>("echo", 5), 5); // there was room for it
    slow["bell"].call("ring", 1);
    processUntil(slow, [&] { return all(subscription) == 20'001; });
    QCOMPARE(all(subscription), 20'001U);
    QVERIFY(subscription.dropped() > 0);
    QVERIFY(subscription.received() > 1000);
}

void TestEvents::aFullQueueLosesCountedEvents()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy bell = connection["bell"];
    std::uint64_t lost = 0;
    const Subscription subscription = bell.subscribe("rang", [&](const ReceivedEvent &event) { lost += event.lost(); },
                                                     {.queueSize = 1000});
    bell.call("ring", 500);
    while (connection.process(0ms)) {}
    bell.call("ring", 1);
    processUntil(connection, [&] { return all(subscription) == 501; });
    QCOMPARE(all(subscription), 501U);
    QVERIFY(lost > 400);
    QCOMPARE(lost, subscription.dropped());
}

void TestEvents::anEventThatIsTooLargeIsCounted()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Proxy bell = connection["bell"];
    std::uint64_t lost = 0;
    const Subscription subscription = bell.subscribe("rang", [&](const ReceivedEvent &event) { lost += event.lost(); });
    bell.call("ringLoudly", connection.limits().bufsize);
    bell.call("ringLoudly", 60'000);
    processUntil(connection, [&] { return all(subscription) == 2; });
    QCOMPARE(lost, 1U);
}

void TestEvents::eventsOfManyThreadsComeInOneOrder()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    std::int64_t last = 0;
    bool isOrdered = true;
    const Subscription subscription = connection["bell"].subscribe("rang", [&](std::int64_t number) {
        isOrdered &= number > last;
        last = number;
    });
    std::atomic<bool> isOver{false};
    auto handling = std::async(std::launch::async, [&] { processUntil(connection, [&] { return isOver.load(); }); });
    std::vector<std::future<void>> ringers;
    for (int i = 0; i < 3; ++i)
        ringers.push_back(
            std::async(std::launch::async, [other = server.connect()] { other["bell"].call("ringTogether", 3, 300); }));
    for (auto &ringer : ringers)
        ringer.get();
    isOver = true;
    connection["bell"].call("ring", 1); // wakes the handling, and tells of what was lost at the end
    handling.get();
    processUntil(connection, [&] { return all(subscription) == 2701; });
    QCOMPARE(all(subscription), 2701U);
    QVERIFY(isOrdered);
}

void TestEvents::twoClientsGetTheSameEvents()
{
    const ServedProcess server;
    const Connection one = server.connect();
    const Connection two = server.connect();
    const Subscription first = one["bell"].subscribe("rang", ignore);
    const Subscription second = two["bell"].subscribe("rang", ignore);
    one["bell"].call("ring", 100);
    processUntil(one, [&] { return first.received() == 100; });
    processUntil(two, [&] { return second.received() == 100; });
    QCOMPARE(first.received(), 100U);
    QCOMPARE(second.received(), 100U);
}

void TestEvents::nobodyIsToldAfterUnsubscribing()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    Proxy bell = connection["bell"];
    int handled = 0;
    Subscription subscription = bell.subscribe("rang", [&] { ++handled; });
    bell.call("ring", 5);
    bell.close(); // the subscription does not need it
    subscription.unsubscribe();
    QVERIFY(!subscription.isActive());
    QVERIFY(!connection.process(0ms) || handled == 0);
    QCOMPARE(handled, 0);
    EVENTUALLY(!connection["bell"].get<bool>("isWanted"));
}

void TestEvents::aKilledSubscriberIsForgottenAtOnce()
{
    const ServedProcess server;
    const Proxy bell = server.connect()["bell"];
    ClientProcess client("listen");
    QCOMPARE(client.readLine(), QByteArray("listening"));
    QVERIFY(bell.get<bool>("isWanted"));
    client.send(SIGKILL);
    EVENTUALLY(!bell.get<bool>("isWanted"));
}

void TestEvents::aKilledServerEndsTheSubscription()
{
    ServedProcess server;
    const Connection connection = server.connect();
    const Subscription subscription = connection["bell"].subscribe("rang", ignore);
    connection["bell"].call("ring", 10);
    server.send(SIGKILL);
    QCOMPARE(errorOf([&] {
                 for (;;)
                     connection.process(waitForever);
             }),
             "PeerDied");
    QCOMPARE(subscription.received(), 10U); // what had come is not lost
    QVERIFY(!subscription.isActive());
    QCOMPARE(subscription.reason()->kind, ErrorKind::PeerDied);
}

void TestEvents::aWithdrawnObjectEndsTheSubscription()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    const Subscription subscription = connection["bell"].subscribe("rang", ignore);
    connection["bell"].call("ring", 10);
    QVERIFY(connection["probe"].call<bool>("withdraw", "bell"));
    processUntil(connection, [&] { return !subscription.isActive() && subscription.received() == 10; });
    QCOMPARE(subscription.reason()->kind, ErrorKind::ProxyObjectNotFound);
    QCOMPARE(subscription.received(), 10U);
}

void TestEvents::aDestroyedObjectEndsTheSubscription()
{
    struct Tower {
        std::unique_ptr<Event<int>> bell = std::make_unique<Event<int>>();
    } tower;
    ProxyServer server("tower");
    server.bind(Class<Tower>("Tower")
                    .event("rang", [](Tower &object) -> Event<int> & { return *object.bell; })
                    .method("fall", [](Tower &object) { object.bell.reset(); }));
    server.publish("tower", tower);
    server.run();
    const Connection connection = decoy::connect("tower");
    const Subscription subscription = connection["tower"].subscribe("rang", ignore);
    (*tower.bell)(1);
    connection["tower"].call("fall");
    processUntil(connection, [&] { return !subscription.isActive() && subscription.received() == 1; });
    QCOMPARE(subscription.reason()->message, std::string("the object was destroyed"));
    QCOMPARE(subscription.received(), 1U);
}

void TestEvents::whatIsNotThereCannotBeSubscribedTo()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    std::string message;
    QCOMPARE(errorOf([&] { (void)connection["bell"].subscribe("rank", ignore); }, &message), "AttributeNotFound");
    QCOMPARE(message, std::string("Bell has no event 'rank'; did you mean 'rang'?"));
    QCOMPARE(errorOf([&] { (void)connection["lab"].subscribe("value", ignore); }, &message), "AttributeNotFound");
    QCOMPARE(message,
             std::string("'value' of Lab tells nobody when it changes: no event was bound that notifies of it"));
    QCOMPARE(errorOf([&] { (void)Proxy().subscribe("rang", ignore); }), "ProxyObjectNotFound");
    const Proxy bell = connection["bell"];
    QCOMPARE(errorOf([&] { bell.call("__subscribe__", "rang"); }), "ArgumentError");
    QCOMPARE(errorOf([&] { bell.call("__subscribe__", "rang", "one"); }), "ArgumentError");
    QCOMPARE(errorOf([&] { bell.call("__unsubscribe__", -1); }), "ArgumentError");
    QCOMPARE(errorOf([&] { bell.call("__unsubscribe__", 77); }), "none"); // it may have ended just before
    bell.call("__subscribe__", "rang", 5);
    QCOMPARE(errorOf([&] { bell.call("__subscribe__", "rang", 5); }), "ArgumentError");
    QVERIFY(bell.get<bool>("isWanted")); // the first one still stands
    bell.call("__unsubscribe__", 5);
    QVERIFY(!bell.get<bool>("isWanted"));
}

void TestEvents::aFloodOfSubscriptionsIsRefused()
{
    const ServedProcess server;
    const Connection connection = server.connect();
    std::vector<Subscription> subscriptions;
    const auto subscribe = [&] { subscriptions.push_back(connection["bell"].subscribe("rang", ignore)); };
    for (std::uint32_t i = 0; i < connection.limits().subscriptionsPerClient; ++i)
        subscribe();
    QCOMPARE(errorOf(subscribe), "LimitExceeded");
    const Connection other = server.connect();
    const Subscription elsewhere = other["bell"].subscribe("rang", ignore);
    other["bell"].call("ring", 1);
    processUntil(other, [&] { return elsewhere.received() == 1; });
    subscriptions.pop_back();
    bool isServedAgain = false;
    EVENTUALLY(isServedAgain || (isServedAgain = errorOf(subscribe) == "none"));
}

void TestEvents::aMailboxHasNoEvents()
{
    struct Room {
        Event<> opened;
    } room;
    ProxyServer server("room");
    server.bind(Class<Room>("Room").event("opened", &Room::opened));
    server.run();
    const Proxy proxy = server.createProxy(room);
    std::string message;
    QCOMPARE(errorOf([&] { (void)proxy.subscribe("opened", ignore); }, &message), "ProxyError");
    QCOMPARE(message, std::string("a mailbox carries no events: connect to the server with decoy::connect() instead"));
    QVERIFY(errorOf([&] { proxy.call("__subscribe__", "opened", 1); }, &message) != "none");
    QVERIFY(message.find("native lane") != std::string::npos);
}

namespace {

std::vector<std::byte> eventFrame(std::uint64_t number)
{
    wire::EventWriter writer(0, "rang", 1000);
    PackBuffer arguments;
    msgpack::packer<PackBuffer>(arguments).pack_array(0);
    const auto frame = writer.write(number, arguments.bytes());
    return {frame.begin(), frame.end()};
}

/// A client that has subscribed to something of a server that keeps no rules.
struct Deceived {
    RawServer server{"rude"};
    std::future<Connection> connecting{std::async(std::launch::async, [] { return decoy::connect("rude"); })};
    Connection connection{(server.greet(), connecting.get())};
    Subscription subscription = subscribe();

    Subscription subscribe()
    {
        auto subscribing = std::async(std::launch::async,
                                      [this] { return connection.directory().subscribe("rang", ignore); });
        server.answer(server.receiveCall());
        return subscribing.get();
    }
    void echo()
    {
        auto calling = std::async(std::launch::async, [this] { connection.directory().call("echo"); });
        server.answer(server.receiveCall());
        calling.get();
    }
};

constexpr std::uint32_t eventFlag = memory::RecordHeader::Event;
constexpr std::uint32_t lastFlags = memory::RecordHeader::Event | memory::RecordHeader::Last;

} // namespace

void TestEvents::forgedEventsHurtNobody()
{
    Deceived client;
    client.server.send(77, eventFlag, eventFrame(1)); // nobody has asked for these
    client.server.send(0, eventFlag, eventFrame(1));
    client.server.send(77, lastFlags, {});
    client.server.send(1, eventFlag, eventFrame(3)); // the first two were lost, it says
    client.echo();
    processUntil(client.connection, [&] { return client.subscription.received() == 1; });
    QCOMPARE(client.subscription.dropped(), 2U);
    QVERIFY(client.subscription.isActive());
}

void TestEvents::anEventThatMakesNoSenseEndsItsSubscription_data()
{
    QTest::addColumn<std::uint32_t>("flags");
    QTest::addColumn<QByteArray>("frame");
    const auto bytes = [](std::span<const std::byte> frame) {
        return QByteArray(reinterpret_cast<const char *>(frame.data()), static_cast<qsizetype>(frame.size()));
    };
    const QByteArray good = bytes(eventFrame(1));
    QTest::newRow("nothing") << eventFlag << QByteArray();
    QTest::newRow("a prefix alone") << eventFlag << good.left(4);
    QTest::newRow("cut off") << eventFlag << good.left(good.size() - 1);
    QTest::newRow("more than one") << eventFlag << good + good;
    QTest::newRow("the number 0") << eventFlag << bytes(eventFrame(0));
    QTest::newRow("no event") << eventFlag
                              << QByteArray::fromHex("00000003"
                                                     "92fe90");
    QTest::newRow("an end that is no result") << lastFlags << good;
    QTest::newRow("an end without a reason") << lastFlags
                                             << QByteArray::fromHex("00000006"
                                                                    "92ff9300c0c0");
    QTest::newRow("an empty end") << lastFlags << QByteArray();
}

void TestEvents::anEventThatMakesNoSenseEndsItsSubscription()
{
    QFETCH(const std::uint32_t, flags);
    QFETCH(const QByteArray, frame);
    Deceived client;
    client.server.send(1, flags, std::as_bytes(std::span(frame.constData(), static_cast<std::size_t>(frame.size()))));
    processUntil(client.connection, [&] { return !client.subscription.isActive(); });
    QVERIFY(client.subscription.reason());
    client.echo(); // it costs the subscription, nothing else
}

void TestEvents::frames()
{
    const auto bytes = eventFrame(258);
    QCOMPARE(QByteArray(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())).toHex(),
             QByteArray("00000013"
                        "92fd94"
                        "00"
                        "a472616e67"
                        "cf0000000000000102"
                        "90"));
    const Frame frame = Frame::parse(std::span(bytes).subspan(framePrefixSize));
    QCOMPARE(frame.toString(), std::string(R"(EVENT [0, "rang", 258, []])"));
    QCOMPARE(errorOf([&] { (void)Frame::parse(std::span(bytes).subspan(framePrefixSize, 8)); }), "DataDecodeError");
}

QTEST_GUILESS_MAIN(TestEvents)
#include "test_events.moc"
