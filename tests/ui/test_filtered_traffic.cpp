// SPDX-License-Identifier: GPL-3.0-or-later
// The table of frames while a filter leaves only some of them.
#include "filtered_view.h"
#include "own_settings.h"

#include "theme/fonts.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

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

} // namespace

class TestFilteredTraffic : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

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

private:
    OwnSettings m_settings;
};

void TestFilteredTraffic::onlyMatchingRowsAreShownWithTheirTrueNumbers()
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

void TestFilteredTraffic::newMatchingFramesAreFollowed()
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

void TestFilteredTraffic::theKeyboardWalksThroughMatchingRows()
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

void TestFilteredTraffic::selectionAndCopyTakeMatchingRowsOnly()
{
    Filtered filtered(100);
    filtered.use(u"opcode == EXECUTE"_s);
    QTest::keySequence(filtered.view, QKeySequence::SelectAll);
    const QString text = filtered.view->selectedText();
    QCOMPARE(text.count(u'\n'), 50);
    QVERIFY(!text.contains(u"RESULT"_s));
}

void TestFilteredTraffic::marksAndGoToWorkWhileFiltered()
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

void TestFilteredTraffic::aSelectedFrameThatIsHiddenIsSaidToBe()
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

void TestFilteredTraffic::whenNothingMatchesTheViewSaysSoAndOffersAWayOut()
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

void TestFilteredTraffic::theSelectedFrameStaysInSightWhenTheFilterGoes()
{
    Filtered filtered(10'000);
    filtered.use(u"call in {1, 2000, 4000}"_s);
    QCOMPARE(filtered.shown(), 6U);
    filtered.view->setCurrentRow(8000);
    filtered.bar->clear();
    QVERIFY(filtered.view->viewedRow() <= 8000 && filtered.view->viewedRow() > 7900);
}

void TestFilteredTraffic::aFrozenViewIsFilteredAsItIs()
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

void TestFilteredTraffic::clearedFramesLeaveAnEmptyTable()
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

void TestFilteredTraffic::cellsAreAppliedExcludedAndAdded()
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

QTEST_MAIN(TestFilteredTraffic)
#include "test_filtered_traffic.moc"
