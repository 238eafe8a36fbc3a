// SPDX-License-Identifier: BSD-3-Clause
#include "memory/region.h"
#include "memory/sealed_memory.h"
#include "memory_bytes.h"

#include <decoy/copy_bytes.h>
#include <decoy/error.h>
#include <decoy/shared_memory.h>

#include <QTest>

#include <array>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace decoy;
using decoy::test::duplicate;
using decoy::test::pattern;
using memory::Region;

/// Memory that is shared with somebody who may be anybody.
class TestMemory : public QObject {
    Q_OBJECT

private slots:
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
    void bytesArriveWholeWhereverTheyLie();
};

namespace {

constexpr std::size_t page = 4096;

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

QTEST_GUILESS_MAIN(TestMemory)
#include "test_memory.moc"
