// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bytes.h"

#include "filter/filter_parser.h"
#include "filter/filter_run.h"
#include "trace/frame_store.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <thread>

#include <sys/resource.h>

using namespace decoy::ui;

namespace {

/// Frames whose bytes tell their row.
void fillWithNumbers(FrameStore &store, std::uint64_t count)
{
    auto writer = store.writer();
    const std::uint64_t first = store.endRow();
    for (std::uint64_t row = first; row < first + count; ++row) {
        frames::Event event = row % 2 == 0 ? frames::request(row / 2, "add", {row}) : frames::answer(row / 2, row);
        event->sequence = row;
        event.appendTo(writer);
    }
}

QByteArray expectedBytes(Row row) { return row % 2 == 0 ? frames::execute(1, "add", {row}) : frames::result(1, row); }

bool isWhole(const FrameSnapshot &snapshot, Row row)
{
    const auto bytes = snapshot.bytes(row);
    return QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())) == expectedBytes(row)
        && snapshot.event(row).sequence == row;
}

/// Frames whose bytes or whose call are not what was put in.
std::uint64_t damagedRows(const FrameSnapshot &snapshot)
{
    std::uint64_t damaged = 0;
    for (Row row = snapshot.firstRow(); row < snapshot.endRow(); ++row) {
        const Row partner = snapshot.partner(row);
        const Row other = row % 2 == 0 ? row + 1 : row - 1;
        damaged += !isWhole(snapshot, row) || partner != (snapshot.contains(other) ? other : noRow);
    }
    return damaged;
}

std::uint64_t rowsOnDisk(const FrameSnapshot &snapshot)
{
    std::uint64_t rows = 0;
    for (const auto &chunk : snapshot.chunks())
        rows += chunk->isOnDisk() ? chunk->endRow() - chunk->firstRow() : 0;
    return rows;
}

/// Files, named or not, that this process has mapped from a folder.
int mappedFiles(const QString &folder)
{
    QFile maps(QStringLiteral("/proc/self/maps"));
    if (!maps.open(QIODevice::ReadOnly))
        qFatal("/proc/self/maps cannot be read");
    return static_cast<int>(maps.readAll().count(folder.toUtf8()));
}

/// While it lives, files cannot grow: what this process can do to itself that looks like a full disk.
class FullDisk {
public:
    FullDisk() : m_handler(std::signal(SIGXFSZ, SIG_IGN))
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit none{0, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }

private:
    rlimit m_before = {};
    void (*m_handler)(int);
};

} // namespace

class TestSpill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void framesBeyondTheMemoryCapComeBackFromDiskByteForByte();
    void aSnapshotTakenBeforeStaysWhole();
    void aLateAnswerFindsItsRequestOnDisk();
    void lateAnswersCountAgainstTheMemoryCap();
    void clearGivesTheDiskBack();
    void theFilesHaveNoName();
    void theDiskCapGivesUpTheOldestAndCountsThemExactly();
    void diskIsLeftToOthers();
    void aFolderThatCannotBeMadeIsSaid();
    void aFolderInMemoryIsRefused();
    void aDiskThatBecomesFullIsSaidAndGivenBack();
    void clearTriesADiskAgainThatWasFull();
    void readersSeeWholeFramesWhileChunksMove();
    void aFilterFindsFramesOnDisk();

private:
    [[nodiscard]] FrameStoreOptions options() const
    {
        FrameStoreOptions options;
        options.memoryCap = 64 * 1024;
        options.chunkRows = 100;
        options.chunkBytes = 8192;
        options.spillFolder = m_folder->path().toStdString();
        options.diskReserve = 0;
        return options;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSpill::init()
{
    // Not in /tmp, which is in memory on many systems.
    m_folder = std::make_unique<QTemporaryDir>(QDir::currentPath() + QStringLiteral("/spill-XXXXXX"));
    QVERIFY(m_folder->isValid());
    if (const std::string problem = whyUnfitForFrames(m_folder->path().toStdString()); !problem.empty())
        QSKIP(("The tests' folder cannot hold frames: " + problem).c_str());
}

void TestSpill::framesBeyondTheMemoryCapComeBackFromDiskByteForByte()
{
    FrameStore store(options());
    fillWithNumbers(store, 10'000);
    const FrameSnapshot snapshot = store.snapshot();
    QCOMPARE(snapshot.size(), 10'000U);
    QVERIFY(rowsOnDisk(snapshot) > 5'000);
    QVERIFY(store.memoryUsed() <= options().memoryCap);
    QCOMPARE(store.discarded(), 0U);
    QCOMPARE(store.storage().problem, std::string());
    QCOMPARE(damagedRows(snapshot), 0U);
}

void TestSpill::aSnapshotTakenBeforeStaysWhole()
{
    FrameStore store(options());
    fillWithNumbers(store, 300);
    const FrameSnapshot early = store.snapshot();
    QCOMPARE(rowsOnDisk(early), 0U);
    fillWithNumbers(store, 10'000);
    QVERIFY(store.snapshot().chunks().front()->isOnDisk());
    QVERIFY(!early.chunks().front()->isOnDisk());
    QCOMPARE(damagedRows(early), 0U);
    const FrameSnapshot late = store.snapshot();
    store.clear();
    QCOMPARE(damagedRows(late), 0U);
}

void TestSpill::aLateAnswerFindsItsRequestOnDisk()
{
    FrameStore store(options());
    frames::request(1'000'000).appendTo(store);
    frames::fill(store, 5000);
    QVERIFY(store.snapshot().chunks().front()->isOnDisk());
    QCOMPARE(store.snapshot().partner(0), noRow);
    frames::answer(1'000'000).appendTo(store);
    QCOMPARE(store.snapshot().partner(0), Row(5001));
    QCOMPARE(store.snapshot().partner(5001), Row(0));
}

void TestSpill::lateAnswersCountAgainstTheMemoryCap()
{
    FrameStoreOptions small = options();
    small.memoryCap = 128 * 1024;
    FrameStore store(small);
    constexpr int calls = 2000;
    for (std::uint64_t call = 0; call < calls; ++call)
        frames::request(1'000'000 + call).appendTo(store);
    frames::fill(store, 5000);
    QVERIFY(rowsOnDisk(store.snapshot()) > calls);
    QCOMPARE(store.discarded(), 0U);
    for (std::uint64_t call = 0; call < calls; ++call) // each makes a page of its chunk this process's own
        frames::answer(1'000'000 + call).appendTo(store);
    frames::fill(store, 200);
    QVERIFY(store.memoryUsed() <= small.memoryCap);
    QVERIFY(store.discarded() > 0);
}

void TestSpill::clearGivesTheDiskBack()
{
    FrameStore store(options());
    fillWithNumbers(store, 10'000);
    QVERIFY(store.storage().disk > 0);
    FrameSnapshot last = store.snapshot();
    QVERIFY(mappedFiles(m_folder->path()) > 0);
    store.clear();
    QCOMPARE(store.storage().disk, 0U);
    QCOMPARE(store.storage().memory, 0U);
    last = {};
    QTRY_COMPARE(mappedFiles(m_folder->path()), 0); // in a thread of its own: that takes a while
}

void TestSpill::theFilesHaveNoName()
{
    FrameStore store(options());
    fillWithNumbers(store, 10'000);
    QVERIFY(mappedFiles(m_folder->path()) > 0);
    QVERIFY(QDir(m_folder->path()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot));
}

void TestSpill::theDiskCapGivesUpTheOldestAndCountsThemExactly()
{
    FrameStoreOptions small = options();
    small.diskCap = 100 * 1024;
    FrameStore store(small);
    fillWithNumbers(store, 20'000);
    const FrameSnapshot snapshot = store.snapshot();
    QVERIFY(store.discarded() > 0);
    QCOMPARE(snapshot.size() + store.discarded(), 20'000U);
    QCOMPARE(snapshot.firstRow(), store.discarded());
    QVERIFY(rowsOnDisk(snapshot) > 0);
    QVERIFY(store.storage().disk <= small.diskCap);
    QVERIFY(store.storage().disk > small.diskCap / 2);
    QVERIFY(store.memoryUsed() <= small.memoryCap);
    QCOMPARE(store.storage().problem, std::string()); // nothing is wrong: that is what was asked for
    QCOMPARE(damagedRows(snapshot), 0U);
}

void TestSpill::diskIsLeftToOthers()
{
    FrameStoreOptions modest = options();
    modest.diskReserve = std::uint64_t{1} << 60; // more than any disk has
    FrameStore store(modest);
    fillWithNumbers(store, 10'000);
    QCOMPARE(store.storage().disk, 0U);
    QCOMPARE(store.storage().diskLimit, 0U);
    QVERIFY(store.discarded() > 0);
    QCOMPARE(store.snapshot().size() + store.discarded(), 10'000U);
}

void TestSpill::aFolderThatCannotBeMadeIsSaid()
{
    QFile file(m_folder->filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    FrameStoreOptions hopeless = options();
    hopeless.spillFolder = file.fileName().toStdString() + "/folder";
    FrameStore store(hopeless);
    fillWithNumbers(store, 10'000);
    QVERIFY(store.discarded() > 0);
    QCOMPARE(store.snapshot().size() + store.discarded(), 10'000U);
    const std::string problem = store.storage().problem;
    QVERIFY2(problem.find("Not a directory") != std::string::npos, problem.c_str());
    QVERIFY2(problem.find(hopeless.spillFolder.string()) != std::string::npos, problem.c_str());
}

void TestSpill::aFolderInMemoryIsRefused()
{
    if (!QDir(QStringLiteral("/dev/shm")).exists())
        QSKIP("This system has no /dev/shm");
    const std::string problem = whyUnfitForFrames("/dev/shm");
    QVERIFY2(problem.find("in memory") != std::string::npos, problem.c_str());
}

void TestSpill::aDiskThatBecomesFullIsSaidAndGivenBack()
{
    FrameStore store(options());
    fillWithNumbers(store, 5000);
    QVERIFY(store.storage().disk > 0);
    QCOMPARE(store.discarded(), 0U);
    {
        const FullDisk full;
        fillWithNumbers(store, 5000);
    }
    QVERIFY(!store.storage().problem.empty());
    QCOMPARE(store.storage().disk, 0U);
    QVERIFY(store.discarded() > 0);
    const FrameSnapshot snapshot = store.snapshot();
    QCOMPARE(snapshot.size() + store.discarded(), 10'000U);
    QCOMPARE(damagedRows(snapshot), 0U);
    fillWithNumbers(store, 5000); // a disk that was full is not tried again for every chunk
    QCOMPARE(store.storage().disk, 0U);
}

void TestSpill::clearTriesADiskAgainThatWasFull()
{
    FrameStore store(options());
    {
        const FullDisk full;
        fillWithNumbers(store, 5000);
    }
    QVERIFY(!store.storage().problem.empty());
    store.clear();
    fillWithNumbers(store, 5000);
    QCOMPARE(store.storage().problem, std::string());
    QVERIFY(store.storage().disk > 0);
    QCOMPARE(store.discarded(), 0U);
}

void TestSpill::readersSeeWholeFramesWhileChunksMove()
{
    FrameStoreOptions small = options();
    small.diskCap = 1024 * 1024;
    FrameStore store(small);
    std::atomic<bool> done = false;
    std::thread writer([&] {
        for (int i = 0; i < 300; ++i)
            fillWithNumbers(store, 100);
        done = true;
    });
    std::uint64_t damaged = 0;
    std::uint64_t onDisk = 0;
    while (!done) {
        const FrameSnapshot snapshot = store.snapshot();
        for (Row row = snapshot.firstRow(); row < snapshot.endRow(); row += 97)
            damaged += !isWhole(snapshot, row);
        onDisk += rowsOnDisk(snapshot);
    }
    writer.join();
    QCOMPARE(damaged, 0U);
    QVERIFY(onDisk > 0);
    QVERIFY(store.discarded() > 0);
}

void TestSpill::aFilterFindsFramesOnDisk()
{
    FrameStore store(options());
    fillWithNumbers(store, 10'000);
    FilterRun run(2);
    run.setFrames(store.snapshot());
    run.setPredicate(FilterPredicate::compile(parseFilter(QStringLiteral("opcode == EXECUTE")).expression));
    QTRY_VERIFY(!run.isRunning());
    QCOMPARE(run.rows()->size(), 5000U);
}

QTEST_GUILESS_MAIN(TestSpill)
#include "test_spill.moc"
