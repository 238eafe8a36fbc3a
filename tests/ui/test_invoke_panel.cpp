// SPDX-License-Identifier: GPL-3.0-or-later
// The Invoke panel in its dock: what it follows, which keys it takes, and that it fits where it is narrow.
#include "invoke_steps.h"
#include "own_settings.h"

#include "dialogs/argument_form.h"
#include "dialogs/call_bar.h"
#include "dialogs/parameter_editor.h"
#include "dialogs/result_view.h"
#include "dialogs/saved_call_list.h"
#include "dialogs/series_view.h"
#include "mainwindow/window_actions.h"
#include "mainwindow/window_layout.h"
#include "views/inspector_panel.h"
#include "views/traffic_view.h"

#include <decoy/dynamic_object.h>

#include <QAbstractScrollArea>
#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSpinBox>
#include <QTest>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// The first part that is wider than its room, or has to be scrolled to the side; empty if there is none.
QString tooWide(const InvokePanel &panel)
{
    for (const auto *widget : panel.findChildren<QWidget *>()) {
        if (!widget->isVisibleTo(&panel))
            continue;
        const QString what = u"%1 “%2”"_s.arg(QString::fromLatin1(widget->metaObject()->className()),
                                              widget->accessibleName());
        if (const auto *area = qobject_cast<const QAbstractScrollArea *>(widget);
            area && area->horizontalScrollBar()->maximum() > 0)
            return u"%1 scrolls to the side: %2 of %3"_s.arg(what)
                .arg(area->horizontalScrollBar()->maximum())
                .arg(area->viewport()->width());
        if (const auto *button = qobject_cast<const QPushButton *>(widget);
            button && button->width() < button->minimumSizeHint().width())
            return what + u" is cut off"_s;
        if (const QWidget *holder = widget->parentWidget();
            holder && widget->geometry().right() >= holder->width() && !qobject_cast<const QScrollBar *>(widget))
            return u"%1 ends at %2, its parent at %3"_s.arg(what).arg(widget->geometry().right()).arg(holder->width());
    }
    return {};
}

} // namespace

class TestInvokePanel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void itShowsWhatIsSelectedWhileItIsSeen()
    {
        DemoMonitor monitor;
        InvokePanel *panel = showInvoke(monitor, u"counter"_s, u"add"_s);
        QVERIFY(panel);
        QTRY_VERIFY(panel->isInView());
        monitor.session->selection().selectObject(monitor.published(u"account"_s));
        QTRY_VERIFY(!panel->methods()->findItems(u"deposit"_s, Qt::MatchExactly).isEmpty());
        QCOMPARE(panel->object(), monitor.published(u"account"_s));

        auto *dock = monitor.window->findChild<QDockWidget *>(dockNames::invoke);
        dock->hide();
        monitor.session->selection().selectObject(monitor.published(u"counter"_s));
        QCOMPARE(panel->object(), monitor.published(u"account"_s)); // a description that nobody sees is not asked for
        dock->show();
        dock->raise();
        QTRY_COMPARE(panel->object(), monitor.published(u"counter"_s));
    }

    void itStaysWhereAnAnswerIsWaitedFor()
    {
        DemoMonitor monitor;
        InvokePanel *panel = showInvoke(monitor, u"lab"_s, u"sleep"_s);
        QVERIFY(panel);
        sendSleep(*panel);
        monitor.session->selection().selectObject(monitor.published(u"account"_s));
        QCOMPARE(panel->object(), monitor.published(u"lab"_s));
        QVERIFY(panel->cancelButton()->isEnabled());
        QTest::keyClick(panel, Qt::Key_Escape);
        QVERIFY(panel->sendButton()->isEnabled());
        QVERIFY(panel->isVisible());
    }

    void ctrlEnterSendsInThePanelAndShowsItElsewhere()
    {
        DemoMonitor monitor;
        monitor.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(monitor.window.get()));
        QTRY_VERIFY(monitor.knows(u"counter"_s));
        InvokePanel *panel = monitor.window->invokePanel();
        monitor.session->selection().selectObject(monitor.published(u"counter"_s));
        QVERIFY(!panel->isInView());
        monitor.window->traffic()->setFocus();
        QTest::keyClick(monitor.window->traffic(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(panel->isInView());
        QTRY_VERIFY(panel->methods()->count() > 0);
        panel->setObject(monitor.published(u"counter"_s), u"add"_s);
        QTRY_COMPARE(QApplication::focusWidget(), panel->form()->editors().front()->input());

        QTest::keyClicks(QApplication::focusWidget(), u"5"_s);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(panel->result()->jsonText(), u"105"_s);
        QVERIFY(!monitor.window->findChild<InvokeDialog *>());
    }

    void whereItIsNarrowTheMethodsAreAListThatOpens()
    {
        DemoMonitor monitor;
        InvokePanel *panel = showInvoke(monitor, u"account"_s, u"deposit"_s);
        QVERIFY(panel && panel->isNarrow());
        QVERIFY(panel->methodChoice()->isVisible() && !panel->methods()->isVisible());
        QCOMPARE(panel->methodChoice()->currentText(), u"deposit"_s);
        const int withdraw = panel->methodChoice()->findText(u"withdraw"_s);
        panel->methodChoice()->setCurrentIndex(withdraw);
        Q_EMIT panel->methodChoice()->activated(withdraw);
        QVERIFY(hasMethod(*panel, u"withdraw"_s));
        QVERIFY(!panel->savedCalls()->isVisible());

        InvokePanel *wide = openInvoke(monitor, u"account"_s, u"deposit"_s);
        QVERIFY(wide && !wide->isNarrow());
        QVERIFY(wide->methods()->isVisible() && wide->methodName()->isVisible() && !wide->methodChoice()->isVisible());
        QCOMPARE(wide->methodName()->text(), u"deposit"_s);
        QVERIFY(wide->savedCalls()->isVisible());
    }

    void itFitsInto320Pixels_data()
    {
        QTest::addColumn<QString>("object");
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("repetitions");
        QTest::newRow("text and numbers") << u"account"_s << u"deposit"_s << u"50"_s << 1;
        QTest::newRow("a proxy as result") << u"node"_s << u"child"_s << QString() << 1;
        QTest::newRow("anything as argument") << u"lab"_s << u"echo"_s << u"{\"a\": [1, 2, 3]}"_s << 1;
        QTest::newRow("an error") << u"account"_s << u"withdraw"_s << u"100000000"_s << 1;
        QTest::newRow("many calls") << u"counter"_s << u"add"_s << u"1"_s << 50;
    }

    void itFitsInto320Pixels()
    {
        QFETCH(QString, object);
        QFETCH(QString, method);
        QFETCH(QString, arguments);
        QFETCH(int, repetitions);
        DemoMonitor monitor;
        InvokePanel *panel = showInvoke(monitor, object, method);
        QVERIFY(panel);
        monitor.window->resizeDocks({monitor.window->findChild<QDockWidget *>(dockNames::invoke)}, {320},
                                    Qt::Horizontal);
        QTRY_VERIFY(panel->width() <= 320);
        if (!arguments.isEmpty())
            panel->form()->editors().front()->setText(arguments);
        panel->callBar()->setRepetitions(repetitions);
        QTRY_COMPARE(tooWide(*panel), QString());
        panel->sendButton()->click();
        QTRY_VERIFY(panel->sendButton()->isEnabled());
        QTRY_COMPARE(tooWide(*panel), QString());
    }

    void noFieldHasToBeScrolledWithinADockThatCanBe()
    {
        DemoMonitor monitor;
        monitor.window->resize(1100, 700);
        sizeDocks(*monitor.window);
        InvokePanel *panel = showInvoke(monitor, u"account"_s, u"deposit"_s);
        QVERIFY(panel && panel->isNarrow());
        const QScrollBar *fields = panel->form()->findChild<QScrollArea *>()->verticalScrollBar();
        QTRY_COMPARE(fields->maximum(), 0);
        ParameterEditor &amount = *panel->form()->editors().front();
        amount.setText(u"fifty"_s);
        panel->send(); // which says what is wrong below the field
        QVERIFY(!amount.problem().isEmpty());
        QTRY_COMPARE(fields->maximum(), 0);
    }

    void aServerOfManyObjectsFillsNoEndlessList()
    {
        DemoMonitor monitor;
        for (int number = 0; number < 1000; ++number)
            monitor.server.publish("many-" + std::to_string(number), std::make_shared<DynamicObject>());
        InvokePanel *panel = showInvoke(monitor, u"counter"_s, u"add"_s);
        QVERIFY(panel);
        QTRY_VERIFY(monitor.knows(u"many-999"_s));
        monitor.session->selection().selectObject(monitor.published(u"many-999"_s)); // selected, so it is there, too
        QTRY_COMPARE(panel->object(), monitor.published(u"many-999"_s));
        QVERIFY(panel->objects()->count() <= 501);
    }

    void aLayoutOfAnOlderVersionIsNotHalfRestored()
    {
        {
            DemoMonitor monitor;
            monitor.window->findChild<QDockWidget *>(dockNames::inspector)->hide();
            monitor.window->close();
        }
        QSettings().setValue(u"window/layoutVersion"_s, layoutVersion - 1);
        DemoMonitor monitor;
        for (const QLatin1String name : {dockNames::inspector, dockNames::invoke}) {
            const auto *dock = monitor.window->findChild<QDockWidget *>(name);
            QVERIFY2(!dock->isHidden(), name.data());
            QCOMPARE(monitor.window->dockWidgetArea(const_cast<QDockWidget *>(dock)), Qt::RightDockWidgetArea);
        }
        QTRY_VERIFY(!monitor.window->invokePanel()->isInView()); // behind the inspector
    }

    void resetLayoutPutsItBehindTheInspector()
    {
        DemoMonitor monitor;
        auto *dock = monitor.window->findChild<QDockWidget *>(dockNames::invoke);
        monitor.window->addDockWidget(Qt::BottomDockWidgetArea, dock);
        dock->hide();
        monitor.window->resetLayout();
        QVERIFY(!dock->isHidden());
        QCOMPARE(monitor.window->dockWidgetArea(dock), Qt::RightDockWidgetArea);
        QVERIFY(monitor.window->tabifiedDockWidgets(dock).contains(
            monitor.window->findChild<QDockWidget *>(dockNames::inspector)));
        QTRY_VERIFY(!monitor.window->inspector()->visibleRegion().isEmpty());
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestInvokePanel)
#include "test_invoke_panel.moc"
