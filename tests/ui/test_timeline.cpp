// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bytes.h"

#include "theme/theme.h"
#include "trace/frame_names.h"
#include "trace/timeline_builder.h"
#include "views/chain_view.h"
#include "views/timeline_scale.h"
#include "views/timeline_view.h"

#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <random>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Calls of some clients as they may come, and the store that holds their frames.
struct Traffic {
    struct Call {
        std::uint32_t connection = 0;
        std::int64_t start = 0;
        std::int64_t end = 0;
        int level = 0;
        bool failed = false;
        Row row = noRow;
    };

    explicit Traffic(const FrameStoreOptions &options = {}) : store(options) {}

    Row request(std::uint32_t connection, std::int64_t time, int level = 0)
    {
        frames::Event event = frames::request(++m_lastCall);
        fill(event, connection, time, level);
        return append(event);
    }
    Row result(std::uint32_t connection, std::uint64_t call, std::int64_t start, std::int64_t end, int level = 0,
               bool failed = false)
    {
        frames::Event event = frames::answer(call);
        fill(event, connection, end, level);
        event->latency = end - start;
        if (failed)
            event->flags |= FrameEvent::Failed;
        const Row row = append(event);
        calls.push_back({connection, start, end, level, failed, row});
        return row;
    }
    Row call(std::uint32_t connection, std::int64_t start, std::int64_t end, int level = 0, bool failed = false)
    {
        request(connection, start, level);
        return result(connection, m_lastCall, start, end, level, failed);
    }
    /// Calls of a few clients, short and long, one after another by their ends.
    void addRandomCalls(int count, std::mt19937 &random)
    {
        for (int i = 0; i < count; ++i) {
            m_now += std::uniform_int_distribution<std::int64_t>(0, 20'000)(random);
            const bool isLong = random() % 500 == 0;
            const auto latency = static_cast<std::int64_t>(random() % (isLong ? 50'000'000 : 30'000));
            result(static_cast<std::uint32_t>(1 + random() % 3), ++m_lastCall,
                   std::max<std::int64_t>(0, m_now - latency), m_now, static_cast<int>(random() % 5),
                   random() % 20 == 0);
        }
    }
    [[nodiscard]] CallSummary bruteForce(std::uint32_t connection, std::int64_t from, std::int64_t to) const
    {
        CallSummary sum;
        for (const Call &call : calls) {
            if (call.connection == connection && call.end >= from && call.start < to)
                sum.add(TimelineCall{.end = call.end,
                                     .latency = call.end - call.start,
                                     .level = static_cast<std::uint8_t>(call.level),
                                     .failed = call.failed});
        }
        return sum;
    }
    [[nodiscard]] std::uint64_t lastCall() const { return m_lastCall; }
    [[nodiscard]] std::int64_t now() const { return m_now; }

    FrameStore store;
    std::vector<Call> calls;

private:
    static void fill(frames::Event &event, std::uint32_t connection, std::int64_t time, int level)
    {
        event->connection = connection;
        event->process = static_cast<std::int32_t>(4710 + connection);
        event->time = time;
        event->chainLevel = static_cast<std::uint8_t>(level);
    }
    Row append(frames::Event &event)
    {
        event->sequence = store.endRow();
        event.appendTo(store);
        return store.endRow() - 1;
    }

    std::uint64_t m_lastCall = 0;
    std::int64_t m_now = 0;
};

std::shared_ptr<const TimelineSnapshot> pyramidOf(const FrameStore &store)
{
    TimelinePyramid pyramid;
    pyramid.follow(store.snapshot(), store.endRow());
    return pyramid.snapshot();
}

/// Compares every column of every lane with a plain walk over all calls.
void compareColumns(const TimelineSnapshot &timeline, const Traffic &traffic, std::int64_t span)
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

/// A timeline as large as in the window.
struct ShownTimeline {
    explicit ShownTimeline(Traffic &shownTraffic) : traffic(shownTraffic)
    {
        view = std::make_unique<TimelineView>(traffic.store, names, builder);
        view->resize(1000, 600);
        view->show();
        update();
    }
    void update() const
    {
        view->refresh();
        QTRY_COMPARE(view->timeline().endRow, traffic.store.endRow());
        QTRY_COMPARE(view->timeline().generation, traffic.store.generation());
    }
    void press(int key) const { QTest::keyClick(view.get(), static_cast<Qt::Key>(key)); }
    [[nodiscard]] int xOf(std::int64_t time) const
    {
        const QRect lane = view->latencyRect(0);
        return lane.left()
            + static_cast<int>(static_cast<double>(time - view->timeline().origin - view->from()) * lane.width()
                               / static_cast<double>(view->to() - view->from()));
    }
    [[nodiscard]] QPoint at(std::int64_t time, std::size_t lane = 0) const
    {
        return {xOf(time), view->latencyRect(lane).bottom() - 1};
    }
    void click(std::int64_t time, std::size_t lane = 0) const
    {
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, at(time, lane));
    }
    void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton) const
    {
        QTest::mousePress(view->viewport(), button, {}, from);
        QMouseEvent move(QEvent::MouseMove, to, view->viewport()->mapToGlobal(to), button, button, {});
        QCoreApplication::sendEvent(view->viewport(), &move);
        QTest::mouseRelease(view->viewport(), button, {}, to);
    }
    [[nodiscard]] QColor pixel(QPoint position) const
    {
        return view->viewport()->grab().toImage().pixelColor(position);
    }

    Traffic &traffic;
    FrameNames names;
    TimelineBuilder builder;
    std::unique_ptr<TimelineView> view;
};

constexpr std::int64_t ms = 1'000'000;

} // namespace

class TestTimeline : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QApplication::setPalette(lightPalette()); }

    void everySpanIsSummedAsAWalkOverAllCallsWouldSumIt()
    {
        std::mt19937 random(7);
        Traffic traffic;
        traffic.addRandomCalls(20'000, random);
        const auto timeline = pyramidOf(traffic.store);
        QCOMPARE(timeline->lanes.size(), std::size_t(3));
        for (std::int64_t span = 100; span < traffic.now() * 4; span *= 7)
            compareColumns(*timeline, traffic, span);
    }

    void growingByAnyNumberOfFramesGivesTheSamePyramid()
    {
        std::mt19937 random(11);
        Traffic traffic;
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
        Traffic traffic;
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
        Traffic traffic;
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
        Traffic traffic({.memoryCap = 1024 * 1024, .chunkRows = 1024, .chunkBytes = 64 * 1024});
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
        Traffic traffic;
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
        Traffic traffic;
        for (int i = 0; i < 10'000; ++i)
            traffic.request(1, i);
        const auto timeline = pyramidOf(traffic.store);
        QCOMPARE(timeline->lanes[0].open().size(), TimelinePyramid::openCallsShown);
    }

    void theNearestCallIsTheInnermostOneThatRuns()
    {
        Traffic traffic;
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

    void theRulerNamesRoundTimesWithTheirUnits()
    {
        QCOMPARE(rulerText(1250, 50), u"1.25 µs"_s);
        QCOMPARE(rulerText(12 * ms, ms), u"12 ms"_s);
        QCOMPARE(rulerText(12'500 * ms, 100 * ms), u"12.5 s"_s);
        QCOMPARE(rulerText(125'000 * ms, 5'000 * ms), u"2:05 min"_s);
        QCOMPARE(rulerText(7'510'000 * ms, 10'000 * ms), u"2:05:10 h"_s);
        TimelineScale scale;
        scale.setPixels(100, 1000);
        for (std::int64_t span = 1000; span < TimelineScale::longest; span *= 3) {
            scale.setSpan(span, 2 * span);
            const auto ticks = scale.ticks(100);
            QVERIFY(ticks.size() <= 11);
            for (const TimelineScale::Tick &tick : ticks)
                QVERIFY(tick.text.contains(u' '));
        }
    }

    void zoomingKeepsWhatIsAtThePointer()
    {
        TimelineScale scale;
        scale.setPixels(100, 1000);
        scale.setSpan(0, 1'000 * ms);
        const std::int64_t before = scale.time(400);
        scale.zoomAt(400, 8);
        QVERIFY(std::abs(scale.time(400) - before) <= scale.span() / 1000 + 1);
        for (int i = 0; i < 200; ++i)
            scale.zoomAt(400, 2);
        QCOMPARE(scale.span(), TimelineScale::shortest);
        for (int i = 0; i < 200; ++i)
            scale.zoomAt(400, 0.5);
        QCOMPARE(scale.span(), TimelineScale::longest);
    }

    void theNewestCallIsFollowedUntilThePersonMovesAway()
    {
        Traffic traffic;
        traffic.call(1, 0, 20'000 * ms);
        const ShownTimeline shown(traffic);
        QVERIFY(shown.view->to() >= 20'000 * ms);
        shown.press(Qt::Key_A);
        QVERIFY(!shown.view->isFollowing());
        const std::int64_t to = shown.view->to();
        traffic.call(1, 30'000 * ms, 40'000 * ms);
        shown.update();
        QCOMPARE(shown.view->to(), to);
        const auto *jump = shown.view->viewport()->findChild<QPushButton *>();
        QVERIFY(jump->isVisible());
        shown.press(Qt::Key_End);
        QVERIFY(shown.view->isFollowing());
        QVERIFY(shown.view->to() >= 40'000 * ms);
    }

    void theKeyboardZoomsPansAndFits()
    {
        Traffic traffic;
        traffic.call(1, 0, 500 * ms);
        const ShownTimeline shown(traffic);
        shown.press(Qt::Key_F);
        QVERIFY(shown.view->from() <= 0 && shown.view->to() >= 500 * ms && shown.view->to() < 600 * ms);
        const std::int64_t span = shown.view->to() - shown.view->from();
        shown.press(Qt::Key_W);
        QVERIFY(shown.view->to() - shown.view->from() < span);
        shown.press(Qt::Key_S);
        QVERIFY(std::abs(shown.view->to() - shown.view->from() - span) <= 2);
        const std::int64_t from = shown.view->from();
        shown.press(Qt::Key_D);
        QVERIFY(shown.view->from() > from);
        shown.press(Qt::Key_F);
        traffic.call(1, 600 * ms, 5'000 * ms);
        shown.update();
        QVERIFY(shown.view->to() >= 5'000 * ms); // still fitted
    }

    void aClickSelectsTheFrameThatIsNearest()
    {
        Traffic traffic;
        const Row first = traffic.call(1, 100 * ms, 200 * ms);
        const Row second = traffic.call(2, 300 * ms, 400 * ms);
        const ShownTimeline shown(traffic);
        shown.view->fit();
        const QSignalSpy chosen(shown.view.get(), &TimelineView::currentRowChanged);
        shown.click(180 * ms);
        QCOMPARE(shown.view->currentRow(), first);
        shown.click(110 * ms);
        QCOMPARE(shown.view->currentRow(), first - 1); // the request
        shown.click(390 * ms, 1);
        QCOMPARE(shown.view->currentRow(), second);
        QCOMPARE(chosen.count(), 3);
        shown.press(Qt::Key_Comma);
        QCOMPARE(shown.view->currentRow(), second - 1);
        shown.press(Qt::Key_Period);
        QCOMPARE(shown.view->currentRow(), second);
        shown.press(Qt::Key_Up);
        QCOMPARE(shown.view->currentRow(), first);
    }

    void theArrowKeysWalkAlongALane()
    {
        Traffic traffic;
        std::vector<Row> rows;
        for (int i = 0; i < 5; ++i)
            rows.push_back(traffic.call(1, i * 10 * ms, (i * 10 + 5) * ms));
        const ShownTimeline shown(traffic);
        shown.view->setCurrentRow(rows[2]);
        shown.press(Qt::Key_Right);
        QCOMPARE(shown.view->currentRow(), rows[3]);
        shown.press(Qt::Key_Left);
        shown.press(Qt::Key_Left);
        QCOMPARE(shown.view->currentRow(), rows[1]);
    }

    void selectingAFrameElsewhereBringsItsTimeIntoView()
    {
        Traffic traffic;
        const Row early = traffic.call(1, ms, 2 * ms);
        traffic.call(1, 100'000 * ms, 100'001 * ms);
        const ShownTimeline shown(traffic);
        QVERIFY(shown.view->from() > 2 * ms);
        shown.view->setCurrentRow(early);
        QVERIFY(shown.view->from() <= 2 * ms && shown.view->to() >= 2 * ms);
        QVERIFY(shown.view->accessibleDescription().contains(u"frame 2"_s));
        QVERIFY(!shown.view->isFollowing());
    }

    void draggingSelectsASpanThatCanBeFilteredAndZoomedTo()
    {
        Traffic traffic;
        traffic.call(1, 0, 1'000 * ms);
        const ShownTimeline shown(traffic);
        shown.view->showSpan(0, 1'000 * ms);
        const QSignalSpy selected(shown.view.get(), &TimelineView::spanSelected);
        const QSignalSpy filtered(shown.view.get(), &TimelineView::filterRequested);
        shown.drag(shown.at(600 * ms), shown.at(200 * ms));
        QCOMPARE(selected.count(), 1);
        const auto span = shown.view->selectedSpan();
        QVERIFY(span && std::abs(span->first - 200 * ms) < 3 * ms && std::abs(span->second - 600 * ms) < 3 * ms);
        for (QPushButton *button : shown.view->viewport()->findChildren<QPushButton *>()) {
            if (button->text() == u"Filter frames"_s)
                button->click();
        }
        QCOMPARE(filtered.count(), 1);
        const QString filter = filtered[0][0].toString();
        QVERIFY2(filter.startsWith(u"time >= 0."_s) && filter.contains(u"s && time <= 0."_s), qPrintable(filter));
        shown.press(Qt::Key_Return);
        QCOMPARE(shown.view->from(), span->first);
        QCOMPARE(shown.view->to(), span->second);
        QVERIFY(!shown.view->selectedSpan());
    }

    void theOverviewAndTheMiddleButtonMoveTheView()
    {
        Traffic traffic;
        for (int i = 0; i < 100; ++i)
            traffic.call(1, i * 1'000 * ms, (i * 1'000 + 1) * ms);
        const ShownTimeline shown(traffic);
        const QRect lane = shown.view->latencyRect(0);
        QTest::mouseClick(shown.view->viewport(), Qt::LeftButton, {}, QPoint(lane.center().x(), 8));
        QVERIFY(shown.view->from() < 50'000 * ms && shown.view->to() > 50'000 * ms);
        const std::int64_t from = shown.view->from();
        shown.drag(lane.center(), lane.center() + QPoint(-100, 0), Qt::MiddleButton);
        QVERIFY(shown.view->from() > from);
        QVERIFY(!shown.view->selectedSpan());
    }

    void theWheelZoomsAtThePointer()
    {
        Traffic traffic;
        traffic.call(1, 0, 1'000 * ms);
        const ShownTimeline shown(traffic);
        shown.view->showSpan(0, 1'000 * ms);
        const QPoint at = shown.at(250 * ms);
        QWheelEvent wheel(at, shown.view->viewport()->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(shown.view->viewport(), &wheel);
        QVERIFY(shown.view->to() - shown.view->from() < 700 * ms);
        QVERIFY(std::abs(shown.xOf(250 * ms) - at.x()) <= 2);
    }

    void barsLevelsAndErrorsAreDrawnInBothPalettes_data()
    {
        QTest::addColumn<QPalette>("palette");
        QTest::newRow("light") << lightPalette();
        QTest::newRow("dark") << darkPalette();
    }
    void barsLevelsAndErrorsAreDrawnInBothPalettes()
    {
        QFETCH(const QPalette, palette);
        QApplication::setPalette(palette);
        Traffic traffic;
        traffic.call(1, 100 * ms, 300 * ms, 2);
        traffic.call(1, 500 * ms, 700 * ms, 0, true);
        traffic.request(1, 800 * ms);
        traffic.call(2, 0, 1'000 * ms);
        const ShownTimeline shown(traffic);
        shown.view->showSpan(0, 1'000 * ms);
        const QColor base = palette.color(QPalette::Base);
        for (int level = 0; level <= 2; ++level) {
            const QRect row = shown.view->levelRect(0, level);
            QCOMPARE(shown.pixel({shown.xOf(120 * ms), row.center().y()}).rgb(),
                     chainLevelColour(level, 8, palette).rgb());
        }
        QCOMPARE(shown.pixel({shown.xOf(600 * ms), shown.view->levelRect(0, 1).center().y()}), base);
        QVERIFY(shown.pixel(shown.at(200 * ms)) != base);
        QVERIFY(shown.pixel(shown.at(600 * ms)) != shown.pixel(shown.at(200 * ms)));
        // The sign above the failed call, not its colour alone.
        const QImage image = shown.view->viewport()->grab().toImage();
        int signPixels = 0;
        for (int y = shown.view->latencyRect(0).top() - 10; y < shown.view->latencyRect(0).top(); ++y) {
            for (int x = shown.xOf(700 * ms) - 8; x < shown.xOf(700 * ms) + 8; ++x)
                signPixels += qRed(image.pixel(x, y)) - qBlue(image.pixel(x, y)) > 60 ? 1 : 0;
        }
        QVERIFY(signPixels > 0);
    }

    void aMillionCallsArePaintedFromTheirSummaries()
    {
        FrameStore store;
        frames::fill(store, 2'000'000);
        FrameNames names;
        TimelineBuilder builder;
        TimelineView view(store, names, builder);
        view.resize(1000, 400);
        view.show();
        QTRY_COMPARE(view.timeline().lanes.size(), std::size_t(1));
        QTRY_COMPARE(view.timeline().endRow, Row(2'000'000));
        view.fit();
        const QImage image = view.viewport()->grab().toImage();
        const QRect row = view.levelRect(0, 0);
        QCOMPARE(image.pixel(row.left() + row.width() / 3, row.top() + 1),
                 chainLevelColour(0, 8, view.palette()).rgb());
    }

    void clearTakesSelectionAndSpanAway()
    {
        Traffic traffic;
        const Row row = traffic.call(1, 0, 100 * ms);
        const ShownTimeline shown(traffic);
        shown.view->setCurrentRow(row);
        shown.view->showSpan(0, 100 * ms);
        shown.drag(shown.at(10 * ms), shown.at(50 * ms));
        traffic.store.clear();
        shown.update();
        QCOMPARE(shown.view->currentRow(), noRow);
        QVERIFY(!shown.view->selectedSpan());
        QVERIFY(shown.view->isFollowing());
        QVERIFY(shown.view->timeline().isEmpty());
    }

    void aFrozenViewStaysAsItIs()
    {
        Traffic traffic;
        traffic.call(1, 0, 100 * ms);
        const ShownTimeline shown(traffic);
        shown.view->setFrozen(true);
        traffic.call(1, 200 * ms, 300 * ms);
        shown.view->refresh();
        QCOMPARE(shown.view->timeline().endRow, Row(2));
        shown.view->setFrozen(false);
        shown.update();
        QCOMPARE(shown.view->timeline().endRow, Row(4));
    }
};

QTEST_MAIN(TestTimeline)
#include "test_timeline.moc"
