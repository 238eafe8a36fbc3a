// SPDX-License-Identifier: GPL-3.0-or-later
// Holding requests as a person does it: breakpoints, step and slow motion, with worker processes and commands that really wait.
#include "hold_monitor.h"
#include "own_settings.h"

#include "mainwindow/window_actions.h"
#include "models/held_model.h"
#include "session/traffic_hold.h"
#include "session/worker_pool.h"
#include "trace/frame_lookup.h"
#include "views/breakpoint_bar.h"
#include "views/filter_edit.h"
#include "views/held_panel.h"
#include "views/hold_banner.h"
#include "views/traffic_view.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QActionGroup>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include <algorithm>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

class TestHoldWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void aWorkersCallWaitsAndThePanelNamesIt()
    {
        HoldMonitor monitor;
        const QAbstractItemModelTester tester(monitor.panel().table()->model());
        QVERIFY(monitor.window->hold(u"object == account && member in {deposit, withdraw}"_s));
        const Worker *teller = monitor.session->workers().start(u"teller"_s);
        QTRY_COMPARE(monitor.rows(), 1);
        QCOMPARE(monitor.cell(0, HeldModel::Client), u"teller %1"_s.arg(teller->process()));
        QCOMPARE(monitor.cell(0, HeldModel::Object), u"account"_s);
        QVERIFY(monitor.cell(0, HeldModel::Call).contains(u"memo=\"at the counter\""_s));
        QVERIFY(monitor.window->holdBanner()->isVisible());
        const QString blocked = u"1 request waits: teller %1 is blocked"_s.arg(teller->process());
        QTRY_VERIFY2(monitor.window->holdBanner()->text().contains(blocked),
                     qPrintable(monitor.window->holdBanner()->text()));
        QCOMPARE(monitor.panel().title(), u"Held (1)"_s);
        QVERIFY(teller->isHeld()); // and the panel of workers marks it

        const std::uint64_t first = monitor.hold().waiting().front().id;
        monitor.panel().table()->setFocus();
        QTest::keyClick(monitor.panel().table(), Qt::Key_Return);
        QTRY_VERIFY(monitor.rows() == 1
                    && monitor.hold().waiting().front().id != first); // the worker went on to its next call
    }

    void aHeldRequestIsSelectedInTheTraffic()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        const Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"5"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        const FrameEvent event = monitor.hold().waiting().front().event;
        QTRY_VERIFY(findRequest(monitor.session->frames().snapshot(), event) != noRow);
        const Row row = findRequest(monitor.session->frames().snapshot(), event);
        QVERIFY(monitor.session->frames().snapshot().event(row).flags & FrameEvent::Held);
        // Its client has been told that the server works on it, and so does the table.
        QTRY_VERIFY(monitor.session->frames().snapshot().nextInCall(row) != noRow);
        const FrameSnapshot frames = monitor.session->frames().snapshot();
        QCOMPARE(int(frames.event(frames.nextInCall(row)).opcode), int(ProxyOpCode::ResponsePending));

        for (const Row shown : {row, frames.nextInCall(row)})
            QVERIFY(
                TrafficRow(frames, shown, monitor.session->names()).text(TrafficColumn::Call).contains(u"‖ held"_s));

        monitor.window->activateWindow();
        monitor.panel().table()->setFocus();
        QTRY_VERIFY(monitor.panel().table()->hasFocus());
        monitor.panel().table()->clearSelection();
        monitor.panel().table()->setCurrentIndex({});
        monitor.panel().table()->selectRow(0);
        QCOMPARE(monitor.window->traffic()->currentRow(), row);
    }

    void aStepLetsExactlyOneThrough()
    {
        HoldMonitor monitor;
        monitor.window->actions().step->trigger(); // begins to hold; the first request goes through
        QCOMPARE(monitor.hold().mode(), HoldMode::Step);
        QVERIFY(monitor.hold().isStepDue());
        monitor.hold().setMode(HoldMode::Off);

        QVERIFY(monitor.window->hold(u"method == add"_s));
        const Caller first(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        const Caller second(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        const Caller third(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 3);
        const std::uint64_t next = monitor.hold().waiting()[1].id;
        monitor.window->actions().step->trigger();
        QTRY_COMPARE(monitor.rows(), 2);
        QTRY_VERIFY(first.isDone()); // the oldest
        QCOMPARE(monitor.hold().waiting().front().id, next);
        QVERIFY(!second.isDone() && !third.isDone());
        monitor.window->actions().step->trigger();
        monitor.window->actions().step->trigger(); // at once: each its own request
        QTRY_VERIFY(second.isDone() && third.isDone());
        QVERIFY(!monitor.hold().isStepDue());

        monitor.window->actions().step->trigger(); // nothing waits: the next that comes goes through, and only that
        const Caller fourth(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_VERIFY(fourth.isDone());
        const Caller fifth(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 1);
    }

    void slowMotionForwardsByItselfAndRestsWhenNothingWaits()
    {
        HoldMonitor monitor;
        monitor.hold().setPace(5);
        monitor.window->actions().slowMotion->trigger();
        QCOMPARE(monitor.hold().mode(), HoldMode::SlowMotion);
        const auto paces = [&] {
            QList<const QTimer *> running;
            for (const QTimer *timer : monitor.hold().findChildren<QTimer *>())
                running += timer->isActive() && !timer->isSingleShot() ? timer : nullptr;
            running.removeAll(nullptr);
            return running.size();
        };
        Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"5"_s});
        QTRY_COMPARE(paces(), 1);
        QTRY_VERIFY(caller.isDone());
        QCOMPARE(caller.output().trimmed(), u"105"_s);
        const auto frames = monitor.session->frames().snapshot();
        int held = 0;
        for (Row row = frames.firstRow(); row < frames.endRow(); ++row)
            held += (frames.event(row).flags & FrameEvent::Held) != 0;
        QVERIFY(held > 0);
        QTRY_COMPARE(paces(), 0);
        QTRY_COMPARE(monitor.rows(), 0);
    }

    void slowMotionKeepsItsPace()
    {
        HoldMonitor monitor;
        monitor.hold().setPace(10);
        monitor.hold().setMode(HoldMode::SlowMotion);
        QElapsedTimer time;
        time.start();
        monitor.session->workers().start(u"climber"_s);
        const auto goneOn = [&] { return monitor.session->frames().counters().results; };
        QTRY_VERIFY(goneOn() >= 10);
        QVERIFY2(time.elapsed() >= 900, "ten calls take ten tenths of a second at least"); // never faster
    }

    void aBreakpointHoldsOnlyWhatMatches()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"value > 10"_s));
        Caller small(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"5"_s});
        QTRY_VERIFY(small.isDone());
        QCOMPARE(small.output().trimmed(), u"105"_s);
        const Caller large(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"50"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        QVERIFY(!large.isDone());
    }

    void anObjectThatWasJustHandedOutMatchesByItsType()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"type == Node && level > 0"_s));
        monitor.session->workers().start(u"climber"_s);
        QTRY_VERIFY(monitor.rows() > 0);
        QVERIFY(monitor.hold().waiting().front().event.chainLevel > 0);
    }

    void leavingTheModeLetsAllGoOn()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        const Caller first(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        const Caller second(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 2);
        monitor.window->actions().hold->trigger(); // off
        QTRY_VERIFY(first.isDone() && second.isDone());
        QCOMPARE(monitor.rows(), 0);
        QVERIFY(!monitor.window->holdBanner()->isVisible());
    }

    void releaseAllGoesOnHolding()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        const Caller first(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        monitor.window->actions().releaseAll->trigger();
        QTRY_VERIFY(first.isDone());
        const Caller second(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 1);
    }

    void theEndOfTheMonitorLetsAllGoOn()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        monitor.window.reset();
        monitor.session.reset();
        QTRY_VERIFY(caller.isDone());
        QCOMPARE(caller.output().trimmed(), u"101"_s);
    }

    void aKilledWorkersRowGoes()
    {
        HoldMonitor monitor;
        const QAbstractItemModelTester tester(monitor.panel().table()->model());
        QVERIFY(monitor.window->hold(u"object == account"_s));
        Worker *teller = monitor.session->workers().start(u"teller"_s);
        QTRY_COMPARE(monitor.rows(), 1);
        teller->kill();
        QTRY_COMPARE(monitor.rows(), 0);
        QTRY_VERIFY2(monitor.window->holdBanner()->text().contains(u"nothing waits"_s),
                     qPrintable(monitor.window->holdBanner()->text()));
    }

    void theTimeLimitForwardsWhatNobodyLooksAt()
    {
        HoldMonitor monitor;
        monitor.panel().breakpoint()->timeout()->setValue(3);
        QVERIFY(monitor.window->hold(u"method == add"_s));
        Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(caller.isDone(), 30'000);
        QCOMPARE(caller.output().trimmed(), u"101"_s);
    }

    void aLongerTimeLimitIsForWhatWaitsToo()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        const Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        const auto goesOn = [&] { return monitor.hold().waiting().front().forwardedAt; };
        const auto before = goesOn();
        monitor.panel().breakpoint()->timeout()->setValue(600);
        QTRY_VERIFY(goesOn() > before + 500'000'000'000);
        const Caller late(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 2);
        const auto limit = [&] {
            const HeldRequest &request = monitor.hold().waiting().back();
            return request.forwardedAt - request.event.time;
        };
        QTRY_VERIFY(limit() > 500'000'000'000);
    }

    void theMonitorsOwnCallsAreNotHeld()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold({}));
        QTRY_VERIFY(monitor.knows(u"counter"_s));
        std::optional<CallOutcome> outcome;
        monitor.session->calls().call(monitor.request(u"counter"_s, "add", {Value(5)}), this,
                                      [&](const CallOutcome &done) { outcome = done; });
        QTRY_VERIFY(outcome.has_value());
        QVERIFY(!outcome->failure);
        QCOMPARE(outcome->value.as<int>(), 105);
        QCOMPARE(monitor.rows(), 0);
        const Caller other(monitor, {u"get"_s, u"counter"_s, u"a"_s}); // but every request of another process is
        QTRY_COMPARE(monitor.rows(), 1);
    }

    void whatNoRequestKnowsIsNoBreakpoint_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("problem");
        QTest::newRow("latency") << u"object == account && latency > 5ms"_s
                                 << u"At 22: a breakpoint cannot ask for latency"_s;
        QTest::newRow("error") << u"!error"_s << u"At 2: a breakpoint cannot ask for error"_s;
        QTest::newRow("frame") << u"frame > 5"_s << u"At 1: a breakpoint cannot ask for frame"_s;
        QTest::newRow("time") << u"(time > 5s)"_s << u"At 2: a breakpoint cannot ask for time"_s;
        QTest::newRow("answer") << u"opcode in {GET, RESULT}"_s << u"At 17: RESULT is an answer"_s;
        QTest::newRow("nonsense") << u"colour == red"_s << u"At 1: “colour” is no field"_s;
    }
    void whatNoRequestKnowsIsNoBreakpoint()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, problem);
        HoldMonitor monitor;
        QVERIFY(!monitor.hold().setBreakpoint(u"method == add"_s));
        QVERIFY(!monitor.window->hold(text));
        QVERIFY2(monitor.status().contains(problem), qPrintable(monitor.status()));
        QVERIFY(!monitor.hold().isOn());
        QVERIFY(!monitor.window->actions().hold->isChecked());
        QCOMPARE(monitor.hold().breakpoint(), u"method == add"_s);
    }

    void callsLikeOneOfTheTableCanBeHeld()
    {
        HoldMonitor monitor;
        Caller caller(monitor, {u"call"_s, u"account"_s, u"deposit"_s, u"5"_s});
        QTRY_VERIFY(caller.isDone());
        QTRY_VERIFY(monitor.knows(u"account"_s));
        QTRY_VERIFY(monitor.window->traffic()->frames().size() > 2);
        const Row last = monitor.window->traffic()->frames().endRow() - 1;
        Row row = last;
        while (row > 0 && int(monitor.window->traffic()->frames().event(row).opcode) != int(ProxyOpCode::Execute))
            --row;
        QMenu menu;
        Q_EMIT monitor.window->traffic()->contextMenuOpening(&menu, row, int(TrafficColumn::Latency));
        QAction *like = nullptr;
        for (QAction *action : menu.actions())
            like = action->text().startsWith(u"Hold calls like this"_s) ? action : like;
        QVERIFY(like);
        like->trigger();
        QVERIFY(monitor.hold().isOn());
        QVERIFY2(monitor.hold().breakpoint().contains(u"method == "_s), qPrintable(monitor.hold().breakpoint()));
    }

    void breakpointAndPaceAreRememberedButNothingIsHeld()
    {
        {
            HoldMonitor monitor;
            QVERIFY(monitor.window->hold(u"method == add"_s));
            monitor.hold().setPace(10);
            monitor.panel().breakpoint()->timeout()->setValue(90);
        }
        const HoldMonitor monitor;
        QVERIFY(!monitor.hold().isOn());
        QCOMPARE(monitor.hold().breakpoint(), u"method == add"_s);
        QCOMPARE(monitor.panel().breakpoint()->edit()->text(), u"method == add"_s);
        QCOMPARE(monitor.hold().pace(), 10);
        QCOMPARE(monitor.panel().breakpoint()->timeout()->value(), 90);
    }

    void somebodyElsesHoldIsSaid()
    {
        HoldMonitor monitor;
        const auto other = monitor.server.hold();
        const QSignalSpy failed(&monitor.hold(), &TrafficHold::failed);
        QVERIFY(!monitor.window->hold({}));
        QCOMPARE(failed.count(), 1);
        QVERIFY(!monitor.window->actions().hold->isChecked());
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestHoldWindow)

#include "test_hold_window.moc"
