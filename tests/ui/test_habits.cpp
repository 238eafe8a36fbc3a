// SPDX-License-Identifier: GPL-3.0-or-later
// What a person's fingers know: every key of the window pressed where it is used, and Ctrl+C in every view.
#include "monitor_fixture.h"
#include "own_settings.h"

#include "dialogs/command_palette.h"
#include "dialogs/shortcuts_dialog.h"
#include "mainwindow/window_actions.h"
#include "session/worker_pool.h"
#include "theme/text_zoom.h"
#include "trace/traffic_collector.h"
#include "views/chain_view.h"
#include "views/conversation_view.h"
#include "views/copy_call_menu.h"
#include "views/frame_details_view.h"
#include "views/inspector_panel.h"
#include "views/object_panel.h"
#include "views/sequence_view.h"
#include "views/timeline_view.h"
#include "views/traffic_view.h"
#include "views/worker_panel.h"

#include <decoy/connection.h>

#include <QAction>
#include <QClipboard>
#include <QDockWidget>
#include <QInputDialog>
#include <QLineEdit>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTreeView>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A window that has seen twenty calls; the first of them is chosen when asked for.
struct BusyMonitor : DemoMonitor {
    BusyMonitor()
    {
        const Connection client = decoy::connect(server.name());
        const Proxy account = client["account"];
        for (int amount = 1; amount <= 20; ++amount)
            account.call("deposit", amount);
        window->activateWindow();
    }
    /// False if the frames do not come.
    [[nodiscard]] bool chooseDeposit() const
    {
        const auto find = [this] {
            const FrameSnapshot frames = session->frames().snapshot();
            Row row = frames.firstRow();
            while (row < frames.endRow() && !isDeposit(frames, row))
                ++row;
            return row < frames.endRow() && frames.endRow() > row + 30 ? row : noRow;
        };
        if (!QTest::qWaitForWindowActive(window.get()) || !QTest::qWaitFor([&] { return find() != noRow; }))
            return false;
        window->traffic()->setFocus();
        window->traffic()->refresh();
        window->traffic()->setCurrentRow(find());
        return window->traffic()->currentRow() == find();
    }
    [[nodiscard]] Row current() const { return window->traffic()->currentRow(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QWidget *focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : window.get(), key, modifiers);
    }
    /// What Ctrl+C leaves in the clipboard when a view has the keyboard.
    [[nodiscard]] QString copied(QWidget &view) const
    {
        QGuiApplication::clipboard()->clear();
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        return QGuiApplication::clipboard()->text();
    }

private:
    static bool isDeposit(const FrameSnapshot &frames, Row row)
    {
        const auto bytes = frames.bytes(row);
        const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
        return text.find("deposit") != text.npos;
    }
};

} // namespace

class TestHabits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void ctrlGAsksForAFrameAndGoesThere()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        monitor.press(Qt::Key_G, Qt::ControlModifier);
        auto *question = monitor.window->findChild<QInputDialog *>();
        QVERIFY(question);
        question->setTextValue(u"1"_s);
        question->accept();
        QCOMPARE(monitor.current(), Row(0));
    }

    void altLeftAndRightGoBackAndForwardOverWhatWasSelected()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        const Row first = monitor.current();
        QCoreApplication::processEvents(); // one step for each choice, not for both
        monitor.window->traffic()->setCurrentRow(first + 30);
        QCoreApplication::processEvents();
        monitor.press(Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(monitor.current(), first);
        monitor.press(Qt::Key_Right, Qt::AltModifier);
        QTRY_COMPARE(monitor.current(), first + 30);
    }

    void dotAndCommaStayInTheConversationInEveryTabOfFrames()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        const Row request = monitor.current();
        for (const char *tab : {"traffic", "sequence", "timeline"}) {
            QVERIFY(monitor.window->showTab(QString::fromLatin1(tab)));
            monitor.window->findChild<QTabWidget *>()->currentWidget()->setFocus();
            monitor.press(Qt::Key_Period);
            QVERIFY2(monitor.current() > request, tab);
            monitor.press(Qt::Key_Comma);
            QVERIFY2(monitor.current() == request, tab);
        }
    }

    void mMarksAFrameAndShiftMFindsItAgain()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        const Row marked = monitor.current();
        monitor.press(Qt::Key_M);
        QVERIFY(monitor.window->traffic()->isMarked(marked));
        monitor.window->traffic()->setCurrentRow(0);
        monitor.press(Qt::Key_M, Qt::ShiftModifier);
        QCOMPARE(monitor.current(), marked);
    }

    void spaceFreezesTheViewAndCtrlEStopsTheCapture()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        monitor.press(Qt::Key_Space);
        QVERIFY(monitor.window->traffic()->isFrozen());
        monitor.press(Qt::Key_Space);
        QVERIFY(!monitor.window->traffic()->isFrozen());
        monitor.press(Qt::Key_E, Qt::ControlModifier);
        QVERIFY(!monitor.session->collector().isCapturing());
    }

    void ctrlSlashPutsTheCursorIntoTheFilter()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        monitor.press(Qt::Key_Slash, Qt::ControlModifier);
        QVERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()));
    }

    void ctrlShiftCOffersTheCallAsText()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        QTest::ignoreMessage(QtWarningMsg, "This plugin does not support raise()");
        QTest::ignoreMessage(QtWarningMsg, "This plugin does not support grabbing the keyboard");
        monitor.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(monitor.window->copyMenu()->isVisible());
        monitor.window->copyMenu()->hide();
        monitor.window->copyMenu()->copy(CallLanguage::CommandLine);
        QVERIFY2(QGuiApplication::clipboard()->text().contains(u"deposit 1"_s),
                 qPrintable(QGuiApplication::clipboard()->text()));
    }

    void aQuestionMarkShowsTheKeysAndCtrlShiftPTheCommands()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Question);
        auto *keys = monitor.window->findChild<ShortcutsDialog *>();
        QVERIFY(keys && keys->isVisible());
        keys->close();
        monitor.window->activateWindow();
        monitor.window->traffic()->setFocus();
        monitor.press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(monitor.window->findChild<CommandPalette *>());
    }

    void plusMinusAndZeroChangeTheSizeOfText()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        monitor.press(Qt::Key_Plus, Qt::ControlModifier);
        monitor.press(Qt::Key_Equal, Qt::ControlModifier);
        QCOMPARE(monitor.window->textZoom().steps(), 2);
        monitor.press(Qt::Key_Minus, Qt::ControlModifier);
        QCOMPARE(monitor.window->textZoom().steps(), 1);
        monitor.press(Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(monitor.window->textZoom().steps(), 0);
    }

    void wasdAndFMoveTheTimelineOfTheWindow()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        QVERIFY(monitor.window->showTab(u"timeline"_s));
        TimelineView &timeline = *monitor.window->timeline();
        timeline.setFocus();
        const auto span = [&timeline] { return timeline.to() - timeline.from(); };
        QTRY_VERIFY((monitor.press(Qt::Key_F), span() > 100'000)); // 100 µs: there is something to zoom into
        const auto whole = span();
        monitor.press(Qt::Key_W);
        QVERIFY2(span() < whole, qPrintable(u"%1 of %2"_s.arg(span()).arg(whole)));
        const auto from = timeline.from();
        monitor.press(Qt::Key_D);
        QVERIFY(timeline.from() > from);
        monitor.press(Qt::Key_A);
        QVERIFY(std::abs(timeline.from() - from) <= 2);
        monitor.press(Qt::Key_S);
        QVERIFY(std::abs(span() - whole) <= whole / 50);
    }

    void copyWorksInEveryView()
    {
        BusyMonitor monitor;
        QVERIFY(monitor.chooseDeposit());
        MainWindow &window = *monitor.window;
        for (QWidget *view : std::initializer_list<QWidget *>{window.traffic(), window.sequence(), window.timeline()}) {
            window.findChild<QTabWidget *>()->setCurrentWidget(view);
            const QString text = monitor.copied(*view);
            QVERIFY2(text.contains(u"deposit"_s),
                     qPrintable(text + QString::fromLatin1(view->metaObject()->className())));
        }
        window.chains()->setObjects(monitor.session->objects().servers().front().objects.all(), 7);
        window.chains()->setCurrentObject(monitor.published(u"account"_s).id);
        QVERIFY(monitor.copied(*window.chains()).contains(u"account"_s));

        monitor.session->selection().selectObject(monitor.published(u"account"_s));
        QVERIFY(monitor.copied(*window.objects()->tree()).startsWith(u"account\t"_s));
        QTableView &attributes = *window.inspector()->attributes();
        QTRY_VERIFY(attributes.model()->rowCount() > 1);
        attributes.setCurrentIndex(attributes.model()->index(1, 1));
        QTRY_VERIFY2(monitor.copied(attributes).startsWith(u"balance\t310"_s), qPrintable(monitor.copied(attributes)));

        monitor.session->workers().start(u"slow"_s);
        QVERIFY(monitor.copied(*window.workers()->table()).startsWith(u"slow 1\t"_s));
        QTreeView &elements = *window.details()->findChild<QTreeView *>();
        elements.setCurrentIndex(elements.model()->index(0, 0));
        QVERIFY2(monitor.copied(elements).contains(u'\t'), qPrintable(monitor.copied(elements)));
        window.findChild<QDockWidget *>(u"conversation"_s)->raise();
        QTableView &conversation = *window.conversation()->findChild<QTableView *>();
        QTRY_VERIFY(conversation.model()->rowCount() > 0);
        conversation.setCurrentIndex(conversation.model()->index(0, 0));
        QVERIFY2(monitor.copied(conversation).contains(u"deposit"_s), qPrintable(monitor.copied(conversation)));
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestHabits)
#include "test_habits.moc"
