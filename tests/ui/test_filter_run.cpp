// SPDX-License-Identifier: GPL-3.0-or-later
// Filters that run in threads of their own: against a plain loop, over a store that grows, and one after the other.
#include "frame_bytes.h"

#include "filter/filter_parser.h"
#include "filter/filter_run.h"
#include "session/frame_filter.h"
#include "trace/frame_names.h"

#include <decoy/proxy_server.h>

#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Chunks that are small, so that there are many.
const FrameStoreOptions smallChunks{.memoryCap = 64 << 20, .chunkRows = 500, .chunkBytes = 64 * 1024};

std::shared_ptr<const FilterPredicate> predicate(const QString &text)
{
    return FilterPredicate::compile(parseFilter(text).expression);
}

/// What a plain loop finds.
std::vector<Row> expected(const FrameSnapshot &frames, const QString &filter, const FrameNames &names = {})
{
    const auto compiled = predicate(filter);
    FilterEvaluator evaluator(*compiled, frames, names);
    std::vector<Row> rows;
    for (Row row = frames.firstRow(); row < frames.endRow(); ++row) {
        if (evaluator.matches(row))
            rows.push_back(row);
    }
    return rows;
}

std::vector<Row> found(const FilterRun &run)
{
    std::vector<Row> rows;
    for (std::uint64_t index = 0; run.rows() && index < run.rows()->size(); ++index)
        rows.push_back(run.rows()->at(index));
    return rows;
}

bool isDone(const FilterRun &run) { return !run.isRunning() && !run.isStarting(); }

/// Calls in which requests, PENDINGs and results are mixed, so that answers come long after their questions.
class Calls {
public:
    void add(FrameStore &store, int count)
    {
        auto writer = store.writer();
        for (int i = 0; i < count; ++i) {
            frames::Event next = event();
            next->sequence = m_sequence++;
            next->time = static_cast<std::int64_t>(m_sequence) * 1000;
            next.appendTo(writer);
        }
    }

private:
    frames::Event event()
    {
        if (m_open.size() < 50 && (m_open.empty() || m_random() % 2 == 0)) {
            m_open.push_back(++m_call);
            return frames::request(m_call, m_random() % 3 == 0 ? "add" : "calc", {static_cast<int>(m_random() % 100)});
        }
        const std::size_t which = m_random() % m_open.size();
        const std::uint64_t call = m_open[which];
        if (m_random() % 5 == 0)
            return frames::stillWorking(call);
        m_open.erase(m_open.begin() + static_cast<std::ptrdiff_t>(which));
        frames::Event answer = frames::answer(call, static_cast<int>(m_random() % 100));
        answer->latency = static_cast<std::int64_t>(m_random() % 10'000'000);
        if (m_random() % 7 == 0)
            answer->flags |= FrameEvent::Failed;
        return answer;
    }

    std::mt19937 m_random{42};
    std::vector<std::uint64_t> m_open;
    std::uint64_t m_call = 0;
    std::uint64_t m_sequence = 0;
};

} // namespace

class TestFilterRun : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void allFiltersFindWhatAPlainLoopFinds_data();
    void allFiltersFindWhatAPlainLoopFinds();
    void aGrowingStoreIsFollowed_data() { allFiltersFindWhatAPlainLoopFinds_data(); }
    void aGrowingStoreIsFollowed();
    void aRequestChangesItsMindWhenItsAnswerComes();
    void theNewestFilterWins();
    void theOldRowsStayUntilTheNewOnesBegin();
    void aFilterThatFindsNothingSaysSoInTheEnd();
    void rowsNearThePersonComeFirst();
    void noFilterShowsAllRowsAgain();
    void clearedFramesAreForgottenAtOnce();
    void discardedFramesAreForgotten();
    void namesThatBecomeKnownAreLookedAtAgain();
    void aFilterThatIsDestroyedWhileItRunsStops();
    void indicesAndRowsOfMatchesBelongTogether();
    void aFrozenFilterLooksAtTheFramesItWasGiven();
    void aFilterThatIsNotUnderstoodChangesNothing();
    void millionsOfFramesAreFilteredWhileTheEventLoopRuns();
};

void TestFilterRun::allFiltersFindWhatAPlainLoopFinds_data()
{
    QTest::addColumn<QString>("filter");
    for (const QString &filter :
         {u"opcode == EXECUTE"_s, u"method == add"_s, u"latency > 5ms"_s, u"error"_s, u"!error && latency < 2ms"_s,
          u"value > 50"_s, u"value ~ 7"_s, u"method ~ /a.d/ || opcode == PENDING"_s, u"!(latency > 1ms)"_s,
          u"frame > 100 && frame < 1000"_s, u"level > 3"_s, u"size > 0"_s})
        QTest::newRow(qPrintable(filter)) << filter;
}

void TestFilterRun::allFiltersFindWhatAPlainLoopFinds()
{
    QFETCH(QString, filter);
    FrameStore store(smallChunks);
    Calls().add(store, 20'000);
    FilterRun run;
    run.setFrames(store.snapshot());
    run.setPredicate(predicate(filter));
    QTRY_VERIFY(isDone(run));
    QCOMPARE(found(run), expected(store.snapshot(), filter));
    QVERIFY(run.rows()->isComplete());
}

void TestFilterRun::aGrowingStoreIsFollowed()
{
    QFETCH(QString, filter);
    FrameStore store(smallChunks);
    Calls calls;
    FilterRun run;
    run.setPredicate(predicate(filter));
    for (int step = 0; step < 60; ++step) {
        calls.add(store, 1 + step * 7 % 400);
        run.setFrames(store.snapshot());
        if (step % 3 == 0) // often while a pass is still running
            QTRY_VERIFY(isDone(run));
        QCoreApplication::processEvents();
    }
    QTRY_VERIFY(isDone(run));
    QCOMPARE(found(run), expected(store.snapshot(), filter));
}

void TestFilterRun::aRequestChangesItsMindWhenItsAnswerComes()
{
    FrameStore store(smallChunks);
    FilterRun slow;
    FilterRun quick;
    slow.setPredicate(predicate(u"latency > 5ms"_s));
    quick.setPredicate(predicate(u"!(latency > 5ms)"_s));
    const auto look = [&] {
        slow.setFrames(store.snapshot());
        quick.setFrames(store.snapshot());
    };
    frames::request(1'000'001).appendTo(store);
    look();
    QTRY_COMPARE(found(quick), std::vector<Row>{0});
    QTRY_VERIFY(isDone(slow));
    QVERIFY(found(slow).empty());

    frames::fill(store, 2000); // chunks between the request and its answer
    look();
    QTRY_VERIFY(isDone(slow) && isDone(quick));
    frames::Event answer = frames::answer(1'000'001);
    answer->latency = 7'000'000;
    answer.appendTo(store);
    look();
    QTRY_COMPARE(found(slow), (std::vector<Row>{0, 2001}));
    QTRY_VERIFY(isDone(quick));
    QCOMPARE(found(quick), expected(store.snapshot(), u"!(latency > 5ms)"_s));
    QCOMPARE(found(quick).front(), Row(1));
}

void TestFilterRun::theNewestFilterWins()
{
    FrameStore store(smallChunks);
    Calls().add(store, 50'000);
    FilterRun run;
    run.setFrames(store.snapshot());
    for (int i = 0; i < 100; ++i) {
        run.setPredicate(predicate(u"frame > %1"_s.arg(i)));
        if (i % 10 == 0)
            QCoreApplication::processEvents();
    }
    run.setPredicate(predicate(u"opcode == PENDING"_s));
    QTRY_VERIFY(isDone(run));
    QCOMPARE(found(run), expected(store.snapshot(), u"opcode == PENDING"_s));
}

void TestFilterRun::theOldRowsStayUntilTheNewOnesBegin()
{
    FrameStore store(smallChunks);
    frames::fill(store, 10'000);
    FilterRun run;
    run.setFrames(store.snapshot());
    run.setPredicate(predicate(u"frame <= 5"_s));
    QTRY_VERIFY(isDone(run));
    const auto before = run.rows();
    QCOMPARE(before->size(), 5U);
    run.setPredicate(predicate(u"frame <= 7"_s));
    QVERIFY(run.isStarting());
    QCOMPARE(run.rows(), before);
    QSignalSpy changed(&run, &FilterRun::rowsChanged);
    QVERIFY(changed.wait());
    QVERIFY(!run.isStarting());
    QCOMPARE(found(run).back(), Row(6)); // the first time that anything changes, there are rows
    QCOMPARE(before->size(), 5U);        // who still holds the old ones still has them
}

void TestFilterRun::aFilterThatFindsNothingSaysSoInTheEnd()
{
    FrameStore store(smallChunks);
    frames::fill(store, 10'000);
    FilterRun run;
    run.setFrames(store.snapshot());
    run.setPredicate(predicate(u"error"_s));
    QTRY_VERIFY(isDone(run));
    QVERIFY(run.rows());
    QCOMPARE(run.rows()->size(), 0U);
    QVERIFY(run.rows()->isComplete());
}

void TestFilterRun::rowsNearThePersonComeFirst()
{
    FrameStore store({.memoryCap = 512 << 20, .chunkRows = 5000, .chunkBytes = 1 << 20});
    frames::fill(store, 400'000);
    for (const Row near : {noRow, Row(200'000), Row(0)}) {
        FilterRun run(1); // with more threads a farther chunk may be done before the nearest
        run.setFrames(store.snapshot());
        QSignalSpy changed(&run, &FilterRun::rowsChanged);
        run.setPredicate(predicate(u"value ~ 5"_s), near);
        QVERIFY(changed.wait());
        QVERIFY(run.rows()->hasSeen(std::min<Row>(near, 399'999)));
        QTRY_VERIFY(isDone(run));
        QCOMPARE(run.rows()->size(), 400'000U);
    }
}

void TestFilterRun::noFilterShowsAllRowsAgain()
{
    FrameStore store(smallChunks);
    frames::fill(store, 1000);
    FilterRun run;
    run.setFrames(store.snapshot());
    run.setPredicate(predicate(u"opcode == EXECUTE"_s));
    QTRY_VERIFY(isDone(run));
    const QSignalSpy changed(&run, &FilterRun::rowsChanged);
    run.setPredicate(nullptr);
    QVERIFY(!run.rows());
    QCOMPARE(changed.count(), 1);
    run.setFrames(store.snapshot());
    QVERIFY(!run.isRunning());
}

void TestFilterRun::clearedFramesAreForgottenAtOnce()
{
    FrameStore store(smallChunks);
    frames::fill(store, 10'000);
    FilterRun run;
    run.setFrames(store.snapshot());
    run.setPredicate(predicate(u"opcode == EXECUTE"_s));
    QTRY_VERIFY(isDone(run));
    run.setPredicate(predicate(u"opcode == RESULT"_s)); // runs while the frames are taken away
    store.clear();
    run.setFrames(store.snapshot());
    QCOMPARE(run.rows()->size(), 0U);
    QCOMPARE(run.rows()->generation(), store.generation());
    frames::fill(store, 100);
    run.setFrames(store.snapshot());
    QTRY_COMPARE(found(run).size(), std::size_t(50));
    QCOMPARE(found(run), expected(store.snapshot(), u"opcode == RESULT"_s));
}

void TestFilterRun::discardedFramesAreForgotten()
{
    FrameStore store({.memoryCap = 256 * 1024, .chunkRows = 200, .chunkBytes = 8 * 1024});
    FilterRun run;
    run.setPredicate(predicate(u"opcode == EXECUTE"_s));
    for (int step = 0; step < 20; ++step) {
        frames::fill(store, 500);
        run.setFrames(store.snapshot());
        QCoreApplication::processEvents();
    }
    QTRY_VERIFY(isDone(run));
    QVERIFY(store.discarded() > 0);
    QCOMPARE(found(run), expected(store.snapshot(), u"opcode == EXECUTE"_s));
}

void TestFilterRun::namesThatBecomeKnownAreLookedAtAgain()
{
    FrameStore store(smallChunks);
    frames::fill(store, 700);
    FrameNames names;
    FilterRun run;
    run.setFrames(store.snapshot());
    run.setNames(names);
    run.setPredicate(predicate(u"type == Counter || process == teller"_s));
    QTRY_VERIFY(isDone(run));
    QCOMPARE(run.rows()->size(), 0U);
    ObjectInfo counter;
    counter.id = 1;
    counter.type = "Counter";
    names.learnObjects({counter});
    run.setNames(names);
    QTRY_COMPARE(run.rows()->size(), 700U);

    run.setPredicate(predicate(u"object == counter"_s));
    QTRY_VERIFY(isDone(run));
    QCOMPARE(run.rows()->size(), 0U);
    counter.name = "counter"; // published later: it is called otherwise now
    names.learnObjects({counter});
    run.setNames(names);
    QTRY_COMPARE(run.rows()->size(), 700U);
}

void TestFilterRun::aFilterThatIsDestroyedWhileItRunsStops()
{
    FrameStore store;
    frames::fill(store, 500'000);
    for (int i = 0; i < 10; ++i) {
        FilterRun run;
        run.setFrames(store.snapshot());
        run.setPredicate(predicate(u"value ~ /nothing at all/"_s));
    }
    QCoreApplication::processEvents(); // what the threads had to say comes to nobody
}

void TestFilterRun::indicesAndRowsOfMatchesBelongTogether()
{
    FrameStore store(smallChunks);
    Calls().add(store, 5000);
    FilterRun run;
    run.setFrames(store.snapshot());
    run.setPredicate(predicate(u"opcode == PENDING"_s));
    QTRY_VERIFY(isDone(run));
    const MatchingRows &rows = *run.rows();
    QVERIFY(rows.size() > 100);
    std::uint64_t before = 0;
    for (Row row = 0; row < 5000; ++row) {
        QCOMPARE(rows.lowerBound(row), before);
        const bool isNext = before < rows.size() && rows.at(before) == row;
        QCOMPARE(rows.contains(row), isNext);
        before += isNext ? 1 : 0;
    }
    QCOMPARE(before, rows.size());
    QCOMPARE(rows.lowerBound(noRow), rows.size());
    QVERIFY(!MatchingRows().contains(0));
}

void TestFilterRun::aFrozenFilterLooksAtTheFramesItWasGiven()
{
    FrameStore store(smallChunks);
    FrameNames names;
    FrameFilter filter(store, names);
    frames::fill(store, 1000);
    filter.freeze(store.snapshot());
    frames::fill(store, 1000);
    filter.refresh();
    QVERIFY(filter.apply(u"opcode == EXECUTE"_s));
    QTRY_VERIFY(filter.rows() && !filter.isRunning());
    QCOMPARE(filter.rows()->size(), 500U);
    filter.thaw();
    QTRY_COMPARE(filter.rows()->size(), 1000U);
}

void TestFilterRun::aFilterThatIsNotUnderstoodChangesNothing()
{
    FrameStore store(smallChunks);
    FrameNames names;
    FrameFilter filter(store, names);
    const QSignalSpy changed(&filter, &FrameFilter::textChanged);
    QVERIFY(filter.apply(u" error "_s));
    QCOMPARE(filter.text(), u"error"_s);
    QVERIFY(!filter.apply(u"error &&"_s));
    QVERIFY(filter.problem());
    QCOMPARE(filter.text(), u"error"_s);
    QVERIFY(filter.isActive());
    filter.clear();
    QVERIFY(!filter.isActive());
    QCOMPARE(changed.count(), 2);
}

void TestFilterRun::millionsOfFramesAreFilteredWhileTheEventLoopRuns()
{
    FrameStore store;
    frames::fill(store, 1'000'000);
    FilterRun run;
    run.setFrames(store.snapshot());
    run.setPredicate(predicate(u"opcode == EXECUTE && method ~ add && call == 499999"_s));
    bool turned = false;
    QMetaObject::invokeMethod(
        &run, [&] { turned = true; }, Qt::QueuedConnection);
    QTRY_VERIFY(turned);
    QTRY_VERIFY_WITH_TIMEOUT(isDone(run), 60'000);
    QCOMPARE(found(run), std::vector<Row>{999'998});
}

QTEST_GUILESS_MAIN(TestFilterRun)
#include "test_filter_run.moc"
