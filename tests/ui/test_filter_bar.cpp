// SPDX-License-Identifier: GPL-3.0-or-later
// The filter bar: what is typed, completed, remembered and said.
#include "filtered_view.h"
#include "own_settings.h"

#include "theme/fonts.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

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
    QVERIFY(filtered.bar->statusText().contains(u"All frames"_s));
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

QTEST_MAIN(TestFilterBar)
#include "test_filter_bar.moc"
