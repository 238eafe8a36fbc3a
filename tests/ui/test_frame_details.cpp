// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bytes.h"

#include "models/frame_element_model.h"
#include "trace/frame_names.h"
#include "views/chain_view.h"
#include "views/frame_details_view.h"
#include "views/hex_view.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

#include <random>

using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;
using Role = decoy::FrameElement::Role;

/// The details of the frames of one call.
struct ShownDetails {
    ShownDetails()
    {
        frames::request(1, "deposit", {50, std::string("gift")}).appendTo(store);
        frames::answer(1, 150).appendTo(store);
        details.resize(1000, 300);
        details.show();
        details.showFrame(store.snapshot(), 0);
    }
    FrameStore store;
    FrameNames names;
    FrameDetailsView details{names};
    QTreeView *tree = details.findChild<QTreeView *>();
    HexView *hex = details.findChild<HexView *>();
    FrameElementModel *model = details.findChild<FrameElementModel *>();
};

decoy::ObjectInfo object(std::uint64_t id, std::uint64_t parent, int level, const std::string &name = {})
{
    decoy::ObjectInfo info;
    info.id = id;
    info.parent = parent;
    info.level = level;
    info.name = name;
    info.type = "Node";
    info.references = 1;
    return info;
}

class TestFrameDetails : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theModelKeepsTheRulesForWholeCutAndHostileFrames();
    void everyByteBelongsToAnElementOfTheTree();
    void selectingAnElementSelectsItsBytes();
    void clickingAByteSelectsItsElement();
    void pointingAtAByteLightsUpItsElement();
    void theButtonLeadsToTheResultAndBack();
    void aResultThatComesLaterIsOffered();
    void theFrameStaysWhenTheStoreIsCleared();
    void hexCanBeCopied();
    void theKeyboardWalksOverBytes();
    void aFrameThatIsNotThereShowsTheEmptyState();
    void chainsStandInTheColumnsOfTheirLevels();
    void columnsAreNamedByWhatTheyAre();
    void aWholeChainIsSeenWithoutScrolling();
    void manySiblingsAreGroupedUntilAskedFor();
    void aChainWithoutEndAndObjectsWithoutNumberAreCounted();
    void clickingANodeSelectsItsObject();
    void theArrowKeysWalkAlongAChain();
    void circlesAndOrphansDoNoHarm();
    void aThousandObjectsArePainted();
};

void TestFrameDetails::theModelKeepsTheRulesForWholeCutAndHostileFrames()
{
    FrameElementModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QByteArray whole = frames::execute(1, "deposit", {50, std::vector<int>{1, 2, 3}});
    model.setFrame(whole, static_cast<quint64>(whole.size()));
    QCOMPARE(model.rowCount(), 2);
    model.setHighlighted(model.elementAt(5));
    model.setHighlighted({});
    std::mt19937 random(5);
    for (int round = 0; round < 200; ++round) {
        QByteArray bytes = whole;
        bytes[static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()))] = static_cast<char>(random());
        bytes.truncate(static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size() + 1)));
        model.setFrame(bytes, static_cast<quint64>(whole.size()));
    }
    model.setFrame({}, 0);
    QCOMPARE(model.rowCount(), 0);
}

void TestFrameDetails::everyByteBelongsToAnElementOfTheTree()
{
    ShownDetails shown;
    for (int byte = 0; byte < shown.hex->bytes().size(); ++byte) {
        const QModelIndex index = shown.model->elementAt(byte);
        QVERIFY(index.isValid());
        QVERIFY(!index.data().toString().isEmpty());
        QVERIFY(!index.data(Qt::ToolTipRole).toString().isEmpty());
    }
    QCOMPARE(shown.model->element(shown.model->elementAt(0)).role, Role::Prefix);
    QVERIFY(!shown.model->elementAt(static_cast<int>(shown.hex->bytes().size())).isValid());
}

void TestFrameDetails::selectingAnElementSelectsItsBytes()
{
    ShownDetails shown;
    shown.tree->setCurrentIndex(shown.model->index(0, 0));
    QCOMPARE(shown.hex->selection(), (ByteRange{0, 4}));
    shown.tree->setCurrentIndex(shown.model->index(1, 0));
    QCOMPARE(shown.hex->selection(), (ByteRange{4, static_cast<int>(shown.hex->bytes().size())}));
}

void TestFrameDetails::clickingAByteSelectsItsElement()
{
    ShownDetails shown;
    Q_EMIT shown.hex->byteClicked(9); // inside the method's name
    QCOMPARE(shown.model->element(shown.tree->currentIndex()).role, Role::Member);
    QCOMPARE(shown.hex->selection(), (ByteRange{8, 16}));
}

void TestFrameDetails::pointingAtAByteLightsUpItsElement()
{
    ShownDetails shown;
    Q_EMIT shown.hex->byteHovered(9);
    QVERIFY(shown.model->elementAt(9).data(Qt::BackgroundRole).isValid());
    Q_EMIT shown.hex->byteHovered(-1);
    QVERIFY(!shown.model->elementAt(9).data(Qt::BackgroundRole).isValid());
}

void TestFrameDetails::theButtonLeadsToTheResultAndBack()
{
    ShownDetails shown;
    auto *button = shown.details.findChild<QPushButton *>();
    QSignalSpy requested(&shown.details, &FrameDetailsView::frameRequested);
    button->click();
    QCOMPARE(requested.takeFirst().at(0).value<Row>(), Row(1));
    shown.details.showFrame(shown.store.snapshot(), 1);
    button->click();
    QCOMPARE(requested.takeFirst().at(0).value<Row>(), Row(0));
}

void TestFrameDetails::aResultThatComesLaterIsOffered()
{
    ShownDetails shown;
    frames::request(2).appendTo(shown.store);
    shown.details.showFrame(shown.store.snapshot(), 2);
    auto *button = shown.details.findChild<QPushButton *>();
    QVERIFY(!button->isVisible());
    frames::stillWorking(2).appendTo(shown.store);
    shown.details.refresh(shown.store.snapshot());
    QVERIFY2(button->isVisible() && button->text().startsWith(QStringLiteral("Pending")), qPrintable(button->text()));
    frames::answer(2).appendTo(shown.store);
    shown.details.refresh(shown.store.snapshot());
    QCOMPARE(button->text(), QStringLiteral("Result: frame 5"));
}

void TestFrameDetails::theFrameStaysWhenTheStoreIsCleared()
{
    ShownDetails shown;
    const qsizetype size = shown.hex->bytes().size();
    shown.store.clear();
    shown.tree->setCurrentIndex(shown.model->index(1, 0));
    QCOMPARE(shown.hex->selection().end, static_cast<int>(size));
}

void TestFrameDetails::hexCanBeCopied()
{
    ShownDetails shown;
    shown.hex->setSelection({0, 6});
    QTest::keySequence(shown.hex, QKeySequence::Copy);
    QVERIFY2(QGuiApplication::clipboard()->text().endsWith(QStringLiteral(" 92 02")),
             qPrintable(QGuiApplication::clipboard()->text()));
    shown.hex->setSelection({});
    QCOMPARE(shown.hex->selectedHex().size(), shown.hex->bytes().size() * 3 - 1);
}

void TestFrameDetails::theKeyboardWalksOverBytes()
{
    ShownDetails shown;
    QTest::keyClick(shown.hex, Qt::Key_Home);
    QCOMPARE(shown.model->element(shown.tree->currentIndex()).role, Role::Prefix);
    for (int i = 0; i < 5; ++i)
        QTest::keyClick(shown.hex, Qt::Key_Right);
    QCOMPARE(shown.model->element(shown.tree->currentIndex()).role, Role::Opcode);
}

void TestFrameDetails::aFrameThatIsNotThereShowsTheEmptyState()
{
    ShownDetails shown;
    shown.details.showFrame(shown.store.snapshot(), 77);
    QCOMPARE(shown.details.row(), noRow);
    QVERIFY(shown.hex->bytes().isEmpty());
    QCOMPARE(shown.model->rowCount(), 0);
    QVERIFY(!shown.tree->isVisible());
}

void TestFrameDetails::chainsStandInTheColumnsOfTheirLevels()
{
    std::vector<decoy::ObjectInfo> objects{object(1, 0, 0, "node")};
    for (std::uint64_t id = 2; id <= 8; ++id)
        objects.push_back(object(id, id - 1, static_cast<int>(id - 1)));
    const ChainLayout layout = layOutChains(objects, {});
    QCOMPARE(layout.nodes.size(), std::size_t(8));
    QCOMPARE(layout.rows, 1);
    for (const ChainNode &node : layout.nodes)
        QCOMPARE(node.column, node.level);
}

void TestFrameDetails::columnsAreNamedByWhatTheyAre()
{
    const std::vector<decoy::ObjectInfo> levels{object(1, 0, 0, "node"), object(2, 1, 1), object(3, 2, 2)};
    ChainView view;
    view.setObjects(levels, 2);
    QCOMPARE(view.columnTitle(0), u"Level 0, published"_s);
    QCOMPARE(view.columnTitle(1), u"Level 1"_s);
    QCOMPARE(view.columnTitle(2), u"Level 2, the limit"_s);
    view.setObjects(ObjectList({object(1, 0, 0, "node"), object(2, 1, 0), object(3, 2, 0)}),
                    2); // plain data was read in between
    QCOMPARE(view.columnTitle(0), u"Published"_s);
    QCOMPARE(view.columnTitle(1), u"Step 1"_s);
    QCOMPARE(view.columnTitle(2), u"Step 2"_s);
}

void TestFrameDetails::aWholeChainIsSeenWithoutScrolling()
{
    std::vector<decoy::ObjectInfo> objects{object(1, 0, 0, "thermostat")};
    for (std::uint64_t id = 2; id <= 8; ++id)
        objects.push_back(object(id, id - 1, static_cast<int>(id - 1)));
    ChainView view;
    view.resize(720, 400); // what a window of 1440 pixels leaves
    view.setObjects(objects, 7);
    view.show();
    QCOMPARE(view.horizontalScrollBar()->maximum(), 0);
    QVERIFY(view.viewport()->rect().contains(view.nodeRect(view.chainLayout().nodes.back())));
}

void TestFrameDetails::manySiblingsAreGroupedUntilAskedFor()
{
    std::vector<decoy::ObjectInfo> objects{object(1, 0, 0, "node")};
    for (std::uint64_t id = 2; id < 195; ++id)
        objects.push_back(object(id, 1, 1));
    const ChainLayout grouped = layOutChains(objects, {});
    QCOMPARE(grouped.nodes.size(), 1 + siblingsShown + 1);
    QCOMPARE(grouped.nodes.back().kind, ChainNode::Kind::More);
    QCOMPARE(grouped.nodes.back().hidden, 187);

    ChainView view;
    view.resize(900, 500);
    view.setObjects(objects, 7);
    view.show();
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.nodeRect(view.chainLayout().nodes.back()).center());
    QCOMPARE(view.chainLayout().nodes.size(), objects.size() + 1); // and one place to show fewer
    QCOMPARE(view.chainLayout().nodes.back().kind, ChainNode::Kind::Fewer);
}

void TestFrameDetails::aChainWithoutEndAndObjectsWithoutNumberAreCounted()
{
    std::vector<decoy::ObjectInfo> chain{object(1, 0, 0, "node")};
    for (std::uint64_t id = 2; id <= 1000; ++id)
        chain.push_back(object(id, id - 1, 0));
    const ChainLayout cut = layOutChains(chain, {});
    QCOMPARE(cut.nodes.size(), std::size_t(stepsShown) + 1);
    QCOMPARE(cut.nodes.back().kind, ChainNode::Kind::Rest);
    QCOMPARE(cut.nodes.back().hidden, 1000 - stepsShown);
    QCOMPARE(cut.columns, stepsShown + 1);
    QCOMPARE(cut.rows, 1);

    std::vector<decoy::ObjectInfo> many{object(1, 0, 0, "node")};
    for (std::uint64_t id = 2; id <= 10'000; ++id)
        many.push_back(object(id, 1, 1));
    const ChainLayout all = layOutChains(many, {1}); // the person wants to see them all
    QCOMPARE(all.nodes.back().kind, ChainNode::Kind::Rest);
    QVERIFY(all.nodes.size() <= objectsShown + 2);
    QCOMPARE(all.nodes.back().hidden, 10'000 - int(objectsShown));
    for (std::uint64_t id = 10'001; id <= 20'000; ++id) // each of them has a child
        many.push_back(object(id, id - 10'000, 2));
    const ChainLayout deep = layOutChains(many, {1});
    const auto shown = std::ranges::count(deep.nodes, ChainNode::Kind::Object, &ChainNode::kind);
    QCOMPARE(deep.nodes.back().hidden, 20'000 - static_cast<int>(shown));

    ChainView view;
    view.resize(900, 500);
    view.setObjects(chain, 7);
    view.show();
    view.horizontalScrollBar()->setValue(view.horizontalScrollBar()->maximum());
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.nodeRect(view.chainLayout().nodes.back()).center());
    QCOMPARE(view.chainLayout().nodes.size(), cut.nodes.size()); // it only tells
}

void TestFrameDetails::clickingANodeSelectsItsObject()
{
    ChainView view;
    view.resize(900, 400);
    view.setObjects(ObjectList({object(1, 0, 0, "node"), object(2, 1, 1)}), 7);
    view.show();
    QSignalSpy selected(&view, &ChainView::objectSelected);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.nodeRect(view.chainLayout().nodes.at(1)).center());
    QCOMPARE(selected.count(), 1);
    QCOMPARE(view.currentObject(), 2U);
    view.setCurrentObject(1); // from elsewhere: not reported back
    QCOMPARE(selected.count(), 1);
}

void TestFrameDetails::theArrowKeysWalkAlongAChain()
{
    ChainView view;
    view.resize(900, 400);
    view.setObjects(ObjectList({object(1, 0, 0, "node"), object(2, 1, 1), object(3, 2, 2), object(4, 1, 1)}), 7);
    view.show();
    for (const auto &[key, expected] : std::initializer_list<std::pair<Qt::Key, quint64>>{{Qt::Key_Right, 1},
                                                                                          {Qt::Key_Right, 2},
                                                                                          {Qt::Key_Right, 3},
                                                                                          {Qt::Key_Left, 2},
                                                                                          {Qt::Key_Down, 4},
                                                                                          {Qt::Key_Up, 2}}) {
        QTest::keyClick(&view, key);
        QCOMPARE(view.currentObject(), expected);
    }
}

void TestFrameDetails::circlesAndOrphansDoNoHarm()
{
    const std::vector<decoy::ObjectInfo> objects{object(1, 2, 1),  object(2, 1, 1),  object(3, 3, 1),
                                                 object(4, 99, 5), object(5, 4, -4), object(5, 4, 2'000'000'000)};
    const ChainLayout layout = layOutChains(objects, {});
    QCOMPARE(layout.nodes.size(), std::size_t(5)); // one is there twice
    QVERIFY(layout.columns < 2000);
    ChainView view;
    view.setObjects(objects, 7);
    QVERIFY(!view.grab().isNull());
}

void TestFrameDetails::aThousandObjectsArePainted()
{
    std::vector<decoy::ObjectInfo> objects;
    for (std::uint64_t id = 1; id <= 1000; ++id)
        objects.push_back(object(id, id % 40 == 1 ? 0 : id - 1, static_cast<int>((id - 1) % 40)));
    ChainView view;
    view.resize(900, 500);
    view.setObjects(objects, 7);
    QVERIFY(!view.grab().isNull());
    view.setCurrentObject(960);
    QVERIFY(!view.grab().isNull());
}

QTEST_MAIN(TestFrameDetails)
#include "test_frame_details.moc"
