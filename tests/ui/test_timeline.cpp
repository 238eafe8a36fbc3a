// SPDX-License-Identifier: GPL-3.0-or-later
// The timeline as a person reads and moves it.
#include "timeline_traffic.h"

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

/// A timeline as large as in the window.
struct ShownTimeline {
    explicit ShownTimeline(TimelineTraffic &shownTraffic) : traffic(shownTraffic)
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

    TimelineTraffic &traffic;
    FrameNames names;
    TimelineBuilder builder;
    std::unique_ptr<TimelineView> view;
};

} // namespace

class TestTimeline : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QApplication::setPalette(lightPalette()); }

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
        TimelineTraffic traffic;
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
        TimelineTraffic traffic;
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
        TimelineTraffic traffic;
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
        TimelineTraffic traffic;
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
        TimelineTraffic traffic;
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
        TimelineTraffic traffic;
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
        TimelineTraffic traffic;
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
        TimelineTraffic traffic;
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
        TimelineTraffic traffic;
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
        QTRY_COMPARE_WITH_TIMEOUT(view.timeline().endRow, Row(2'000'000),
                                  60'000); // a sanitizer on a busy machine needs many seconds
        view.fit();
        const QImage image = view.viewport()->grab().toImage();
        const QRect row = view.levelRect(0, 0);
        QCOMPARE(image.pixel(row.left() + row.width() / 3, row.top() + 1),
                 chainLevelColour(0, 8, view.palette()).rgb());
    }

    void clearTakesSelectionAndSpanAway()
    {
        TimelineTraffic traffic;
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
        TimelineTraffic traffic;
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
