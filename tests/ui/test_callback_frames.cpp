// SPDX-License-Identifier: GPL-3.0-or-later
// Calls of the server to what clients have lent: kept apart from calls to the server, and shown in every view with their direction.
#include "filter_traffic.h"
#include "frame_capture.h"

#include "filter/breakpoint.h"
#include "filter/filter_completion.h"
#include "filter/filter_parser.h"
#include "models/conversation_model.h"
#include "session/frame_request.h"
#include "session/interrupted_call.h"
#include "trace/narrowed_statistics.h"
#include "trace/problem_finder.h"
#include "trace/record_rules.h"
#include "trace/traffic_statistics.h"
#include "views/filter_clause.h"
#include "views/frame_essentials.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// The same frame, over the reverse channel: it goes the other way.
frames::Event back(frames::Event event)
{
    event->conversation = Conversation::Callback;
    event->flags ^= FrameEvent::FromServer;
    event->object = 7;
    return event;
}
frames::Event asked(std::uint64_t number, const std::string &method = "__call__")
{
    return back(frames::request(number, method));
}
frames::Event answered(std::uint64_t number)
{
    frames::Event event = back(frames::answer(number));
    event->latency = FrameCapture::millisecond;
    return event;
}
frames::Event failed(std::uint64_t number)
{
    frames::Event event = back(
        {ProxyOpCode::ExecutionResult,
         frames::packed(ProxyOpCode::ExecutionResult, {Value(7), Value(), Value("RuntimeError: no quack")}), number});
    event->flags |= FrameEvent::Failed;
    return event;
}

struct Capture : FrameCapture {
    /// 0 a call, 1 a callback of the same number, 2 what the callback calls, 3 its result, 4 the callback's, 5 the call's.
    void callAndBack()
    {
        add(frames::request(3, "map"));
        add(asked(3));
        add(frames::request(4));
        add(frames::answer(4));
        add(answered(3));
        add(frames::answer(3));
    }
};

} // namespace

class TestCallbackFrames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCallbackIsNotMistakenForACallOfTheSameNumber()
    {
        Capture capture;
        capture.callAndBack();
        const FrameSnapshot snapshot = capture.store.snapshot();
        QCOMPARE(snapshot.partner(0), Row(5));
        QCOMPARE(snapshot.partner(5), Row(0));
        QCOMPARE(snapshot.partner(1), Row(4));
        QCOMPARE(snapshot.partner(4), Row(1));
        QCOMPARE(snapshot.partner(2), Row(3));
    }

    void callbacksAreCountedByThemselves()
    {
        Capture capture;
        TrafficStatistics statistics;
        capture.store.setObserver(&statistics);
        capture.callAndBack();
        capture.add(asked(4));
        capture.add(failed(4));
        const TrafficCounters counters = capture.store.counters();
        QCOMPARE(counters.calls, std::uint64_t{2});
        QCOMPARE(counters.results, std::uint64_t{2});
        QCOMPARE(counters.callbacks, std::uint64_t{2});
        QCOMPARE(counters.events, std::uint64_t{0});
        QCOMPARE(counters.errors,
                 std::uint64_t{0}); // the client's, which is told of it as the error of its own call, if at all
        const auto seen = statistics.snapshot();
        QCOMPARE(seen->methods.size(), std::size_t{2}); // map and add: nothing named __call__ is the server's
        QCOMPARE(seen->talkers[0].calls, std::uint64_t{2});
        QVERIFY(seen->errors.empty());
        capture.store.setObserver(nullptr);
    }

    void callbacksAreRecordedUnlessThePersonDoesNotWantThem()
    {
        RecordFilter filter;
        const auto records = [&filter](frames::Event event) { return filter.records(*event.operator->(), {}); };
        filter.setRules({.kinds = RecordRules::everyKind & ~RecordRules::Callbacks, .skippedObjects = {}});
        QVERIFY(!records(asked(3)));
        QVERIFY(records(frames::request(3)));
        filter.setRules({.kinds = RecordRules::everyKind, .skippedObjects = {7}});
        QVERIFY(!records(back(frames::stillWorking(3)))); // what began unseen ends unseen
        QVERIFY(!records(answered(3)));
        QVERIFY(records(frames::answer(3)));
        QVERIFY(records(asked(4))); // the server's object 7 is another one
        filter.setRules({.kinds = RecordRules::Callbacks, .skippedObjects = {}});
        QVERIFY(records(answered(4)));
        QVERIFY(records(asked(5)) && !records(frames::request(5)));
    }

    void aRowSaysWhoseObjectAndWhichWay()
    {
        Capture capture;
        capture.callAndBack();
        capture.add(asked(4, "hear"));
        capture.add(failed(4));
        QCOMPARE(capture.text(1, TrafficColumn::Object), u"← callback 7"_s);
        QCOMPARE(capture.text(1, TrafficColumn::Call), u"__call__(5)"_s);
        QCOMPARE(capture.text(4, TrafficColumn::Object), u"→ callback 7"_s);
        QCOMPARE(capture.text(4, TrafficColumn::Call), u"__call__ → 105"_s);
        QCOMPARE(capture.text(4, TrafficColumn::Latency), u"1.00 ms"_s);
        QCOMPARE(capture.text(6, TrafficColumn::Object), u"← lent 7"_s);
        QCOMPARE(capture.text(7, TrafficColumn::Call), u"hear → RuntimeError: no quack"_s);
        QCOMPARE(capture.text(7, TrafficColumn::Opcode), u"ERROR"_s);
        const FrameSnapshot snapshot = capture.store.snapshot();
        QVERIFY(TrafficRow(snapshot, 1, capture.names).spoken().contains(u"to the client's callback 7"_s));
        QVERIFY(TrafficRow(snapshot, 4, capture.names).spoken().contains(u"from the client's callback 7"_s));
        QVERIFY(frameEssentials(snapshot, 4, capture.names).contains(u"request is frame 2"_s));
        QVERIFY(!isOpenCall(snapshot, 1) && !isOpenCall(snapshot, 4));
    }

    void whatIsLentHasAName()
    {
        Capture capture;
        // map(ext 4: [7, "callable"])
        capture.add({ProxyOpCode::Execute,
                     QByteArray::fromHex("00000018920294 01a36d617091c70b049207a863616c6c61626c6580"), 3});
        QVERIFY2(capture.text(0, TrafficColumn::Call).contains(u"map(callback 7 of the client)"_s),
                 qPrintable(capture.text(0, TrafficColumn::Call)));
    }

    void filtersFindCallbacksAndDirections()
    {
        FilterTraffic traffic;
        const Row first = traffic.append({asked(1), answered(1), asked(2, "hear"), failed(2)});
        const std::vector<Row> all{first, first + 1, first + 2, first + 3};
        QCOMPARE(traffic.matching(u"callback"_s), all);
        QCOMPARE(traffic.matching(u"callback == 1"_s), (std::vector<Row>{first, first + 1}));
        QCOMPARE(traffic.matching(u"callback && direction == to_client"_s), (std::vector<Row>{first, first + 2}));
        QCOMPARE(traffic.matching(u"callback && direction != TO_CLIENT"_s), (std::vector<Row>{first + 1, first + 3}));
        QCOMPARE(traffic.matching(u"direction == to_server"_s), traffic.matching(u"direction != to_client"_s));
        QCOMPARE(traffic.matching(u"callback && error"_s), (std::vector<Row>{first + 2, first + 3}));
        QCOMPARE(traffic.matching(u"method == hear"_s), (std::vector<Row>{first + 2, first + 3}));
        QCOMPARE(traffic.matching(u"object == \"callback 7\""_s), (std::vector<Row>{first, first + 1}));
        QCOMPARE(traffic.matching(u"callback && latency > 500us"_s), (std::vector<Row>{first, first + 1}));
        QCOMPARE(traffic.matching(u"callback && object == 7"_s), std::vector<Row>{}); // that is the server's
        QCOMPARE(traffic.matching(u"callback && type"_s), std::vector<Row>{});
        QCOMPARE(traffic.matching(u"call == 1"_s), (std::vector<Row>{0, 3})); // calls only
        QCOMPARE(traffic.matching(filterClause(traffic.snapshot, first, traffic.names, TrafficColumn::Object)),
                 (std::vector<Row>{first, first + 1}));
        QCOMPARE(filterClause(traffic.snapshot, first, traffic.names, TrafficColumn::CallId),
                 u"client == 1 && callback == 1"_s);
        QCOMPARE(filterClause(traffic.snapshot, first + 3, traffic.names, TrafficColumn::Call), u"method == hear"_s);
    }

    void theFilterBarHelpsWithDirections()
    {
        const FilterVocabulary vocabulary;
        const QString typed = u"direction == "_s;
        const FilterCompletion completion = completeFilter(typed, typed.size(), vocabulary);
        QCOMPARE(completion.candidates.size(), std::size_t{2});
        QCOMPARE(completion.candidates.front().text, u"to_server"_s);
        const FilterParse wrong = parseFilter(u"direction == up");
        QVERIFY(wrong.error && wrong.error->message.contains(u"to_server or to_client"_s));
        QVERIFY(parseFilter(u"direction < to_client").error);
    }

    void aBreakpointCannotHoldCallbacks()
    {
        QVERIFY(Breakpoint::compile(u"callback"_s).error);
        QVERIFY(Breakpoint::compile(u"direction == to_client"_s).error);
        QVERIFY(!Breakpoint::compile(u"direction == to_server"_s).error);
    }

    void theSequenceDrawsItFromTheServerAndItsAnswerBack()
    {
        Capture capture;
        capture.callAndBack();
        DrawnSequence drawn(capture);
        QVERIFY(drawn.isComplete());
        QVERIFY(drawn.view.arrow(0).dx() < 0 && drawn.view.arrow(5).dx() > 0); // the server stands at the left
        QVERIFY(drawn.view.arrow(1).dx() > 0 && drawn.view.arrow(4).dx() < 0);
        QVERIFY2(drawn.painted(1, FrameRole::Execute) > 0.95, "solid: a request");
        QVERIFY2(drawn.painted(4, FrameRole::Result) < 0.9, "dashed: an answer");
    }

    void theConversationSaysWhoAskedWhom()
    {
        Capture capture;
        capture.names.learnProcess(4711, u"lender"_s);
        capture.callAndBack();
        ConversationModel model(capture.names);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFrame(capture.store.snapshot(), 4);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.frameOf(model.index(0, 0)), Row(1));
        QCOMPARE(model.frameOf(model.index(1, 0)), Row(4));
        QCOMPARE(model.summary(), u"the server asked callback 7 of lender 4711 and got its answer after 3.00 ms"_s);
        capture.add(asked(4));
        model.setFrame(capture.store.snapshot(), 6);
        QCOMPARE(model.summary(), u"the server waits for callback 7 of lender 4711: no answer yet"_s);
    }

    void onlyTheServerCanRepeatIt()
    {
        Capture capture;
        capture.callAndBack();
        const FrameSnapshot snapshot = capture.store.snapshot();
        QVERIFY(requestOfFrame(snapshot, 0).problem.isEmpty());
        QVERIFY(requestOfFrame(snapshot, 1).problem.contains(u"only the server"_s));
        QVERIFY(requestOfFrame(snapshot, 4).problem.contains(u"only the server"_s));
    }

    void aClientThatDiesInACallbackIsInNoCallOfItsOwn()
    {
        Capture capture;
        capture.add(asked(3));
        capture.add(back(frames::stillWorking(3)));
        QCOMPARE(findInterruptedCall(capture.store.snapshot(), 4711).row, noRow);
        capture.add(frames::request(3));
        QCOMPARE(findInterruptedCall(capture.store.snapshot(), 4711).row, Row(2));
    }
};

QTEST_MAIN(TestCallbackFrames)
#include "test_callback_frames.moc"
