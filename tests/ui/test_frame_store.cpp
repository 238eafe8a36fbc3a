// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bytes.h"

#include "trace/frame_decoder.h"
#include "trace/frame_store.h"
#include "trace/traffic_rates.h"

#include <QTest>

#include <atomic>
#include <random>
#include <thread>

using namespace decoy::ui;
using decoy::FrameEvent;

class TestFrameStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFrameComesBackAsItWasPutIn();
    void chunksEndWhenTheirArenaIsFull();
    void bytesBeyondAWholeArenaAreCutOffAndTheRecordSaysSo();
    void theOldestChunksAreDiscardedAtTheCapAndCountedExactly();
    void aSnapshotKeepsItsFramesWhenTheStoreDiscardsOrClears();
    void aRequestFindsItsPendingAndItsResult();
    void aReleaseWaitsForNoAnswer();
    void callsOfDifferentConnectionsAreKeptApart();
    void callsThatAreNeverAnsweredCostNoMoreThanTheirPlace();
    void aPartnerThatWasDiscardedIsNoPartner();
    void gapsInTheSequenceAreCountedBeforeTheNextFrame();
    void countersTellCallsResultsAndErrorsApart();
    void clearStartsANewGeneration();
    void readersSeeWholeFramesWhileAnotherThreadWrites();
    void ratesAreDifferencesOfCountersOverTime();
    void hostileBytesDecodeToATextAndNeverCrash();
    void aCutFrameSaysWhereItWasCut();
};

void TestFrameStore::aFrameComesBackAsItWasPutIn()
{
    FrameStore store;
    frames::Event event = frames::request(7);
    event->time = 1000;
    event->latency = 42;
    event.appendTo(store);
    const FrameSnapshot snapshot = store.snapshot();
    QCOMPARE(snapshot.size(), 1U);
    QCOMPARE(snapshot.event(0).callId, 7U);
    QCOMPARE(snapshot.event(0).latency, 42);
    QCOMPARE(snapshot.origin(), 1000);
    QCOMPARE(snapshot.bytes(0).size(), snapshot.event(0).size);
    QCOMPARE(decodeFrame(snapshot.event(0), snapshot.bytes(0)).content, QStringLiteral("(5)"));
}

void TestFrameStore::chunksEndWhenTheirArenaIsFull()
{
    FrameStore store({.memoryCap = 1 << 20, .chunkRows = 1000, .chunkBytes = 256});
    frames::fill(store, 300);
    const FrameSnapshot snapshot = store.snapshot();
    QVERIFY(snapshot.chunks().size() > 5);
    for (Row row = 0; row < 300; ++row)
        QCOMPARE(snapshot.event(row).sequence, row);
}

void TestFrameStore::bytesBeyondAWholeArenaAreCutOffAndTheRecordSaysSo()
{
    FrameStore store({.memoryCap = 1 << 20, .chunkRows = 10, .chunkBytes = 16});
    frames::request(1, "echo", {std::string(100, 'x')}).appendTo(store);
    const FrameSnapshot snapshot = store.snapshot();
    QCOMPARE(snapshot.bytes(0).size(), 16U);
    QCOMPARE(snapshot.event(0).captured, 16U);
    QVERIFY(snapshot.event(0).flags & FrameEvent::Snapped);
}

void TestFrameStore::theOldestChunksAreDiscardedAtTheCapAndCountedExactly()
{
    const FrameStoreOptions options{.memoryCap = 64 * 1024, .chunkRows = 100, .chunkBytes = 4096};
    FrameStore store(options);
    frames::fill(store, 10'000);
    const FrameSnapshot snapshot = store.snapshot();
    QVERIFY(store.discarded() > 0);
    QCOMPARE(snapshot.endRow(), 10'000U);
    QCOMPARE(snapshot.firstRow(), store.discarded());
    QCOMPARE(snapshot.size() + store.discarded(), 10'000U);
    QVERIFY(store.memoryUsed() <= options.memoryCap);
    QCOMPARE(snapshot.event(snapshot.firstRow()).sequence, snapshot.firstRow());
}

void TestFrameStore::aSnapshotKeepsItsFramesWhenTheStoreDiscardsOrClears()
{
    FrameStore store({.memoryCap = 64 * 1024, .chunkRows = 100, .chunkBytes = 4096});
    frames::fill(store, 50);
    const FrameSnapshot early = store.snapshot();
    frames::fill(store, 10'000);
    store.clear();
    QCOMPARE(early.size(), 50U);
    for (Row row = 0; row < early.endRow(); ++row)
        QCOMPARE(early.event(row).sequence, row);
    QVERIFY(store.snapshot().isEmpty());
}

void TestFrameStore::aRequestFindsItsPendingAndItsResult()
{
    FrameStore store;
    frames::request(1).appendTo(store);      // 0
    frames::request(2).appendTo(store);      // 1
    frames::stillWorking(1).appendTo(store); // 2
    QCOMPARE(store.snapshot().partner(0), Row(2));
    const FrameSnapshot before = store.snapshot();
    frames::answer(2).appendTo(store);   // 3
    frames::answer(1).appendTo(store);   // 4
    QCOMPARE(before.partner(0), Row(2)); // what came later is not in an older snapshot

    const FrameSnapshot snapshot = store.snapshot();
    QCOMPARE(snapshot.partner(0), Row(4));
    QCOMPARE(snapshot.partner(1), Row(3));
    QCOMPARE(snapshot.partner(2), Row(0));
    QCOMPARE(snapshot.partner(4), Row(0));
    QCOMPARE(snapshot.nextInCall(0), Row(2));
    QCOMPARE(snapshot.nextInCall(2), Row(4));
    QCOMPARE(snapshot.previousInCall(4), Row(2));
    QCOMPARE(snapshot.nextInCall(4), noRow);
    QCOMPARE(snapshot.previousInCall(0), noRow);
}

void TestFrameStore::aReleaseWaitsForNoAnswer()
{
    FrameStore store;
    frames::Event release = frames::request(1, "__del__", {});
    release->flags = FrameEvent::OneWay;
    release.appendTo(store);
    frames::answer(1).appendTo(store);
    QCOMPARE(store.snapshot().partner(0), noRow);
    QCOMPARE(store.counters().calls, 0U);
}

void TestFrameStore::callsOfDifferentConnectionsAreKeptApart()
{
    FrameStore store;
    frames::Event one = frames::request(1);
    frames::Event other = frames::request(1);
    other->connection = 2;
    frames::Event answer = frames::answer(1);
    answer->connection = 2;
    one.appendTo(store);
    other.appendTo(store);
    answer.appendTo(store);
    QCOMPARE(store.snapshot().partner(0), noRow);
    QCOMPARE(store.snapshot().partner(1), Row(2));
}

void TestFrameStore::callsThatAreNeverAnsweredCostNoMoreThanTheirPlace()
{
    OpenCalls calls;
    for (std::uint32_t connection = 0; connection < 40; ++connection) {
        for (std::uint64_t call = 0; call < 5000; ++call)
            calls.remember({connection, decoy::Conversation::Call, call}, connection * 5000U + call);
    }
    // The newest are known, whatever was forgotten for them.
    constexpr OpenCalls::Key newest{39, decoy::Conversation::Call, 4999};
    QCOMPARE(calls.find(newest), Row(39 * 5000 + 4999));
    calls.forget(newest);
    QCOMPARE(calls.find(newest), noRow);
}

void TestFrameStore::aPartnerThatWasDiscardedIsNoPartner()
{
    FrameStore store({.memoryCap = 16 * 1024, .chunkRows = 10, .chunkBytes = 1024});
    frames::Event call = frames::request(1'000'000);
    call.appendTo(store);
    frames::fill(store, 1000);
    frames::answer(1'000'000).appendTo(store);
    const FrameSnapshot snapshot = store.snapshot();
    QVERIFY(snapshot.firstRow() > 0);
    QCOMPARE(snapshot.partner(snapshot.endRow() - 1), noRow);
}

void TestFrameStore::gapsInTheSequenceAreCountedBeforeTheNextFrame()
{
    FrameStore store;
    frames::Event event = frames::request(1);
    for (const std::uint64_t sequence : {0U, 1U, 7U, 8U}) {
        event->sequence = sequence;
        event.appendTo(store);
    }
    QCOMPARE(store.snapshot().record(2).lostBefore, 5U);
    QCOMPARE(store.snapshot().record(3).lostBefore, 0U);
    QCOMPARE(store.counters().lost, 5U);

    store.writer().beginCapture(); // another tap counts from 0 again: nothing is lost
    event->sequence = 0;
    event.appendTo(store);
    QCOMPARE(store.counters().lost, 5U);
}

void TestFrameStore::countersTellCallsResultsAndErrorsApart()
{
    FrameStore store;
    frames::request(1).appendTo(store);
    frames::stillWorking(1).appendTo(store);
    frames::Event failure = frames::answer(1);
    failure->flags |= FrameEvent::Failed;
    failure.appendTo(store);
    const TrafficCounters counters = store.counters();
    QCOMPARE(counters.frames, 3U);
    QCOMPARE(counters.calls, 1U);
    QCOMPARE(counters.results, 1U);
    QCOMPARE(counters.errors, 1U);
    QVERIFY(counters.bytes > 20);
}

void TestFrameStore::clearStartsANewGeneration()
{
    FrameStore store;
    frames::fill(store, 10);
    const std::uint64_t generation = store.snapshot().generation();
    store.clear();
    QVERIFY(store.snapshot().generation() != generation);
    QCOMPARE(store.counters(), TrafficCounters());
    QCOMPARE(store.memoryUsed(), std::size_t(0));
    frames::fill(store, 4);
    QCOMPARE(store.snapshot().firstRow(), 0U);
    QCOMPARE(store.snapshot().endRow(), 4U);
}

void TestFrameStore::readersSeeWholeFramesWhileAnotherThreadWrites()
{
    FrameStore store({.memoryCap = 512 * 1024, .chunkRows = 500, .chunkBytes = 16 * 1024});
    std::atomic<bool> done = false;
    std::thread writer([&] {
        for (int i = 0; i < 2000; ++i)
            frames::fill(store, 100);
        done = true;
    });
    std::uint64_t rowsRead = 0;
    bool wasWhole = true;
    while (!done) {
        const FrameSnapshot snapshot = store.snapshot();
        const Row from = std::max(snapshot.firstRow(), snapshot.endRow() - std::min<Row>(snapshot.endRow(), 200));
        for (Row row = from; row < snapshot.endRow(); ++row) {
            const FrameEvent &event = snapshot.event(row);
            const Row partner = snapshot.partner(row);
            wasWhole = wasWhole && event.sequence == row && snapshot.bytes(row).size() == event.size
                && (partner == noRow || snapshot.event(partner).callId == event.callId);
            ++rowsRead;
        }
    }
    writer.join();
    QVERIFY(wasWhole);
    QCOMPARE(store.endRow(), 200'000U);
    QVERIFY(rowsRead > 0);
}

void TestFrameStore::ratesAreDifferencesOfCountersOverTime()
{
    using namespace std::chrono_literals;
    TrafficRates rates;
    const TrafficRates::Clock::time_point start{1h};
    QVERIFY(rates.update({.frames = 100, .calls = 50}, start));
    QVERIFY(!rates.update({.frames = 150, .calls = 75}, start + 100ms));
    QVERIFY(rates.update({.frames = 300, .calls = 150, .errors = 1}, start + 500ms));
    QCOMPARE(rates.framesPerSecond(), 400.0);
    QCOMPARE(rates.callsPerSecond(), 200.0);
    QCOMPARE(rates.errorsPerSecond(), 2.0);
    QVERIFY(rates.update({}, start + 600ms)); // cleared
    QCOMPARE(rates.framesPerSecond(), 0.0);
}

void TestFrameStore::hostileBytesDecodeToATextAndNeverCrash()
{
    std::mt19937 random(20240117); // the same bytes every time
    const QByteArray whole = frames::execute(1, "deposit", {50, std::string("gift"), std::vector<int>{1, 2, 3}});
    for (int round = 0; round < 20'000; ++round) {
        QByteArray bytes = whole;
        for (int change = 0; change < 3; ++change)
            bytes[static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()))] = static_cast<char>(random());
        bytes.truncate(static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size() + 1)));
        FrameEvent event;
        event.opcode = static_cast<std::int8_t>(random());
        event.flags = static_cast<std::uint8_t>(random());
        event.size = round % 2 == 0 ? static_cast<std::uint32_t>(bytes.size()) : static_cast<std::uint32_t>(random());
        const DecodedFrame decoded = decodeFrame(event, frames::view(bytes));
        QVERIFY(decoded.content.size() < 10'000);
    }
}

void TestFrameStore::aCutFrameSaysWhereItWasCut()
{
    FrameStore store;
    frames::Event event = frames::request(1, "echo", {std::string(1000, 'x')});
    event.cutTo(256);
    event.appendTo(store);
    const FrameSnapshot snapshot = store.snapshot();
    const DecodedFrame decoded = decodeFrame(snapshot.event(0), snapshot.bytes(0));
    QVERIFY(decoded.isCut);
    QVERIFY(!decoded.isDamaged);
    QCOMPARE(decoded.member, QStringLiteral("echo"));
    QVERIFY2(decoded.content.endsWith(QStringLiteral("(cut off at 256 bytes)")), qPrintable(decoded.content));
    QVERIFY2(decoded.content.startsWith(QStringLiteral("(\"xxx")), qPrintable(decoded.content));
}

QTEST_GUILESS_MAIN(TestFrameStore)
#include "test_frame_store.moc"
