// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window on the offscreen platform, with the demo server in it and real worker processes.
#include "invoke_steps.h"
#include "own_settings.h"

#include "dialogs/argument_form.h"
#include "dialogs/parameter_editor.h"
#include "dialogs/result_view.h"
#include "dialogs/worker_command_dialog.h"
#include "mainwindow/window_actions.h"
#include "models/worker_model.h"
#include "session/call_runner.h"
#include "session/handle_store.h"
#include "session/object_watcher.h"
#include "session/session.h"
#include "session/worker_pool.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"
#include "trace/timeline_pyramid.h"
#include "trace/traffic_collector.h"
#include "views/inspector_panel.h"
#include "views/scenario_menu.h"
#include "views/sequence_view.h"
#include "views/timeline_view.h"
#include "views/traffic_view.h"
#include "views/worker_panel.h"

#include <decoy/proxy_server.h>

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include <csignal>

#include <unistd.h>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

class TestMonitor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void aWorkersFramesAppearInTheTable()
    {
        DemoMonitor monitor;
        monitor.window->actions().startWorker->trigger();
        QTRY_VERIFY(monitor.window->traffic()->frames().size() > 3);
        const Worker *worker = monitor.session->workers().at(0);
        QTRY_VERIFY(worker->calls() > 0);
        QTRY_VERIFY(!worker->log().empty());
        QCOMPARE(worker->state(), WorkerState::Running);
    }

    void theSequenceAndTheTimelineShowTheWorkersAndShareTheSelection()
    {
        DemoMonitor monitor;
        monitor.session->workers().start(u"teller"_s);
        monitor.session->workers().start(u"climber"_s);
        QVERIFY(monitor.window->showTab(u"sequence"_s));
        SequenceView &sequence = *monitor.window->sequence();
        QTRY_COMPARE(sequence.clients().size(), std::size_t(2));
        QTRY_VERIFY(monitor.window->traffic()->frames().size() > 10);
        QTest::keyClick(&sequence, Qt::Key_Home);
        QCOMPARE(monitor.session->selection().frame(), sequence.currentRow());
        QCOMPARE(monitor.window->traffic()->currentRow(), sequence.currentRow());

        QVERIFY(monitor.window->showTab(u"timeline"_s));
        TimelineView &timeline = *monitor.window->timeline();
        QTRY_COMPARE(timeline.timeline().lanes.size(), std::size_t(2));
        QCOMPARE(timeline.currentRow(), sequence.currentRow());
        QTest::keyClick(&timeline, Qt::Key_Right);
        QTRY_VERIFY(timeline.currentRow() > 0);
        QCOMPARE(sequence.currentRow(), timeline.currentRow());
        monitor.session->clearFrames();
        QCOMPARE(timeline.currentRow(), noRow);
        QCOMPARE(sequence.currentRow(), noRow);
    }

    void aWorkerThatDiesInTheMiddleOfACallLeavesARowThatSaysSo()
    {
        DemoMonitor monitor;
        Worker *worker = monitor.session->workers().start(u"crasher"_s);
        QTRY_COMPARE_WITH_TIMEOUT(worker->state(), WorkerState::Crashed, 20000);
        QTRY_VERIFY2(worker->ending().contains(u"in the middle of lab.sleep"_s), qPrintable(worker->ending()));
        QVERIFY(worker->ending().contains(u"SIGKILL"_s));
        QCOMPARE(monitor.window->workers()->table()->model()->rowCount(), 1);
    }

    void aHungWorkerIsShownAsSuspendedAndCanBeKilled()
    {
        DemoMonitor monitor;
        Worker *worker = monitor.session->workers().start(u"teller"_s);
        QTRY_COMPARE(worker->state(), WorkerState::Running);
        ::kill(static_cast<pid_t>(worker->process()), SIGSTOP);
        QTRY_COMPARE(worker->state(), WorkerState::Suspended);
        worker->kill();
        QTRY_COMPARE(worker->state(), WorkerState::Killed);
        worker->restart();
        QTRY_COMPARE(worker->state(), WorkerState::Running);
        worker->stop();
        QTRY_COMPARE(worker->state(), WorkerState::Finished);
    }

    void howMuchAWorkerComputesIsShownWhileItLives()
    {
        DemoMonitor monitor;
        Worker *worker = monitor.session->workers().start(u"flood"_s);
        const auto *table = monitor.window->workers()->table();
        const auto shown = [table] { return table->model()->index(0, WorkerModel::Load).data().toString(); };
        QTRY_VERIFY_WITH_TIMEOUT(worker->load() > 0.01, 30'000);
        QVERIFY2(shown().endsWith(u" %"_s), qPrintable(shown()));
        worker->kill();
        QTRY_COMPARE(worker->state(), WorkerState::Killed);
        QCOMPARE(shown(), QString());
    }

    void callsInFlightAreShownForEachWorker()
    {
        DemoMonitor monitor;
        monitor.session->workers().start(u"sleeper"_s); // always in a long call
        const auto *table = monitor.window->workers()->table();
        const auto shown = [table] { return table->model()->index(0, WorkerModel::InFlight).data().toString(); };
        QTRY_COMPARE_WITH_TIMEOUT(shown(), u"1"_s, 30'000);
        monitor.session->workers().at(0)->kill();
        QTRY_COMPARE(shown(), QString());
    }

    void aWorkerCanBeAnyCommandAndSeveralAtOnce()
    {
        DemoMonitor monitor;
        const auto menus = monitor.window->findChildren<ScenarioMenu *>();
        QVERIFY(!menus.isEmpty());
        menus.first()->actions().constLast()->trigger();
        auto *dialog = monitor.window->findChild<WorkerCommandDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        auto *command = dialog->findChild<QLineEdit *>();
        QVERIFY2(command->text().contains(monitor.session->serverName()), qPrintable(command->text()));
        auto *start = dialog->findChild<QPushButton *>(u"start"_s);
        command->clear();
        QVERIFY(!start->isEnabled());
        command->setText(u"\"%1\" worker teller --server %2 --rate 20"_s.arg(monitor.session->workerProgram(),
                                                                             monitor.session->serverName()));
        dialog->findChild<QSpinBox *>()->setValue(2);
        start->click();
        WorkerPool &workers = monitor.session->workers();
        QCOMPARE(workers.count(), 2);
        QCOMPARE(workers.at(1)->title(), u"decoy 2"_s);
        QTRY_VERIFY(workers.at(0)->calls() > 0 && workers.at(1)->calls() > 0);
        QVERIFY(!workers.startCommand(u"  "_s));
    }

    void aCallByHandGivesItsResultAndItsFramesAreTraffic()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"counter"_s, u"add"_s);
        QVERIFY(dialog);
        dialog->form()->editors().front()->setText(u"5"_s);
        const QByteArray expected = dialog->encodedRequest();
        QVERIFY(!expected.isEmpty());
        QTest::keyClick(dialog, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(dialog->result()->jsonText(), u"105"_s);
        const auto wasSeen = [&] {
            const FrameSnapshot frames = monitor.session->frames().snapshot();
            for (Row row = frames.firstRow(); row < frames.endRow(); ++row) {
                const auto bytes = frames.bytes(row);
                if (QByteArrayView(reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size())) == expected)
                    return true;
            }
            return false;
        };
        QTRY_VERIFY2(wasSeen(), "the bytes that the dialog showed are not among the captured frames");
    }

    void aBadArgumentIsExplainedAtItsFieldAndNothingIsSent()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"account"_s, u"deposit"_s);
        QVERIFY(dialog);
        ParameterEditor *amount = dialog->form()->editors().front();
        amount->setText(u"lots"_s);
        dialog->activateWindow();
        dialog->sendButton()->click();
        QVERIFY(amount->problem().contains(u"lots"_s));
        QVERIFY(!dialog->cancelButton()->isEnabled());
        QTRY_COMPARE(dialog->focusWidget(), amount->input());
        amount->setText(u"50"_s);
        QVERIFY(amount->problem().isEmpty());
    }

    void aDefaultIsShownAndOnlySentWhenEdited()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"account"_s, u"deposit"_s);
        QVERIFY(dialog);
        dialog->form()->editors().front()->setText(u"50"_s);
        QVERIFY(!dialog->form()->editors().at(1)->isUsed());
        QCOMPARE(dialog->form()->read(false).arguments.positional.size(), std::size_t(1));
        dialog->form()->editors().at(1)->setText(u"gift"_s);
        QCOMPARE(dialog->form()->read(false).arguments.positional.size(), std::size_t(2));
    }

    void aRemoteErrorIsShownWithItsTypeAndMessage()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"account"_s, u"withdraw"_s);
        QVERIFY(dialog);
        dialog->form()->editors().front()->setText(u"1000000000"_s);
        dialog->sendButton()->click();
        QTRY_VERIFY2(dialog->result()->statusText().contains(u"InsufficientFunds"_s),
                     qPrintable(dialog->result()->statusText()));
    }

    void aCancelledCallSaysThatTheMethodMayGoOn()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"lab"_s, u"sleep"_s);
        QVERIFY(dialog);
        sendSleep(*dialog);
        QVERIFY(dialog->cancelButton()->isEnabled());
        dialog->cancelButton()->click();
        const QString truth = dialog->result()->statusText(); // which depends on what the server has reported by now
        QVERIFY2(truth.contains(u"may still be running"_s) || truth.contains(u"is still running"_s), qPrintable(truth));
        QVERIFY(dialog->sendButton()->isEnabled());
        QCOMPARE(monitor.session->calls().pending(), 0);
    }

    void aCallThatTakesTooLongTimesOut()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"lab"_s, u"sleep"_s);
        QVERIFY(dialog);
        dialog->form()->editors().front()->setText(u"30"_s);
        dialog->timeout()->setValue(0.05);
        dialog->sendButton()->click();
        QTRY_VERIFY2(dialog->result()->statusText().contains(u"CallTimeout"_s),
                     qPrintable(dialog->result()->statusText()));
    }

    void aReturnedProxyCanBeOpenedInspectedAndReleased()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"node"_s, u"child"_s);
        QVERIFY(dialog);
        dialog->sendButton()->click();
        QTRY_VERIFY(dialog->result()->openButton()->isVisible());
        dialog->result()->openButton()->click();
        const ObjectRef opened = monitor.session->selection().object();
        QVERIFY(monitor.session->handles().find(opened));
        QTRY_VERIFY(monitor.session->objects().object(opened));
        QTRY_VERIFY(monitor.window->inspector()->attributes()->model()->rowCount() > 0);
        monitor.session->handles().release(opened);
        QVERIFY(!monitor.session->handles().find(opened));
    }

    void anAttachedServerThatDiesIsShownAsGone()
    {
        DemoMonitor monitor;
        auto other = std::make_unique<ProxyServer>(DemoMonitor::freshName());
        const QString name = QString::fromStdString(other->name());
        other->run();
        monitor.session->objects().attach(name);
        const auto state = [&] { return monitor.session->objects().server(name)->state; };
        QTRY_COMPARE(state(), ServerSnapshot::State::Live);
        other.reset();
        QTRY_COMPARE(state(), ServerSnapshot::State::Gone);
    }

    void captureStopsAndStartsAgain()
    {
        DemoMonitor monitor;
        QAction *capture = monitor.window->actions().capture;
        QVERIFY(monitor.session->collector().isCapturing());
        capture->trigger();
        QVERIFY(!monitor.session->collector().isCapturing());
        capture->trigger();
        QVERIFY(monitor.session->collector().isCapturing());
    }

    void resetLayoutBringsBackEveryPanel()
    {
        DemoMonitor monitor;
        const auto docks = monitor.window->findChildren<QDockWidget *>();
        for (QDockWidget *dock : docks)
            dock->hide();
        monitor.window->resetLayout();
        for (const QDockWidget *dock : docks) // the guided tour is not there until somebody asks for it
            QVERIFY2(dock->isHidden() == (dock->objectName() == "learn"_L1), qPrintable(dock->windowTitle()));
    }

    void everyInteractiveWidgetHasANameForThoseWhoCannotSeeIt()
    {
        DemoMonitor monitor;
        InvokePanel *dialog = openInvoke(monitor, u"account"_s, u"deposit"_s);
        QVERIFY(dialog);
        for (const QWidget *top : std::initializer_list<const QWidget *>{monitor.window.get(), dialog}) {
            for (const auto *widget : top->findChildren<QWidget *>()) {
                const auto *button = qobject_cast<const QAbstractButton *>(widget);
                const bool own = !widget->objectName().startsWith("qt_"_L1) && widget->focusPolicy() != Qt::NoFocus;
                const bool isInput = qobject_cast<const QAbstractItemView *>(widget)
                    || qobject_cast<const QComboBox *>(widget)
                    || (qobject_cast<const QLineEdit *>(widget)
                        && !qobject_cast<const QAbstractSpinBox *>(widget->parent()))
                    || qobject_cast<const QAbstractSpinBox *>(widget);
                if (!own || (!button && !isInput) || !widget->isVisibleTo(top))
                    continue;
                const bool named = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
                QVERIFY2(named,
                         qPrintable(u"%1 %2"_s.arg(QString::fromLatin1(widget->metaObject()->className()),
                                                   widget->objectName())));
            }
        }
    }

    void opcodeColoursCanBeReadInBothThemes()
    {
        for (const QPalette &palette : {lightPalette(), darkPalette()}) {
            for (const auto background :
                 {QPalette::Base, QPalette::AlternateBase, QPalette::Window, QPalette::Highlight}) {
                const QColor behind = palette.color(background);
                QVERIFY(contrastRatio(palette.color(QPalette::Text), behind) >= 7);
                QVERIFY2(contrastRatio(mutedColour(palette), behind) >= 4.5, qPrintable(QString::number(background)));
                for (int role = 0; role <= int(FrameRole::Unknown); ++role) {
                    const OpcodeStyle &style = opcodeStyle(FrameRole(role), palette);
                    QVERIFY2(contrastRatio(style.colour, behind) >= 4.5,
                             qPrintable(style.word + QString::number(background)));
                }
            }
        }
    }

    void theThemeChangesWhileTheWindowIsOpen()
    {
        DemoMonitor monitor;
        for (const auto choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
            monitor.theme->choose(choice);
            const auto isDrawnDark = [&] {
                const QImage picture = monitor.window->traffic()->grab().toImage();
                return picture.pixelColor(picture.width() / 2, picture.height() / 8).lightnessF() < 0.5F;
            };
            QTRY_COMPARE(isDrawnDark(), choice == ThemeChoice::Dark);
        }
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestMonitor)
#include "test_monitor.moc"
