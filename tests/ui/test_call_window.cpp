// SPDX-License-Identifier: GPL-3.0-or-later
// Calls as a person makes them: the Invoke dialog, the history, "Copy as", conversations, the command palette, the text's size.
#include "invoke_steps.h"
#include "own_settings.h"

#include "dialogs/argument_form.h"
#include "dialogs/call_bar.h"
#include "dialogs/command_palette.h"
#include "dialogs/parameter_editor.h"
#include "dialogs/result_view.h"
#include "dialogs/saved_call_list.h"
#include "dialogs/series_view.h"
#include "mainwindow/window_actions.h"
#include "models/conversation_model.h"
#include "session/call_history.h"
#include "session/manual_calls.h"
#include "session/saved_calls.h"
#include "session/worker_pool.h"
#include "theme/text_zoom.h"
#include "views/call_history_view.h"
#include "views/conversation_view.h"
#include "views/copy_call_menu.h"
#include "views/empty_state.h"
#include "views/traffic_view.h"

#include <QAction>
#include <QClipboard>
#include <QDockWidget>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

QString clipboard() { return QGuiApplication::clipboard()->text(); }

} // namespace

class TestCallWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void aCallIsInTheHistoryAndLeadsToItsFrames()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"counter"_s, u"add"_s);
        QVERIFY(dialog);
        dialog->form()->editors().front()->setText(u"5"_s);
        QTest::keyClick(dialog, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(dialog->result()->jsonText(), u"105"_s);
        QTRY_VERIFY(dialog->result()->framesButton()->isVisible());
        dialog->result()->framesButton()->click();
        const Row row = monitor.session->callHistory().at(0).request;
        QCOMPARE(monitor.window->traffic()->currentRow(), row);
        QCOMPARE(monitor.window->calls()->table()->model()->rowCount(), 1);
    }

    void aCallOfTheHistoryIsLoadedAgainAfterARestart()
    {
        const QTemporaryDir folder;
        {
            DemoMonitor monitor(folder.path());
            InvokePanel *dialog = openInvoke(monitor, u"account"_s, u"deposit"_s);
            QVERIFY(dialog);
            dialog->form()->editors().at(0)->setText(u"50"_s);
            dialog->form()->editors().at(1)->setText(u"it's a gift"_s);
            dialog->timeout()->setValue(7);
            dialog->sendButton()->click();
            QTRY_COMPARE(monitor.session->callHistory().at(0).state, CallState::Succeeded);
        }
        DemoMonitor monitor(folder.path());
        QTRY_VERIFY(monitor.knows(u"account"_s));
        CallHistoryView &calls = *monitor.window->calls();
        QCOMPARE(calls.table()->model()->rowCount(), 1);
        calls.table()->selectRow(0);
        Q_EMIT calls.loadRequested(monitor.session->callHistory().at(0));
        InvokePanel &dialog = *monitor.window->invokePanel();
        QTRY_VERIFY(hasMethod(dialog, u"deposit"_s));
        QTRY_COMPARE(dialog.form()->editors().at(1)->text(), u"it's a gift"_s);
        QCOMPARE(dialog.form()->editors().at(0)->text(), u"50"_s);
        QCOMPARE(dialog.timeout()->value(), 7.0);
    }

    void aCallIsSavedUnderANameAndLoaded()
    {
        const QTemporaryDir folder;
        DemoMonitor monitor(folder.path());
        InvokePanel *dialog = openInvoke(monitor, u"account"_s, u"withdraw"_s);
        QVERIFY(dialog);
        dialog->form()->editors().front()->setText(u"7"_s);
        CallRequest request = monitor.request(u"account"_s, "withdraw", {Value(7)});
        dialog->savedCalls()->save(recordOf(request, u"account"_s));
        auto *question = dialog->savedCalls()->findChild<QInputDialog *>();
        QVERIFY(question);
        question->setTextValue(u"rent"_s);
        question->accept();
        QCOMPARE(monitor.session->savedCalls().count(), 1);
        dialog->form()->editors().front()->setText(u"1"_s);
        Q_EMIT dialog->savedCalls()->list()->activated(dialog->savedCalls()->list()->model()->index(0, 0));
        QTRY_VERIFY(hasMethod(*dialog, u"withdraw"_s) && dialog->form()->editors().front()->text() == u"7"_s);
        QCOMPARE(SavedCalls(folder.filePath(u"saved-calls.json"_s)).at(0).name, u"rent"_s);
        dialog->savedCalls()->removeAction()->trigger();
        QCOMPARE(monitor.session->savedCalls().count(), 0);
    }

    void escStopsWaitingFirstAndClosesThen()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"lab"_s, u"sleep"_s);
        QVERIFY(dialog);
        sendSleep(*dialog);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QVERIFY(dialog->isVisible());
        QVERIFY(dialog->sendButton()->isEnabled());
        QTRY_VERIFY2(dialog->result()->statusText().contains(u"still running"_s),
                     qPrintable(dialog->result()->statusText()));
        QTest::keyClick(dialog, Qt::Key_Escape);
        QVERIFY(!dialog->isVisible());
    }

    void aLateAnswerNeverReplacesANewerOne()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"lab"_s, u"sleep"_s);
        QVERIFY(dialog);
        dialog->form()->editors().front()->setText(u"0.4"_s);
        dialog->sendButton()->click();
        dialog->cancelButton()->click();
        dialog->form()->editors().front()->setText(u"0"_s);
        dialog->sendButton()->click();
        QTRY_VERIFY(dialog->result()->statusText().contains(u"lab.sleep: None in"_s));
        const QString shown = dialog->result()->statusText();
        const CallHistory &history = monitor.session->callHistory();
        QTRY_VERIFY(history.at(1).afterwards.startsWith(u"It ran"_s)); // the late answer has come
        QCOMPARE(dialog->result()->statusText(), shown);
    }

    void aRepeatedCallShowsItsPercentiles()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"counter"_s, u"add"_s);
        QVERIFY(dialog);
        dialog->form()->editors().front()->setText(u"1"_s);
        dialog->callBar()->repetitionInput()->setValue(200);
        dialog->sendButton()->click();
        QTRY_VERIFY(dialog->series()->isVisible());
        QVERIFY2(dialog->series()->text().contains(u"counter.add: 200 calls"_s), qPrintable(dialog->series()->text()));
        QVERIFY(dialog->series()->text().contains(u"p99 "_s));
        QVERIFY(dialog->sendButton()->isEnabled());
    }

    void aHugeResultIsCutAndSavedWhole()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"lab"_s, u"echo"_s);
        QVERIFY(dialog);
        // Each of these characters takes six in JSON.
        const QString json = u"\"%1\""_s.arg(QString(u"\\u0001"_s).repeated(50'000));
        dialog->form()->editors().front()->setText(json);
        dialog->sendButton()->click();
        QTRY_COMPARE(dialog->result()->jsonText().size(), json.size());
        QVERIFY(dialog->result()->shownText().size() < ResultView::longestJson + 200);
        QVERIFY(dialog->result()->shownText().endsWith(u"Save the result to see all of it."_s));
        const QTemporaryDir folder;
        QCOMPARE(dialog->result()->saveTo(folder.filePath(u"r.json"_s)), QString());
        QFile file(folder.filePath(u"r.json"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), json.toUtf8());
        QVERIFY(!dialog->result()->saveTo(u"/no/such/folder/r.json"_s).isEmpty());
    }

    void callsAreCopiedFromTheDialogTheHistoryAndTheTraffic()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"counter"_s, u"add"_s);
        QVERIFY(dialog);
        const QString server = monitor.session->serverName();
        const QString expected = u"decoy call %1 counter add 5"_s.arg(server);
        dialog->form()->editors().front()->setText(u"five"_s);
        dialog->copyMenu()->copy(CallLanguage::CommandLine); // not complete: nothing is copied
        QVERIFY(clipboard() != expected);
        dialog->form()->editors().front()->setText(u"5"_s);
        dialog->copyMenu()->copy(CallLanguage::CommandLine);
        QCOMPARE(clipboard(), expected);
        dialog->sendButton()->click();
        QTRY_VERIFY(monitor.session->callHistory().at(0).request != noRow);

        QGuiApplication::clipboard()->clear();
        monitor.window->calls()->table()->selectRow(0);
        monitor.window->calls()->copyMenu()->copy(CallLanguage::CommandLine);
        QCOMPARE(clipboard(), expected);

        QGuiApplication::clipboard()->clear();
        const Row request = monitor.session->callHistory().at(0).request;
        QTRY_VERIFY(monitor.session->frames().snapshot().partner(request) != noRow);
        for (const Row row : {request, monitor.session->frames().snapshot().partner(request)}) {
            monitor.window->traffic()->setCurrentRow(row);
            monitor.window->copyMenu()->copy(CallLanguage::CommandLine);
            QCOMPARE(clipboard(), expected);
        }
        monitor.window->copyMenu()->copy(CallLanguage::Cpp);
        QVERIFY(clipboard().contains(u"#include <decoy/decoy.h>"_s));
        monitor.window->actions().copyAs->trigger();
        QTRY_VERIFY(monitor.window->copyMenu()->isVisible());
        monitor.window->copyMenu()->close();
    }

    void theConversationFollowsTheSelectedFrame()
    {
        DemoMonitor monitor;
        monitor.session->workers().start(u"teller"_s);
        QTRY_VERIFY(monitor.window->traffic()->frames().size() > 20);
        auto *dock = monitor.window->findChild<QDockWidget *>(u"conversation"_s);
        dock->raise();
        QTRY_VERIFY(monitor.window->conversation()->isInView());
        monitor.window->traffic()->setCurrentRow(5);
        QTRY_VERIFY(monitor.window->conversation()->model()->rowCount() > 0);
        QVERIFY(monitor.window->conversation()->model()->indexOfFrame(5).isValid());
        const QModelIndex last = monitor.window->conversation()->model()->index(
            monitor.window->conversation()->model()->rowCount() - 1, 0);
        const Row wanted = monitor.window->conversation()->model()->frameOf(last);
        monitor.window->conversation()->table()->setCurrentIndex(last);
        QTRY_COMPARE(monitor.session->selection().frame(), wanted);
    }

    void aSearchThatFindsNoCommandSaysSoAndLeadsBack()
    {
        DemoMonitor monitor;
        const CommandPalette *palette = monitor.window->showCommands();
        const auto *empty = palette->findChild<EmptyState *>();
        QVERIFY(!empty->isVisible());
        QTest::keyClicks(palette->input(), u"xyzzy"_s);
        QVERIFY(empty->isVisible());
        empty->findChild<QToolButton *>()->click();
        QVERIFY(!empty->isVisible());
        QVERIFY(palette->list()->model()->rowCount() > 15);
    }

    void thePaletteFindsAndGivesACommand()
    {
        DemoMonitor monitor;
        CommandPalette *palette = monitor.window->showCommands();
        QVERIFY(palette->list()->model()->rowCount() > 15);
        QTest::keyClicks(palette->input(), u"freeze"_s);
        QCOMPARE(palette->list()->currentIndex().data().toString(), u"Freeze view"_s);
        QTest::keyClick(palette->input(), Qt::Key_Return);
        QTRY_VERIFY(monitor.window->traffic()->isFrozen());

        palette = monitor.window->showCommands();
        monitor.window->findChild<QDockWidget *>(u"calls"_s)->hide();
        QTest::keyClicks(palette->input(), u"panel calls"_s);
        QTest::keyClick(palette->input(), Qt::Key_Down);
        QTest::keyClick(palette->input(), Qt::Key_Up);
        QTest::keyClick(palette->input(), Qt::Key_Return);
        QTRY_VERIFY(!monitor.window->findChild<QDockWidget *>(u"calls"_s)->isHidden());
    }

    void theTextGrowsEverywhereAndStaysSo()
    {
        {
            DemoMonitor monitor;
            InvokePanel *dialog = openInvoke(monitor, u"counter"_s, u"add"_s);
            QVERIFY(dialog);
            const qreal usual = QApplication::font().pointSizeF();
            const qreal methods = dialog->methods()->font().pointSizeF();
            monitor.window->actions().textLarger->trigger();
            monitor.window->actions().textLarger->trigger();
            QCOMPARE(QApplication::font().pointSizeF(), usual + 2);
            QVERIFY(dialog->methods()->font().pointSizeF() > methods + 1);
            QTRY_COMPARE(monitor.window->traffic()->font().pointSizeF(), usual + 2);
        }
        {
            DemoMonitor monitor;
            QCOMPARE(monitor.window->textZoom().steps(), 2);
            QTRY_COMPARE(monitor.window->traffic()->font().pointSizeF(), QApplication::font().pointSizeF());
            monitor.window->actions().textUsual->trigger();
            for (int step = 0; step < 100; ++step)
                monitor.window->actions().textSmaller->trigger();
            QCOMPARE(monitor.window->textZoom().steps(), TextZoom::smallest);
            monitor.window->actions().textUsual->trigger();
        }
        QSettings().setValue(u"window/textSteps"_s, u"enormous"_s);
        DemoMonitor monitor;
        QCOMPARE(monitor.window->textZoom().steps(), 0);
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestCallWindow)
#include "test_call_window.moc"
