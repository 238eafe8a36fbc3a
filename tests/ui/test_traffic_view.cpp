// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bytes.h"

#include "trace/frame_names.h"
#include "views/traffic_columns.h"
#include "views/traffic_view.h"

#include <decoy/proxy_server.h>

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <random>

using namespace decoy::ui;

/// A view of a store, as large as in the window.
struct ShownTraffic {
    explicit ShownTraffic(std::uint64_t frameCount = 0)
    {
        frames::fill(store, frameCount);
        view = std::make_unique<TrafficView>(store, names);
        view->resize(1000, 600);
        view->show();
        view->refresh();
    }
    void add(std::uint64_t count)
    {
        frames::fill(store, count);
        view->refresh();
    }
    [[nodiscard]] int lastScroll() const { return view->verticalScrollBar()->maximum(); }
    [[nodiscard]] int scroll() const { return view->verticalScrollBar()->value(); }
    void press(int key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(view.get(), static_cast<Qt::Key>(key), modifiers);
    }
    void clickRow(int line, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::mouseClick(view->viewport(), Qt::LeftButton, modifiers, QPoint(200, line * 24 + 12));
    }

    FrameStore store;
    FrameNames names;
    std::unique_ptr<TrafficView> view;
};

class TestTrafficView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theNewestFrameIsFollowedUntilThePersonScrollsUp();
    void scrollingToTheEndFollowsAgain();
    void theJumpButtonAppearsWhenNewFramesAreOutOfSight();
    void aClickSelectsAndStopsFollowing();
    void aFrozenViewKeepsItsFramesWhileTheCaptureGoesOn();
    void theKeyboardReachesEveryFrame();
    void endFollowsAgain();
    void periodAndCommaWalkThroughOneCall();
    void marksCanBeSetAndVisited();
    void shiftExtendsTheSelectionAndCopyTakesItAlong();
    void aHugeSelectionIsCopiedInPartAndSaysSo();
    void settingTheCurrentRowShowsIt();
    void aRowThatIsGoneCannotBeSelected();
    void clearTakesTheSelectionAway();
    void fiveMillionFramesScrollToAnyPlace();
    void lostFramesTakeARowOfTheirOwn();
    void discardedFramesAreSaidAtTheTop();
    void columnsCanBeHiddenAndComeBackWithTheirState();
    void columnsThatSayLeastGiveWayWhereThereIsNoRoom();
    void largeNumbersMakeTheirColumnGrow();
    void aForeignColumnStateIsRefused();
    void hostileFramesArePaintedAndCopied();
    void namesAndProcessesAreShownWhereKnown();
    void theLaneHasAColumn();
    void theCurrentRowIsAnnounced();
    void bothPalettesAndTwiceThePixelsArePainted();
};

void TestTrafficView::theNewestFrameIsFollowedUntilThePersonScrollsUp()
{
    ShownTraffic shown(1000);
    QCOMPARE(shown.scroll(), shown.lastScroll());
    shown.add(100);
    QCOMPARE(shown.scroll(), shown.lastScroll());
    const QSignalSpy following(shown.view.get(), &TrafficView::followingChanged);
    shown.view->verticalScrollBar()->setValue(500);
    QCOMPARE(following.count(), 1);
    QVERIFY(!shown.view->isFollowing());
    shown.add(1000);
    QCOMPARE(shown.scroll(), 500);
}

void TestTrafficView::scrollingToTheEndFollowsAgain()
{
    ShownTraffic shown(1000);
    shown.view->verticalScrollBar()->setValue(500);
    shown.view->verticalScrollBar()->setValue(shown.lastScroll());
    QVERIFY(shown.view->isFollowing());
}

void TestTrafficView::theJumpButtonAppearsWhenNewFramesAreOutOfSight()
{
    ShownTraffic shown(1000);
    auto *jump = shown.view->viewport()->findChild<QPushButton *>();
    QVERIFY(!jump->isVisible());
    shown.view->verticalScrollBar()->setValue(10);
    QVERIFY(jump->isVisible());
    jump->click();
    QVERIFY(shown.view->isFollowing());
    QCOMPARE(shown.scroll(), shown.lastScroll());
    QVERIFY(!jump->isVisible());
}

void TestTrafficView::aClickSelectsAndStopsFollowing()
{
    ShownTraffic shown(5);
    const QSignalSpy chosen(shown.view.get(), &TrafficView::currentRowChanged);
    shown.clickRow(2);
    QCOMPARE(shown.view->currentRow(), Row(2));
    QCOMPARE(chosen.count(), 1);
    QVERIFY(!shown.view->isFollowing());
    shown.add(10'000);
    QCOMPARE(shown.scroll(), 0);
    QCOMPARE(shown.view->currentRow(), Row(2));
}

void TestTrafficView::aFrozenViewKeepsItsFramesWhileTheCaptureGoesOn()
{
    ShownTraffic shown(100);
    shown.view->setFrozen(true);
    shown.add(900);
    QCOMPARE(shown.view->frames().endRow(), Row(100));
    shown.store.clear();
    shown.view->refresh();
    QCOMPARE(shown.view->frames().event(99).sequence, 99U);
    shown.view->setFrozen(false);
    QVERIFY(shown.view->frames().isEmpty());
}

void TestTrafficView::theKeyboardReachesEveryFrame()
{
    ShownTraffic shown(1000);
    shown.press(Qt::Key_Home);
    QCOMPARE(shown.view->currentRow(), Row(0));
    shown.press(Qt::Key_Down);
    shown.press(Qt::Key_Down);
    shown.press(Qt::Key_Up);
    QCOMPARE(shown.view->currentRow(), Row(1));
    shown.press(Qt::Key_PageDown);
    const Row page = shown.view->currentRow() - 1;
    QVERIFY(page > 10);
    shown.press(Qt::Key_PageUp);
    QCOMPARE(shown.view->currentRow(), Row(1));
    shown.press(Qt::Key_Up);
    shown.press(Qt::Key_Up);
    QCOMPARE(shown.view->currentRow(), Row(0));
}

void TestTrafficView::endFollowsAgain()
{
    ShownTraffic shown(1000);
    shown.press(Qt::Key_Home);
    shown.press(Qt::Key_End);
    QCOMPARE(shown.view->currentRow(), Row(999));
    QVERIFY(shown.view->isFollowing());
    shown.add(100);
    QCOMPARE(shown.scroll(), shown.lastScroll());
}

void TestTrafficView::periodAndCommaWalkThroughOneCall()
{
    ShownTraffic shown;
    frames::request(1).appendTo(shown.store);
    frames::request(2).appendTo(shown.store);
    frames::stillWorking(1).appendTo(shown.store);
    frames::answer(2).appendTo(shown.store);
    frames::answer(1).appendTo(shown.store);
    shown.view->setCurrentRow(0);
    for (const Row expected : {2U, 4U, 4U}) {
        shown.press(Qt::Key_Period);
        QCOMPARE(shown.view->currentRow(), expected);
    }
    for (const Row expected : {2U, 0U, 0U}) {
        shown.press(Qt::Key_Comma);
        QCOMPARE(shown.view->currentRow(), expected);
    }
}

void TestTrafficView::marksCanBeSetAndVisited()
{
    ShownTraffic shown(1000);
    for (const Row row : {10U, 500U}) {
        shown.view->setCurrentRow(row);
        shown.press(Qt::Key_M);
        QVERIFY(shown.view->isMarked(row));
    }
    shown.press(Qt::Key_M, Qt::ShiftModifier);
    QCOMPARE(shown.view->currentRow(), Row(10));
    shown.press(Qt::Key_M, Qt::ShiftModifier);
    QCOMPARE(shown.view->currentRow(), Row(500));
    shown.press(Qt::Key_M);
    QVERIFY(!shown.view->isMarked(500));
}

void TestTrafficView::shiftExtendsTheSelectionAndCopyTakesItAlong()
{
    ShownTraffic shown(20);
    shown.clickRow(3);
    shown.clickRow(5, Qt::ShiftModifier);
    QTest::keySequence(shown.view.get(), QKeySequence::Copy);
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines.at(0).contains(QStringLiteral("105")), qPrintable(lines.at(0)));
    QVERIFY2(lines.at(1).contains(QStringLiteral("add(5)")), qPrintable(lines.at(1)));
    QVERIFY(lines.at(1).contains(u'\t'));
}

void TestTrafficView::aHugeSelectionIsCopiedInPartAndSaysSo()
{
    ShownTraffic shown(30'000);
    QTest::keySequence(shown.view.get(), QKeySequence::SelectAll);
    const QString text = shown.view->selectedText();
    QCOMPARE(text.count(u'\n'), 20'001);
    QVERIFY(text.endsWith(QStringLiteral("more frames were not copied\n")));
}

void TestTrafficView::settingTheCurrentRowShowsIt()
{
    ShownTraffic shown(100'000);
    shown.view->setCurrentRow(50'000);
    QVERIFY(shown.scroll() <= 50'000 && shown.scroll() > 49'900);
    shown.view->setCurrentRow(99'999);
    QCOMPARE(shown.scroll(), shown.lastScroll());
}

void TestTrafficView::aRowThatIsGoneCannotBeSelected()
{
    ShownTraffic shown(10);
    const QSignalSpy chosen(shown.view.get(), &TrafficView::currentRowChanged);
    shown.view->setCurrentRow(10);
    shown.view->setCurrentRow(noRow);
    QCOMPARE(shown.view->currentRow(), noRow);
    QCOMPARE(chosen.count(), 0);
}

void TestTrafficView::clearTakesTheSelectionAway()
{
    ShownTraffic shown(10);
    shown.view->setCurrentRow(5);
    QSignalSpy chosen(shown.view.get(), &TrafficView::currentRowChanged);
    shown.store.clear();
    shown.view->refresh();
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(shown.view->currentRow(), noRow);
}

void TestTrafficView::fiveMillionFramesScrollToAnyPlace()
{
    ShownTraffic shown(5'000'000);
    std::mt19937 random(1);
    const Row first = shown.view->frames().firstRow();
    const Row size = shown.view->frames().size();
    for (int i = 0; i < 20; ++i) {
        const Row row = first + random() % size;
        shown.view->setCurrentRow(row);
        QCOMPARE(shown.view->currentRow(), row);
        QVERIFY(!shown.view->viewport()->grab().isNull());
    }
    shown.press(Qt::Key_Home);
    QCOMPARE(shown.view->currentRow(), first);
    QCOMPARE(shown.view->frames().endRow(), Row(5'000'000));
}

void TestTrafficView::lostFramesTakeARowOfTheirOwn()
{
    ShownTraffic shown;
    frames::Event event = frames::request(1);
    event.appendTo(shown.store);
    event->sequence = 1204;
    event.appendTo(shown.store);
    shown.view->refresh();
    shown.clickRow(1); // the row that says what was lost belongs to the frame below it
    QCOMPARE(shown.view->currentRow(), Row(1));
    shown.clickRow(0);
    shown.clickRow(2);
    QCOMPARE(shown.view->currentRow(), Row(1));
}

void TestTrafficView::discardedFramesAreSaidAtTheTop()
{
    FrameStore store({.memoryCap = 64 * 1024, .chunkRows = 100, .chunkBytes = 4096});
    FrameNames names;
    TrafficView view(store, names);
    view.resize(800, 400);
    view.show();
    frames::fill(store, 10'000);
    view.refresh();
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(view.currentRow(), store.firstRow());
    const Row before = view.currentRow();
    frames::fill(store, 10'000);
    view.refresh();
    QVERIFY(store.firstRow() > before);
    QVERIFY(view.selectedText().isEmpty());
    QTest::keyClick(&view, Qt::Key_Down); // from a frame that is gone to one that is there
    QVERIFY(view.frames().contains(view.currentRow()));
}

void TestTrafficView::columnsCanBeHiddenAndComeBackWithTheirState()
{
    ShownTraffic shown(10);
    auto *header = shown.view->findChild<QHeaderView *>();
    Q_EMIT header->customContextMenuRequested({});
    auto *menu = header->findChild<QMenu *>();
    QVERIFY(menu);
    menu->actions().at(2)->trigger();
    menu->close();
    header->resizeSection(1, 200);
    const QByteArray state = shown.view->saveColumns();
    ShownTraffic other(10);
    QVERIFY(other.view->restoreColumns(state));
    auto *restored = other.view->findChild<QHeaderView *>();
    QVERIFY(restored->isSectionHidden(2));
    QCOMPARE(restored->sectionSize(1), 200);
}

void TestTrafficView::columnsThatSayLeastGiveWayWhereThereIsNoRoom()
{
    ShownTraffic shown(10);
    const QHeaderView &header = *shown.view->findChild<QHeaderView *>();
    const auto shows = [&header](TrafficColumn column) { return !header.isSectionHidden(static_cast<int>(column)); };
    QVERIFY(shows(TrafficColumn::Size) && shows(TrafficColumn::Number) && shows(TrafficColumn::Latency));
    shown.view->resize(640, 600);
    QVERIFY(!shows(TrafficColumn::Size) && !shows(TrafficColumn::Number));
    QVERIFY(shows(TrafficColumn::Process) && shows(TrafficColumn::Opcode) && shows(TrafficColumn::Call));
    QVERIFY(header.length() <= shown.view->viewport()->width());
    shown.view->resize(1000, 600);
    QVERIFY(shows(TrafficColumn::Size) && shows(TrafficColumn::Number));
    QVERIFY(!shows(TrafficColumn::Lane)); // nobody has asked for it
}

void TestTrafficView::largeNumbersMakeTheirColumnGrow()
{
    ShownTraffic shown(10);
    const int before = shown.view->findChild<QHeaderView *>()->sectionSize(0);
    shown.add(2'000'000);
    QVERIFY(shown.view->findChild<QHeaderView *>()->sectionSize(0) > before);
}

void TestTrafficView::aForeignColumnStateIsRefused()
{
    ShownTraffic shown(10);
    QVERIFY(!shown.view->restoreColumns({}));
    QVERIFY(!shown.view->restoreColumns("not a state at all"));
    QByteArray state = shown.view->saveColumns();
    state[0] = 99;
    QVERIFY(!shown.view->restoreColumns(state));
    state = shown.view->saveColumns();
    state.truncate(state.size() / 2);
    QVERIFY(!shown.view->restoreColumns(state));
    QVERIFY(!shown.view->findChild<QHeaderView *>()->isSectionHidden(0));
}

void TestTrafficView::hostileFramesArePaintedAndCopied()
{
    ShownTraffic shown;
    std::mt19937 random(3);
    for (int i = 0; i < 500; ++i) {
        QByteArray bytes(static_cast<qsizetype>(random() % 300), Qt::Uninitialized);
        for (char &byte : bytes)
            byte = static_cast<char>(random());
        frames::Event event(static_cast<decoy::ProxyOpCode>(random() % 8 - 3), bytes, random() % 10);
        event->flags = static_cast<std::uint8_t>(random());
        event->size = static_cast<std::uint32_t>(random());
        event->latency = static_cast<std::int64_t>(random()) - 1000;
        event->time = static_cast<std::int64_t>(random());
        event->object = random();
        event->chainLevel = static_cast<std::uint8_t>(random());
        event->lane = static_cast<decoy::Lane>(random() % 256);
        event.appendTo(shown.store);
    }
    shown.view->refresh();
    QTest::keySequence(shown.view.get(), QKeySequence::SelectAll);
    QCOMPARE(shown.view->selectedText().count(u'\n'), 500);
    for (int line = 0; line < shown.lastScroll(); line += 10) {
        shown.view->verticalScrollBar()->setValue(line);
        QVERIFY(!shown.view->grab().isNull());
    }
}

void TestTrafficView::namesAndProcessesAreShownWhereKnown()
{
    ShownTraffic shown;
    decoy::ObjectInfo counter;
    counter.id = 1;
    counter.name = "counter";
    counter.type = "Counter";
    shown.names.learnObjects({counter});
    shown.names.learnProcess(4711, QStringLiteral("teller"));
    frames::request(1).appendTo(shown.store);
    shown.view->setCurrentRow(0);
    const QString text = shown.view->selectedText();
    QVERIFY2(text.contains(QStringLiteral("counter")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("teller 4711")), qPrintable(text));
    QCOMPARE(shown.names.object(12), QStringLiteral("#12"));
    counter.id = 12;
    counter.name.clear();
    shown.names.learnObjects({counter});
    QCOMPARE(shown.names.object(12), QStringLiteral("Counter #12"));
}

void TestTrafficView::theLaneHasAColumn()
{
    ShownTraffic shown;
    for (const decoy::Lane lane : {decoy::Lane::Native, decoy::Lane::Duck, decoy::Lane::Network}) {
        // What stands for a method on the Duck lane is a string like any other elsewhere.
        frames::Event event = frames::answer(1, "<callable>-add");
        event->lane = lane;
        event.appendTo(shown.store);
    }
    const FrameSnapshot frames = shown.store.snapshot();
    const auto text = [&](Row row, TrafficColumn column) { return TrafficRow(frames, row, shown.names).text(column); };
    QCOMPARE(text(0, TrafficColumn::Lane), QStringLiteral("native"));
    QCOMPARE(text(0, TrafficColumn::Call), QStringLiteral("\"<callable>-add\""));
    QCOMPARE(text(1, TrafficColumn::Lane), QStringLiteral("duck"));
    QCOMPARE(text(1, TrafficColumn::Call), QStringLiteral("method add"));
    QCOMPARE(text(2, TrafficColumn::Lane), QStringLiteral("network"));
}

void TestTrafficView::theCurrentRowIsAnnounced()
{
    ShownTraffic shown;
    frames::request(1).appendTo(shown.store);
    shown.view->setCurrentRow(0);
    QCOMPARE(shown.view->accessibleName(), QStringLiteral("Traffic"));
    const QString spoken = shown.view->accessibleDescription();
    QVERIFY2(spoken.startsWith(QStringLiteral("frame 1, EXECUTE #1.add(5)")), qPrintable(spoken));
}

void TestTrafficView::bothPalettesAndTwiceThePixelsArePainted()
{
    ShownTraffic shown(5);
    shown.view->setCurrentRow(2);
    for (const QColor &base : {QColor(Qt::white), QColor(0x15, 0x18, 0x1c)}) {
        QPalette palette = shown.view->palette();
        palette.setColor(QPalette::Base, base);
        shown.view->setPalette(palette);
        QImage image(shown.view->size() * 2, QImage::Format_RGB32);
        image.setDevicePixelRatio(2);
        shown.view->render(&image);
        QCOMPARE(image.pixelColor(600, 1100), base); // below the rows nothing but the background
    }
}

QTEST_MAIN(TestTrafficView)
#include "test_traffic_view.moc"
