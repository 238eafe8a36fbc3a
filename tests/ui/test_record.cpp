// SPDX-License-Identifier: GPL-3.0-or-later
// What is recorded at all: the rules frame by frame, the counts of a real capture, and how the window says it.
#include "frame_bytes.h"
#include "monitor_fixture.h"
#include "own_settings.h"

#include "mainwindow/traffic_chips.h"
#include "mainwindow/window_actions.h"
#include "session/record_settings.h"
#include "trace/record_rules.h"
#include "trace/traffic_collector.h"
#include "views/record_popover.h"
#include "views/traffic_view.h"

#include <decoy/connection.h>

#include <QAbstractButton>
#include <QAction>
#include <QActionGroup>
#include <QCheckBox>
#include <QLabel>
#include <QMenu>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A frame as the filter sees it.
struct Seen {
    FrameEvent event;
    QByteArray bytes;
};

Seen request(ProxyOpCode opcode, std::uint64_t call, std::uint64_t object = 1, const std::string &member = "a")
{
    Seen seen;
    seen.event.opcode = static_cast<std::int8_t>(opcode);
    seen.event.callId = call;
    seen.event.connection = 1;
    seen.event.object = object;
    if (opcode == ProxyOpCode::Execute)
        seen.bytes = frames::execute(object, member, {});
    return seen;
}

Seen response(ProxyOpCode opcode, std::uint64_t call, std::uint64_t object = 1)
{
    Seen seen = request(opcode, call, object);
    seen.event.flags = FrameEvent::FromServer;
    return seen;
}

bool records(RecordFilter &filter, const Seen &seen) { return filter.records(seen.event, frames::view(seen.bytes)); }

RecordRules without(RecordRules::Kind kind)
{
    return {.kinds = static_cast<std::uint8_t>(RecordRules::everyKind & ~kind), .skippedObjects = {}};
}

constexpr auto result = ProxyOpCode::ExecutionResult;

/// What the table says while it has nothing to show.
QStringList emptyTexts(const MainWindow &window)
{
    QStringList texts;
    for (const QLabel *label : window.traffic()->findChildren<QLabel *>()) {
        if (label->isVisible())
            texts += label->text();
    }
    return texts;
}

bool says(const MainWindow &window, const QString &text)
{
    const QStringList texts = emptyTexts(window);
    return std::ranges::any_of(texts, [&text](const QString &one) { return one.contains(text); });
}

/// The first text or button that is given less height than it needs; empty if there is none.
QString squeezed(const QWidget &holder)
{
    for (const auto *label : holder.findChildren<QLabel *>()) {
        if (label->isVisible() && label->height() < label->heightForWidth(label->width()))
            return label->text();
    }
    for (const auto *button : holder.findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->height() < button->minimumSizeHint().height())
            return button->text();
    }
    return {};
}

} // namespace

class TestRecord : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void eachKindIsLeftOutWithItsPendingAndItsResult_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("opcode");
        QTest::addColumn<QString>("member");
        QTest::newRow("gets") << int(RecordRules::Gets) << int(ProxyOpCode::Get) << u"a"_s;
        QTest::newRow("sets") << int(RecordRules::Sets) << int(ProxyOpCode::Set) << u"a"_s;
        QTest::newRow("calls") << int(RecordRules::Calls) << int(ProxyOpCode::Execute) << u"add"_s;
        QTest::newRow("releases") << int(RecordRules::Releases) << int(ProxyOpCode::Execute) << u"__del__"_s;
    }

    void eachKindIsLeftOutWithItsPendingAndItsResult()
    {
        QFETCH(int, kind);
        QFETCH(int, opcode);
        QFETCH(QString, member);
        RecordFilter filter;
        filter.setRules(without(static_cast<RecordRules::Kind>(kind)));
        const Seen left = request(static_cast<ProxyOpCode>(opcode), 1, 1, member.toStdString());
        QVERIFY(!records(filter, left));
        QVERIFY(!records(filter, response(ProxyOpCode::ResponsePending, 1)));
        QVERIFY(!records(filter, response(ProxyOpCode::ResponsePending, 1)));
        QVERIFY(!records(filter, response(result, 1)));
        // And nothing else is.
        const std::vector<Seen> others = {request(ProxyOpCode::Get, 2), request(ProxyOpCode::Set, 3),
                                          request(ProxyOpCode::Execute, 4, 1, "add"),
                                          request(ProxyOpCode::Execute, 5, 1, "__del__")};
        QCOMPARE(std::ranges::count_if(others, [&filter](const Seen &seen) { return records(filter, seen); }), 3);
    }

    void aResultIsRecordedIfItsRequestWasWhateverTheRulesSayByThen()
    {
        RecordFilter filter;
        QVERIFY(records(filter, request(ProxyOpCode::Get, 1)));
        filter.setRules(without(RecordRules::Gets));
        QVERIFY(!records(filter, request(ProxyOpCode::Get, 2)));
        QVERIFY(records(filter, response(result, 1)));
        filter.setRules({});
        QVERIFY(!records(filter, response(result, 2)));
        QVERIFY(records(filter, request(ProxyOpCode::Get, 3)));
        QVERIFY(records(filter, response(result, 3)));
    }

    void onlyThePendingFramesAreLeftOutOfACallThatIsRecorded()
    {
        RecordFilter filter;
        filter.setRules(without(RecordRules::Pending));
        QVERIFY(records(filter, request(ProxyOpCode::Execute, 1)));
        QVERIFY(!records(filter, response(ProxyOpCode::ResponsePending, 1)));
        QVERIFY(records(filter, response(result, 1)));
    }

    void anEditedRequestGoesWithTheOneThatItWasMadeFrom()
    {
        RecordFilter filter;
        filter.setRules({.skippedObjects = {7}});
        Seen edited = request(ProxyOpCode::Execute, 1, 7);
        edited.event.flags = FrameEvent::Edited;
        QVERIFY(!records(filter, request(ProxyOpCode::Execute, 1, 7)));
        QVERIFY(!records(filter, edited));
        QVERIFY(!records(filter, response(result, 1, 7)));
        QVERIFY(records(filter, request(ProxyOpCode::Execute, 2, 8)));
    }

    void aCallIdThatComesAgainAfterALostResultIsANewCall()
    {
        RecordFilter filter;
        filter.setRules(without(RecordRules::Gets));
        QVERIFY(!records(filter, request(ProxyOpCode::Get, 1))); // its result is lost
        QVERIFY(records(filter, request(ProxyOpCode::Set, 1)));
        QVERIFY(records(filter, response(result, 1)));
        QVERIFY(!records(filter, request(ProxyOpCode::Get, 2)));
        filter.beginCapture(); // ids start again
        QVERIFY(records(filter, response(result, 2)));
    }

    void whatIsNoRequestAtAllIsRecordedWhateverItsBytes()
    {
        RecordFilter filter;
        filter.setRules({.kinds = 0, .skippedObjects = {}});
        Seen strange = request(ProxyOpCode::Get, 1);
        strange.event.opcode = 77;
        QVERIFY(records(filter, strange));
        filter.setRules(without(RecordRules::Releases));
        Seen broken = request(ProxyOpCode::Execute, 2);
        for (const QByteArray &bytes : {QByteArray(), QByteArray("\xff\xff\xff\xff\xdd", 5), broken.bytes.left(9)}) {
            broken.bytes = bytes;
            QVERIFY(records(filter, broken));
        }
    }

    void whatIsNotRecordedIsCountedAndNeverTakenForLost()
    {
        DemoMonitor monitor({}, false);
        TrafficCollector &collector = monitor.session->collector();
        monitor.session->record().setRecords(RecordRules::Gets, false);
        {
            const Connection client = decoy::connect(monitor.server.name());
            const Proxy counter = client["counter"];
            for (int i = 0; i < 200; ++i)
                (void)counter.get<std::int64_t>("a");
            (void)counter.call("add", 1);
        }
        QTRY_COMPARE(collector.counts().lag(), 0U);
        collector.stop();
        const CaptureCounts counts = collector.counts();
        QVERIFY(counts.skipped >= 400);
        QCOMPARE(counts.emitted, counts.captured + counts.skipped + counts.dropped);
        QCOMPARE(counts.captured, monitor.session->frames().endRow());
        QCOMPARE(monitor.session->frames().counters().lost, counts.dropped);

        const FrameSnapshot frames = monitor.session->frames().snapshot();
        int adds = 0;
        for (Row row = frames.firstRow(); row < frames.endRow(); ++row) {
            QVERIFY(frames.event(row).opcode != std::int8_t(ProxyOpCode::Get));
            const bool isCall = frames.event(row).opcode == std::int8_t(ProxyOpCode::Execute)
                && !(frames.event(row).flags & FrameEvent::OneWay);
            if (isCall)
                QVERIFY(frames.partner(row) != noRow);
            adds += isCall ? 1 : 0;
        }
        QVERIFY(adds > 0);
        monitor.session->clearFrames();
        QCOMPARE(collector.counts(), CaptureCounts());
    }

    void framesDroppedBesideSkippedOnesAreStillCountedAsLost()
    {
        FrameStore store;
        frames::Event event = frames::request(1);
        auto writer = store.writer();
        event->sequence = 0;
        event.appendTo(writer);
        writer.skip(); // 1
        writer.skip(); // 4, after 2 and 3 were dropped
        event->sequence = 5;
        event.appendTo(writer);
        QCOMPARE(store.counters().lost, 2U);
    }

    void theChoiceIsThereAgainAtTheNextStartAndObjectsAreFoundByName()
    {
        {
            DemoMonitor monitor({}, false);
            RecordSettings &record = monitor.session->record();
            QVERIFY(record.recordsEverything());
            QTRY_VERIFY(monitor.knows(u"counter"_s));
            record.setRecords(RecordRules::Releases, false);
            record.skipObject(monitor.published(u"counter"_s).id, u"counter"_s, true);
            record.skipObject(12345, u"Node #12345"_s, false);
            QCOMPARE(record.exceptions(), u"releases, counter, Node #12345"_s);
        }
        DemoMonitor monitor({}, false);
        RecordSettings &record = monitor.session->record();
        QCOMPARE(record.exceptions(), u"releases, counter"_s);
        QTRY_VERIFY(monitor.knows(u"counter"_s));
        QTRY_VERIFY(!record.recordsObject(monitor.published(u"counter"_s).id));
        QVERIFY(!monitor.session->collector().rules().recordsObject(monitor.published(u"counter"_s).id));
        record.recordObject(u"counter"_s);
        record.setRecords(RecordRules::Releases, true);
        QVERIFY(record.recordsEverything());
        QVERIFY(monitor.session->collector().rules().recordsEverything());
    }

    void theWindowSaysWhyNothingComesAndOneClickRecordsAgain()
    {
        DemoMonitor monitor;
        MainWindow &window = *monitor.window;
        RecordSettings &record = monitor.session->record();
        auto *chips = window.findChild<TrafficChips *>();
        QVERIFY(!chips->isShown(TrafficChips::Skipped));
        for (QAction *action : window.actions().records->actions())
            action->trigger();
        QVERIFY(record.recordsNothing());
        QVERIFY(window.actions().record->isChecked());
        QVERIFY(window.actions().record->toolTip().contains(u"gets, sets, calls, releases, PENDING"_s));
        for (const int width : {1440, 1100}) { // where there is no room for all numbers, this one is there
            window.resize(width, 700);
            QTRY_VERIFY(chips->isVisible() && chips->isShown(TrafficChips::Skipped));
            QVERIFY(chips->isShown(TrafficChips::Dropped));
        }
        monitor.session->clearFrames();
        QTRY_VERIFY(says(window, u"Nothing is recorded"_s));
        (void)decoy::connect(monitor.server.name())["counter"].get<std::int64_t>("a");
        QTRY_VERIFY(monitor.session->collector().counts().skipped > 0);
        QTRY_VERIFY(says(window, u"frames came and were not recorded"_s));
        QTRY_VERIFY(chips->text(TrafficChips::Skipped) != u"0"_s);
        QCOMPARE(monitor.session->collector().counts().dropped, 0U);

        const auto buttons = window.traffic()->findChildren<QToolButton *>();
        const auto again = std::ranges::find_if(buttons, [&window](const QToolButton *button) {
            return button->defaultAction() == window.actions().recordEverything;
        });
        QVERIFY(again != buttons.end());
        (*again)->click();
        QVERIFY(record.recordsEverything());
        QVERIFY(!window.actions().record->isChecked());
        QTRY_VERIFY(says(window, u"See what processes say"_s));
    }

    void theChoiceOpensByKeyboardAndTakesObjectsBack()
    {
        DemoMonitor monitor;
        RecordSettings &record = monitor.session->record();
        QTRY_VERIFY(monitor.knows(u"counter"_s));
        record.skipObject(monitor.published(u"counter"_s).id, u"counter"_s, true);
        monitor.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(monitor.window.get()));
        QTest::keyClick(monitor.window.get(), Qt::Key_R, Qt::ControlModifier);
        auto *popover = monitor.window->findChild<RecordPopover *>();
        QTRY_VERIFY(popover->isVisible());
        const auto boxes = popover->findChildren<QCheckBox *>();
        QCOMPARE(boxes.size(), 8);
        QVERIFY(boxes.front()->hasFocus());
        QTest::keyClick(boxes.front(), Qt::Key_Space);
        QVERIFY(!record.records(RecordRules::Gets));
        QCOMPARE(popover->findChildren<QToolButton *>().size(), 1);
        popover->findChild<QToolButton *>()->click();
        QTRY_VERIFY(record.skippedObjects().empty());
        QTest::keyClick(popover, Qt::Key_Escape);
        QVERIFY(!popover->isVisible());
        const auto timers = popover->findChildren<QTimer *>();
        QVERIFY(!timers.isEmpty() && std::ranges::none_of(timers, &QTimer::isActive)); // what nobody sees costs nothing
        monitor.window->resetLayout();
        QVERIFY(record.recordsEverything());
    }

    void noTextOfTheChoiceIsCutOffHoweverManyObjectsItNames()
    {
        DemoMonitor monitor;
        RecordSettings &record = monitor.session->record();
        monitor.window->actions().record->trigger();
        auto *popover = monitor.window->findChild<RecordPopover *>();
        QTRY_VERIFY(popover->isVisible());
        QCOMPARE(squeezed(*popover), QString());
        for (quint64 id = 100; id < 108; ++id)
            record.skipObject(id, u"thing %1"_s.arg(id), true);
        QCOMPARE(popover->findChildren<QToolButton *>().size(), 6);
        const auto labels = popover->findChildren<QLabel *>();
        QVERIFY(
            std::ranges::any_of(labels, [](const QLabel *label) { return label->text().contains(u"and 2 more"_s); }));
        QTRY_COMPARE(squeezed(*popover), QString());
    }

    void aStoppedCaptureIsNamedAsTheCause()
    {
        DemoMonitor monitor;
        monitor.session->stopCapture();
        monitor.session->clearFrames();
        QTRY_VERIFY(says(*monitor.window, u"The capture is stopped"_s));
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestRecord)
#include "test_record.moc"
