// SPDX-License-Identifier: GPL-3.0-or-later
// The inspector: attributes read and set in place, set back, and remembered like every other call by hand.
#include "monitor_fixture.h"
#include "own_settings.h"

#include "dialogs/invoke_panel.h"
#include "mainwindow/window_layout.h"
#include "session/attribute_changes.h"
#include "session/call_history.h"
#include "session/manual_calls.h"
#include "views/call_history_view.h"
#include "views/copy_call_menu.h"
#include "views/event_pane.h"
#include "views/inspector_panel.h"

#include <QAction>
#include <QClipboard>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <decoy/connection.h>

#include <algorithm>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

struct InspectorMonitor : DemoMonitor {
    using DemoMonitor::DemoMonitor;

    [[nodiscard]] InspectorPanel &inspector() const { return *window->inspector(); }
    [[nodiscard]] QAbstractItemModel &attributes() const { return *inspector().attributes()->model(); }
    [[nodiscard]] QString value(int row = 0) const { return attributes().index(row, 1).data().toString(); }
    bool set(const QString &value, int row = 0) const
    {
        return attributes().setData(attributes().index(row, 1), value);
    }
    [[nodiscard]] const CallHistory &history() const { return session->callHistory(); }
    /// One of the tools above the history.
    [[nodiscard]] QToolButton *tool(const QString &name) const
    {
        const auto tools = window->calls()->findChildren<QToolButton *>();
        const auto found = std::ranges::find(tools, name, &QToolButton::text);
        return found == tools.end() ? nullptr : *found;
    }
};

/// The tree's looks at the server come four times a second, the inspector's at its object twice.
constexpr qsizetype looksInWhichItWouldRead = 6;

} // namespace

/// Selects an object and waits until its first attribute is there.
#define INSPECT(monitor, object, first) \
    QTRY_VERIFY((monitor).knows(object)); \
    (monitor).session->selection().selectObject((monitor).published(object)); \
    QTRY_COMPARE((monitor).value(), first)

class TestInspector : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void eventsAppearFromTheMomentOfSubscribing()
    {
        InspectorMonitor monitor;
        INSPECT(monitor, u"account"_s, uR"("Ada")"_s);
        EventPane &pane = *monitor.inspector().events();
        QTRY_VERIFY(pane.isVisible());
        QCOMPARE(pane.events()->item(0)->text(), u"changed(balance: int)"_s);
        const Connection other = decoy::connect(monitor.session->serverName().toStdString());
        other["account"].call("deposit", 1); // nobody has asked to be told
        pane.subscribeButton()->click();
        QTRY_COMPARE(monitor.session->server().subscriptions().size(), std::size_t{1});
        other["account"].call("deposit", 50);
        other["account"].call("deposit", 5);
        QTRY_COMPARE(pane.heard()->count(), 2);
        QVERIFY(pane.heard()->item(0)->text().endsWith(u"changed(151)"_s));
        QVERIFY(pane.heard()->item(1)->text().endsWith(u"changed(156)"_s));

        monitor.session->selection().selectObject(monitor.published(u"lab"_s)); // has no events
        QTRY_VERIFY(!pane.isVisible());
        QTRY_VERIFY(monitor.session->server().subscriptions().empty());
    }

    void itAsksNothingWhileAnotherPanelLiesOverIt()
    {
        InspectorMonitor monitor;
        INSPECT(monitor, u"counter"_s, u"100"_s);
        monitor.window->findChild<QDockWidget *>(dockNames::invoke)->raise();
        QTRY_VERIFY(monitor.window->invokePanel()->isInView());
        decoy::connect(monitor.session->serverName().toStdString())["counter"].set("a", 7);
        QSignalSpy looks(&monitor.session->objects(), &ObjectWatcher::updated);
        QTRY_VERIFY(looks.size() > looksInWhichItWouldRead);
        QCOMPARE(monitor.value(), u"100"_s);

        auto *dock = monitor.window->findChild<QDockWidget *>(dockNames::inspector);
        dock->raise();
        QTRY_COMPARE(monitor.value(), u"7"_s);
        dock->hide();
        monitor.session->selection().selectObject(monitor.published(u"account"_s));
        looks.clear();
        QTRY_VERIFY(looks.size() > looksInWhichItWouldRead);
        QCOMPARE(monitor.attributes().rowCount(), 0);
        dock->show();
        dock->raise();
        QTRY_COMPARE(monitor.value(), uR"("Ada")"_s);
    }

    void aServerThatIsNotThereIsNoProcess()
    {
        InspectorMonitor monitor;
        const QString missing = monitor.session->serverName() + u"-missing"_s;
        monitor.session->objects().attach(missing);
        const auto *server = monitor.session->objects().server(missing);
        QTRY_COMPARE(server->state, ServerSnapshot::State::Gone);
        monitor.session->selection().selectObject({missing, 0});
        const auto labels = monitor.inspector().findChildren<QLabel *>();
        const auto says = [&labels](const QString &text) {
            return std::ranges::any_of(labels, [&text](const QLabel *label) { return label->text().contains(text); });
        };
        QVERIFY(says(u"not found so far · looked for again every second"_s));
        QVERIFY(!says(u"process 0"_s));
    }

    void unsubscribingEndsIt()
    {
        InspectorMonitor monitor;
        INSPECT(monitor, u"account"_s, uR"("Ada")"_s);
        EventPane &pane = *monitor.inspector().events();
        QTRY_VERIFY(pane.isVisible());
        pane.subscribeButton()->click();
        QTRY_COMPARE(monitor.session->server().subscriptions().size(), std::size_t{1});
        pane.subscribeButton()->click();
        QTRY_VERIFY(monitor.session->server().subscriptions().empty());
        QVERIFY(!pane.subscribeButton()->isChecked());
    }

    void anAttributeIsReadAndSetInPlace()
    {
        InspectorMonitor monitor;
        INSPECT(monitor, u"counter"_s, u"100"_s);
        QVERIFY(monitor.set(u"7"_s));
        QTRY_COMPARE(monitor.value(), u"7"_s);
    }

    void whatWasSetCanBeSetBackOneAfterTheOther()
    {
        InspectorMonitor monitor;
        INSPECT(monitor, u"counter"_s, u"100"_s);
        QAction &undo = *monitor.inspector().undoAction();
        QVERIFY(!undo.isEnabled());
        for (const QString &next : {u"7"_s, u"8"_s}) {
            QVERIFY(monitor.set(next));
            QTRY_COMPARE(monitor.value(), next);
        }
        QSignalSpy announced(&monitor.inspector(), &InspectorPanel::announced);
        QVERIFY(undo.toolTip().contains(u"Set counter.a back to 7"_s));
        undo.trigger();
        QTRY_COMPARE(monitor.value(), u"7"_s);
        QTRY_COMPARE(announced.size(), 1);
        QCOMPARE(announced[0][0].toString(), u"counter.a was set back to 7, by another SET."_s);
        QTRY_VERIFY(undo.isEnabled());
        undo.trigger();
        QTRY_COMPARE(monitor.value(), u"100"_s);
        QTRY_COMPARE(announced.size(), 2);
        QVERIFY(!undo.isEnabled());
    }

    void whatIsSetIsACallByHandThatSurvivesARestartAndCanBeMadeAgain()
    {
        const QTemporaryDir folder;
        {
            InspectorMonitor monitor(folder.path());
            INSPECT(monitor, u"counter"_s, u"100"_s);
            QVERIFY(monitor.set(u"7"_s));
            QTRY_COMPARE(monitor.value(), u"7"_s);
            QTRY_VERIFY(monitor.history().at(0).request != noRow);
            monitor.inspector().undoAction()->trigger();
            QTRY_COMPARE(monitor.value(), u"100"_s);
            QCOMPARE(monitor.history().count(), 2);
            QCOMPARE(callLine(monitor.history().at(0)), u"a = 100"_s);
        }
        InspectorMonitor monitor(folder.path());
        INSPECT(monitor, u"counter"_s, u"100"_s);
        QCOMPARE(monitor.history().count(), 2);
        QCOMPARE(callLine(monitor.history().at(1)), u"a = 7"_s);
        QCOMPARE(monitor.history().at(1).state, CallState::Succeeded);
        monitor.window->calls()->table()->selectRow(1);
        QVERIFY(!monitor.tool(u"Open in Invoke"_s)->isEnabled()); // which calls methods only
        monitor.tool(u"Send again"_s)->click();
        QTRY_COMPARE(monitor.history().count(), 3);
        QTRY_COMPARE(monitor.value(), u"7"_s);
    }

    void aSetIsCopiedFromTheHistoryAsACommandThatWorks()
    {
        InspectorMonitor monitor;
        INSPECT(monitor, u"counter"_s, u"100"_s);
        QVERIFY(monitor.set(u"7"_s));
        QTRY_COMPARE(monitor.history().count(), 1);
        monitor.window->calls()->table()->selectRow(0);
        monitor.window->calls()->copyMenu()->copy(CallLanguage::CommandLine);
        QString line = QGuiApplication::clipboard()->text();
        QCOMPARE(line, u"decoy set %1 counter a 7"_s.arg(monitor.session->serverName()));
        QTRY_COMPARE(monitor.value(), u"7"_s);
        line.chop(1);
        QProcess shell;
        shell.start(
            u"/bin/sh"_s,
            {u"-c"_s, u"PATH=%1 && %2"_s.arg(QFileInfo(QStringLiteral(DECOY_COMMAND)).absolutePath(), line + u'9')});
        QTRY_COMPARE(shell.state(), QProcess::NotRunning);
        QCOMPARE(shell.exitCode(), 0);
        QTRY_COMPARE(monitor.value(), u"9"_s);
    }

    void aSetThatFailsSaysWhyHereAndInTheHistory()
    {
        InspectorMonitor monitor;
        INSPECT(monitor, u"lab"_s, u"0"_s); // its only attribute cannot be set
        const ObjectRef lab = monitor.published(u"lab"_s);
        AttributeChanges changes(monitor.session->manualCalls());
        QSignalSpy failed(&changes, &AttributeChanges::setFailed);
        changes.set({lab, "lab", u"lab"_s, "sleeps", {}, Value(7)});
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(monitor.history().at(0).state, CallState::Failed);
        QVERIFY(!changes.last());
    }

    void anAnswerThatComesWhenAnotherObjectIsShownIsAnnounced()
    {
        InspectorMonitor monitor;
        INSPECT(monitor, u"account"_s, u"\"Ada\""_s);
        QSignalSpy announced(&monitor.inspector(), &InspectorPanel::announced);
        QVERIFY(monitor.server.withdraw("account"));
        QVERIFY(monitor.set(u"Grace"_s));
        monitor.session->selection().selectObject(monitor.published(u"counter"_s));
        QTRY_COMPARE(announced.size(), 1);
        QVERIFY2(announced[0][0].toString().startsWith("account.owner was not set: "_L1),
                 qPrintable(announced[0][0].toString()));
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestInspector)
#include "test_inspector.moc"
