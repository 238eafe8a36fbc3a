// SPDX-License-Identifier: GPL-3.0-or-later
// The one filter narrows the sequence diagram and the timeline as it does the table.
#include "frame_bytes.h"

#include "session/frame_filter.h"
#include "trace/frame_names.h"
#include "trace/timeline_builder.h"
#include "views/sequence_view.h"
#include "views/timeline_view.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::int64_t millisecond = 1'000'000;

/// Frames of two clients, a filter over them, and both diagrams.
struct Diagrams {
    Diagrams()
    {
        QObject::connect(&filter, &FrameFilter::rowsChanged, &sequence, [this] {
            sequence.setMatches(filter.rows());
            timeline.setMatches(filter.rows());
        });
        sequence.resize(1000, 600);
        timeline.resize(1000, 600);
        sequence.show();
        timeline.show();
    }
    /// A request, which is in row() - 1 then; `level` of the chain.
    std::uint64_t ask(std::int32_t client, const std::string &method, int level = 0)
    {
        append(frames::request(++m_calls, method), client, level, 0);
        return m_calls;
    }
    void answer(std::int32_t client, std::uint64_t call, std::int64_t latency = millisecond)
    {
        append(frames::answer(call), client, 0, latency);
    }
    void call(std::int32_t client, const std::string &method, std::int64_t latency = millisecond)
    {
        answer(client, ask(client, method), latency);
    }
    void narrow(const QString &text)
    {
        QVERIFY(filter.apply(text));
        update();
    }
    void update()
    {
        filter.refresh();
        QTRY_VERIFY(!filter.isRunning());
        sequence.refresh();
        timeline.refresh();
        QTRY_COMPARE(timeline.timeline().endRow, store.endRow());
    }
    [[nodiscard]] std::vector<Row> arrows() const
    {
        std::vector<Row> rows;
        for (Row row = 0; row < store.endRow(); ++row) {
            if (!sequence.arrow(row).isNull())
                rows.push_back(row);
        }
        return rows;
    }
    /// How many calls the timeline has, lane by lane.
    [[nodiscard]] std::vector<std::uint64_t> calls() const
    {
        std::vector<std::uint64_t> counts;
        for (const TimelineLane &lane : timeline.timeline().lanes)
            counts.push_back(lane.total().count);
        return counts;
    }

    FrameStore store;
    FrameNames names;
    TimelineBuilder builder;
    FrameFilter filter{store, names};
    SequenceView sequence{store, names, builder};
    TimelineView timeline{store, names, builder};

private:
    void append(frames::Event event, std::int32_t client, int level, std::int64_t latency)
    {
        event->connection = static_cast<std::uint32_t>(client);
        event->process = client;
        event->chainLevel = static_cast<std::uint8_t>(level);
        event->latency = latency;
        event->sequence = store.endRow();
        event->time = static_cast<std::int64_t>(store.endRow() + 1) * 10 * millisecond;
        event.appendTo(store);
    }

    std::uint64_t m_calls = 0;
};

using Counts = std::vector<std::uint64_t>;
using Rows = std::vector<Row>;

} // namespace

class TestNarrowedDiagrams : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onlyMatchingFramesHaveArrowsOneBelowTheOther()
    {
        Diagrams shown;
        shown.call(10, "add");
        shown.call(20, "reset");
        shown.call(10, "add");
        shown.narrow(u"process == 10 && opcode == EXECUTE"_s);
        QCOMPARE(shown.arrows(), (Rows{0, 4}));
        QCOMPARE(shown.sequence.arrow(4).y1() - shown.sequence.arrow(0).y1(), shown.sequence.rowHeight());
        shown.narrow({});
        QCOMPARE(shown.arrows(), (Rows{0, 1, 2, 3, 4, 5}));
    }

    void theKeyboardWalksThroughMatchingFrames()
    {
        Diagrams shown;
        for (int i = 0; i < 3; ++i) {
            shown.call(10, "add");
            shown.call(20, "reset");
        }
        shown.narrow(u"process == 10"_s);
        QTest::keyClick(&shown.sequence, Qt::Key_Home);
        QCOMPARE(shown.sequence.currentRow(), Row(0));
        QTest::keyClick(&shown.sequence, Qt::Key_Down);
        QTest::keyClick(&shown.sequence, Qt::Key_Down);
        QCOMPARE(shown.sequence.currentRow(), Row(4));
        QTest::keyClick(&shown.sequence, Qt::Key_End);
        QCOMPARE(shown.sequence.currentRow(), Row(9));
        QTest::keyClick(&shown.sequence, Qt::Key_Up);
        QCOMPARE(shown.sequence.currentRow(), Row(8));
    }

    void fromAHiddenFrameTheKeysGoToItsNeighbours()
    {
        Diagrams shown;
        shown.call(10, "add");
        shown.call(20, "reset");
        shown.call(10, "add");
        shown.update();
        shown.sequence.setCurrentRow(2);
        shown.narrow(u"process == 10"_s);
        QTest::keyClick(&shown.sequence, Qt::Key_Down);
        QCOMPARE(shown.sequence.currentRow(), Row(4));
        shown.sequence.setCurrentRow(3);
        QTest::keyClick(&shown.sequence, Qt::Key_Up);
        QCOMPARE(shown.sequence.currentRow(), Row(1));
    }

    void framesThatComeLaterAreNarrowedToo()
    {
        Diagrams shown;
        shown.call(10, "add");
        shown.narrow(u"process == 20"_s);
        QCOMPARE(shown.arrows(), Rows());
        shown.call(10, "add");
        shown.call(20, "add");
        shown.update();
        QCOMPARE(shown.arrows(), (Rows{4, 5}));
        QCOMPARE(shown.calls(), (Counts{1}));
    }

    void theTimelineHasTheCallsOfMatchingFramesAndNoOtherLanes()
    {
        Diagrams shown;
        for (int i = 0; i < 5; ++i) {
            shown.call(10, "add");
            shown.call(20, i == 0 ? "add" : "reset");
            shown.call(30, "reset");
        }
        shown.narrow(u"method == \"add\""_s);
        QCOMPARE(shown.calls(), (Counts{5, 1}));
        QCOMPARE(shown.timeline.timeline().processes(), (std::vector<std::int32_t>{10, 20}));
        shown.narrow({});
        QCOMPARE(shown.calls(), (Counts{5, 5, 5}));
    }

    void oneMatchingFrameIsEnoughForACall_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::newRow("its request") << u"opcode == EXECUTE && level == 3"_s;
        QTest::newRow("its result") << u"opcode == RESULT && latency > 5ms"_s;
    }

    void oneMatchingFrameIsEnoughForACall()
    {
        QFETCH(QString, filter);
        Diagrams shown;
        shown.call(10, "add");
        shown.answer(10, shown.ask(10, "add", 3), 7 * millisecond);
        shown.call(10, "add");
        shown.narrow(filter);
        QCOMPARE(shown.calls(), (Counts{1}));
        QCOMPARE(shown.timeline.timeline().lanes[0].total().maxLatency, 7 * millisecond);
    }

    void aCallThatWaitsIsShownIfItMatches()
    {
        Diagrams shown;
        shown.ask(10, "add");
        shown.ask(20, "reset");
        shown.narrow(u"method == \"add\""_s);
        QCOMPARE(shown.timeline.timeline().lanes.size(), std::size_t(1));
        QCOMPARE(shown.timeline.timeline().lanes[0].open().size(), std::size_t(1));
        QCOMPARE(shown.timeline.timeline().lanes[0].open()[0].row, Row(0));
    }

    void anotherFilterReplacesTheFirstThoughItMatchesAsMany()
    {
        Diagrams shown;
        shown.call(10, "add");
        shown.call(20, "reset");
        shown.narrow(u"process == 10"_s);
        QCOMPARE(shown.timeline.timeline().processes(), (std::vector<std::int32_t>{10}));
        QVERIFY(shown.filter.apply(u"process == 20"_s));
        QTRY_COMPARE(shown.timeline.timeline().processes(), (std::vector<std::int32_t>{20}));
        QCOMPARE(shown.calls(), (Counts{1}));
    }

    void theMenuOfAnArrowNarrowsByWhatItSays()
    {
        Diagrams shown;
        shown.call(10, "add");
        shown.update();
        shown.sequence.setCurrentRow(0);
        QSignalSpy opening(&shown.sequence, &SequenceView::contextMenuOpening);
        QSignalSpy wanted(&shown.sequence, &SequenceView::filterRequested);
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(), QPoint());
        QApplication::sendEvent(&shown.sequence, &event);
        QCOMPARE(opening.size(), 1);
        auto *menu = opening[0][0].value<QMenu *>();
        QStringList clauses;
        for (QAction *entry : menu->actions()) {
            if (!entry->menu())
                continue;
            for (QAction *clause : entry->menu()->actions())
                clauses.append(entry->text() + u": "_s + clause->text());
            entry->menu()->actions().first()->trigger();
        }
        QVERIFY2(clauses.contains(u"Show only: process == 10"_s), qPrintable(clauses.join(u'\n')));
        QVERIFY(clauses.contains(u"Hide: opcode == EXECUTE"_s));
        QCOMPARE(wanted.size(), 2);
        QCOMPARE(wanted[0][1].value<FilterMerge>(), FilterMerge::And);
        QCOMPARE(wanted[1][1].value<FilterMerge>(), FilterMerge::Exclude);
        menu->close();
    }

    void bothSayThatNothingMatches()
    {
        Diagrams shown;
        shown.call(10, "add");
        shown.narrow(u"process == 77"_s);
        const auto says = [](const QWidget &view, const QString &text) {
            const QList<QLabel *> labels = view.findChildren<QLabel *>();
            return std::ranges::any_of(
                labels, [&text](const QLabel *label) { return label->isVisible() && label->text().contains(text); });
        };
        QVERIFY(says(shown.sequence, u"No frame matches the filter"_s));
        QVERIFY(says(shown.timeline, u"No call matches the filter"_s));
        shown.narrow({});
        QVERIFY(!says(shown.sequence, u"No frame matches the filter"_s));
        QVERIFY(!says(shown.timeline, u"No call matches the filter"_s));
    }
};

QTEST_MAIN(TestNarrowedDiagrams)
#include "test_narrowed_diagrams.moc"
