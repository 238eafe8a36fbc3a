// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_snapshot.h"

#include "models/attribute_model.h"
#include "models/object_tree_model.h"
#include "models/value_tree_model.h"
#include "models/worker_model.h"
#include "session/value_text.h"
#include "session/worker_pool.h"

#include <decoy/json.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

struct CheckedTree {
    ObjectTreeModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};

    [[nodiscard]] QModelIndex find(quint64 id) const { return model.indexOf({u"demo"_s, id}); }
};

} // namespace

class TestModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chainedObjectsStandBelowTheirParents()
    {
        CheckedTree tree;
        tree.model.setServers({demoSnapshot({nodeInfo(1, 0, "node"), nodeInfo(2, 1), nodeInfo(3, 2)})});
        QCOMPARE(tree.find(3).parent(), tree.find(2));
        QCOMPARE(tree.find(2).parent(), tree.find(1));
        QCOMPARE(tree.find(1).data().toString(), u"node"_s);
    }

    void rowsThatStayKeepTheirIndexesWhileOthersComeAndGo()
    {
        CheckedTree tree;
        tree.model.setServers({demoSnapshot({nodeInfo(1, 0, "node"), nodeInfo(2, 1), nodeInfo(5, 0, "lab")})});
        const QPersistentModelIndex node = tree.find(1);
        const QPersistentModelIndex lab = tree.find(5);
        tree.model.setServers(
            {demoSnapshot({nodeInfo(1, 0, "node"), nodeInfo(3, 1), nodeInfo(4, 3), nodeInfo(5, 0, "lab")})});
        QVERIFY(node.isValid());
        QVERIFY(lab.isValid());
        QVERIFY(!tree.find(2).isValid());
        QCOMPARE(tree.find(4).parent(), tree.find(3));
    }

    void anObjectWhoseParentIsGoneMovesToTheServer()
    {
        CheckedTree tree;
        tree.model.setServers({demoSnapshot({nodeInfo(1, 0, "node"), nodeInfo(2, 1), nodeInfo(3, 2)})});
        tree.model.setServers({demoSnapshot({nodeInfo(1, 0, "node"), nodeInfo(3, 2)})});
        QCOMPARE(tree.find(3).parent(), tree.find(0));
    }

    void parentsThatFormALoopAreShownAtTheServer()
    {
        CheckedTree tree;
        tree.model.setServers({demoSnapshot({nodeInfo(1, 2), nodeInfo(2, 1)})});
        QVERIFY(tree.find(1).isValid());
        QVERIFY(tree.find(2).isValid());
    }

    void moreChildrenThanFitAreCounted()
    {
        std::vector<ObjectInfo> objects = {nodeInfo(1, 0, "node")};
        for (quint64 id = 2; id < 2 + ObjectTreeModel::mostChildren + 1000; ++id)
            objects.push_back(nodeInfo(id, 1));
        CheckedTree tree;
        tree.model.setServers({demoSnapshot(objects)});
        const QModelIndex node = tree.find(1);
        QCOMPARE(tree.model.rowCount(node), int(ObjectTreeModel::mostChildren) + 1);
        const QModelIndex more = tree.model.index(int(ObjectTreeModel::mostChildren), 0, node);
        QVERIFY(more.data().toString().contains(u"more"_s));
        QVERIFY(more.data(ObjectTreeModel::ObjectRole).value<ObjectRef>().isNull());
        tree.model.setServers({demoSnapshot({nodeInfo(1, 0, "node")})});
        QCOMPARE(tree.model.rowCount(tree.find(1)), 0);
    }

    void ofVeryManyRowsThoseNearTheServerAreThere()
    {
        // Two published objects, of which each has 150 children, which have ten each, which have five each.
        std::vector<ObjectInfo> objects = {nodeInfo(1, 0, "node"), nodeInfo(2, 0, "lab")};
        for (const auto &[parents, children] : {std::pair(2, 150), std::pair(300, 10), std::pair(3000, 5)}) {
            const quint64 first = objects.size() + 1 - static_cast<quint64>(parents);
            for (int child = 0; child < parents * children; ++child)
                objects.push_back(nodeInfo(objects.size() + 1, first + static_cast<quint64>(child / children)));
        }
        ObjectTreeModel model; // the tester would look at all rows after each
        const auto find = [&model](quint64 id) { return model.indexOf({u"demo"_s, id}); };
        model.setServers({demoSnapshot(objects)});
        QVERIFY(find(2 + 300 + 3000).isValid()); // the last of the level before the last
        QCOMPARE(model.rowCount(find(303)), 5);
        const QModelIndex last = find(2 + 300 + 3000);
        QCOMPARE(model.rowCount(last), 1);
        QCOMPARE(model.index(0, 0, last).data().toString(), u"5 more not shown"_s);

        objects.resize(2);
        model.setServers({demoSnapshot(objects)}); // and nothing is left of it
        QCOMPARE(model.rowCount(find(2)), 0);
    }

    void aPinnedObjectAmongThoseThatAreOnlyCountedIsNotCounted()
    {
        std::vector<ObjectInfo> objects = {nodeInfo(1, 0, "node")};
        for (quint64 id = 2; id < 2 + ObjectTreeModel::mostChildren + 10; ++id)
            objects.push_back(nodeInfo(id, 1));
        const quint64 last = objects.back().id;
        MarkedObjects marked;
        marked.chainedPins[u"demo"_s].insert(last, u"Node"_s);
        CheckedTree tree;
        tree.model.setServers({demoSnapshot(objects)}, marked);
        QCOMPARE(tree.find(last).parent(), tree.find(0));
        const QModelIndex more = tree.model.index(int(ObjectTreeModel::mostChildren), 0, tree.find(1));
        QVERIFY(more.data().toString().startsWith(u"9 more"_s));
    }

    void whatALookLearnsIsWhatIsPublishedAndWhatTheLookBeforeDidNotFind()
    {
        const auto idsOf = [](const std::vector<ObjectInfo> &objects) {
            QList<quint64> ids;
            for (const ObjectInfo &object : objects)
                ids.append(object.id);
            return ids;
        };
        std::vector<quint64> known;
        const ObjectList first({nodeInfo(2, 0, "node"), nodeInfo(3, 2), nodeInfo(5, 2)});
        QCOMPARE(idsOf(newsIn(first, known)), (QList<quint64>{2, 3, 5}));
        QCOMPARE(idsOf(newsIn(first, known)), QList<quint64>{2});
        const ObjectList second({nodeInfo(2, 0, "node"), nodeInfo(4, 2), nodeInfo(5, 2), nodeInfo(6, 5)});
        QCOMPARE(idsOf(newsIn(second, known)),
                 (QList<quint64>{2, 4, 6})); // an id below one that is known may come later
        QCOMPARE(idsOf(newsIn({}, known)), QList<quint64>{});
        QCOMPARE(idsOf(newsIn(second, known)), (QList<quint64>{2, 4, 5, 6}));
    }

    void aListKnowsHowManyStandBelowEach()
    {
        const ObjectList objects(
            {nodeInfo(1, 0, "node"), nodeInfo(2, 1), nodeInfo(3, 2), nodeInfo(4, 1), nodeInfo(5, 0)});
        const std::vector<std::uint32_t> below{3, 1, 0, 0, 0};
        for (std::uint32_t place = 0; place < 5; ++place)
            QCOMPARE(objects.descendants(place), below[place]);
        std::vector<ObjectInfo> chain;
        for (quint64 id = 1; id <= 100; ++id)
            chain.push_back(nodeInfo(id, id - 1));
        QCOMPARE(ObjectList(chain).descendants(0), 99U); // those beyond the last row are below all but that
        QCOMPARE(ObjectList(chain).descendants(ObjectList::mostDepth - 2), 100 - ObjectList::mostDepth + 1);
    }

    void anObjectThatAServerListsTwiceHasOneRow()
    {
        CheckedTree tree; // published under two names, and in no order: what another process sends is as it likes
        tree.model.setServers({demoSnapshot({nodeInfo(5, 0, "lab"), nodeInfo(2, 0, "node"), nodeInfo(5, 0, "other")})});
        QCOMPARE(tree.model.rowCount(tree.find(0)), 2);
        QCOMPARE(tree.find(5).data().toString(), u"lab"_s);
    }

    void aServerThatIsDetachedTakesItsObjectsAlong()
    {
        CheckedTree tree;
        ServerSnapshot other = demoSnapshot({nodeInfo(1, 0, "counter")});
        other.name = u"other"_s;
        other.isLocal = false;
        tree.model.setServers({demoSnapshot({nodeInfo(1, 0, "node")}), other});
        QVERIFY(tree.model.indexOf({u"other"_s, 1}).isValid());
        tree.model.setServers({demoSnapshot({nodeInfo(1, 0, "node")})});
        QCOMPARE(tree.model.rowCount(), 1);
        tree.model.setServers({});
        QCOMPARE(tree.model.rowCount(), 0);
    }

    void onlyWhatChangedIsAnnounced()
    {
        CheckedTree tree;
        std::vector<ObjectInfo> objects = {nodeInfo(1, 0, "node"), nodeInfo(2, 0, "lab")};
        tree.model.setServers({demoSnapshot(objects)});
        QSignalSpy changes(&tree.model, &QAbstractItemModel::dataChanged);
        tree.model.setServers({demoSnapshot(objects)});
        QCOMPARE(changes.count(), 0);
        objects[1].calls = 7;
        tree.model.setServers({demoSnapshot(objects)});
        QCOMPARE(changes.count(), 2); // the object, and its server's sum
    }

    void aHugeValueShowsNoMoreRowsThanAreLookedAt()
    {
        std::vector<int> numbers(100'000);
        ValueTreeModel model;
        model.setValue(u"result"_s, Value(numbers));
        // Only now: the tester fetches rows while it still handles a reset, and then reports its own insertion.
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QModelIndex root = model.index(0, 0);
        QVERIFY(model.rowCount(root) <= int(ValueTreeModel::rowsPerFetch) * 2);
        QVERIFY(model.canFetchMore(root));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void aValueOutlivesWhatItWasMadeFrom()
    {
        ValueTreeModel model;
        model.setValue(u"result"_s, fromJson(R"({"list":[1,"two",{"three":3}],"none":null})"));
        const QModelIndex root = model.index(0, 0);
        model.fetchMore(root);
        const QModelIndex list = model.index(0, 0, root);
        model.fetchMore(list);
        QCOMPARE(list.data().toString(), u"\"list\""_s);
        QCOMPARE(model.index(1, ValueTreeModel::Content, list).data().toString(), u"\"two\""_s);
    }

    void anEditAsksForTheChangeAndDoesNotPretend()
    {
        AttributeModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setAttributes({{"a", "int", true, ""}, {"name", "str", false, ""}});
        model.setValue(0, Value(100));
        QSignalSpy refused(&model, &AttributeModel::editRefused);
        int asked = 0;
        connect(&model, &AttributeModel::changeRequested, this,
                [&](int, const Value &value) { asked = value.as<int>(); });
        const QModelIndex cell = model.index(0, AttributeModel::AttributeValue);
        QVERIFY(!model.setData(cell, u"12 ducks"_s));
        QCOMPARE(refused.count(), 1);
        QVERIFY(model.setData(cell, u"7"_s));
        QCOMPARE(asked, 7);
        QCOMPARE(cell.data().toString(), u"100"_s);
        QVERIFY(!(model.flags(model.index(1, AttributeModel::AttributeValue)) & Qt::ItemIsEditable));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void workersThatCannotStartLeaveARowThatSaysSo()
    {
        WorkerPool pool(u"/nonexistent/decoy"_s, u"demo"_s);
        WorkerModel model(pool);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        pool.start(u"teller"_s);
        QTRY_COMPARE(pool.at(0)->state(), WorkerState::NotStarted);
        QVERIFY(model.index(0, WorkerModel::Ending).data().toString().contains(u"could not be started"_s));
        pool.clearEnded();
        QCOMPARE(model.rowCount(), 0);
    }

    void textBecomesAValueOfItsTypeOrAReasonWhyNot_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("json"); // empty: refused
        const auto row = [](const char *name, const char *type, const QString &text, const QString &json) {
            QTest::newRow(name) << QByteArray(type) << text << json;
        };
        row("largest unsigned", "int", u"18446744073709551615"_s, u"18446744073709551615"_s);
        row("smallest signed", "int", u"-9223372036854775808"_s, u"-9223372036854775808"_s);
        row("one too large", "int", u"18446744073709551616"_s, {});
        row("one too small", "int", u"-9223372036854775809"_s, {});
        row("hexadecimal", "int", u"0xff"_s, u"255"_s);
        row("a fraction is no int", "int", u"1.5"_s, {});
        row("nothing is no int", "int", u" "_s, {});
        row("letters are no int", "int", u"five"_s, {});
        row("float", "float", u"2.5"_s, u"2.5"_s);
        row("words are no float", "float", u"much"_s, {});
        row("text stays as it is", "str", u" a \"b\" "_s, u"\" a \\\"b\\\" \""_s);
        row("bool", "bool", u"true"_s, u"true"_s);
        row("hex bytes", "bytes", u"00 ff"_s, u"{\"$bytes\":\"AP8=\"}"_s);
        row("half a byte", "bytes", u"00 f"_s, {});
        row("list", "list", u"[1,2]"_s, u"[1,2]"_s);
        row("a dict is no list", "list", u"{}"_s, {});
        row("unfinished JSON", "any", u"[1,"_s, {});
        row("any", "any", u"null"_s, u"null"_s);
    }

    void textBecomesAValueOfItsTypeOrAReasonWhyNot()
    {
        QFETCH(QByteArray, type);
        QFETCH(QString, text);
        QFETCH(QString, json);
        const ParsedValue parsed = parseValue(type.toStdString(), text);
        QCOMPARE(parsed.isValid(), !json.isEmpty());
        if (parsed.isValid())
            QCOMPARE(QString::fromStdString(toJson(parsed.value)), json);
        else
            QVERIFY(!parsed.problem.isEmpty());
    }
};

QTEST_MAIN(TestModels)
#include "test_models.moc"
