// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/traffic_collector.h"

#include <decoy/connection.h>
#include <decoy/dynamic_object.h>
#include <decoy/frame.h>
#include <decoy/proxy_server.h>

#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <thread>

using namespace decoy::ui;

namespace {

/// A server with an object whose attribute a client reads as fast as it can.
class BusyServer {
public:
    BusyServer() : server("collector-test-" + std::to_string(QCoreApplication::applicationPid()))
    {
        auto target = std::make_shared<decoy::DynamicObject>("Counter");
        target->setAttribute("a", 100);
        server.publish("counter", target);
        server.run();
    }
    /// Reads the attribute `count` times, in another thread and over the server's real lane.
    [[nodiscard]] std::thread client(int count)
    {
        return std::thread([this, count] {
            const decoy::Proxy counter = decoy::connect(server.name())["counter"];
            for (int i = 0; i < count; ++i)
                static_cast<void>(counter.get<int>("a"));
        });
    }
    decoy::ProxyServer server;
};

} // namespace

class TestTrafficCollector : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void realCallsArriveInPairs();
    void whatWasEmittedWasCapturedOrDropped();
    void everyGapAmongTheFramesIsADroppedFrame();
    void nothingIsAnnouncedWhileNothingHappens();
    void stoppingEndsTheCaptureWhileTheServerIsBusy();
    void clearCountsFromZeroWhileTheCaptureGoesOn();
    void aSecondCaptureContinuesTheCounts();
};

void TestTrafficCollector::realCallsArriveInPairs()
{
    BusyServer busy;
    FrameStore store;
    TrafficCollector collector(store);
    collector.start(busy.server.tap());
    busy.client(50).join();
    collector.stop();

    const FrameSnapshot frames = store.snapshot();
    int reads = 0;
    for (Row row = frames.firstRow(); row < frames.endRow(); ++row) {
        if (frames.event(row).opcode != static_cast<int>(decoy::ProxyOpCode::Get))
            continue;
        ++reads;
        const Row result = frames.partner(row);
        QVERIFY(result != noRow);
        QVERIFY(frames.event(result).isFromServer());
        QCOMPARE(frames.event(result).callId, frames.event(row).callId);
        QCOMPARE(frames.partner(result), row);
    }
    QCOMPARE(reads, 50);
}

void TestTrafficCollector::whatWasEmittedWasCapturedOrDropped()
{
    BusyServer busy;
    FrameStore store;
    TrafficCollector collector(store);
    collector.start(busy.server.tap());
    std::thread one = busy.client(20'000);
    std::thread other = busy.client(20'000);
    one.join();
    other.join();
    collector.stop();
    const CaptureCounts counts = collector.counts();
    QCOMPARE(counts.captured + counts.dropped, counts.emitted);
    QVERIFY2(counts.emitted >= 80'000, "40,000 reads are at least 80,000 frames");
    QCOMPARE(store.endRow(), counts.captured);
}

void TestTrafficCollector::everyGapAmongTheFramesIsADroppedFrame()
{
    BusyServer busy;
    FrameStore store;
    TrafficCollector collector(store);
    collector.start(busy.server.tap({.ringSize = 64 * 1024, .snapLength = 0}));
    {
        const FrameStore::Writer stalled = store.writer(); // the collector cannot append, so the ring must overflow
        busy.client(5000).join();
    }
    QTRY_COMPARE(collector.counts().lag(), 0U); // there is room in the ring again,
    busy.client(1).join();                      // so that one more frame shows the gap
    collector.stop();
    const CaptureCounts counts = collector.counts();
    QVERIFY(counts.dropped > 0);
    QCOMPARE(counts.captured + counts.dropped, counts.emitted);
    QCOMPARE(store.counters().lost, counts.dropped);
}

void TestTrafficCollector::nothingIsAnnouncedWhileNothingHappens()
{
    BusyServer busy;
    FrameStore store;
    TrafficCollector collector(store);
    QSignalSpy updates(&collector, &TrafficCollector::updated);
    collector.start(busy.server.tap());
    busy.client(10).join();
    QTRY_VERIFY(!updates.isEmpty());
    QTRY_COMPARE(collector.counts().lag(), 0U);
    auto *timer = collector.findChild<QTimer *>();
    QVERIFY(timer);
    QTRY_VERIFY(!timer->isActive()); // asleep again
    const qsizetype before = updates.count();
    QCoreApplication::processEvents();
    QCOMPARE(updates.count(), before);

    busy.client(10).join(); // and it wakes up again
    QTRY_VERIFY(updates.count() > before);
}

void TestTrafficCollector::stoppingEndsTheCaptureWhileTheServerIsBusy()
{
    BusyServer busy;
    FrameStore store;
    TrafficCollector collector(store);
    std::atomic<bool> enough = false;
    std::thread client([&] {
        const decoy::Proxy counter = decoy::connect(busy.server.name())["counter"];
        while (!enough)
            static_cast<void>(counter.get<int>("a"));
    });
    collector.start(busy.server.tap());
    QTRY_VERIFY(store.endRow() > 1000);
    collector.stop();
    QVERIFY(!collector.isCapturing());
    const CaptureCounts counts = collector.counts();
    QCOMPARE(counts.emitted, counts.captured + counts.dropped);
    QCOMPARE(store.endRow(), counts.captured);
    enough = true;
    client.join();
    QCOMPARE(collector.counts(), counts);
}

void TestTrafficCollector::clearCountsFromZeroWhileTheCaptureGoesOn()
{
    BusyServer busy;
    FrameStore store;
    TrafficCollector collector(store);
    collector.start(busy.server.tap());
    busy.client(100).join();
    QTRY_VERIFY(busy.server.connections().empty()); // what it sent last, a release, wants no answer
    QTRY_COMPARE(collector.counts().lag(), 0U);
    QVERIFY(collector.counts().captured >= 200);
    collector.clear();
    QCOMPARE(collector.counts(), CaptureCounts());
    QVERIFY(store.snapshot().isEmpty());
    busy.client(10).join();
    collector.stop();
    const CaptureCounts counts = collector.counts();
    QCOMPARE(counts.emitted, counts.captured + counts.dropped);
    QCOMPARE(store.endRow(), counts.captured);
    QVERIFY(counts.captured >= 20 && counts.captured < 100);
}

void TestTrafficCollector::aSecondCaptureContinuesTheCounts()
{
    BusyServer busy;
    FrameStore store;
    TrafficCollector collector(store);
    QSignalSpy capturing(&collector, &TrafficCollector::capturingChanged);
    collector.start(busy.server.tap());
    busy.client(10).join();
    collector.stop();
    const std::uint64_t first = collector.counts().captured;
    busy.client(10).join(); // nobody watches
    collector.start(busy.server.tap());
    busy.client(10).join();
    collector.stop();
    QCOMPARE(capturing.count(), 4);
    const CaptureCounts counts = collector.counts();
    QCOMPARE(counts.emitted, counts.captured);
    QVERIFY(counts.captured >= first + 20);
    QCOMPARE(store.counters().lost, 0U);
}

QTEST_GUILESS_MAIN(TestTrafficCollector)
#include "test_traffic_collector.moc"
