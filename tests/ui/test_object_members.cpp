// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the object tree that are no objects: attributes and methods, which are asked for when an object is unfolded, and workers.
#include "demo_snapshot.h"
#include "monitor_fixture.h"
#include "own_settings.h"

#include "dialogs/invoke_panel.h"
#include "models/object_order.h"
#include "session/worker.h"
#include "session/worker_pool.h"
#include "theme/fonts.h"
#include "views/inspector_panel.h"
#include "views/object_panel.h"
#include "views/worker_panel.h"

#include <decoy/dynamic_object.h>

#include <QAbstractItemModelTester>
#include <QDockWidget>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTreeView>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;
using Kind = ObjectTreeModel::Kind;

namespace {

Description described(int attributes, int methods)
{
    Description description;
    for (int number = 0; number < attributes; ++number)
        description.attributes.push_back({"attribute" + std::to_string(number), "int", true, {}, {}});
    for (int number = 0; number < methods; ++number)
        description.methods.push_back({"method" + std::to_string(number), {}, {}, "str"});
    return description;
}

struct MemberTree {
    ObjectTreeModel model;
    ObjectOrder order{model};
    QAbstractItemModelTester tester{&order, QAbstractItemModelTester::FailureReportingMode::QtTest};
    const ServerSnapshot server = demoSnapshot({nodeInfo(1, 0, "node"), nodeInfo(2, 1), nodeInfo(3, 1)});

    MemberTree() { model.setServers({server}); }
    [[nodiscard]] QModelIndex node() const { return order.mapFromSource(model.indexOf({u"demo"_s, 1})); }
    [[nodiscard]] QStringList below(const QModelIndex &parent) const
    {
        QStringList names;
        for (int row = 0; row < order.rowCount(parent); ++row)
            names += order.index(row, 0, parent).data().toString();
        return names;
    }
};

/// The window's tree, as a person uses it.
struct TreeSteps : DemoMonitor {
    TreeSteps()
    {
        window->activateWindow();
        tree().setFocus();
    }
    [[nodiscard]] QTreeView &tree() const { return *window->objects()->tree(); }
    [[nodiscard]] QModelIndex find(const QString &name, const QModelIndex &parent) const
    {
        const QAbstractItemModel &model = *tree().model();
        for (int row = 0; row < model.rowCount(parent); ++row) {
            if (model.index(row, 0, parent).data().toString() == name)
                return model.index(row, 0, parent);
        }
        return {};
    }
    [[nodiscard]] QModelIndex object(const QString &name) const { return find(name, tree().model()->index(0, 0)); }
    [[nodiscard]] QModelIndex member(const QString &ofObject, const QString &name) const
    {
        return find(name, object(ofObject));
    }
    /// False if the member does not appear.
    [[nodiscard]] bool unfold(const QString &ofObject, const QString &name) const
    {
        if (!QTest::qWaitFor([&] { return object(ofObject).isValid(); }))
            return false;
        tree().expand(object(ofObject));
        return QTest::qWaitFor([&] { return member(ofObject, name).isValid(); });
    }
    void press(Qt::Key key, const QModelIndex &at) const
    {
        tree().setCurrentIndex(at);
        QTest::keyClick(&tree(), key);
    }
};

} // namespace

class TestObjectMembers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void anObjectCanBeUnfoldedBeforeItHasBeenAsked()
    {
        MemberTree tree;
        QVERIFY(tree.order.hasChildren(tree.node()));
        const QModelIndex chained = tree.order.index(0, 0, tree.node());
        QVERIFY(!tree.order.hasChildren(chained)); // the monitor holds no reference, so it cannot ask
        tree.model.setServers({demoSnapshot({nodeInfo(1, 0, "node")})});
        QVERIFY(tree.order.hasChildren(tree.node()));
        tree.model.setMembers({u"demo"_s, 1}, Description());
        QVERIFY(!tree.order.hasChildren(tree.node()));
    }

    void attributesAndMethodsStandAboveChainedObjectsWhicheverWayTheTreeIsSorted()
    {
        MemberTree tree;
        tree.model.setMembers({u"demo"_s, 1}, described(2, 1));
        const QStringList asTheyCame{u"attribute0"_s, u"attribute1"_s, u"method0"_s, u"#2"_s, u"#3"_s};
        QCOMPARE(tree.below(tree.node()), asTheyCame);
        tree.order.sort(ObjectTreeModel::Calls, Qt::DescendingOrder);
        QCOMPARE(tree.below(tree.node()), asTheyCame);
        tree.order.sort(ObjectTreeModel::Name, Qt::DescendingOrder);
        QCOMPARE(tree.below(tree.node()),
                 (QStringList{u"attribute1"_s, u"attribute0"_s, u"method0"_s, u"#3"_s, u"#2"_s}));
    }

    void membersStayWhileChainedObjectsComeAndGo()
    {
        MemberTree tree;
        tree.model.setMembers({u"demo"_s, 1}, described(1, 1));
        const QPersistentModelIndex method = tree.order.index(1, 0, tree.node());
        tree.model.setServers({demoSnapshot({nodeInfo(1, 0, "node"), nodeInfo(3, 1), nodeInfo(9, 1)})});
        QCOMPARE(tree.below(tree.node()), (QStringList{u"attribute0"_s, u"method0"_s, u"#3"_s, u"#9"_s}));
        tree.model.setServers({demoSnapshot({nodeInfo(1, 0, "node")})});
        QCOMPARE(tree.below(tree.node()), (QStringList{u"attribute0"_s, u"method0"_s}));
        QCOMPARE(method.data().toString(), u"method0"_s);
        QCOMPARE(Kind(method.data(ObjectTreeModel::KindRole).toInt()), Kind::Method);
        QCOMPARE(method.data(ObjectTreeModel::ObjectRole).value<ObjectRef>(), (ObjectRef{u"demo"_s, 1}));
        tree.model.setServers({});
        QVERIFY(!method.isValid());
    }

    void asAnObjectSaysSomethingElseOnlyThatIsChanged()
    {
        MemberTree tree;
        tree.model.setMembers({u"demo"_s, 1}, described(2, 2));
        QSignalSpy inserted(&tree.model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&tree.model, &QAbstractItemModel::rowsRemoved);
        tree.model.setMembers({u"demo"_s, 1}, described(2, 2));
        QCOMPARE(inserted.count() + removed.count(), 0);
        tree.model.setMembers({u"demo"_s, 1}, described(1, 3));
        QCOMPARE(tree.below(tree.node()),
                 (QStringList{u"attribute0"_s, u"method0"_s, u"method1"_s, u"method2"_s, u"#2"_s, u"#3"_s}));
        tree.model.setMembersFailed({u"demo"_s, 1}, u"did not answer"_s);
        QCOMPARE(tree.below(tree.node()), (QStringList{u"✕ did not answer"_s, u"#2"_s, u"#3"_s}));
        tree.model.setMembers({u"demo"_s, 77}, described(1, 1)); // it went while it was asked
        QCOMPARE(tree.below(tree.node()).size(), 3);
    }

    void ofAHundredThousandAttributesOnlySomeAreShownAndTheOthersCounted()
    {
        MemberTree tree;
        tree.model.setMembers({u"demo"_s, 1}, described(100'000, 7), 3);
        const QStringList names = tree.below(tree.node());
        QCOMPARE(names.size(), qsizetype(ObjectTreeModel::mostMembers) + 3);
        QCOMPARE(names.at(qsizetype(ObjectTreeModel::mostMembers)),
                 groupedNumber(99'810) + u" more attributes and methods"_s);
        QCOMPARE(names.constLast(), u"#3"_s);
    }

    void aDescriptionIsCutBeforeItReachesTheWindow()
    {
        DemoMonitor monitor({}, false);
        auto many = std::make_shared<DynamicObject>();
        constexpr std::size_t attributes = 1000;
        for (int number = 0; number < int(attributes); ++number)
            many->setAttribute("attribute" + std::to_string(number), Value(number));
        monitor.server.publish("many", many);
        QTRY_VERIFY(monitor.knows(u"many"_s));
        std::optional<DescribeOutcome> outcome;
        monitor.session->calls().describe(monitor.published(u"many"_s), "many", this,
                                          [&](const DescribeOutcome &found) { outcome = found; });
        QTRY_VERIFY(outcome);
        QVERIFY2(!outcome->failure, outcome->failure ? outcome->failure->text().c_str() : "");
        QCOMPARE(outcome->description.attributes.size(), DescribeOutcome::mostOfAKind);
        QCOMPARE(outcome->leftOut, attributes - DescribeOutcome::mostOfAKind);
    }

    void workersStandAfterTheServersAndLeaveWhenTheyAreClearedAway()
    {
        MemberTree tree;
        ServerSnapshot other = demoSnapshot({});
        other.name = u"other"_s;
        tree.model.setWorkers(
            {{u"teller 1"_s, u"running"_s, 12, 7, true}, {u"slow 1"_s, u"exit code 0"_s, 13, 1, false}});
        QCOMPARE(tree.below({}), (QStringList{u"demo"_s, u"teller 1"_s, u"slow 1"_s}));
        tree.model.setServers({tree.server, other});
        QCOMPARE(tree.below({}), (QStringList{u"demo"_s, u"other"_s, u"teller 1"_s, u"slow 1"_s}));
        QCOMPARE(tree.order.index(2, ObjectTreeModel::Calls).data().toString(), u"7"_s);
        QCOMPARE(tree.order.index(3, ObjectTreeModel::Type).data().toString(), u"exit code 0"_s);
        tree.model.setWorkers(
            {{u"slow 1"_s, u"exit code 0"_s, 13, 1, false}, {u"duck 1"_s, u"running"_s, 14, 0, true}});
        QCOMPARE(tree.below({}), (QStringList{u"demo"_s, u"other"_s, u"slow 1"_s, u"duck 1"_s}));
        tree.model.setServers({tree.server});
        tree.model.setWorkers({});
        QCOMPARE(tree.below({}), QStringList(u"demo"_s));
    }

    void enterOnAMethodOpensInvokeWithIt()
    {
        TreeSteps steps;
        QVERIFY(steps.unfold(u"account"_s, u"withdraw"_s));
        steps.press(Qt::Key_Return, steps.member(u"account"_s, u"withdraw"_s));
        const InvokePanel &panel = *steps.window->invokePanel();
        QTRY_VERIFY(panel.isInView());
        QTRY_VERIFY(panel.methods()->currentItem() && panel.methods()->currentItem()->text() == u"withdraw"_s);
        QCOMPARE(steps.session->selection().object(), steps.published(u"account"_s));
        // A panel that is seen follows the method that is selected, without taking the keyboard.
        steps.tree().setFocus();
        steps.tree().setCurrentIndex(steps.member(u"account"_s, u"deposit"_s));
        QTRY_COMPARE(panel.methods()->currentItem()->text(), u"deposit"_s);
        QCOMPARE(QApplication::focusWidget(), &steps.tree());
    }

    void enterOnAnAttributeShowsItInTheInspector()
    {
        TreeSteps steps;
        QVERIFY(steps.unfold(u"account"_s, u"balance"_s));
        steps.window->invoke();
        steps.tree().setFocus();
        steps.press(Qt::Key_Return, steps.member(u"account"_s, u"balance"_s));
        const QTableView &attributes = *steps.window->inspector()->attributes();
        QTRY_VERIFY(!attributes.viewport()->visibleRegion().isEmpty());
        QTRY_COMPARE(attributes.currentIndex().siblingAtColumn(0).data().toString(), u"balance"_s);
    }

    void theTreeKeepsWhatIsUnfoldedAndSelectedWhileObjectsAreLookedAtAgain()
    {
        TreeSteps steps;
        QVERIFY(steps.unfold(u"account"_s, u"balance"_s));
        steps.tree().setCurrentIndex(steps.member(u"account"_s, u"balance"_s));
        QSignalSpy looked(&steps.session->objects(), &ObjectWatcher::updated);
        QTRY_VERIFY(looked.count() > 3);
        QCOMPARE(steps.tree().currentIndex(), steps.member(u"account"_s, u"balance"_s));
        QVERIFY(steps.tree().isExpanded(steps.object(u"account"_s)));
    }

    void aWorkerIsARowThatLeadsToItsLog()
    {
        TreeSteps steps;
        steps.session->workers().start(u"teller"_s);
        steps.session->workers().start(u"slow"_s);
        QTRY_VERIFY(steps.find(u"teller 1"_s, {}).isValid());
        steps.window->findChild<QDockWidget *>(u"workers"_s)->hide();
        steps.press(Qt::Key_Return, steps.find(u"teller 1"_s, {}));
        QVERIFY(steps.window->workers()->isVisible());
        QCOMPARE(steps.window->workers()->table()->currentIndex().row(), 0);
        QSignalSpy looked(&steps.session->objects(), &ObjectWatcher::updated);
        QTRY_VERIFY(looked.count() > 2);
        QCOMPARE(steps.tree().currentIndex(), steps.find(u"teller 1"_s, {})); // it stays selected
        steps.session->workers().at(0)->kill();
        QTRY_VERIFY(steps.find(u"teller 1"_s, {})
                        .siblingAtColumn(ObjectTreeModel::Type)
                        .data()
                        .toString()
                        .contains(u"SIGKILL"_s));
        steps.session->workers().clearEnded();
        QTRY_VERIFY(!steps.find(u"teller 1"_s, {}).isValid());
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestObjectMembers)
#include "test_object_members.moc"
