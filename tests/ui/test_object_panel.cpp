// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of objects as a person keeps it: pins, order, columns, and the marks of what is held and what is not recorded.
#include "demo_snapshot.h"
#include "monitor_fixture.h"
#include "own_settings.h"

#include "mainwindow/window_actions.h"
#include "models/object_order.h"
#include "session/object_pins.h"
#include "session/record_settings.h"
#include "session/traffic_hold.h"
#include "session/worker_pool.h"
#include "theme/fonts.h"
#include "views/held_panel.h"
#include "views/inspector_panel.h"
#include "views/object_columns.h"
#include "views/object_name_delegate.h"
#include "views/object_panel.h"

#include <decoy/connection.h>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDockWidget>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QTest>
#include <QTreeView>

#include <algorithm>
#include <chrono>
#include <optional>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

ObjectInfo object(quint64 id, std::string name, quint64 calls = 0)
{
    ObjectInfo info;
    info.id = id;
    info.name = std::move(name);
    info.type = "Node";
    info.calls = calls;
    return info;
}

MarkedObjects pinned(const QSet<QString> &names)
{
    MarkedObjects marked;
    marked.pinned = names;
    return marked;
}

struct OrderedTree {
    ObjectTreeModel model;
    ObjectOrder order{model};
    QAbstractItemModelTester tester{&order, QAbstractItemModelTester::FailureReportingMode::QtTest};

    /// The first column of what is below the server.
    [[nodiscard]] QStringList names() const
    {
        QStringList names;
        const QModelIndex server = order.index(0, 0);
        for (int row = 0; row < order.rowCount(server); ++row)
            names += order.index(row, 0, server).data().toString();
        return names;
    }
};

struct TreeMonitor : DemoMonitor {
    using DemoMonitor::DemoMonitor;

    [[nodiscard]] QTreeView &tree() const { return *window->objects()->tree(); }
    [[nodiscard]] QModelIndex find(const QString &name) const
    {
        const QAbstractItemModel &model = *tree().model();
        const QModelIndex root = model.index(0, 0);
        for (int row = 0; row < model.rowCount(root); ++row) {
            if (model.index(row, 0, root).data().toString() == name)
                return model.index(row, 0, root);
        }
        return {};
    }
    [[nodiscard]] QString spoken(const QString &name) const
    {
        return find(name).data(Qt::AccessibleTextRole).toString();
    }
    [[nodiscard]] bool shows(ObjectTreeModel::Column column) const { return !tree().isColumnHidden(column); }
    /// What the menu of the columns does when a column is clicked there.
    void toggle(ObjectTreeModel::Column column) const
    {
        QMenu menu;
        window->objects()->columns()->addMenus(menu);
        const QString title = tree().model()->headerData(column, Qt::Horizontal).toString();
        for (QAction *action : menu.actions().constLast()->menu()->actions()) {
            if (action->text() == title)
                action->trigger();
        }
    }
};

QPushButton *heldButton(const InspectorPanel &inspector)
{
    const auto buttons = inspector.findChildren<QPushButton *>();
    const auto found = std::ranges::find_if(
        buttons, [](const QPushButton *button) { return button->text().endsWith("held"_L1); });
    return found == buttons.end() ? nullptr : *found;
}

} // namespace

class TestObjectPanel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void aPinnedObjectStandsFirstWhicheverWayTheTreeIsSorted()
    {
        OrderedTree tree;
        const auto objects = {demoSnapshot({object(1, "account", 5), object(2, "counter", 9), object(3, "lab", 1)})};
        tree.model.setServers(objects);
        QCOMPARE(tree.names(), (QStringList{u"account"_s, u"counter"_s, u"lab"_s}));
        tree.model.setServers(objects, pinned({u"lab"_s}));
        QCOMPARE(tree.names(), (QStringList{u"lab"_s, u"account"_s, u"counter"_s}));
        tree.order.sort(ObjectTreeModel::Calls, Qt::DescendingOrder);
        QCOMPARE(tree.names(), (QStringList{u"lab"_s, u"counter"_s, u"account"_s}));
        tree.order.sort(ObjectTreeModel::Calls, Qt::AscendingOrder);
        QCOMPARE(tree.names(), (QStringList{u"lab"_s, u"account"_s, u"counter"_s}));
        tree.order.sort(-1, Qt::AscendingOrder);
        tree.model.setServers(objects);
        QCOMPARE(tree.names(), (QStringList{u"account"_s, u"counter"_s, u"lab"_s}));
    }

    void numbersAreSortedAsNumbersAndTheOrderFollowsThem()
    {
        OrderedTree tree;
        tree.order.sort(ObjectTreeModel::Calls, Qt::DescendingOrder);
        tree.model.setServers({demoSnapshot({object(1, "a", 9), object(2, "b", 1000), object(3, "c", 80)})});
        QCOMPARE(tree.names(), (QStringList{u"b"_s, u"c"_s, u"a"_s}));
        tree.model.setServers({demoSnapshot({object(1, "a", 2000), object(2, "b", 1000), object(3, "c", 80)})});
        QCOMPARE(tree.names(), (QStringList{u"a"_s, u"b"_s, u"c"_s}));
        tree.model.setServers({demoSnapshot({object(9, {}), object(12, {}), object(100, {})})});
        tree.order.sort(ObjectTreeModel::Name, Qt::DescendingOrder);
        QCOMPARE(tree.names(), (QStringList{u"#100"_s, u"#12"_s, u"#9"_s}));
    }

    void aPinnedObjectIsShownAmongMoreThanFit()
    {
        std::vector<ObjectInfo> objects;
        for (quint64 id = 1; id <= ObjectTreeModel::mostChildren + 10; ++id)
            objects.push_back(object(id, "object" + std::to_string(id)));
        const QString last = QString::fromStdString(objects.back().name);
        OrderedTree tree;
        tree.model.setServers({demoSnapshot(objects)});
        QVERIFY(!tree.names().contains(last));
        tree.model.setServers({demoSnapshot(objects)}, pinned({last}));
        QCOMPARE(tree.names().constFirst(), last);
        QVERIFY(tree.names().constLast().startsWith("9 more"_L1));
        tree.order.sort(ObjectTreeModel::Name, Qt::DescendingOrder);
        QVERIFY(tree.names().constLast().startsWith("9 more"_L1));
    }

    void anObjectSaysHowOldItIsWhereThatIsKnown()
    {
        using namespace std::chrono_literals;
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        const auto aged = [&](quint64 id, std::chrono::nanoseconds age) {
            ObjectInfo info = object(id, std::to_string(id));
            info.created = (now - age).count();
            return info;
        };
        OrderedTree tree;
        tree.model.setServers({demoSnapshot({aged(1, 90s), aged(2, 150min), aged(3, 72h + 1min), object(4, "4")})});
        const QModelIndex parent = tree.order.index(0, 0);
        const auto age = [&](int row) { return tree.order.index(row, ObjectTreeModel::Age, parent).data().toString(); };
        QCOMPARE(age(0), u"1 min"_s);
        QCOMPARE(age(1), u"2 h"_s);
        QCOMPARE(age(2), u"3 d"_s);
        QCOMPARE(age(3), QString());
        QVERIFY(TreeMonitor().server.objects().front().created > 0);
    }

    void aClickOnTheStarPinsAndTheNextStartKnowsIt()
    {
        {
            TreeMonitor monitor;
            QTRY_VERIFY(monitor.find(u"lab"_s).isValid());
            QVERIFY(monitor.find(u"lab"_s).row() > 0);
            const QRect cell = monitor.tree().visualRect(monitor.find(u"lab"_s));
            QTest::mouseClick(monitor.tree().viewport(), Qt::LeftButton, {},
                              ObjectNameDelegate::starRect(cell).center());
            QCOMPARE(monitor.find(u"lab"_s).row(), 0);
            QCOMPARE(monitor.spoken(u"lab"_s), u"lab, pinned"_s);
        }
        TreeMonitor monitor;
        QTRY_COMPARE(monitor.find(u"lab"_s).row(), 0);
        monitor.window->actions().resetLayout->trigger();
        QVERIFY(monitor.find(u"lab"_s).row() > 0);
        QVERIFY(ObjectPins().names().isEmpty());
    }

    void aPinnedChainedObjectStandsOnTopWithWhatHangsBelowItAndStaysWhenItIsGone()
    {
        OrderedTree tree;
        ObjectInfo child = object(7, {});
        child.parent = 1;
        ObjectInfo grandchild = object(8, {});
        grandchild.parent = 7;
        const auto server = demoSnapshot({object(1, "node"), object(2, "lab"), child, grandchild});
        tree.model.setServers({server});
        QCOMPARE(tree.names(), (QStringList{u"node"_s, u"lab"_s}));
        MarkedObjects marked;
        marked.chainedPins[server.name].insert(7, u"Node"_s);
        tree.model.setServers({server}, marked);
        QCOMPARE(tree.names(), (QStringList{u"#7"_s, u"node"_s, u"lab"_s}));
        const QModelIndex pin = tree.order.index(0, 0, tree.order.index(0, 0));
        QCOMPARE(tree.order.index(0, 0, pin).data().toString(), u"#8"_s);

        tree.model.setServers({demoSnapshot({object(1, "node"), object(2, "lab"), object(9, "new")})}, marked);
        QCOMPARE(tree.names(), (QStringList{u"#7"_s, u"node"_s, u"lab"_s, u"new"_s}));
        QCOMPARE(pin.data(Qt::AccessibleTextRole).toString(), u"#7, pinned, gone"_s);
        QCOMPARE(pin.siblingAtColumn(ObjectTreeModel::Type).data().toString(), u"Node, gone"_s);
        QCOMPARE(pin.siblingAtColumn(ObjectTreeModel::Calls).data().toString(), QString());
        tree.model.setServers({server});
        QCOMPARE(tree.names(), (QStringList{u"node"_s, u"lab"_s}));
    }

    void aChainWithoutEndDoesNotMakeTheTreeAsDeep()
    {
        constexpr quint64 length = 100'000;
        std::vector<ObjectInfo> chain{object(1, "node")};
        for (quint64 id = 2; id <= length; ++id) {
            chain.push_back(object(id, {}));
            chain.back().parent = id - 1;
        }
        OrderedTree tree;
        tree.model.setServers({demoSnapshot(chain)});
        QModelIndex row = tree.order.index(0, 0);
        std::size_t depth = 0;
        for (; tree.order.rowCount(row) == 1; row = tree.order.index(0, 0, row))
            ++depth;
        QCOMPARE(depth, ObjectTreeModel::mostDepth - 1);
        QCOMPARE(tree.order.rowCount(row), int(ObjectTreeModel::mostChildren) + 1);
        const QModelIndex last = tree.order.index(int(ObjectTreeModel::mostChildren), 0, row);
        QVERIFY(last.data().toString().endsWith(" more not shown"_L1));
    }

    void aChainedObjectIsPinnedWhileItLivesAndUnpinnedWhenItIsGone()
    {
        TreeMonitor monitor;
        QTRY_VERIFY(monitor.knows(u"node"_s));
        std::optional<Proxy> child = decoy::connect(monitor.server.name())["node"].call<Proxy>("child");
        const ObjectRef ref{monitor.session->serverName(), child->id()};
        QTRY_VERIFY(monitor.session->objects().object(ref));
        monitor.tree().setFocus();
        monitor.session->selection().selectObject(ref);
        QTest::keyClick(monitor.window.get(), Qt::Key_D, Qt::ControlModifier);
        const QString name = u"#%1"_s.arg(ref.id);
        QTRY_COMPARE(monitor.find(name).row(), 0);
        QCOMPARE(monitor.session->selection().object(), ref); // its row was moved, and it stays chosen
        QVERIFY(monitor.window->actions().pin->isChecked());

        child.reset();
        QTRY_COMPARE(monitor.spoken(name), name + u", pinned, gone"_s);
        QVERIFY(!monitor.find(name).siblingAtColumn(ObjectTreeModel::Type).data().toString().isEmpty());
        const QRect cell = monitor.tree().visualRect(monitor.find(name));
        QTest::mouseClick(monitor.tree().viewport(), Qt::LeftButton, {}, ObjectNameDelegate::starRect(cell).center());
        QVERIFY(!monitor.find(name).isValid());
        QVERIFY(!monitor.window->actions().pin->isEnabled());
    }

    void theSelectedObjectIsPinnedFromTheKeyboard()
    {
        TreeMonitor monitor;
        QTRY_VERIFY(monitor.knows(u"counter"_s));
        QVERIFY(!monitor.window->actions().pin->isEnabled());
        monitor.session->selection().selectObject(monitor.published(u"counter"_s));
        QTest::keyClick(monitor.window.get(), Qt::Key_D, Qt::ControlModifier);
        QTRY_COMPARE(monitor.find(u"counter"_s).row(), 0);
        QVERIFY(monitor.window->actions().pin->isChecked());
        QTest::keyClick(monitor.window.get(), Qt::Key_D, Qt::ControlModifier);
        QTRY_VERIFY(!monitor.session->pins().isPinned(u"counter"_s));
        monitor.session->selection().selectObject({monitor.session->serverName(), 0});
        QVERIFY(!monitor.window->actions().pin->isEnabled());
    }

    void pinsOfAnotherVersionAndTooManyAreNotRead()
    {
        QStringList many;
        for (int number = 0; number < 1000; ++number)
            many += QString::number(number);
        QSettings().setValue(u"pins/objects"_s, many);
        QSettings().setValue(u"pins/version"_s, 99);
        QVERIFY(ObjectPins().names().isEmpty());
        QSettings().setValue(u"pins/version"_s, 1);
        QCOMPARE(ObjectPins().names().size(), ObjectPins::most);
        QCOMPARE(ObjectPins().names().constLast(), u"999"_s);
    }

    void columnsGiveWayWhereThereIsNoRoomButNotThoseThatWereAskedFor()
    {
        TreeMonitor monitor;
        monitor.tree().resize(2000, 400);
        QVERIFY(monitor.shows(ObjectTreeModel::Clients) && monitor.shows(ObjectTreeModel::Age));
        monitor.tree().resize(300, 400);
        QVERIFY(!monitor.shows(ObjectTreeModel::Clients) && !monitor.shows(ObjectTreeModel::Age));
        QVERIFY(monitor.shows(ObjectTreeModel::Calls) && monitor.shows(ObjectTreeModel::Errors));
        QVERIFY(monitor.tree().header()->length() <= monitor.tree().viewport()->width());
        monitor.toggle(ObjectTreeModel::Age);
        QVERIFY(monitor.shows(ObjectTreeModel::Age));
        monitor.toggle(ObjectTreeModel::Errors);
        monitor.tree().resize(2000, 400);
        QVERIFY(monitor.shows(ObjectTreeModel::Clients) && !monitor.shows(ObjectTreeModel::Errors));
    }

    void aLargeNumberOfCallsMakesItsColumnGrow()
    {
        TreeMonitor monitor;
        monitor.tree().resize(400, 400);
        const int before = monitor.tree().columnWidth(ObjectTreeModel::Calls);
        monitor.window->objects()->columns()->makeRoomFor(12'345'678, 0);
        QVERIFY(monitor.tree().columnWidth(ObjectTreeModel::Calls) > before);
        QVERIFY(monitor.tree().columnWidth(ObjectTreeModel::Calls)
                > QFontMetrics(tabularFont()).horizontalAdvance(groupedNumber(12'345'678)));
        QVERIFY(monitor.tree().header()->length() <= monitor.tree().viewport()->width());
    }

    void columnsGrowWithTheText()
    {
        TreeMonitor monitor;
        monitor.tree().resize(2000, 400);
        for (int step = 0; step < 6; ++step)
            monitor.window->actions().textLarger->trigger();
        const QHeaderView &header = *monitor.tree().header();
        QTRY_VERIFY(header.sectionSize(ObjectTreeModel::Errors)
                    > QFontMetrics(QApplication::font()).horizontalAdvance(u"Errors"_s) + 12);
        monitor.window->actions().textUsual->trigger();
    }

    void columnsAndTheirOrderAreTheSameAtTheNextStartUntilReset()
    {
        {
            TreeMonitor monitor;
            monitor.toggle(ObjectTreeModel::Errors);
            monitor.tree().sortByColumn(ObjectTreeModel::Calls, Qt::DescendingOrder);
            monitor.window->close();
        }
        TreeMonitor monitor;
        QVERIFY(!monitor.shows(ObjectTreeModel::Errors));
        QCOMPARE(monitor.tree().header()->sortIndicatorSection(), int(ObjectTreeModel::Calls));
        QCOMPARE(monitor.tree().header()->sortIndicatorOrder(), Qt::DescendingOrder);
        monitor.window->actions().resetLayout->trigger();
        QVERIFY(monitor.shows(ObjectTreeModel::Errors));
        QCOMPARE(monitor.tree().header()->sortIndicatorSection(), -1);
    }

    void columnsThatMakeNoSenseAreNotTakenOver()
    {
        TreeMonitor monitor;
        ObjectColumns &columns = *monitor.window->objects()->columns();
        const QByteArray good = columns.save();
        for (qsizetype length = 0; length < good.size(); ++length)
            columns.restore(good.left(length));
        QByteArray hidesTheName = good;
        hidesTheName[3] = 2;
        columns.restore(hidesTheName);
        QVERIFY(monitor.shows(ObjectTreeModel::Name));
        QVERIFY(!columns.restore("nonsense"));
        QVERIFY(monitor.shows(ObjectTreeModel::Name) && monitor.shows(ObjectTreeModel::Calls));
        QVERIFY(columns.restore(good));
    }

    void anObjectWhoseRequestWaitsIsMarkedHereAndInTheInspector()
    {
        TreeMonitor monitor;
        QTRY_VERIFY(monitor.knows(u"account"_s));
        monitor.session->selection().selectObject(monitor.published(u"account"_s));
        QVERIFY(!heldButton(*monitor.window->inspector()));
        QVERIFY(monitor.window->hold(u"object == account && member in {deposit, withdraw}"_s));
        monitor.session->workers().start(u"teller"_s);
        QTRY_COMPARE(monitor.spoken(u"account"_s), u"account, held"_s);
        QCOMPARE(monitor.spoken(u"counter"_s), u"counter"_s);
        QVERIFY(monitor.find(u"account"_s).data(Qt::ToolTipRole).toString().contains(u"held"_s));
        QPushButton *button = heldButton(*monitor.window->inspector());
        QVERIFY(button && button->isVisible());
        QCOMPARE(button->text(), u"1 request is held"_s);
        auto *dock = monitor.window->held()->parentWidget();
        dock->hide();
        button->click();
        QVERIFY(dock->isVisible());
        monitor.session->hold().setMode(HoldMode::Off);
        QVERIFY(!button->isVisible());
        QTRY_COMPARE(monitor.spoken(u"account"_s), u"account"_s);
    }

    void anObjectThatIsNotRecordedSaysSo()
    {
        TreeMonitor monitor;
        QTRY_VERIFY(monitor.knows(u"counter"_s));
        const ObjectRef counter = monitor.published(u"counter"_s);
        monitor.session->record().skipObject(counter.id, u"counter"_s, true);
        QCOMPARE(monitor.spoken(u"counter"_s), u"counter, not recorded"_s);
        monitor.session->record().recordObject(counter.id);
        QCOMPARE(monitor.spoken(u"counter"_s), u"counter"_s);
    }

    void theStarIsDrawnInBothThemes()
    {
        TreeMonitor monitor;
        QTRY_VERIFY(monitor.knows(u"account"_s));
        monitor.session->pins().setPinned(u"account"_s, true);
        for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            monitor.theme->choose(choice);
            const auto contrast = [&monitor] {
                const QModelIndex account = monitor.find(u"account"_s);
                const QImage picture = monitor.tree().viewport()->grab().toImage();
                const QPoint middle = ObjectNameDelegate::starRect(monitor.tree().visualRect(account)).center();
                return std::abs(picture.pixelColor(middle).lightness()
                                - picture.pixelColor(middle + QPoint(0, 11)).lightness());
            };
            QTRY_VERIFY2(contrast() > 100, qPrintable(QString::number(contrast())));
        }
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestObjectPanel)
#include "test_object_panel.moc"
