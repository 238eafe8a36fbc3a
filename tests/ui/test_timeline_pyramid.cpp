// SPDX-License-Identifier: GPL-3.0-or-later
// What the timeline is painted from: sums over any span against a plain walk over all calls, however the frames came.
#include "timeline_traffic.h"

#include "trace/timeline_builder.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <random>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

std::shared_ptr<const TimelineSnapshot> pyramidOf(const FrameStore &store)
{
    TimelinePyramid pyramid;
    pyramid.follow(store.snapshot(), store.endRow());
    return pyramid.snapshot();
}

/// Compares every column of every lane with a plain walk over all calls.
void compareColumns(const TimelineSnapshot &timeline, const TimelineTraffic &traffic, std::int64_t span)
{
    constexpr int columns = 40;
    for (const TimelineLane &lane : timeline.lanes) {
        for (std::int64_t start : {std::int64_t(0), traffic.now() / 3, traffic.now() - span / 2}) {
            for (int column = 0; column < columns; ++column) {
                const std::int64_t from = start + span * column / columns;
                const std::int64_t to = start + span * (column + 1) / columns;
                QVERIFY2(lane.summary(from, to) == traffic.bruteForce(lane.key().connection, from, to),
                         qPrintable(u"%1 to %2"_s.arg(from).arg(to)));
            }
        }
    }
}

} // namespace

class TestTimelinePyramid : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySpanIsSummedAsAWalkOverAllCallsWouldSumIt()
    {
        std::mt19937 random(7);
        TimelineTraffic traffic;
        traffic.addRandomCalls(20'000, random);
        const auto timeline = pyramidOf(traffic.store);
        QCOMPARE(timeline->lanes.size(), std::size_t(3));
        for (std::int64_t span = 100; span < traffic.now() * 4; span *= 7)
            compareColumns(*timeline, traffic, span);
    }

    void growingByAnyNumberOfFramesGivesTheSamePyramid()
    {
        std::mt19937 random(11);
        TimelineTraffic traffic;
        TimelinePyramid pyramid;
        for (const int count : {1, 1, 14, 1, 239, 17, 3800, 5, 4096, 1000}) {
            traffic.addRandomCalls(count, random);
            while (pyramid.follow(traffic.store.snapshot(), 1000)) {}
            compareColumns(*pyramid.snapshot(), traffic, traffic.now() / 3 + 100);
        }
    }

    void anOldSnapshotStaysAsItWasWhileThePyramidGrows()
    {
        std::mt19937 random(13);
        TimelineTraffic traffic;
        TimelinePyramid pyramid;
        traffic.addRandomCalls(1000, random);
        pyramid.follow(traffic.store.snapshot(), 1000);
        const auto early = pyramid.snapshot();
        const CallSummary before = early->lanes[0].summary(0, traffic.now() + 1);
        traffic.addRandomCalls(10'000, random);
        pyramid.follow(traffic.store.snapshot(), 100'000);
        QVERIFY(early->lanes[0].summary(0, traffic.now() + 1) == before);
        QVERIFY(pyramid.snapshot()->lanes[0].summary(0, traffic.now() + 1).count > before.count);
    }

    void clearingTheStoreStartsANewPyramid()
    {
        std::mt19937 random(17);
        TimelineTraffic traffic;
        TimelinePyramid pyramid;
        traffic.addRandomCalls(500, random);
        pyramid.follow(traffic.store.snapshot(), 1000);
        traffic.store.clear();
        pyramid.follow(traffic.store.snapshot(), 1000);
        QVERIFY(pyramid.snapshot()->isEmpty());
        QVERIFY(pyramid.snapshot()->overview.buckets().empty());
        traffic.call(9, 100, 200);
        pyramid.follow(traffic.store.snapshot(), 1000);
        QCOMPARE(pyramid.snapshot()->lanes.size(), std::size_t(1));
        QCOMPARE(pyramid.snapshot()->lanes[0].summary(0, 1000).count, 1U);
    }

    void whatTheStoreDiscardsLeavesThePyramidToo()
    {
        std::mt19937 random(19);
        TimelineTraffic traffic({.memoryCap = 1024 * 1024, .chunkRows = 1024, .chunkBytes = 64 * 1024});
        TimelinePyramid pyramid;
        traffic.call(77, 0, 5); // a client that calls once
        traffic.addRandomCalls(60'000, random);
        while (pyramid.follow(traffic.store.snapshot(), 4096)) {}
        const FrameSnapshot kept = traffic.store.snapshot();
        QVERIFY(kept.firstRow() > 10'000);
        const auto timeline = pyramid.snapshot();
        QCOMPARE(timeline->lanes.size(), std::size_t(3));
        for (const TimelineLane &lane : timeline->lanes) {
            const CallSummary all = lane.summary(0, traffic.now() + 1);
            QVERIFY(all.count < 3 * TimelineSegment::largest + kept.size());
            const std::int64_t from = kept.event(kept.firstRow()).time;
            QVERIFY(lane.summary(from, traffic.now() + 1)
                    == traffic.bruteForce(lane.key().connection, from, traffic.now() + 1));
        }
    }

    void requestsWithoutAResultAreOpenUntilTheyHaveOne()
    {
        TimelineTraffic traffic;
        const Row row = traffic.request(1, 10 * ms, 2);
        auto timeline = pyramidOf(traffic.store);
        QCOMPARE(timeline->lanes[0].open().size(), std::size_t(1));
        QCOMPARE(timeline->lanes[0].open()[0].row, row);
        QVERIFY(timeline->lanes[0].isBusyThroughout(11 * ms, 12 * ms));
        traffic.result(1, traffic.lastCall(), 10 * ms, 30 * ms, 2);
        timeline = pyramidOf(traffic.store);
        QVERIFY(timeline->lanes[0].open().empty());
        QVERIFY(timeline->lanes[0].isBusyThroughout(11 * ms, 12 * ms));
        QVERIFY(!timeline->lanes[0].isBusyThroughout(11 * ms, 31 * ms));
        QVERIFY(!timeline->lanes[0].isBusyThroughout(9 * ms, 12 * ms));
    }

    void aPeerThatNeverGetsAnswersCostsBoundedMemory()
    {
        TimelineTraffic traffic;
        for (int i = 0; i < 10'000; ++i)
            traffic.request(1, i);
        const auto timeline = pyramidOf(traffic.store);
        QCOMPARE(timeline->lanes[0].open().size(), TimelinePyramid::openCallsShown);
    }

    void theNearestCallIsTheInnermostOneThatRuns()
    {
        TimelineTraffic traffic;
        const Row inner = traffic.call(1, 30 * ms, 40 * ms);
        const Row outer = traffic.call(1, 10 * ms, 90 * ms);
        const auto timeline = pyramidOf(traffic.store);
        const TimelineLane &lane = timeline->lanes[0];
        QCOMPARE(lane.nearest(35 * ms)->row, inner);
        QCOMPARE(lane.nearest(60 * ms)->row, outer);
        QCOMPARE(lane.nearest(0)->row, outer);
        QCOMPARE(lane.nearest(500 * ms)->row, outer);
        QCOMPARE(lane.neighbour(inner, 40 * ms, 1)->row, outer);
        QCOMPARE(lane.neighbour(outer, 90 * ms, -1)->row, inner);
        QVERIFY(!lane.neighbour(outer, 90 * ms, 1));
    }

    void theOverviewKeepsItsCountsWhileItsBucketsGrow()
    {
        TimelineOverview overview;
        for (std::int64_t i = 0; i < 5000; ++i)
            overview.add(i * 10 * ms, i % 100 == 0);
        QVERIFY(overview.buckets().size() <= TimelineOverview::mostBuckets);
        std::uint64_t calls = 0;
        std::uint64_t errors = 0;
        for (const TimelineOverview::Bucket &bucket : overview.buckets()) {
            calls += bucket.calls;
            errors += bucket.errors;
        }
        QCOMPARE(calls, 5000U);
        QCOMPARE(errors, 50U);
    }

    void theBuilderPublishesALongCaptureInSteps()
    {
        FrameStore store;
        frames::fill(store, 300'000);
        TimelineBuilder builder;
        const QSignalSpy advanced(&builder, &TimelineBuilder::advanced);
        builder.follow(store.snapshot());
        QTRY_COMPARE(builder.current()->endRow, Row(300'000));
        QTRY_VERIFY(advanced.count() > 0);
        QCOMPARE(builder.current()->lanes[0].total().count, 150'000U);
        store.clear();
        builder.follow(store.snapshot());
        QTRY_COMPARE(builder.current()->generation, store.generation());
        QVERIFY(builder.current()->isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestTimelinePyramid)
#include "test_timeline_pyramid.moc"
