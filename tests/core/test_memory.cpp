// SPDX-License-Identifier: BSD-3-Clause
#include "memory/ring.h"
#include "memory/sealed_memory.h"

#include <decoy/copy_bytes.h>
#include <decoy/error.h>
#include <decoy/shared_memory.h>

#include <QTest>

#include <array>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <random>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace decoy;
using memory::BrokenPeer;
using memory::Record;
using memory::Region;
using memory::RingReader;
using memory::RingWriter;

/// Memory that is shared with somebody who may be anybody.
class TestMemory : public QObject {
    Q_OBJECT

private slots:
    void whatTheCreatorWritesTheReceiverReads();
    void sealedMemoryCannotBeWrittenByItsReceiver();
    void sealedMemoryCannotBeResizedByAnybody();
    void memoryThatIsNotSealedIsRefused_data();
    void memoryThatIsNotSealedIsRefused();
    void memoryOfAnotherSizeIsRefused();
    void aDescriptorThatIsNoMemoryIsRefused();
    void namedMemoryIsExclusiveAndPrivate();
    void namedMemoryIsUnlinkedByItsOwnerAndByNobodyElse();
    void badNamesAndSizesLeaveNothingBehind();
    void movingHandsTheMemoryOverOnce();

    void aRecordThatWrapsIsStillInOnePiece();
    void aFullRingTakesNothingMoreUntilSomethingIsRead();
    void theWriterIsToldToRingOnlyASleeper();
    void aSleeperIsRungOnceForAllThatItHasNotTaken();
    void aSleeperSeesWhatCameMeanwhile();
    void whoWaitsKnowsWhetherThePeerMayNeedTheSameCore();
    void bytesArriveWholeWhereverTheyLie();
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

constexpr std::size_t page = 4096;

FileDescriptor duplicate(int descriptor) { return FileDescriptor(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)); }

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

std::vector<std::byte> pattern(std::size_t size, unsigned seed)
{
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::byte>(seed + i * 7);
    return bytes;
}

std::vector<std::byte> copyOf(const Record &record) { return {record.frame.begin(), record.frame.end()}; }

bool nameExists(const char *name)
{
    const FileDescriptor descriptor(shm_open(name, O_RDONLY, 0));
    return descriptor.isOpen();
}

} // namespace

void TestMemory::whatTheCreatorWritesTheReceiverReads()
{
    const SharedMemory own = SharedMemory::createSealed(5000);
    QCOMPARE(own.size(), 2 * page);
    const SharedMemory received = SharedMemory::openSealed(duplicate(own.descriptor()), 5000);
    own.writableBytes()[4999] = std::byte{42};
    QCOMPARE(received.bytes()[4999], std::byte{42});
    QVERIFY(received.writableBytes().empty());
}

void TestMemory::sealedMemoryCannotBeWrittenByItsReceiver()
{
    const SharedMemory own = SharedMemory::createSealed(page);
    const FileDescriptor received = duplicate(own.descriptor());
    QCOMPARE(write(received.get(), "x", 1), -1);
    QCOMPARE(mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, received.get(), 0), MAP_FAILED);
    void *readable = mmap(nullptr, page, PROT_READ, MAP_SHARED, received.get(), 0);
    QVERIFY(readable != MAP_FAILED);
    QCOMPARE(mprotect(readable, page, PROT_READ | PROT_WRITE), -1);
    munmap(readable, page);
    // A second descriptor of the same memory is no way around it.
    const FileDescriptor again(open(("/proc/self/fd/" + std::to_string(received.get())).c_str(), O_RDWR | O_CLOEXEC));
    QCOMPARE(mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, again.get(), 0), MAP_FAILED);
}

void TestMemory::sealedMemoryCannotBeResizedByAnybody()
{
    const SharedMemory own = SharedMemory::createSealed(page);
    QCOMPARE(ftruncate(own.descriptor(), 0), -1);
    QCOMPARE(ftruncate(own.descriptor(), 2 * page), -1);
    QCOMPARE(fallocate(own.descriptor(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, page), -1);
    QCOMPARE(fcntl(own.descriptor(), F_ADD_SEALS, F_SEAL_WRITE), -1);
}

void TestMemory::memoryThatIsNotSealedIsRefused_data()
{
    QTest::addColumn<int>("seals");
    QTest::newRow("none") << 0;
    QTest::newRow("may shrink") << (F_SEAL_GROW | F_SEAL_FUTURE_WRITE);
    QTest::newRow("may grow") << (F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE);
    QTest::newRow("may be mapped writable again") << (F_SEAL_SHRINK | F_SEAL_GROW);
}

void TestMemory::memoryThatIsNotSealedIsRefused()
{
    QFETCH(int, seals);
    const FileDescriptor memory = memory::createMemory(page);
    QCOMPARE(fcntl(memory.get(), F_ADD_SEALS, seals), 0);
    QVERIFY_THROWS_EXCEPTION(ProxyError, (void)SharedMemory::openSealed(duplicate(memory.get()), page));
}

void TestMemory::memoryOfAnotherSizeIsRefused()
{
    const SharedMemory own = SharedMemory::createSealed(2 * page);
    QVERIFY_THROWS_EXCEPTION(ProxyError, (void)SharedMemory::openSealed(duplicate(own.descriptor()), page));
    QVERIFY_THROWS_EXCEPTION(ProxyError, (void)SharedMemory::openSealed(duplicate(own.descriptor()), 3 * page));
    QVERIFY_THROWS_EXCEPTION(ProxyError, (void)Region::open(duplicate(own.descriptor()), 64 * 1024));
}

void TestMemory::aDescriptorThatIsNoMemoryIsRefused()
{
    std::array<int, 2> ends{};
    QCOMPARE(pipe(ends.data()), 0);
    const FileDescriptor reading(ends[0]);
    const FileDescriptor writing(ends[1]);
    QVERIFY_THROWS_EXCEPTION(ProxyError, (void)SharedMemory::openSealed(duplicate(reading.get()), page));
    QVERIFY_THROWS_EXCEPTION(ProxyError,
                             (void)SharedMemory::openSealed(FileDescriptor(open("/dev/zero", O_RDWR)), page));
    QVERIFY_THROWS_EXCEPTION(ProxyError, (void)SharedMemory::openSealed(FileDescriptor(), page));
}

void TestMemory::namedMemoryIsExclusiveAndPrivate()
{
    const std::string name = "decoy-test-" + std::to_string(getpid());
    const SharedMemory own = SharedMemory::createNamed(name, 1000);
    QCOMPARE(own.size(), std::size_t{1000});
    QVERIFY_THROWS_EXCEPTION(NameTaken, (void)SharedMemory::createNamed(name, 1000));
    struct stat status = {};
    QCOMPARE(fstat(own.descriptor(), &status), 0);
    QCOMPARE(status.st_mode & 0777, mode_t{0600});
    const SharedMemory other = SharedMemory::openNamed(name);
    QCOMPARE(other.size(), std::size_t{1000});
    other.writableBytes()[999] = std::byte{9};
    QCOMPARE(own.bytes()[999], std::byte{9});
}

void TestMemory::namedMemoryIsUnlinkedByItsOwnerAndByNobodyElse()
{
    const std::string name = "decoy-test-" + std::to_string(getpid());
    const std::string path = "/" + name;
    {
        const SharedMemory own = SharedMemory::createNamed(name, 100);
        SharedMemory::openNamed(name).unlink();
        QVERIFY(nameExists(path.c_str()));
    }
    QVERIFY(!nameExists(path.c_str()));
    QVERIFY_THROWS_EXCEPTION(ProxyObjectNotFound, (void)SharedMemory::openNamed(name));
    SharedMemory early = SharedMemory::createNamed(name, 100);
    early.unlink();
    const SharedMemory next = SharedMemory::createNamed(name, 100);
    early = SharedMemory();
    QVERIFY(nameExists(path.c_str()));
}

void TestMemory::badNamesAndSizesLeaveNothingBehind()
{
    QVERIFY_THROWS_EXCEPTION(ArgumentError, (void)SharedMemory::createNamed("", 100));
    QVERIFY_THROWS_EXCEPTION(ArgumentError, (void)SharedMemory::createNamed("a/b", 100));
    QVERIFY_THROWS_EXCEPTION(ArgumentError, (void)SharedMemory::createNamed(std::string("a\0b", 3), 100));
    const std::string name = "decoy-test-" + std::to_string(getpid());
    QVERIFY_THROWS_EXCEPTION(ProxyError, (void)SharedMemory::createNamed(name, 0));
    QVERIFY(!nameExists(("/" + name).c_str()));
    QVERIFY_THROWS_EXCEPTION(ProxyError, (void)SharedMemory::createSealed(0));
}

void TestMemory::movingHandsTheMemoryOverOnce()
{
    SharedMemory first = SharedMemory::createSealed(page);
    first.writableBytes()[0] = std::byte{1};
    SharedMemory second = std::move(first);
    QVERIFY(!first.isOpen()); // NOLINT(bugprone-use-after-move): what is left is the subject
    QVERIFY(first.bytes().empty() && first.writableBytes().empty() && first.descriptor() == -1);
    QCOMPARE(second.bytes()[0], std::byte{1});
    second = SharedMemory();
    QVERIFY(!second.isOpen());
}

void TestMemory::aRecordThatWrapsIsStillInOnePiece()
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

void TestMemory::aFullRingTakesNothingMoreUntilSomethingIsRead()
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

void TestMemory::theWriterIsToldToRingOnlyASleeper()
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

void TestMemory::aSleeperIsRungOnceForAllThatItHasNotTaken()
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

void TestMemory::aSleeperSeesWhatCameMeanwhile()
{
    Ends ends;
    QVERIFY(ends.writer.write({}, {}));
    QVERIFY(!ends.writer.publish());
    QVERIFY(!ends.reader.arm());
    QCOMPARE(ends.theirs.header().sleeping.load(), 0u);
}

void TestMemory::whoWaitsKnowsWhetherThePeerMayNeedTheSameCore()
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
    ends.mine.header().sleeping.store(1); // it may be woken anywhere
    QVERIFY(ends.reader.sharesCore());
}

void TestMemory::bytesArriveWholeWhereverTheyLie()
{
    for (const std::size_t size : {0, 1, 2047, 2048, 2049, 4096, 4120, 10'000}) {
        const auto bytes = pattern(size, 3);
        for (const std::size_t place : {0, 1, 16, 63, 64, 2048}) {
            std::vector<std::byte> to(size + place + 1, std::byte{0xee});
            decoy::detail::copyBytes(to.data() + place, bytes.data(), size);
            QVERIFY(std::equal(bytes.begin(), bytes.end(), to.begin() + static_cast<std::ptrdiff_t>(place)));
            QCOMPARE(to.back(), std::byte{0xee});
        }
        std::vector<std::byte> assigned(77, std::byte{1});
        decoy::detail::assignBytes(assigned, std::span(bytes));
        QVERIFY(assigned == bytes);
    }
}

void TestMemory::theReaderIsToldWhenTheWriterWantsRoom()
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

void TestMemory::anImpossibleWritePositionIsABrokenPeer_data()
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

void TestMemory::anImpossibleWritePositionIsABrokenPeer()
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

void TestMemory::whatIsTakenBeforeItIsPublishedIsNoBreach()
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

void TestMemory::whatOldFramesLeaveBehindIsTakenForNoRecord()
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

void TestMemory::eachRingHasAKeyOfItsOwn() { QVERIFY(Ends().mine.header().key != Ends().mine.header().key); }

void TestMemory::anImpossibleReadPositionIsABrokenPeer_data()
{
    QTest::addColumn<quint64>("position");
    QTest::newRow("ahead of what was written") << quint64{64 * 1024 + 1};
    QTest::newRow("far") << ~quint64{0};
    QTest::newRow("back again") << quint64{16};
}

void TestMemory::anImpossibleReadPositionIsABrokenPeer()
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

void TestMemory::aSizeBeyondTheRingIsABrokenPeer_data()
{
    QTest::addColumn<quint32>("size");
    QTest::newRow("one byte too many") << quint32{64 * 1024 - 23};
    QTest::newRow("the whole ring") << quint32{64 * 1024};
    QTest::newRow("more than the ring") << quint32{64 * 1024 + 1};
    QTest::newRow("what would overflow") << ~quint32{0};
    QTest::newRow("what would overflow after rounding") << quint32(-16);
}

void TestMemory::aSizeBeyondTheRingIsABrokenPeer()
{
    QFETCH(quint32, size);
    Ends ends;
    QVERIFY(ends.writer.write({16, 0, 1}, pattern(16, 1)));
    (void)ends.writer.publish();
    std::memcpy(ends.mine.at(sizeof(decoy::memory::Stamp)), &size, sizeof size);
    QVERIFY_THROWS_EXCEPTION(BrokenPeer, (void)ends.reader.next());
}

void TestMemory::aSizeThatChangesBetweenTwoLooksIsTakenOnce()
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

void TestMemory::aRingIsAQueue()
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

QTEST_GUILESS_MAIN(TestMemory)
#include "test_memory.moc"
