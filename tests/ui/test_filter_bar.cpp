// SPDX-License-Identifier: GPL-3.0-or-later
// The filter bar, the table that it filters, and the way back and forward: alone, and in the window with real workers.
#include "frame_bytes.h"
#include "own_settings.h"

#include "mainwindow/main_window.h"
#include "mainwindow/window_actions.h"
#include "session/frame_filter.h"
#include "session/navigation_stack.h"
#include "session/session.h"
#include "session/worker_pool.h"
#include "theme/fonts.h"
#include "theme/theme.h"
#include "trace/frame_names.h"
#include "views/filter_bar.h"
#include "views/filter_candidates.h"
#include "views/filter_edit.h"
#include "views/traffic_view.h"

#include <demo/demo_objects.h>

#include <decoy/proxy_server.h>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

#include <unistd.h>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A bar and a table of stored frames, joined as the window joins them.
struct Filtered {
    explicit Filtered(std::uint64_t frameCount = 0) : filter(store, names)
    {
        frames::fill(store, frameCount);
        names.learnProcess(4711, u"teller"_s);
        bar = new FilterBar(filter, store, names);
        view = new TrafficView(store, names);
        bar->setViewedRow([this] { return view->viewedRow(); });
        auto *layout = new QVBoxLayout(&window);
        layout->addWidget(bar);
        layout->addWidget(view, 1);
        window.resize(1000, 600);
        QObject::connect(&filter, &FrameFilter::rowsChanged, view, [this] { view->setMatches(filter.rows()); });
        QObject::connect(view, &TrafficView::filterRequested, bar, &FilterBar::merge);
        QObject::connect(view, &TrafficView::filterClearRequested, bar, &FilterBar::clear);
        QObject::connect(view, &TrafficView::frozenChanged, &filter,
                         [this](bool frozen) { frozen ? filter.freeze(view->frames()) : filter.thaw(); });
        window.show();
        window.activateWindow();
        view->refresh();
    }
    void add(std::uint64_t count)
    {
        frames::fill(store, count);
        filter.refresh();
        view->refresh();
    }
    void type(const QString &text) const
    {
        bar->activate();
        bar->edit()->clear();
        QTest::keyClicks(bar->edit(), text);
    }
    /// Types a filter and waits until it has run.
    void use(const QString &text)
    {
        type(text);
        bar->edit()->candidates().hide();
        QTest::keyClick(bar->edit(), Qt::Key_Return);
        QTRY_VERIFY(isDone());
    }
    [[nodiscard]] bool isDone() const { return !filter.isRunning() && !filter.isStarting(); }
    [[nodiscard]] std::uint64_t shown() const { return view->shownRows().size(); }
    void press(int key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(view, static_cast<Qt::Key>(key), modifiers);
    }
    [[nodiscard]] QPushButton *notice() const
    {
        for (auto *button : view->viewport()->findChildren<QPushButton *>()) {
            if (button->text().startsWith(u'≠'))
                return button;
        }
        return nullptr;
    }

    FrameStore store;
    FrameNames names;
    FrameFilter filter;
    QWidget window;
    FilterBar *bar = nullptr;
    TrafficView *view = nullptr;
};

/// The open menu's entry that begins so.
QAction *menuAction(const QWidget &view, const QString &begin)
{
    for (const auto *menu : view.findChildren<QMenu *>()) {
        for (QAction *action : menu->actions()) {
            if (action->text().startsWith(begin))
                return action;
        }
    }
    return nullptr;
}

void openMenu(TrafficView &view, TrafficColumn column, int line)
{
    auto *header = view.findChild<QHeaderView *>();
    const QPoint place(header->sectionViewportPosition(static_cast<int>(column)) + 10, line * 24 + 12);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, place);
    QContextMenuEvent event(QContextMenuEvent::Mouse, place, view.viewport()->mapToGlobal(place));
    QApplication::sendEvent(view.viewport(), &event);
}

std::string serverName()
{
    static int number = 0;
    return "filter-test-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
}

/// What main() wires, under a name of its own.
struct Monitor {
    Monitor() : server(serverName())
    {
        objects.publish(server);
        server.run();
        SessionOptions options;
        options.scenarios.push_back({u"teller"_s, u"teller"_s});
        options.workerProgram = QStringLiteral(DECOY_COMMAND);
        session = std::make_unique<Session>(server, options);
        session->startCapture();
        theme = std::make_unique<Theme>(*qApp);
        window = std::make_unique<MainWindow>(*session, *theme);
        window->show();
    }
    ~Monitor()
    {
        window.reset();
        session.reset();
        objects.close();
        server.stop();
    }

    demo::DemoObjects objects;
    ProxyServer server;
    std::unique_ptr<Session> session;
    std::unique_ptr<Theme> theme;
    std::unique_ptr<MainWindow> window;
};

} // namespace

class TestFilterBar : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void enterAppliesWhatIsTyped();
    void aMistakeIsSaidWithItsPositionAndAppliesNothing();
    void stateIsSaidInWordsAndSignsToo();
    void escapeGivesUpWhatWasTyped();
    void candidatesAreChosenByKeyboard();
    void usedFiltersComeBackOnTheArrowKeysAndAfterARestart();
    void bookmarksAreKept();
    void clearShowsAllFramesAgain();

    void onlyMatchingRowsAreShownWithTheirTrueNumbers();
    void newMatchingFramesAreFollowed();
    void theKeyboardWalksThroughMatchingRows();
    void selectionAndCopyTakeMatchingRowsOnly();
    void marksAndGoToWorkWhileFiltered();
    void aSelectedFrameThatIsHiddenIsSaidToBe();
    void whenNothingMatchesTheViewSaysSoAndOffersAWayOut();
    void theSelectedFrameStaysInSightWhenTheFilterGoes();
    void aFrozenViewIsFilteredAsItIs();
    void clearedFramesLeaveAnEmptyTable();
    void cellsAreAppliedExcludedAndAdded();

    void theStackGoesBackAndForward();
    void walkingDownATableIsOneStep();
    void theWindowFiltersRealTraffic();
    void backAndForwardBringSelectionAndFilterBack();

private:
    OwnSettings m_settings;
};

void TestFilterBar::enterAppliesWhatIsTyped()
{
    Filtered filtered(100);
    filtered.use(u"opcode == EXECUTE"_s);
    QCOMPARE(filtered.filter.text(), u"opcode == EXECUTE"_s);
    QCOMPARE(filtered.shown(), 50U);
    QTRY_VERIFY2(filtered.bar->statusText().contains(u"50 of 100"_s), qPrintable(filtered.bar->statusText()));
}

void TestFilterBar::aMistakeIsSaidWithItsPositionAndAppliesNothing()
{
    Filtered filtered(10);
    filtered.use(u"error"_s);
    filtered.type(u"opcode == FOO"_s);
    filtered.bar->edit()->candidates().hide();
    QTest::keyClick(filtered.bar->edit(), Qt::Key_Return);
    QCOMPARE(filtered.filter.text(), u"error"_s);
    QCOMPARE(filtered.bar->edit()->text(), u"opcode == FOO"_s);
    const QString said = filtered.bar->statusText();
    QVERIFY2(said.contains(u"At 11: opcode is compared with GET"_s), qPrintable(said));
}

void TestFilterBar::stateIsSaidInWordsAndSignsToo()
{
    Filtered filtered(10);
    QVERIFY(filtered.bar->statusText().contains(u"All frames are shown"_s));
    filtered.type(u"level > 2"_s);
    QVERIFY(filtered.bar->statusText().startsWith(u"✓ Valid"_s));
    QVERIFY(filtered.bar->edit()->property("decoyValid").toBool());
    filtered.type(u"level >"_s);
    QVERIFY(filtered.bar->statusText().startsWith(u"✕ At 8"_s));
    QVERIFY(filtered.bar->edit()->property("decoyProblem").toBool());
    QVERIFY(!filtered.bar->edit()->property("decoyValid").toBool());
    filtered.use(u"level < 2"_s);
    QVERIFY(filtered.bar->statusText().startsWith(u"✓ 10 of 10"_s));
    QVERIFY(!filtered.bar->edit()->accessibleName().isEmpty());
    for (const auto *button : filtered.bar->findChildren<QToolButton *>(Qt::FindDirectChildrenOnly))
        QVERIFY(!button->accessibleName().isEmpty());
}

void TestFilterBar::escapeGivesUpWhatWasTyped()
{
    Filtered filtered(10);
    filtered.use(u"error"_s);
    filtered.type(u"level >"_s);
    const QSignalSpy left(filtered.bar, &FilterBar::left);
    QTest::keyClick(filtered.bar->edit(), Qt::Key_Escape);
    if (left.isEmpty()) // the first took the list away
        QTest::keyClick(filtered.bar->edit(), Qt::Key_Escape);
    QCOMPARE(left.count(), 1);
    QCOMPARE(filtered.bar->edit()->text(), u"error"_s);
}

void TestFilterBar::candidatesAreChosenByKeyboard()
{
    Filtered filtered(10);
    FilterEdit *edit = filtered.bar->edit();
    QTRY_VERIFY(filtered.window.isActiveWindow());
    filtered.type(u"op"_s);
    QVERIFY(edit->candidates().isVisible());
    const QAbstractItemModelTester tester(edit->candidates().model());
    QCOMPARE(edit->candidates().texts(), QStringList{u"opcode"_s});
    QTest::keyClick(edit, Qt::Key_Tab);
    QCOMPARE(edit->text(), u"opcode "_s);
    QCOMPARE(edit->candidates().texts().first(), u"=="_s);
    QTest::keyClick(edit, Qt::Key_Down);
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(edit->text(), u"opcode == "_s);
    QTest::keyClicks(edit, u"E"_s);
    QTest::keyClick(edit, Qt::Key_Down);
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(edit->text(), u"opcode == EXECUTE "_s);
    QTest::keyClick(edit, Qt::Key_Escape);
    QVERIFY(!edit->candidates().isVisible());
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(filtered.filter.text(), u"opcode == EXECUTE"_s);

    filtered.type(u"method == "_s);
    QCOMPARE(edit->candidates().texts(), QStringList{u"add"_s}); // from the frames that there are
    filtered.type(u"process == "_s);
    QCOMPARE(edit->candidates().texts(), QStringList{u"teller"_s});
}

void TestFilterBar::usedFiltersComeBackOnTheArrowKeysAndAfterARestart()
{
    {
        Filtered filtered(10);
        filtered.use(u"error"_s);
        filtered.use(u"level > 2"_s);
        filtered.use(u"error"_s);
        QCOMPARE(filtered.bar->history().recent(), (QStringList{u"error"_s, u"level > 2"_s}));
    }
    Filtered filtered(10);
    FilterEdit *edit = filtered.bar->edit();
    QVERIFY(edit->text().isEmpty());
    filtered.bar->activate();
    QTest::keyClick(edit, Qt::Key_Up);
    QCOMPARE(edit->text(), u"error"_s);
    QTest::keyClick(edit, Qt::Key_Up);
    QCOMPARE(edit->text(), u"level > 2"_s);
    QTest::keyClick(edit, Qt::Key_Down);
    QTest::keyClick(edit, Qt::Key_Down);
    QVERIFY(edit->text().isEmpty());

    QMenu *menu = filtered.bar->historyButton()->menu();
    Q_EMIT menu->aboutToShow();
    QAction *used = nullptr;
    for (QAction *action : menu->actions())
        used = action->data() == u"level > 2"_s ? action : used;
    QVERIFY(used);
    used->trigger();
    QCOMPARE(filtered.filter.text(), u"level > 2"_s);
}

void TestFilterBar::bookmarksAreKept()
{
    {
        Filtered filtered(10);
        QVERIFY(!filtered.bar->bookmarkButton()->isEnabled());
        filtered.type(u"latency > 5ms"_s);
        filtered.bar->bookmarkButton()->click();
        QVERIFY(filtered.bar->bookmarkButton()->isChecked());
    }
    Filtered filtered(10);
    QCOMPARE(filtered.bar->history().bookmarks(), QStringList{u"latency > 5ms"_s});
    filtered.type(u"latency > 5ms"_s);
    QVERIFY(filtered.bar->bookmarkButton()->isChecked());
    filtered.bar->bookmarkButton()->click();
    QVERIFY(filtered.bar->history().bookmarks().isEmpty());
}

void TestFilterBar::clearShowsAllFramesAgain()
{
    Filtered filtered(100);
    filtered.use(u"error"_s);
    QCOMPARE(filtered.shown(), 0U);
    filtered.bar->clear();
    QCOMPARE(filtered.shown(), 100U);
    QVERIFY(filtered.bar->edit()->text().isEmpty());
}

void TestFilterBar::onlyMatchingRowsAreShownWithTheirTrueNumbers()
{
    Filtered filtered(10'000);
    filtered.use(u"frame > 5000 && opcode == RESULT"_s);
    QCOMPARE(filtered.shown(), 2500U);
    filtered.press(Qt::Key_Home);
    QCOMPARE(filtered.view->currentRow(), Row(5001));
    QVERIFY(filtered.view->selectedText().startsWith(groupedNumber(5002)));
    filtered.view->verticalScrollBar()->setValue(filtered.view->verticalScrollBar()->maximum());
    QVERIFY(filtered.view->verticalScrollBar()->maximum() < 2500);
    QVERIFY(filtered.view->isFollowing());
    QVERIFY(!filtered.view->grab().isNull());
}

void TestFilterBar::newMatchingFramesAreFollowed()
{
    Filtered filtered(1000);
    filtered.use(u"opcode == EXECUTE"_s);
    QVERIFY(filtered.view->isFollowing());
    const int before = filtered.view->verticalScrollBar()->maximum();
    filtered.add(1000);
    QTRY_COMPARE(filtered.shown(), 1000U);
    QVERIFY(filtered.view->verticalScrollBar()->maximum() > before);
    QCOMPARE(filtered.view->verticalScrollBar()->value(), filtered.view->verticalScrollBar()->maximum());

    filtered.view->verticalScrollBar()->setValue(10);
    const Row top = filtered.view->viewedRow();
    QCOMPARE(top, Row(20));
    filtered.add(1000);
    QTRY_COMPARE(filtered.shown(), 1500U);
    QCOMPARE(filtered.view->viewedRow(), top);
    QCOMPARE(filtered.view->verticalScrollBar()->value(), 10);
}

void TestFilterBar::theKeyboardWalksThroughMatchingRows()
{
    Filtered filtered(1000);
    filtered.use(u"opcode == EXECUTE"_s);
    filtered.press(Qt::Key_Home);
    filtered.press(Qt::Key_Down);
    filtered.press(Qt::Key_Down);
    QCOMPARE(filtered.view->currentRow(), Row(4));
    filtered.press(Qt::Key_Up);
    QCOMPARE(filtered.view->currentRow(), Row(2));
    filtered.press(Qt::Key_PageDown);
    QVERIFY(filtered.view->currentRow() > 20);
    filtered.press(Qt::Key_End);
    QCOMPARE(filtered.view->currentRow(), Row(998));
    QVERIFY(filtered.view->isFollowing());
    filtered.press(Qt::Key_Period); // the result is hidden, and selected all the same
    QCOMPARE(filtered.view->currentRow(), Row(999));
    QVERIFY(filtered.view->isCurrentHidden());
    filtered.press(Qt::Key_Up);
    QCOMPARE(filtered.view->currentRow(), Row(998));
    filtered.view->setCurrentRow(501);
    filtered.press(Qt::Key_Down);
    QCOMPARE(filtered.view->currentRow(), Row(502));
}

void TestFilterBar::selectionAndCopyTakeMatchingRowsOnly()
{
    Filtered filtered(100);
    filtered.use(u"opcode == EXECUTE"_s);
    QTest::keySequence(filtered.view, QKeySequence::SelectAll);
    const QString text = filtered.view->selectedText();
    QCOMPARE(text.count(u'\n'), 50);
    QVERIFY(!text.contains(u"RESULT"_s));
}

void TestFilterBar::marksAndGoToWorkWhileFiltered()
{
    Filtered filtered(10'000);
    filtered.view->setCurrentRow(4001);
    filtered.press(Qt::Key_M);
    filtered.use(u"opcode == EXECUTE"_s);
    filtered.view->setCurrentRow(8000);
    QVERIFY(!filtered.view->isCurrentHidden());
    QVERIFY(filtered.view->viewedRow() <= 8000 && filtered.view->viewedRow() > 7800);
    filtered.press(Qt::Key_M);
    filtered.press(Qt::Key_M, Qt::ShiftModifier);
    QCOMPARE(filtered.view->currentRow(), Row(4001));
    QVERIFY(filtered.view->isCurrentHidden());
    filtered.press(Qt::Key_M, Qt::ShiftModifier);
    QCOMPARE(filtered.view->currentRow(), Row(8000));
}

void TestFilterBar::aSelectedFrameThatIsHiddenIsSaidToBe()
{
    Filtered filtered(100);
    filtered.view->setCurrentRow(11);
    QVERIFY(!filtered.notice());
    filtered.use(u"opcode == EXECUTE"_s);
    QVERIFY(filtered.view->isCurrentHidden());
    QVERIFY(filtered.notice() && filtered.notice()->isVisible());
    QVERIFY2(filtered.notice()->text().contains(u"Frame 12 is selected"_s), qPrintable(filtered.notice()->text()));
    filtered.view->setCurrentRow(13);
    QVERIFY(filtered.view->accessibleDescription().endsWith(u"does not match the filter"_s));
    filtered.notice()->click();
    QVERIFY(!filtered.filter.isActive());
    QVERIFY(!filtered.notice()->isVisible());
    QCOMPARE(filtered.view->currentRow(), Row(13));
}

void TestFilterBar::whenNothingMatchesTheViewSaysSoAndOffersAWayOut()
{
    Filtered filtered(100);
    filtered.use(u"error"_s);
    QToolButton *wayOut = nullptr;
    for (auto *button : filtered.view->viewport()->findChildren<QToolButton *>())
        wayOut = button->isVisible() ? button : wayOut;
    QVERIFY(wayOut);
    wayOut->click();
    QCOMPARE(filtered.shown(), 100U);
    QVERIFY(!wayOut->isVisible());
}

void TestFilterBar::theSelectedFrameStaysInSightWhenTheFilterGoes()
{
    Filtered filtered(10'000);
    filtered.use(u"call in {1, 2000, 4000}"_s);
    QCOMPARE(filtered.shown(), 6U);
    filtered.view->setCurrentRow(8000);
    filtered.bar->clear();
    QVERIFY(filtered.view->viewedRow() <= 8000 && filtered.view->viewedRow() > 7900);
}

void TestFilterBar::aFrozenViewIsFilteredAsItIs()
{
    Filtered filtered(100);
    filtered.view->setFrozen(true);
    filtered.add(100);
    filtered.use(u"opcode == EXECUTE"_s);
    QCOMPARE(filtered.shown(), 50U);
    filtered.store.clear();
    filtered.add(10);
    QCOMPARE(filtered.shown(), 50U);
    QVERIFY(!filtered.view->grab().isNull());
    filtered.view->setFrozen(false);
    QTRY_COMPARE(filtered.shown(), 5U);
}

void TestFilterBar::clearedFramesLeaveAnEmptyTable()
{
    Filtered filtered(100);
    filtered.use(u"opcode == EXECUTE"_s);
    filtered.view->setCurrentRow(10);
    filtered.store.clear();
    filtered.filter.refresh();
    QCOMPARE(filtered.shown(), 0U);
    filtered.view->refresh();
    QCOMPARE(filtered.view->currentRow(), noRow);
    filtered.press(Qt::Key_Down);
    filtered.press(Qt::Key_Home);
    filtered.press(Qt::Key_End);
    QTest::keySequence(filtered.view, QKeySequence::SelectAll);
    QVERIFY(filtered.view->selectedText().isEmpty());
    filtered.add(20);
    QTRY_COMPARE(filtered.shown(), 10U);
}

void TestFilterBar::cellsAreAppliedExcludedAndAdded()
{
    Filtered filtered(100);
    filtered.view->verticalScrollBar()->setValue(0);
    openMenu(*filtered.view, TrafficColumn::Opcode, 0);
    QAction *applies = menuAction(*filtered.view, u"Apply as filter"_s);
    QVERIFY(applies);
    QCOMPARE(applies->text(), u"Apply as filter: opcode == EXECUTE"_s);
    applies->trigger();
    QCOMPARE(filtered.filter.text(), u"opcode == EXECUTE"_s);
    QTRY_COMPARE(filtered.shown(), 50U);
    qDeleteAll(filtered.view->findChildren<QMenu *>());

    filtered.view->verticalScrollBar()->setValue(0);
    openMenu(*filtered.view, TrafficColumn::Number, 1);
    menuAction(*filtered.view, u"Exclude"_s)->trigger();
    QCOMPARE(filtered.filter.text(), u"opcode == EXECUTE && !(frame == 3)"_s);
    QTRY_COMPARE(filtered.shown(), 49U);
    qDeleteAll(filtered.view->findChildren<QMenu *>());

    openMenu(*filtered.view, TrafficColumn::Call, 0);
    menuAction(*filtered.view, u"And…"_s)->trigger();
    QCOMPARE(filtered.bar->edit()->text(), u"opcode == EXECUTE && !(frame == 3) && method == add"_s);
    QCOMPARE(filtered.filter.text(), u"opcode == EXECUTE && !(frame == 3)"_s); // until Enter
}

void TestFilterBar::theStackGoesBackAndForward()
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

void TestFilterBar::walkingDownATableIsOneStep()
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

void TestFilterBar::theWindowFiltersRealTraffic()
{
    Monitor monitor;
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

void TestFilterBar::backAndForwardBringSelectionAndFilterBack()
{
    Monitor monitor;
    monitor.window->actions().startWorker->trigger();
    QTRY_VERIFY(monitor.session->frames().endRow() > 40);
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

QTEST_MAIN(TestFilterBar)
#include "test_filter_bar.moc"
