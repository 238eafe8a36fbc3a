// SPDX-License-Identifier: GPL-3.0-or-later
// EVENT frames in the monitor: kept apart from calls, and shown in every view for what they are.
#include "filter_traffic.h"
#include "frame_capture.h"

#include "filter/breakpoint.h"
#include "filter/filter_completion.h"
#include "models/conversation_model.h"
#include "trace/frame_peek.h"
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

frames::Event endOf(std::uint64_t subscription)
{
    frames::Event event(ProxyOpCode::ExecutionResult,
                        frames::packed(ProxyOpCode::ExecutionResult, {Value(1), Value(), Value("it is gone")}),
                        subscription);
    event->flags |= FrameEvent::Failed;
    event->conversation = Conversation::Subscription;
    return event;
}

frames::Event lost(std::uint64_t subscription, std::uint64_t number)
{
    frames::Event event = frames::told(subscription, number);
    event->flags |= FrameEvent::Lost;
    return event;
}

frames::Event tooLarge(std::uint64_t subscription)
{
    frames::Event event(ProxyOpCode::Event, {}, subscription);
    event->flags |= FrameEvent::Lost;
    event->conversation = Conversation::Subscription;
    return event;
}

struct Capture : FrameCapture {
    /// 0 a call of `__subscribe__` of which the number is the call's own, 1 its result, then `count` EVENTs.
    void subscribe(std::uint64_t count)
    {
        add(frames::request(3, "__subscribe__", {Value("rang"), Value(3)}));
        add(frames::answer(3, Value()));
        for (std::uint64_t number = 1; number <= count; ++number)
            add(frames::told(3, number));
    }
};

} // namespace

class TestEventFrames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSubscriptionIsNotMistakenForACallOfTheSameNumber()
    {
        Capture capture;
        capture.add(frames::request(3));
        capture.add(frames::told(3, 1));
        capture.add(frames::answer(3));
        capture.add(frames::told(3, 2));
        const FrameSnapshot snapshot = capture.store.snapshot();
        QCOMPARE(snapshot.partner(0), Row(2));
        QCOMPARE(snapshot.partner(2), Row(0));
        QCOMPARE(snapshot.partner(1), noRow);
        QCOMPARE(snapshot.nextInCall(1), Row(3));
        QCOMPARE(snapshot.previousInCall(3), Row(1));
    }

    void eventsAreNoCallsAndNoErrors()
    {
        Capture capture;
        TrafficStatistics statistics;
        capture.store.setObserver(&statistics);
        capture.subscribe(5);
        capture.add(lost(3, 6));
        capture.add(endOf(3));
        const TrafficCounters counters = capture.store.counters();
        QCOMPARE(counters.frames, std::uint64_t{9});
        QCOMPARE(counters.calls, std::uint64_t{1});
        QCOMPARE(counters.results, std::uint64_t{1});
        QCOMPARE(counters.errors, std::uint64_t{0});
        QCOMPARE(counters.events, std::uint64_t{6});
        const auto seen = statistics.snapshot();
        QCOMPARE(seen->methods.size(), std::size_t{1});
        QCOMPARE(seen->methods[0].calls, std::uint64_t{1});
        QCOMPARE(seen->talkers[0].frames, std::uint64_t{9});
        QCOMPARE(seen->talkers[0].calls, std::uint64_t{1});
        QCOMPARE(seen->talkers[0].errors, std::uint64_t{0});
        QVERIFY(seen->errors.empty());
        capture.store.setObserver(nullptr);
    }

    void eventsAreRecordedUnlessThePersonDoesNotWantThem()
    {
        RecordFilter filter;
        const auto records = [&filter](frames::Event event) { return filter.records(*event.operator->(), {}); };
        filter.setRules({.kinds = RecordRules::everyKind & ~RecordRules::Events, .skippedObjects = {}});
        QVERIFY(!records(frames::told(3, 1)));
        QVERIFY(!records(endOf(3)));
        QVERIFY(records(frames::request(3)));
        QVERIFY(records(frames::answer(3)));
        filter.setRules({.kinds = RecordRules::Events, .skippedObjects = {}});
        QVERIFY(!records(frames::request(4)));
        QVERIFY(records(frames::told(4, 1))); // the call of the same number is another thing
        QVERIFY(!records(frames::answer(4)));
        filter.setRules({.kinds = RecordRules::everyKind, .skippedObjects = {1}});
        QVERIFY(!records(frames::told(3, 1)));
    }

    void aRowSaysWhatHappened()
    {
        Capture capture;
        capture.subscribe(1);
        capture.add(lost(3, 2));
        capture.add(tooLarge(3));
        capture.add(endOf(3));
        QCOMPARE(capture.text(2, TrafficColumn::Opcode), u"EVENT"_s);
        QCOMPARE(capture.text(2, TrafficColumn::Call), u"rang(42)  №\u00a01"_s);
        QCOMPARE(capture.text(2, TrafficColumn::Latency), QString());
        QCOMPARE(capture.text(3, TrafficColumn::Call), u"rang(42)  №\u00a02  ✕ lost"_s);
        QVERIFY(capture.text(4, TrafficColumn::Call).contains(u"fits into no frame"_s));
        QCOMPARE(capture.text(5, TrafficColumn::Opcode), u"ERROR"_s);
        QVERIFY(capture.text(5, TrafficColumn::Call).contains(u"subscription ended: it is gone"_s));
        const FrameSnapshot snapshot = capture.store.snapshot();
        QVERIFY(frameEssentials(snapshot, 2, capture.names).contains(u"subscription 3 of this client"_s));
        QVERIFY(!isOpenCall(snapshot, 2));
    }

    void filtersFindEventsByNameValueAndSubscription()
    {
        FilterTraffic traffic;
        const Row first = traffic.append(
            {frames::told(1, 1), frames::told(1, 2, "changed", {Value("deep"), Value(7)}), endOf(1)});
        const std::vector<Row> rang{first};
        const std::vector<Row> changed{first + 1};
        const std::vector<Row> both{first, first + 1};
        QCOMPARE(traffic.matching(u"opcode == EVENT"_s), both);
        QCOMPARE(traffic.matching(u"opcode == -3"_s), both);
        QCOMPARE(traffic.matching(u"event"_s), both);
        QCOMPARE(traffic.matching(u"event == \"rang\""_s), rang);
        QCOMPARE(traffic.matching(u"event != rang"_s), changed);
        QCOMPARE(traffic.matching(u"event ~ \"chan\""_s), changed);
        QCOMPARE(traffic.matching(u"member == rang"_s), rang);
        QCOMPARE(traffic.matching(u"method == rang || attr == rang"_s), std::vector<Row>{});
        QCOMPARE(traffic.matching(u"opcode == EVENT && value == 7"_s), changed);
        QCOMPARE(traffic.matching(u"opcode == EVENT && value ~ \"deep\""_s), changed);
        QCOMPARE(traffic.matching(u"subscription == 1"_s), (std::vector<Row>{first, first + 1, first + 2}));
        QCOMPARE(traffic.matching(u"call == 1"_s), (std::vector<Row>{0, 3})); // calls only
        QCOMPARE(traffic.matching(u"opcode == EVENT && error"_s), std::vector<Row>{});
        QCOMPARE(traffic.matching(filterClause(traffic.snapshot, first + 1, traffic.names, TrafficColumn::Call)),
                 changed);
        QCOMPARE(filterClause(traffic.snapshot, first, traffic.names, TrafficColumn::CallId),
                 u"client == 1 && subscription == 1"_s);
        QCOMPARE(filterClause(traffic.snapshot, first, traffic.names, TrafficColumn::Opcode), u"opcode == EVENT"_s);
    }

    void theFilterBarOffersTheEventsThatAreTold()
    {
        Capture capture;
        capture.subscribe(2);
        const auto vocabulary = FilterVocabulary::from(capture.names, capture.store.snapshot());
        QCOMPARE(vocabulary.events, QStringList{u"rang"_s});
        QCOMPARE(vocabulary.members, QStringList{u"__subscribe__"_s});
        const QString typed = u"event == r"_s;
        const FilterCompletion completion = completeFilter(typed, typed.size(), vocabulary);
        QCOMPARE(completion.candidates.size(), std::size_t{1});
        QCOMPARE(completion.candidates.front().text, u"rang"_s);
    }

    void aBreakpointCannotWaitForEvents()
    {
        QVERIFY(Breakpoint::compile(u"event == rang"_s).error);
        QVERIFY(Breakpoint::compile(u"subscription == 1"_s).error);
        const auto compiled = Breakpoint::compile(u"opcode == EVENT"_s);
        QVERIFY(compiled.error);
        QVERIFY(compiled.error->message.contains(u"EVENT is an event"_s));
    }

    void theSequenceDrawsAnEventAsOneArrowFromTheServer()
    {
        Capture capture;
        capture.subscribe(2);
        DrawnSequence drawn(capture);
        QVERIFY(drawn.isComplete());
        QVERIFY(drawn.view.arrow(2).dx() > 0); // the server stands at the left
        QVERIFY2(drawn.painted(2, FrameRole::Event) > 0.95, "solid: it answers nothing");
        QVERIFY(drawn.painted(1, FrameRole::Result) < 0.9);
    }

    void theConversationOfAnEventIsItsSubscription()
    {
        Capture capture;
        capture.subscribe(20);
        ConversationModel model(capture.names);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFrame(capture.store.snapshot(), 10);
        // The call and its result, six events before it, itself, and six after it.
        QCOMPARE(model.rowCount(), 2 + 6 + 1 + 6);
        QCOMPARE(model.frameOf(model.index(0, 0)), Row(0));
        QCOMPARE(model.frameOf(model.index(8, 0)), Row(10));
        QVERIFY(model.isOwn(model.index(8, 0)) && !model.isOwn(model.index(7, 0)));
        QVERIFY(model.index(8, ConversationModel::Content).data().toString().startsWith(u"rang(42)"_s));
        QCOMPARE(model.index(8, ConversationModel::Gap).data().toString(), u"1.00 ms"_s);
        QVERIFY2(model.summary().contains(u"subscribed to 10.0 ms before"_s), qPrintable(model.summary()));
        QVERIFY(model.isComplete());

        model.setFrame(capture.store.snapshot(), 21); // the last one so far
        QVERIFY(!model.isComplete());
        capture.add({ProxyOpCode::Execute, frames::execute(0, "__unsubscribe__", {Value(3)}), 4});
        model.setFrame(capture.store.snapshot(), 21);
        QCOMPARE(model.frameOf(model.index(model.rowCount() - 1, 0)), Row(22));
        QVERIFY(model.isComplete());
    }

    void aLostEventIsAProblemWithAnAdvice()
    {
        Capture capture;
        TrafficStatistics statistics;
        ProblemFinder finder({}, [](std::uint64_t) { return std::string("Bell"); });
        capture.subscribe(5);
        finder.look(capture.store.snapshot(), *statistics.snapshot());
        QVERIFY(finder.problems().empty());
        QVERIFY(!finder.hasOpenCalls());
        capture.add(lost(3, 6));
        capture.add(lost(3, 7));
        capture.add(tooLarge(3));
        finder.look(capture.store.snapshot(), *statistics.snapshot());
        const std::vector<Problem> problems = finder.problems();
        QCOMPARE(problems.size(), std::size_t{2});
        QCOMPARE(problems[0].kind, ProblemKind::LostEvents);
        QCOMPARE(problems[0].count, std::uint64_t{2});
        QCOMPARE(problems[0].frame, Row(7));
        const ProblemText slow = describeProblem(problems[0], capture.names);
        QVERIFY2(slow.title.contains(u"too slow for Bell.rang"_s), qPrintable(slow.title));
        QVERIFY(slow.advice.contains(u"process()"_s));
        QVERIFY(describeProblem(problems[1], capture.names).title.contains(u"too large"_s));
    }

    void peekingReadsNoMoreThanIsThere()
    {
        const QByteArray event = frames::packed(ProxyOpCode::Event,
                                                {Value(1), Value("rang"), Value(1), Value(std::vector<Value>())});
        const QByteArray subscribe = frames::execute(1, "__subscribe__", {Value("rang"), Value(300)});
        const QByteArray unsubscribe = frames::execute(0, "__unsubscribe__", {Value(300)});
        QCOMPARE(peekEvent(frames::view(event)), std::string_view("rang"));
        QVERIFY(peekMember(frames::view(event)).empty());
        QVERIFY(peekEvent(frames::view(subscribe)).empty());
        const auto begins = peekSubscriptionCall(frames::view(subscribe));
        QVERIFY(begins && begins->begins && begins->number == 300);
        const auto ends = peekSubscriptionCall(frames::view(unsubscribe));
        QVERIFY(ends && !ends->begins && ends->number == 300);
        QVERIFY(!peekSubscriptionCall(frames::view(event)));
        QVERIFY(!peekSubscriptionCall(frames::view(frames::execute(1, "add", {Value(5)}))));
        for (qsizetype size = 0; size < subscribe.size(); ++size) { // the keywords are not looked at
            const auto cut = peekSubscriptionCall(frames::view(subscribe.first(size)));
            QVERIFY(size == subscribe.size() - 1 ? cut.has_value() : !cut);
        }
    }
};

QTEST_MAIN(TestEventFrames)
#include "test_event_frames.moc"
