// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold for every control of the window, those that nobody has thought of included.
#include "monitor_fixture.h"
#include "own_settings.h"

#include "dialogs/invoke_panel.h"
#include "mainwindow/centre_tabs.h"
#include "mainwindow/traffic_chips.h"
#include "mainwindow/window_actions.h"
#include "mainwindow/window_layout.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QDockWidget>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QSet>
#include <QTabBar>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <array>

using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Widgets that the Tab key must reach.
QSet<QWidget *> tabStops(const QWidget &window)
{
    QSet<QWidget *> stops;
    for (auto *widget : window.findChildren<QWidget *>()) {
        const bool takesTab = widget->focusPolicy() & Qt::TabFocus;
        // Who hands its focus on is reached there.
        if (takesTab && widget->isVisibleTo(&window) && widget->isEnabled() && !widget->focusProxy()
            && widget->window() == &window)
            stops.insert(widget);
    }
    return stops;
}

QString nameOf(const QWidget *widget)
{
    return u"%1 “%2” in %3"_s.arg(QString::fromLatin1(widget->metaObject()->className()), widget->accessibleName(),
                                  widget->parentWidget() ? widget->parentWidget()->objectName() : QString());
}

/// All that the Tab key reaches from where the focus is, in order, until it comes round.
QList<QWidget *> walk(QWidget &window, Qt::Key key, qsizetype most)
{
    QList<QWidget *> reached;
    while (reached.size() < most) {
        QWidget *before = QApplication::focusWidget();
        QTest::keyClick(before ? before : &window, key);
        QWidget *now = QApplication::focusWidget();
        if (!now || reached.contains(now))
            break;
        reached.append(now);
    }
    return reached;
}

/// The first button whose text has no room; empty if there is none.
QString cutOff(const QWidget &window)
{
    for (const auto *button : window.findChildren<QAbstractButton *>()) {
        const auto *tool = qobject_cast<const QToolButton *>(button);
        if (button->visibleRegion().isEmpty() || (tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly))
            continue;
        const int text = button->fontMetrics().horizontalAdvance(button->text().remove(u'&'));
        const int icon = button->icon().isNull() ? 0 : button->iconSize().width();
        if (text + icon > button->width())
            return u"“%1” is %2 wide, its text %3"_s.arg(button->text()).arg(button->width()).arg(text);
    }
    return {};
}

} // namespace

class TestWindowAudit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theTabKeyReachesEveryControl_data()
    {
        QTest::addColumn<QString>("tab");
        QTest::addColumn<int>("key");
        QTest::addColumn<bool>("isInvokeShown");
        QTest::newRow("Invoke") << u"traffic"_s << int(Qt::Key_Tab) << true;
        QTest::newRow("Invoke, backwards") << u"traffic"_s << int(Qt::Key_Backtab) << true;
        for (const char *tab : {"traffic", "sequence", "timeline", "chains", "statistics"}) {
            QTest::addRow("%s", tab) << QString::fromLatin1(tab) << int(Qt::Key_Tab) << false;
            QTest::addRow("%s, backwards", tab) << QString::fromLatin1(tab) << int(Qt::Key_Backtab) << false;
        }
    }

    void theTabKeyReachesEveryControl()
    {
        QFETCH(QString, tab);
        QFETCH(int, key);
        QFETCH(bool, isInvokeShown);
        DemoMonitor monitor;
        monitor.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(monitor.window.get()));
        QVERIFY(monitor.window->showTab(tab));
        QTRY_VERIFY(monitor.session->frames().endRow() == 0 || monitor.knows(u"account"_s));
        if (isInvokeShown) {
            QTRY_VERIFY(monitor.knows(u"account"_s));
            QTRY_VERIFY(monitor.window->invoke(monitor.published(u"account"_s))->methods()->count() > 0);
        }
        const QSet<QWidget *> wanted = tabStops(*monitor.window);
        QVERIFY(wanted.size() > 10);
        const QList<QWidget *> reached = walk(*monitor.window, Qt::Key(key), 4 * wanted.size());
        for (const QWidget *widget : wanted) {
            if (widget->isVisibleTo(monitor.window.get()) && widget->isEnabled())
                QVERIFY2(reached.contains(widget), qPrintable(nameOf(widget)));
        }
    }

    void noTwoCommandsHaveTheSameKeys()
    {
        DemoMonitor monitor;
        QHash<QKeySequence, QString> owners;
        for (const QAction *action : monitor.window->findChildren<QAction *>()) {
            if (action->shortcutContext() == Qt::WidgetShortcut
                || action->shortcutContext() == Qt::WidgetWithChildrenShortcut)
                continue;
            for (const QKeySequence &keys : action->shortcuts()) {
                QVERIFY2(!owners.contains(keys),
                         qPrintable(u"%1: “%2” and “%3”"_s.arg(keys.toString(), owners.value(keys), action->text())));
                owners.insert(keys, action->text());
            }
        }
        QVERIFY(owners.size() > 10);
    }

    void everyCommandHasAPlaceWhereItIsOffered()
    {
        DemoMonitor monitor;
        for (const QAction *action : monitor.window->actions().commandList()) {
            const QList<QObject *> places = action->associatedObjects();
            const bool isOffered = std::ranges::any_of(places, [](const QObject *place) {
                return qobject_cast<const QMenu *>(place) || qobject_cast<const QAbstractButton *>(place);
            });
            QVERIFY2(isOffered && !action->text().isEmpty(), qPrintable(action->text()));
        }
    }

    void theNumbersOfTheTrafficAreShownAtEverySize_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("zoomSteps");
        for (const QSize size : {QSize(1100, 700), QSize(1280, 800), QSize(1440, 900), QSize(2560, 1440)})
            QTest::addRow("%d", size.width()) << size << 0;
        QTest::newRow("1440, large text") << QSize(1440, 900) << 4;
    }

    void theNumbersOfTheTrafficAreShownAtEverySize()
    {
        QFETCH(QSize, size);
        QFETCH(int, zoomSteps);
        DemoMonitor monitor;
        monitor.window->resize(size);
        for (int step = 0; step < zoomSteps; ++step)
            monitor.window->actions().textLarger->trigger();
        const auto *chips = monitor.window->findChild<TrafficChips *>();
        const auto allAreShown = [chips] {
            return std::ranges::all_of(std::array{TrafficChips::FrameRate, TrafficChips::CallRate,
                                                  TrafficChips::Captured, TrafficChips::Displayed,
                                                  TrafficChips::Dropped, TrafficChips::Lag},
                                       [chips](auto which) { return chips->isShown(which); });
        };
        QTRY_VERIFY(allAreShown());
        QTRY_COMPARE(cutOff(*monitor.window), QString());
        QToolButton *hold = nullptr;
        for (auto *button : monitor.window->findChildren<QToolButton *>()) {
            if (button->defaultAction() == monitor.window->actions().hold)
                hold = button;
        }
        QVERIFY(hold && !hold->toolTip().isEmpty() && !hold->accessibleName().isEmpty());
        if (zoomSteps == 0 && size.width() != 1280) // where it is one of both
            QCOMPARE(hold->toolButtonStyle() == Qt::ToolButtonTextBesideIcon, size.width() >= 1440);
        monitor.window->actions().textUsual->trigger();
    }

    void everyTabIsSeenAlsoBesideALesson()
    {
        DemoMonitor monitor;
        const auto *tabs = monitor.window->findChild<CentreTabs *>();
        monitor.window->resize(1440, 900);
        QTRY_VERIFY(!tabs->tabIcon(0).isNull());
        monitor.window->resize(1100, 700);
        sizeDocks(*monitor.window);
        QVERIFY(monitor.window->showLearn());
        QTRY_VERIFY(tabs->tabIcon(0).isNull()); // the words say more
        QVERIFY(tabs->tabBar()->sizeHint().width() <= tabs->width());
        monitor.window->resize(1600, 900);
        QTRY_VERIFY(!tabs->tabIcon(0).isNull());
    }

    void inNoThemeAndAtNoSizeIsTextCutOffInButtons_data()
    {
        QTest::addColumn<bool>("isDark");
        QTest::addColumn<int>("zoomSteps");
        QTest::newRow("light") << false << 0;
        QTest::newRow("dark") << true << 0;
        QTest::newRow("light, large text") << false << 4;
        QTest::newRow("dark, large text") << true << 4;
    }

    void inNoThemeAndAtNoSizeIsTextCutOffInButtons()
    {
        QFETCH(bool, isDark);
        QFETCH(int, zoomSteps);
        DemoMonitor monitor;
        monitor.theme->choose(isDark ? ThemeChoice::Dark : ThemeChoice::Light);
        for (int step = 0; step < zoomSteps; ++step)
            monitor.window->actions().textLarger->trigger();
        monitor.window->resize(1440, 900);
        QTRY_VERIFY(monitor.knows(u"account"_s));
        QTRY_COMPARE(cutOff(*monitor.window), QString());
        monitor.window->invoke(monitor.published(u"account"_s));
        QTRY_COMPARE(cutOff(*monitor.window), QString());
        monitor.window->actions().textUsual->trigger();
    }

private:
    OwnSettings m_settings; // what earlier runs remembered is not asked here
};

QTEST_MAIN(TestWindowAudit)
#include "test_window_audit.moc"
