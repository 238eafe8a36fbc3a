// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bytes.h"
#include "trace/frame_names.h"
#include "trace/problem_analyser.h"
#include "trace/problem_finder.h"
#include "trace/traffic_collector.h"
#include "trace/traffic_statistics.h"

#include <demo/demo_objects.h>

#include <decoy/connection.h>
#include <decoy/proxy_server.h>

#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <array>

using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int32_t client = 4711; ///< the process of frames::Event

/// Everything from frames to problems, without a thread.
struct Bench {
    explicit Bench(ProblemOptions options = {})
        : statistics({.nearBufsize = options.bufsize / 5 * 4}),
          finder(withFate(std::move(options)), [this](std::uint64_t id) { return statistics.typeOf(id); })
    {
        store.setObserver(&statistics);
    }

    [[nodiscard]] std::vector<Problem> look()
    {
        finder.look(store.snapshot(), *statistics.snapshot());
        return finder.problems();
    }

    /// A request and its result.
    void call(const std::string &method, std::int64_t latency, std::uint8_t flags = 0)
    {
        const std::uint64_t id = ++lastCall;
        frames::Event request = frames::request(id, method);
        frames::Event result = frames::answer(id);
        result->latency = latency;
        result->flags |= flags;
        append(request);
        append(result);
    }
    void append(frames::Event &event)
    {
        event->sequence = store.endRow();
        event->time = time;
        event.appendTo(store);
    }

    std::int64_t time = 1000 * millisecond;
    std::uint64_t lastCall = 0;
    bool clientLives = true;
    TrafficStatistics statistics;
    FrameStore store;
    ProblemFinder finder;

private:
    ProblemOptions withFate(ProblemOptions options)
    {
        options.isAlive = [this](std::int32_t) { return clientLives; };
        return options;
    }
};

frames::Event read(const std::string &attribute)
{
    return {decoy::ProxyOpCode::Get,
            frames::packed(decoy::ProxyOpCode::Get, {decoy::Value(1), decoy::Value(attribute)})};
}

std::vector<Problem> ofKind(const std::vector<Problem> &problems, ProblemKind kind)
{
    std::vector<Problem> found;
    std::ranges::copy_if(problems, std::back_inserter(found), [kind](const Problem &one) { return one.kind == kind; });
    return found;
}

/// With the demo's objects, used over the real lane, and looked at as the monitor does.
struct RealServer {
    RealServer() : server("problems-test-" + std::to_string(QCoreApplication::applicationPid()))
    {
        objects.publish(server);
        server.run();
        store.setObserver(&statistics);
        statistics.learnObjects(server.objects());
        collector.start(server.tap());
    }
    ~RealServer()
    {
        collector.stop();
        objects.close();
        server.stop();
    }
    [[nodiscard]] std::vector<Problem> problems()
    {
        collector.stop();
        ProblemFinder finder({.bufsize = server.options().limits.bufsize},
                             [this](std::uint64_t id) { return statistics.typeOf(id); });
        finder.look(store.snapshot(), *statistics.snapshot());
        return finder.problems();
    }

    decoy::demo::DemoObjects objects;
    decoy::ProxyServer server;
    TrafficStatistics statistics{{.nearBufsize = 64 * 1024 / 5 * 4}};
    FrameStore store;
    TrafficCollector collector{store};
};

} // namespace

class TestProblems : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void manyReadsOfOneObjectShouldBeOneCall();
    void readingOneAttributeAgainAndAgainIsPolling();
    void readsFarApartAreNoProblem();
    void whatTheMonitorItselfReadsIsNoProblem();
    void aRealChainUpToItsLimitIsReported();
    void aRealFrameNearBufsizeIsReported();
    void theSameRealErrorAgainAndAgainIsReported();
    void aMethodThatIsMuchSlowerThanTheOthersIsReported();
    void methodsThatAreAllSlowAreNotReported();
    void aClientThatEndsInTheMiddleOfACallIsReported();
    void anAnswerThatIsStillOnTheWayIsNoDeath();
    void nothingIsConcludedFromFramesThatWereLost();
    void callsThatAreOpenWhenTheCaptureEndsProveNothing();
    void clearingForgetsTheProblems();
    void everyKindSaysWhatAndWhyAndWhatToDo();
    void theAnalyserLooksByItselfAndPublishesWhatItFinds();
};

void TestProblems::manyReadsOfOneObjectShouldBeOneCall()
{
    Bench bench;
    for (int i = 0; i < 40; ++i) {
        bench.time += 10 * millisecond;
        frames::Event get = read(std::array{"balance", "owner", "history"}[static_cast<std::size_t>(i % 3)]);
        bench.append(get);
    }
    const std::vector<Problem> found = ofKind(bench.look(), ProblemKind::ChattyReads);
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found.front().process, client);
    QCOMPARE(found.front().count, 40U);
    QCOMPARE(found.front().amount, 40);
    QCOMPARE(found.front().limit, 3);
    QCOMPARE(found.front().first, Row(0));
    QCOMPARE(found.front().last, Row(39));
    QVERIFY(describeProblem(found.front(), {}).advice.contains(u"one method"_s));
}

void TestProblems::readingOneAttributeAgainAndAgainIsPolling()
{
    Bench bench;
    for (int i = 0; i < 100; ++i) {
        bench.time += 5 * millisecond;
        frames::Event get = read("done");
        bench.append(get);
        if (i % 30 == 0)
            static_cast<void>(bench.look()); // however often it looks, it is one problem
    }
    const std::vector<Problem> found = ofKind(bench.look(), ProblemKind::ChattyReads);
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found.front().member, "done");
    QCOMPARE(found.front().count, 100U);
    QVERIFY(describeProblem(found.front(), {}).title.contains(u"polls"_s));
}

void TestProblems::readsFarApartAreNoProblem()
{
    Bench bench;
    for (int i = 0; i < 100; ++i) {
        bench.time += 100 * millisecond;
        frames::Event get = read("balance");
        bench.append(get);
    }
    QVERIFY(ofKind(bench.look(), ProblemKind::ChattyReads).empty());
}

void TestProblems::whatTheMonitorItselfReadsIsNoProblem()
{
    Bench bench({.ownProcess = client});
    for (int i = 0; i < 100; ++i) {
        frames::Event get = read("balance");
        bench.append(get);
    }
    QVERIFY(bench.look().empty());
}

void TestProblems::aRealChainUpToItsLimitIsReported()
{
    RealServer real;
    {
        decoy::Proxy node = decoy::connect(real.server.name())["node"];
        const auto climb = [&node] {
            for (;;)
                node = node.call<decoy::Proxy>("child");
        };
        QVERIFY_THROWS_EXCEPTION(decoy::LimitedProxyChaining, climb());
    }
    const std::vector<Problem> found = ofKind(real.problems(), ProblemKind::ChainNearLimit);
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found.front().amount, decoy::defaultMaxChainLevel);
    QCOMPARE(found.front().severity, ProblemSeverity::Warning);
    QCOMPARE(found.front().type, "Node");
    QVERIFY(real.store.snapshot().contains(found.front().frame));
}

void TestProblems::aRealFrameNearBufsizeIsReported()
{
    RealServer real;
    decoy::connect(real.server.name())["lab"].call("echo", std::string(60 * 1024, 'x'));
    const std::vector<Problem> found = ofKind(real.problems(), ProblemKind::FrameNearBufsize);
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found.front().type, "Lab");
    QCOMPARE(found.front().member, "echo");
    QCOMPARE(found.front().count, 2U); // there and back
    QVERIFY(found.front().amount > 60 * 1024);
    QCOMPARE(real.store.snapshot().event(found.front().frame).size, static_cast<std::uint32_t>(found.front().amount));
}

void TestProblems::theSameRealErrorAgainAndAgainIsReported()
{
    RealServer real;
    {
        const decoy::Proxy account = decoy::connect(real.server.name())["account"];
        for (int i = 0; i < 5; ++i)
            QVERIFY_THROWS_EXCEPTION(decoy::RemoteError, account.call("withdraw", 1'000'000 + i));
        QVERIFY_THROWS_EXCEPTION(decoy::AttributeNotFound, account.call("rob"));
    }
    const std::vector<Problem> found = ofKind(real.problems(), ProblemKind::RepeatedError);
    QCOMPARE(found.size(), std::size_t(1)); // once is no pattern
    QCOMPARE(found.front().error, "InsufficientFunds");
    QCOMPARE(found.front().count, 5U);
    QCOMPARE(found.front().limit, 5);
    QCOMPARE(found.front().severity, ProblemSeverity::Error);
    QVERIFY(real.store.snapshot().event(found.front().first).isFailed());
    QVERIFY(real.store.snapshot().event(found.front().last).isFailed());
}

void TestProblems::aMethodThatIsMuchSlowerThanTheOthersIsReported()
{
    Bench bench;
    for (int i = 0; i < 20; ++i) {
        bench.call("quick", millisecond / 10);
        bench.call("usual", millisecond / 5);
        bench.call("slow", (50 + i) * millisecond);
    }
    const std::vector<Problem> found = ofKind(bench.look(), ProblemKind::SlowMethod);
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found.front().member, "slow");
    QCOMPARE(found.front().count, 20U);
    QCOMPARE(bench.store.snapshot().event(found.front().frame).latency, 69 * millisecond); // the slowest to look at
}

void TestProblems::methodsThatAreAllSlowAreNotReported()
{
    Bench bench;
    for (int i = 0; i < 20; ++i) {
        bench.call("one", 60 * millisecond);
        bench.call("other", 50 * millisecond);
    }
    QVERIFY(ofKind(bench.look(), ProblemKind::SlowMethod).empty());
}

void TestProblems::aClientThatEndsInTheMiddleOfACallIsReported()
{
    Bench bench;
    bench.call("add", millisecond);
    frames::Event last = frames::request(100, "sleep");
    bench.append(last);
    QVERIFY(bench.look().empty());
    bench.clientLives = false;
    static_cast<void>(bench.look());
    const std::vector<Problem> found = ofKind(bench.look(), ProblemKind::PeerDied);
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found.front().severity, ProblemSeverity::Error);
    QCOMPARE(found.front().member, "sleep");
    QCOMPARE(found.front().frame, Row(2));
    QVERIFY(!bench.finder.hasOpenCalls());
    QCOMPARE(ofKind(bench.look(), ProblemKind::PeerDied), found); // it stays, and is not found twice
}

void TestProblems::anAnswerThatIsStillOnTheWayIsNoDeath()
{
    Bench bench;
    frames::Event request = frames::request(1, "quit");
    bench.append(request);
    bench.clientLives = false;
    QVERIFY(bench.look().empty());
    frames::Event result = frames::answer(1);
    bench.append(result);
    QVERIFY(bench.look().empty());
    QVERIFY(bench.look().empty());
}

void TestProblems::nothingIsConcludedFromFramesThatWereLost()
{
    Bench bench;
    frames::Event request = frames::request(1, "sleep");
    bench.append(request);
    frames::Event later = frames::answer(99);
    later->sequence = 50; // the answer may be among those in between
    later.appendTo(bench.store);
    bench.clientLives = false;
    static_cast<void>(bench.look());
    QVERIFY(bench.look().empty());
}

void TestProblems::callsThatAreOpenWhenTheCaptureEndsProveNothing()
{
    Bench bench;
    frames::Event request = frames::request(1, "sleep");
    bench.append(request);
    static_cast<void>(bench.look());
    bench.finder.forgetOpenCalls();
    bench.clientLives = false;
    static_cast<void>(bench.look());
    QVERIFY(bench.look().empty());
}

void TestProblems::clearingForgetsTheProblems()
{
    Bench bench;
    for (int i = 0; i < 100; ++i) {
        frames::Event get = read("balance");
        bench.append(get);
    }
    QVERIFY(!bench.look().empty());
    bench.store.clear();
    QVERIFY(bench.look().empty());
}

void TestProblems::everyKindSaysWhatAndWhyAndWhatToDo()
{
    FrameNames names;
    names.learnProcess(client, u"teller"_s);
    for (int kind = 0; kind <= static_cast<int>(ProblemKind::LostEvents); ++kind) {
        const Problem problem{.kind = static_cast<ProblemKind>(kind),
                              .type = "Account",
                              .member = "deposit",
                              .error = "ArgumentError",
                              .message = "too many",
                              .process = client,
                              .count = 3,
                              .amount = 2,
                              .limit = 7,
                              .first = 0,
                              .last = 1,
                              .frame = 0};
        const ProblemText text = describeProblem(problem, names);
        QVERIFY(!text.title.isEmpty() && !text.why.isEmpty() && !text.advice.isEmpty());
        QVERIFY2(text.title.contains(u"teller"_s) || text.title.contains(u"Account.deposit"_s), qPrintable(text.title));
        for (const QString &part : {text.title, text.why, text.advice})
            QVERIFY2(!part.contains(u'%') && !part.contains(u"  "_s), qPrintable(part));
    }
}

void TestProblems::theAnalyserLooksByItselfAndPublishesWhatItFinds()
{
    TrafficStatistics statistics;
    FrameStore store;
    store.setObserver(&statistics);
    ProblemAnalyser analyser(store, statistics, {});
    QSignalSpy changes(&analyser, &ProblemAnalyser::problemsChanged);
    for (int i = 0; i < 100; ++i)
        read("balance").appendTo(store);
    analyser.noteFrames();
    QTRY_COMPARE(analyser.problems().size(), std::size_t(1));
    QCOMPARE(changes.count(), 1);
    store.clear();
    analyser.noteFrames();
    QTRY_VERIFY(analyser.problems().empty());
    QCOMPARE(changes.count(), 2);
}

QTEST_GUILESS_MAIN(TestProblems)
#include "test_problems.moc"
