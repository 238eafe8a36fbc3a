// SPDX-License-Identifier: GPL-3.0-or-later
// The filter in the window with real workers, and the way back and forward over filter and selection.
#include "monitor_fixture.h"
#include "own_settings.h"

#include "mainwindow/window_actions.h"
#include "session/frame_filter.h"
#include "session/navigation_stack.h"
#include "session/worker_pool.h"
#include "views/filter_bar.h"
#include "views/filter_edit.h"
#include "views/traffic_view.h"

#include <QAction>
#include <QSignalSpy>
#include <QTest>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

class TestFilterWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void theStackGoesBackAndForward();
    void walkingDownATableIsOneStep();
    void theWindowFiltersRealTraffic();
    void backAndForwardBringSelectionAndFilterBack();

private:
    OwnSettings m_settings;
};

void TestFilterWindow::theStackGoesBackAndForward()
{
    NavigationStack stack;
    QVERIFY(!stack.canGoBack());
    stack.back();
    for (const Row frame : {Row(100), Row(200), Row(300)})
        stack.visit({.frame = frame});
    stack.visit({.frame = 300});
    QSignalSpy asked(&stack, &NavigationStack::placeRequested);
    stack.back();
    stack.back();
    QCOMPARE(stack.current().frame, Row(100));
    QVERIFY(!stack.canGoBack());
    stack.forward();
    QCOMPARE(asked.count(), 3);
    QCOMPARE(asked.last().first().value<NavigationPlace>().frame, Row(200));
    stack.visit({.frame = 200, .filter = u"error"_s}); // another filter is another place, and ends what was ahead
    QVERIFY(!stack.canGoForward());
    stack.back();
    QCOMPARE(stack.current().filter, QString());
    for (Row frame = 0; frame < 100'000; frame += 100)
        stack.visit({.frame = frame});
    int steps = 0;
    for (; stack.canGoBack(); ++steps)
        stack.back();
    QVERIFY(steps < 1000);
}

void TestFilterWindow::walkingDownATableIsOneStep()
{
    NavigationStack stack;
    stack.visit({.frame = 10});
    stack.visit({.frame = 5000});
    for (Row frame = 5001; frame < 5100; ++frame)
        stack.visit({.frame = frame});
    stack.back();
    QCOMPARE(stack.current().frame, Row(10));
    stack.forward();
    QCOMPARE(stack.current().frame, Row(5099));
}

void TestFilterWindow::theWindowFiltersRealTraffic()
{
    DemoMonitor monitor;
    monitor.window->actions().startWorker->trigger();
    QTRY_VERIFY(monitor.window->traffic()->frames().size() > 10);
    monitor.window->actions().filter->trigger();
    FilterBar *bar = monitor.window->filterBar();
    bar->edit()->setText(u"process == teller && opcode == EXECUTE"_s);
    bar->apply();
    const ShownRows &shown = monitor.window->traffic()->shownRows();
    QTRY_VERIFY(shown.isFiltered() && shown.size() > 2);
    const FrameSnapshot frames = monitor.window->traffic()->frames();
    for (std::uint64_t index = 0; index < shown.size(); ++index) {
        QCOMPARE(int(frames.event(shown.at(index)).opcode), int(ProxyOpCode::Execute));
        QVERIFY(monitor.session->names().process(frames.event(shown.at(index)).process).startsWith(u"teller"_s));
    }
    const std::uint64_t before = shown.size();
    QTRY_VERIFY(shown.size() > before + 5); // goes on with the capture
    monitor.session->clearFrames();
    QTRY_VERIFY(shown.size() < before);
    QTRY_VERIFY(shown.size() > 0);
    bar->clear();
    QVERIFY(!shown.isFiltered());
}

void TestFilterWindow::backAndForwardBringSelectionAndFilterBack()
{
    DemoMonitor monitor;
    monitor.window->actions().startWorker->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(monitor.session->frames().endRow() > 31, 60'000);
    monitor.session->stopCapture();
    TrafficView *view = monitor.window->traffic();
    view->refresh();
    NavigationStack &navigation = monitor.session->navigation();
    const auto settle = [] { QCoreApplication::processEvents(); };
    settle();
    view->setCurrentRow(2);
    settle();
    view->setCurrentRow(30);
    settle();
    QVERIFY(monitor.session->filter().apply(u"opcode == EXECUTE"_s));
    settle();
    QAction *back = monitor.window->actions().back;
    QAction *forward = monitor.window->actions().forward;
    QVERIFY(back->isEnabled());
    QVERIFY(!forward->isEnabled());
    back->trigger();
    settle();
    QVERIFY(!monitor.session->filter().isActive());
    QVERIFY(monitor.window->filterBar()->edit()->text().isEmpty());
    QCOMPARE(view->currentRow(), Row(30));
    back->trigger();
    settle();
    QCOMPARE(view->currentRow(), Row(2));
    QVERIFY(forward->isEnabled());
    forward->trigger();
    settle();
    forward->trigger();
    settle();
    QCOMPARE(monitor.session->filter().text(), u"opcode == EXECUTE"_s);
    QCOMPARE(monitor.window->filterBar()->edit()->text(), u"opcode == EXECUTE"_s);
    QCOMPARE(navigation.current().frame, Row(30));
    QVERIFY(!forward->isEnabled());
}

QTEST_MAIN(TestFilterWindow)
#include "test_filter_window.moc"
