// SPDX-License-Identifier: GPL-3.0-or-later
// The conversation of a frame: its call, and what the same client asked the same object around it.
#include "frame_bytes.h"

#include "models/conversation_model.h"
#include "trace/frame_names.h"
#include "views/conversation_view.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

using Column = ConversationModel::Column;

void append(FrameStore &store, frames::Event event, std::int64_t time, std::uint64_t object = 1,
            std::uint32_t connection = 1)
{
    event->time = time;
    event->object = event->isFromServer() && event->opcode == -2 ? 0 : object;
    event->connection = connection;
    event->sequence = store.endRow();
    event.appendTo(store);
}

/// Calls 1 to `count`, each a request at its number of milliseconds and a result half a millisecond later.
void appendCalls(FrameStore &store, std::uint64_t count)
{
    for (std::uint64_t call = 1; call <= count; ++call) {
        append(store, frames::request(call), std::int64_t(call) * 1'000'000);
        append(store, frames::answer(call), std::int64_t(call) * 1'000'000 + 500'000);
    }
}

} // namespace

class TestConversation : public QObject {
    Q_OBJECT

private:
    [[nodiscard]] static QString text(const ConversationModel &model, int row, int column)
    {
        return model.index(row, column).data().toString();
    }

private Q_SLOTS:
    void aCallIsShownFromRequestToResultWithTimesAndGaps()
    {
        FrameStore store;
        append(store, frames::request(1), 1000);
        append(store, frames::stillWorking(1), 3000);
        append(store, frames::answer(1), 10'000);
        const FrameNames names;
        ConversationModel model(names);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (Row row = 0; row < 3; ++row) { // whichever of its frames is selected
            model.setFrame(store.snapshot(), row);
            QCOMPARE(model.rowCount(), 3);
            QVERIFY(model.isOwn(model.index(int(row), 0)));
            QCOMPARE(model.frameOf(model.index(int(row), 0)), row);
        }
        QVERIFY(text(model, 0, Column::Content).startsWith(u"add(5"_s));
        QVERIFY(text(model, 1, Column::Frame).contains(u"PENDING"_s));
        QCOMPARE(text(model, 1, Column::Gap), u"2.00 µs"_s);
        QCOMPARE(text(model, 2, Column::Time), u"+9.00 µs"_s);
        QVERIFY(model.summary().contains(u"9.00 µs"_s));
        model.setFrame({}, noRow);
        QCOMPARE(model.rowCount(), 0);
    }

    void onlyCallsOfTheSameClientOnTheSameObjectStandAroundIt()
    {
        FrameStore store;
        appendCalls(store, 1);
        append(store, frames::request(50), 1'100'000, 2);    // another object
        append(store, frames::request(51), 1'200'000, 1, 9); // another client
        append(store, frames::request(2), 2'000'000);
        append(store, frames::answer(2), 2'500'000);
        append(store, frames::request(3), 3'000'000);
        const FrameNames names;
        ConversationModel model(names);
        model.setFrame(store.snapshot(), 4);
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(model.frameOf(model.index(0, 0)), Row(0));
        QCOMPARE(text(model, 0, Column::Time), u"−1.00 ms"_s);
        QVERIFY(!model.isOwn(model.index(0, 0)));
        QVERIFY(model.isOwn(model.index(2, 0)));
        QCOMPARE(model.frameOf(model.index(4, 0)), Row(6));
        QVERIFY(!model.isComplete()); // call 3 waits for its answer
    }

    void neighboursAreBounded()
    {
        FrameStore store;
        appendCalls(store, 100);
        const FrameNames names;
        ConversationModel model(names);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFrame(store.snapshot(), 100);
        QCOMPARE(model.rowCount(), 2 * (2 * ConversationModel::neighbours + 1));
        QVERIFY(model.isComplete());
    }

    void anAnswerThatComesLaterAppears()
    {
        FrameStore store;
        append(store, frames::request(1), 1000);
        const FrameNames names;
        ConversationView view(store, names);
        view.resize(800, 300);
        view.show();
        view.showFrame(0);
        QCOMPARE(view.model()->rowCount(), 1);
        append(store, frames::answer(1), 2000);
        const auto rows = [&view] {
            view.refresh();
            return view.model()->rowCount();
        };
        QTRY_COMPARE(rows(), 2);
    }

    void aClickGoesToTheFrame()
    {
        FrameStore store;
        appendCalls(store, 3);
        const FrameNames names;
        ConversationView view(store, names);
        view.resize(800, 300);
        view.show();
        view.showFrame(2);
        QSignalSpy requested(&view, &ConversationView::frameRequested);
        const QRect row = view.table()->visualRect(view.model()->indexOfFrame(5));
        QTest::mouseClick(view.table()->viewport(), Qt::LeftButton, {}, row.center());
        QTRY_COMPARE(requested.size(), 1);
        QCOMPARE(requested.front().front().value<Row>(), Row(5));
    }

    void whatWasShownStaysWhenTheFramesAreCleared()
    {
        FrameStore store;
        appendCalls(store, 2);
        const FrameNames names;
        ConversationView view(store, names);
        view.show();
        view.showFrame(0);
        store.clear();
        view.refresh();
        QCOMPARE(view.model()->rowCount(), 4);
        view.showFrame(noRow);
        QVERIFY(!view.table()->isVisible());
    }

    void hiddenItLooksAtNothing()
    {
        FrameStore store;
        appendCalls(store, 2);
        const FrameNames names;
        ConversationView view(store, names);
        view.showFrame(0);
        QCOMPARE(view.model()->rowCount(), 0);
        view.show();
        QCOMPARE(view.model()->rowCount(), 4);
        view.setCovered(true);
        appendCalls(store, 1);
        view.refresh();
        QCOMPARE(view.model()->rowCount(), 4);
        view.setCovered(false);
        view.showFrame(0);
        QVERIFY(view.model()->rowCount() > 4);
    }
};

QTEST_MAIN(TestConversation)
#include "test_conversation.moc"
