// SPDX-License-Identifier: BSD-3-Clause
#include "memory/ring.h"
#include "memory_bytes.h"

#include <decoy/shared_memory.h>

#include <QTest>

#include <climits>
#include <cstring>
#include <deque>
#include <random>
#include <utility>

using namespace decoy;
using decoy::test::duplicate;
using decoy::test::pattern;
using memory::BrokenPeer;
using memory::Record;
using memory::Region;
using memory::RingReader;
using memory::RingWriter;

/// Records in a ring that its other end may have written in any way.
class TestRing : public QObject {
    Q_OBJECT

private slots:
    void aRecordThatWrapsIsStillInOnePiece();
    void aFullRingTakesNothingMoreUntilSomethingIsRead();
    void theWriterIsToldToRingOnlyASleeper();
    void aSleeperIsRungOnceForAllThatItHasNotTaken();
    void aSleeperSeesWhatCameMeanwhile();
    void whoWaitsKnowsWhetherThePeerMayNeedTheSameCore();
    void theReaderIsToldWhenTheWriterWantsRoom();
    void anImpossibleWritePositionIsABrokenPeer_data();
    void anImpossibleWritePositionIsABrokenPeer();
    void whatIsTakenBeforeItIsPublishedIsNoBreach();
    void whatOldFramesLeaveBehindIsTakenForNoRecord();
    void eachRingHasAKeyOfItsOwn();
    void anImpossibleReadPositionIsABrokenPeer_data();
    void anImpossibleReadPositionIsABrokenPeer();
    void aSizeBeyondTheRingIsABrokenPeer_data();
    void aSizeBeyondTheRingIsABrokenPeer();
    void aSizeThatChangesBetweenTwoLooksIsTakenOnce();
    void aRingIsAQueue();
};

namespace {

/// Both ends of one channel's memory, as the two processes map it.
struct Ends {
    explicit Ends(std::size_t ringSize = 64 * 1024)
        : mine(Region::create(ringSize)), theirs(Region::create(ringSize)),
          mineAtPeer(Region::open(duplicate(mine.descriptor()), ringSize)),
          theirsAtMe(Region::open(duplicate(theirs.descriptor()), ringSize)), writer(mine, theirsAtMe),
          reader(theirs, mineAtPeer)
    {}
    Region mine;
    Region theirs;
    Region mineAtPeer;
    Region theirsAtMe;
    RingWriter writer; // I write
    RingReader reader; // the peer reads
};
std::vector<std::byte> copyOf(const Record &record) { return {record.frame.begin(), record.frame.end()}; }

} // namespace

void TestRing::aRecordThatWrapsIsStillInOnePiece()
{
    Ends ends;
    for (unsigned i = 0; i < 100; ++i) { // fifteen times round
        const auto frame = pattern(9'000 + i, i);
        QVERIFY(ends.writer.write({static_cast<std::uint32_t>(frame.size()), 0, i}, frame));
        QVERIFY(!ends.writer.publish());
        const auto record = ends.reader.next();
        QVERIFY(record && record->header.callId == i);
        QCOMPARE(copyOf(*record), frame);
        QVERIFY(!ends.reader.consume(*record));
    }
}

void TestRing::aFullRingTakesNothingMoreUntilSomethingIsRead()
{
    Ends ends;
    const auto frame = pattern(ends.writer.largestFrame(), 3); // four fill it to the last byte
    for (std::uint64_t i = 0; i < 4; ++i)
        QVERIFY(ends.writer.write({static_cast<std::uint32_t>(frame.size()), 0, i}, frame));
    QVERIFY(!ends.writer.write({}, {}));
    (void)ends.writer.publish();
    QVERIFY(!ends.writer.write({}, {}));
    (void)ends.reader.consume(*ends.reader.next());
    QVERIFY(ends.writer.write({static_cast<std::uint32_t>(frame.size()), 0, 4}, frame));
    (void)ends.writer.publish();
    for (std::uint64_t i = 1; i < 5; ++i) {
        const auto record = ends.reader.next();
        QCOMPARE(record.value().header.callId, i);
        QCOMPARE(copyOf(*record), frame);
        (void)ends.reader.consume(*record);
    }
    QVERIFY(!ends.reader.next());
}

void TestRing::theWriterIsToldToRingOnlyASleeper()
{
    Ends ends;
    QVERIFY(ends.writer.write({}, {}));
    QVERIFY(!ends.writer.publish());
    (void)ends.reader.consume(*ends.reader.next());
    QVERIFY(ends.reader.arm());
    QVERIFY(ends.writer.write({}, {}));
    QVERIFY(ends.writer.publish());
    ends.reader.disarm();
    QVERIFY(ends.writer.write({}, {}));
    QVERIFY(!ends.writer.publish());
}

void TestRing::aSleeperIsRungOnceForAllThatItHasNotTaken()
{
    Ends ends;
    QVERIFY(ends.reader.arm());
    QVERIFY(ends.writer.write({}, {}));
    QVERIFY(ends.writer.publish());
    for (int i = 0; i < 10; ++i) { // it is on its way
        QVERIFY(ends.writer.write({}, {}));
        QVERIFY(!ends.writer.publish());
    }
    while (const auto record = ends.reader.next())
        (void)ends.reader.consume(*record);
    QVERIFY(ends.reader.arm()); // it never disarmed, and sleeps anew
    QVERIFY(ends.writer.write({}, {}));
    QVERIFY(ends.writer.publish());
}

void TestRing::aSleeperSeesWhatCameMeanwhile()
{
    Ends ends;
    QVERIFY(ends.writer.write({}, {}));
    QVERIFY(!ends.writer.publish());
    QVERIFY(!ends.reader.arm());
    QCOMPARE(ends.theirs.header().sleeping.load(), 0u);
}

void TestRing::whoWaitsKnowsWhetherThePeerMayNeedTheSameCore()
{
    Ends ends;
    RingReader other(ends.mine, ends.theirsAtMe); // reads what the peer writes, and says so in my region
    const auto here = [&] {                       // this thread may be moved between two looks
        for (int i = 0; i < 1000; ++i) {
            if (ends.reader.sharesCore() && other.sharesCore())
                return true;
        }
        return false;
    };
    (void)other.sharesCore();
    QVERIFY(here());
    ends.mine.header().core.store(~0u);
    QVERIFY(!ends.reader.sharesCore());
    for (const auto &[said, core] :
         {std::pair(0U, -1), std::pair(8U, 7), std::pair(0x80000000U, INT_MAX), std::pair(~0U, -2)}) {
        ends.mine.header().core.store(said);
        QCOMPARE(ends.reader.peerCore(), core);
    }
    ends.mine.header().core.store(~0u);
    ends.mine.header().sleeping.store(1); // it may be woken anywhere
    QVERIFY(ends.reader.sharesCore());
}

void TestRing::theReaderIsToldWhenTheWriterWantsRoom()
{
    Ends ends;
    const auto frame = pattern(ends.writer.largestFrame(), 3);
    for (int i = 0; i < 4; ++i)
        QVERIFY(ends.writer.write({static_cast<std::uint32_t>(frame.size()), 0, 0}, frame));
    (void)ends.writer.publish();
    ends.writer.askForSpace();
    QVERIFY(!ends.writer.hasRoom(frame.size()));
    QVERIFY(ends.reader.consume(*ends.reader.next()));
    QVERIFY(ends.writer.hasRoom(frame.size()));
    ends.writer.stopAskingForSpace();
    QVERIFY(!ends.reader.consume(*ends.reader.next()));
}

void TestRing::anImpossibleWritePositionIsABrokenPeer_data()
{
    QTest::addColumn<quint64>("position");
    QTest::addColumn<bool>("expectsMany");
    for (const bool many : {false, true}) {
        const char *how = many ? "expecting many" : "expecting one";
        QTest::addRow("a byte, %s", how) << quint64{1} << many;
        QTest::addRow("a record that has no stamp, %s", how) << quint64{64} << many;
        QTest::addRow("more than the ring, %s", how) << quint64{64 * 1024 + 1} << many;
        QTest::addRow("far, %s", how) << ~quint64{0} / 2 << many;
        QTest::addRow("far behind, %s", how) << quint64(-64 * 1024 - 1) << many;
    }
}

void TestRing::anImpossibleWritePositionIsABrokenPeer()
{
    QFETCH(quint64, position);
    QFETCH(bool, expectsMany);
    Ends ends;
    ends.mine.header().produced.store(position);
    ends.reader.expectMany(expectsMany);
    QVERIFY(!ends.reader.arm());
    QVERIFY(ends.reader.hasRecord()); // so that somebody looks
    QVERIFY_THROWS_EXCEPTION(BrokenPeer, (void)ends.reader.next());
}

void TestRing::whatIsTakenBeforeItIsPublishedIsNoBreach()
{
    Ends ends;
    QVERIFY(ends.writer.write({16, 0, 7}, pattern(16, 1)));
    (void)ends.writer.publish();
    ends.mine.header().produced.store(0); // the writer was interrupted between the stamp and this
    (void)ends.reader.consume(*ends.reader.next());
    QVERIFY(ends.reader.arm());
    ends.reader.expectMany(true);
    QVERIFY(!ends.reader.next());
}

void TestRing::whatOldFramesLeaveBehindIsTakenForNoRecord()
{
    Ends ends;
    const std::uint64_t ring = ends.mine.ringSize();
    for (std::uint64_t position = 0; position < 2 * ring; position += 128) {
        std::vector<std::byte> frame(100);
        const std::uint64_t later = position + 64 + ring; // what will stand there in its second line
        std::memcpy(frame.data() + 40, &later, sizeof later);
        QVERIFY(ends.writer.write({100, 0, position}, frame));
        (void)ends.writer.publish();
        QCOMPARE(ends.reader.next().value().header.callId, position);
        (void)ends.reader.consume(*ends.reader.next());
        QVERIFY(!ends.reader.hasRecord());
    }
    QVERIFY(ends.writer.write({}, {})); // from here on records begin at the second lines
    (void)ends.writer.publish();
    (void)ends.reader.consume(*ends.reader.next());
    QVERIFY(!ends.reader.hasRecord());
}

void TestRing::eachRingHasAKeyOfItsOwn() { QVERIFY(Ends().mine.header().key != Ends().mine.header().key); }

void TestRing::anImpossibleReadPositionIsABrokenPeer_data()
{
    QTest::addColumn<quint64>("position");
    QTest::newRow("ahead of what was written") << quint64{64 * 1024 + 1};
    QTest::newRow("far") << ~quint64{0};
    QTest::newRow("back again") << quint64{16};
}

void TestRing::anImpossibleReadPositionIsABrokenPeer()
{
    QFETCH(quint64, position);
    Ends ends;
    const auto frame = pattern(ends.writer.largestFrame(), 3);
    for (int i = 0; i < 4; ++i)
        QVERIFY(ends.writer.write({static_cast<std::uint32_t>(frame.size()), 0, 0}, frame));
    ends.theirs.header().consumed.store(16 * 1024);
    QVERIFY(ends.writer.hasRoom(0)); // believed: 16 KiB were read
    ends.theirs.header().consumed.store(position);
    QVERIFY_THROWS_EXCEPTION(BrokenPeer, (void)ends.writer.hasRoom(frame.size() + 16));
}

void TestRing::aSizeBeyondTheRingIsABrokenPeer_data()
{
    QTest::addColumn<quint32>("size");
    QTest::newRow("one byte too many") << quint32{64 * 1024 - 23};
    QTest::newRow("the whole ring") << quint32{64 * 1024};
    QTest::newRow("more than the ring") << quint32{64 * 1024 + 1};
    QTest::newRow("what would overflow") << ~quint32{0};
    QTest::newRow("what would overflow after rounding") << quint32(-16);
}

void TestRing::aSizeBeyondTheRingIsABrokenPeer()
{
    QFETCH(quint32, size);
    Ends ends;
    QVERIFY(ends.writer.write({16, 0, 1}, pattern(16, 1)));
    (void)ends.writer.publish();
    std::memcpy(ends.mine.at(sizeof(decoy::memory::Stamp)), &size, sizeof size);
    QVERIFY_THROWS_EXCEPTION(BrokenPeer, (void)ends.reader.next());
}

void TestRing::aSizeThatChangesBetweenTwoLooksIsTakenOnce()
{
    Ends ends;
    const auto frame = pattern(1000, 1);
    QVERIFY(ends.writer.write({1000, 0, 1}, frame));
    QVERIFY(ends.writer.write({1000, 0, 2}, frame));
    (void)ends.writer.publish();
    const auto record = ends.reader.next();
    const std::uint32_t later = 60'000;
    std::memcpy(ends.mine.at(sizeof(decoy::memory::Stamp)), &later, sizeof later);
    QCOMPARE(record.value().frame.size(), std::size_t{1000});
    (void)ends.reader.consume(*record); // goes on behind what was first read
    QCOMPARE(ends.reader.next().value().header.callId, std::uint64_t{2});
}

void TestRing::aRingIsAQueue()
{
    Ends ends;
    std::mt19937 random(20260101);
    std::deque<std::pair<std::uint64_t, std::vector<std::byte>>> expected;
    std::deque<std::pair<std::uint64_t, std::vector<std::byte>>> unpublished;
    std::uint64_t next = 0;
    for (int step = 0; step < 50'000; ++step) {
        switch (random() % 3) {
        case 0: {
            auto frame = pattern(random() % (random() % 8 ? 200 : ends.writer.largestFrame() + 1),
                                 static_cast<unsigned>(step));
            if (ends.writer.write({static_cast<std::uint32_t>(frame.size()), 0, next}, frame))
                unpublished.emplace_back(next++, std::move(frame));
            break;
        }
        case 1:
            (void)ends.writer.publish();
            std::ranges::move(unpublished, std::back_inserter(expected));
            unpublished.clear();
            break;
        default: {
            ends.reader.expectMany(random() % 2);
            const auto record = ends.reader.next();
            QCOMPARE(record.has_value(), !expected.empty());
            if (!record)
                break;
            QCOMPARE(record->header.callId, expected.front().first);
            QVERIFY(copyOf(*record) == expected.front().second);
            (void)ends.reader.consume(*record);
            expected.pop_front();
        }
        }
    }
    QVERIFY(next > 5'000);
}

QTEST_GUILESS_MAIN(TestRing)
#include "test_ring.moc"
