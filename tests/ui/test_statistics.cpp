// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bytes.h"
#include "trace/frame_decoder.h"
#include "trace/frame_peek.h"
#include "trace/traffic_collector.h"
#include "trace/traffic_statistics.h"

#include <demo/demo_objects.h>

#include <decoy/connection.h>
#include <decoy/proxy_server.h>

#include <QCoreApplication>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <thread>

using namespace decoy::ui;

namespace {

constexpr std::int64_t second = 1'000'000'000;

/// The time that `share` of all took at most, the slow and certain way.
std::int64_t exactPercentile(std::vector<std::int64_t> times, double share)
{
    std::ranges::sort(times);
    const auto wanted = static_cast<std::size_t>(std::ceil(share * static_cast<double>(times.size())));
    return times[std::max<std::size_t>(wanted, 1) - 1];
}

bool isWithinFivePercent(std::int64_t measured, std::int64_t exact)
{
    return std::abs(measured - exact) <= exact / 20 + 1;
}

/// A store whose frames are counted.
struct Counted {
    explicit Counted(const StatisticsLimits &limits = {}, const FrameStoreOptions &options = {})
        : statistics(limits), store(options)
    {
        store.setObserver(&statistics);
    }
    TrafficStatistics statistics;
    FrameStore store;
};

const MethodStatistics *find(const StatisticsSnapshot &all, const std::string &type, const std::string &member,
                             decoy::ProxyOpCode opcode)
{
    const auto isIt = [&](const MethodStatistics &method) {
        return method.type == type && method.member == member && method.opcode == static_cast<int>(opcode);
    };
    const auto found = std::ranges::find_if(all.methods, isIt);
    return found == all.methods.end() ? nullptr : &*found;
}

/// What one walk over all frames finds of a method.
struct Walked {
    std::uint64_t calls = 0;
    std::uint64_t errors = 0;
    std::vector<std::int64_t> times;
};

/// By member and opcode, over pairs that the store itself found.
std::map<std::pair<std::string, int>, Walked> walk(const FrameSnapshot &frames)
{
    std::map<std::pair<std::string, int>, Walked> methods;
    for (Row row = frames.firstRow(); row < frames.endRow(); ++row) {
        const decoy::FrameEvent &event = frames.event(row);
        if (event.isFromServer())
            continue;
        const std::string member = decodeFrame(event, frames.bytes(row)).member.toStdString();
        Walked &method = methods[{member, event.opcode}];
        ++method.calls;
        const Row result = frames.partner(row);
        if (result == noRow)
            continue;
        method.times.push_back(frames.event(result).latency);
        method.errors += frames.event(result).isFailed() ? 1 : 0;
    }
    return methods;
}

/// Different objects, errors, proxies and releases, over the server's real lane.
void useObjects(const std::string &server)
{
    const decoy::Connection connection = decoy::connect(server);
    const decoy::Proxy account = connection["account"];
    const decoy::Proxy counter = connection["counter"];
    const decoy::Proxy node = connection["node"];
    for (int i = 0; i < 200; ++i) {
        account.call("deposit", 1);
        static_cast<void>(counter.get<int>("a"));
        if (i % 10 == 0)
            counter.set("a", i);
        if (i % 20 == 0)
            static_cast<void>(node.call<decoy::Proxy>("child"));
        if (i % 50 != 0)
            continue;
        try {
            account.call("withdraw", 1'000'000'000);
        } catch (const decoy::RemoteError &) {
            continue; // InsufficientFunds: that is what is counted
        }
    }
}

struct BusyServer {
    BusyServer() : server("statistics-test-" + std::to_string(QCoreApplication::applicationPid()))
    {
        objects.publish(server);
        server.run();
    }
    ~BusyServer()
    {
        objects.close();
        server.stop();
    }
    decoy::demo::DemoObjects objects;
    decoy::ProxyServer server;
};

} // namespace

class TestStatistics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void percentilesAgreeWithSortingAllTimes();
    void bucketsFollowOneAnotherWithoutGaps();
    void extremeTimesStayWithinTheHistogram();
    void whatIsPeekedIsWhatTheDecoderReads();
    void damagedFramesArePeekedAtWithoutHarm();
    void numbersOfRealTrafficAgreeWithAWalkOverAllFrames();
    void typesOfChainedObjectsAreLearntFromTheFramesThatHandThemOut();
    void errorsOfOneKindAreCountedTogether();
    void theDuckLanesErrorsAreToldApartByTheirText();
    void secondsAddUpAndGapsAreZero();
    void onlyTenMinutesOfSecondsAreKept();
    void discardedFramesStayCounted();
    void clearingTheStoreClearsTheStatistics();
    void moreMethodsThanFitAreCountedTogether();
    void aNewCaptureDoesNotAnswerCallsOfTheOldOne();
};

void TestStatistics::percentilesAgreeWithSortingAllTimes()
{
    std::mt19937 engine(4711);
    std::lognormal_distribution<double> usual(std::log(20'000.0), 1.5);
    LatencyHistogram histogram;
    std::vector<std::int64_t> times;
    std::int64_t sum = 0;
    for (int i = 0; i < 100'000; ++i) {
        const auto time = std::max<std::int64_t>(1, std::llround(usual(engine)));
        histogram.add(time);
        times.push_back(time);
        sum += time;
    }
    QCOMPARE(histogram.count(), 100'000U);
    QCOMPARE(histogram.min(), std::ranges::min(times));
    QCOMPARE(histogram.max(), std::ranges::max(times));
    QCOMPARE(histogram.mean(), sum / 100'000);
    for (const double share : {0.0, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const std::int64_t exact = exactPercentile(times, share);
        QVERIFY2(isWithinFivePercent(histogram.percentile(share), exact),
                 qPrintable(QString::asprintf("p%g: %lld, exactly %lld", share * 100,
                                              static_cast<long long>(histogram.percentile(share)),
                                              static_cast<long long>(exact))));
    }
}

void TestStatistics::bucketsFollowOneAnotherWithoutGaps()
{
    std::size_t last = 0;
    for (double time = 1; time < 1e12; time *= 1.01) {
        const std::size_t bucket = LatencyHistogram::bucketOf(static_cast<std::int64_t>(time));
        QVERIFY(bucket >= last);
        last = bucket;
        // Small numbers are whole ones: where a bucket is narrower than 1 ns, its neighbour may have them.
        if (time > 100) {
            QVERIFY(LatencyHistogram::bucketBegin(bucket) <= time * 1.01);
            QVERIFY(LatencyHistogram::bucketBegin(bucket + 1) >= time * 0.99);
        }
    }
}

void TestStatistics::extremeTimesStayWithinTheHistogram()
{
    LatencyHistogram histogram;
    QCOMPARE(histogram.percentile(0.99), 0);
    QCOMPARE(histogram.mean(), 0);
    for (const std::int64_t time : {std::int64_t(-5), std::int64_t(0), std::int64_t(1), std::int64_t(1) << 62U})
        histogram.add(time);
    QCOMPARE(histogram.count(), 4U);
    QCOMPARE(histogram.min(), 1);
    QCOMPARE(histogram.max(), std::int64_t(1) << 62U);
    QVERIFY(histogram.percentile(1) <= histogram.max());
    QCOMPARE(histogram.bucket(LatencyHistogram::bucketCount - 1), 1U);
}

void TestStatistics::whatIsPeekedIsWhatTheDecoderReads()
{
    for (const std::string &name :
         {std::string("a"), std::string(31, 'm'), std::string(32, 'm'), std::string(255, 'm')}) {
        for (const std::uint64_t object : {1ULL, 127ULL, 200ULL, 70'000ULL, 5'000'000'000ULL, ~0ULL}) {
            const QByteArray get = frames::packed(decoy::ProxyOpCode::Get, {decoy::Value(object), decoy::Value(name)});
            QCOMPARE(peekMember(frames::view(get)), name);
            QCOMPARE(peekMember(frames::view(frames::execute(object, name, {5}))), name);
        }
    }
    QVERIFY(peekMember(frames::view(frames::result(1, 5))).empty());
    QVERIFY(peekMember(frames::view(frames::pending())).empty());
    QVERIFY(!peekProxy(frames::view(frames::result(1, 5))));
    QVERIFY(!peekProxy(frames::view(frames::execute(1, "add", {5}))));
    const QByteArray failed = frames::packed(decoy::ProxyOpCode::ExecutionResult,
                                             {decoy::Value(1), decoy::Value(), decoy::Value("no such thing")});
    QCOMPARE(peekError(frames::view(failed)).message, std::string_view("no such thing"));
    QVERIFY(peekError(frames::view(failed)).type.empty());
}

void TestStatistics::damagedFramesArePeekedAtWithoutHarm()
{
    const auto peekAll = [](const QByteArray &bytes) {
        // A copy of exactly this size, so that a sanitizer sees one byte too many.
        const std::vector<std::byte> exact(frames::view(bytes).begin(), frames::view(bytes).end());
        const auto isInside = [&exact](std::string_view text) {
            const auto *begin = reinterpret_cast<const char *>(exact.data());
            return text.empty() || (text.data() >= begin && text.data() + text.size() <= begin + exact.size());
        };
        const auto proxy = peekProxy(exact);
        return isInside(peekMember(exact)) && isInside(peekError(exact).message) && (!proxy || isInside(proxy->type));
    };
    const QByteArray good = frames::execute(70'000, "deposit", {50});
    const QByteArray answer = frames::packed(decoy::ProxyOpCode::ExecutionResult,
                                             {decoy::Value(1), decoy::Value(), decoy::Value("no such thing")});
    for (const QByteArray &frame : {good, answer}) {
        for (qsizetype size = 0; size <= frame.size(); ++size)
            QVERIFY(peekAll(frame.first(size)));
        for (qsizetype place = 0; place < frame.size(); ++place) {
            for (int value = 0; value < 256; ++value) {
                QByteArray damaged = frame;
                damaged[place] = static_cast<char>(value);
                QVERIFY(peekAll(damaged));
            }
        }
    }
}

void TestStatistics::numbersOfRealTrafficAgreeWithAWalkOverAllFrames()
{
    BusyServer busy;
    Counted counted;
    counted.statistics.learnObjects(busy.server.objects());
    TrafficCollector collector(counted.store);
    collector.start(busy.server.tap());
    std::thread other(useObjects, busy.server.name());
    useObjects(busy.server.name());
    other.join();
    collector.stop();

    const FrameSnapshot frames = counted.store.snapshot();
    const auto all = counted.statistics.snapshot();
    QCOMPARE(all->frames, frames.endRow());
    std::uint64_t calls = 0;
    for (const auto &[name, walked] : walk(frames)) {
        Walked counts;
        LatencyHistogram latency;
        for (const MethodStatistics &method : all->methods) { // of all types that have such a method
            if (method.member != name.first || method.opcode != name.second)
                continue;
            counts.calls += method.calls;
            counts.errors += method.errors;
            latency = method.latency;
        }
        QCOMPARE(counts.calls, walked.calls);
        QCOMPARE(counts.errors, walked.errors);
        calls += walked.calls;
        if (latency.count() != walked.times.size())
            continue; // more than one type has this name
        QVERIFY(latency.isEmpty() || latency.max() == std::ranges::max(walked.times));
        QVERIFY(latency.isEmpty() || isWithinFivePercent(latency.percentile(0.9), exactPercentile(walked.times, 0.9)));
    }
    QVERIFY(calls >= 800);
    const MethodStatistics *withdraw = find(*all, "Account", "withdraw", decoy::ProxyOpCode::Execute);
    QVERIFY(withdraw);
    QCOMPARE(withdraw->calls, 8U);
    QCOMPARE(withdraw->errors, 8U);
    QVERIFY(frames.contains(withdraw->slowestRow));
    QCOMPARE(frames.event(withdraw->slowestRow).latency, withdraw->latency.max());

    const TrafficCounters counters = counted.store.counters();
    std::uint64_t bytes = 0, talkerFrames = 0, talkerErrors = 0, talkerCalls = 0;
    for (const TalkerStatistics &talker : all->talkers) {
        bytes += talker.bytes;
        talkerFrames += talker.frames;
        talkerErrors += talker.errors;
        talkerCalls += talker.calls;
        QCOMPARE(talker.proxies, 13U);   // three looked up by name, ten children
        QVERIFY(talker.releases >= 10U); // the last ones may be cut short by the end of the connection
        QVERIFY(talker.releases <= talker.proxies);
    }
    QCOMPARE(all->talkers.size(), 2U);
    QCOMPARE(bytes, counters.bytes);
    QCOMPARE(talkerFrames, counters.frames);
    QCOMPARE(talkerErrors, counters.errors);
    QCOMPARE(talkerCalls, counters.calls);
}

void TestStatistics::typesOfChainedObjectsAreLearntFromTheFramesThatHandThemOut()
{
    BusyServer busy;
    Counted counted; // nobody tells it anything
    TrafficCollector collector(counted.store);
    collector.start(busy.server.tap());
    {
        const decoy::Proxy node = decoy::connect(busy.server.name())["node"];
        static_cast<void>(node.call<decoy::Proxy>("child").call<decoy::Proxy>("child"));
    }
    collector.stop();
    const auto all = counted.statistics.snapshot();
    const MethodStatistics *child = find(*all, "Node", "child", decoy::ProxyOpCode::Execute);
    QVERIFY(child);
    QCOMPARE(child->calls, 2U);
}

void TestStatistics::errorsOfOneKindAreCountedTogether()
{
    BusyServer busy;
    Counted counted;
    TrafficCollector collector(counted.store);
    collector.start(busy.server.tap());
    useObjects(busy.server.name());
    collector.stop();
    const auto all = counted.statistics.snapshot();
    QCOMPARE(all->errors.size(), 1U);
    const ErrorStatistics &error = all->errors.front();
    QCOMPARE(error.type, "InsufficientFunds");
    QCOMPARE(error.count, 4U);
    QCOMPARE(all->methods[error.method].member, "withdraw");
    QVERIFY(!error.message.empty());
    QCOMPARE(error.process, static_cast<std::int32_t>(QCoreApplication::applicationPid()));
    QVERIFY(error.firstRow < error.lastRow);
}

void TestStatistics::theDuckLanesErrorsAreToldApartByTheirText()
{
    Counted counted;
    std::uint64_t id = 0;
    for (const char *text : {"ArgumentError: 1 too many", "ArgumentError: 2 too many", "it is broken: really", ""}) {
        frames::request(++id).appendTo(counted.store);
        frames::Event failed(
            decoy::ProxyOpCode::ExecutionResult,
            frames::packed(decoy::ProxyOpCode::ExecutionResult, {decoy::Value(1), decoy::Value(), decoy::Value(text)}),
            id);
        failed->flags |= decoy::FrameEvent::Failed;
        failed.appendTo(counted.store);
    }
    const auto all = counted.statistics.snapshot();
    QCOMPARE(all->errors.size(), 3U);
    QCOMPARE(all->errors[0].type, "ArgumentError");
    QCOMPARE(all->errors[0].count, 2U);
    QCOMPARE(all->errors[1].type, "");
    QCOMPARE(all->errors[1].message, "it is broken: really");
}

void TestStatistics::secondsAddUpAndGapsAreZero()
{
    Counted counted;
    frames::Event call = frames::request(1);
    for (const std::int64_t time : {10 * second, 10 * second + 1, 12 * second}) {
        call->time = time;
        call.appendTo(counted.store);
    }
    const auto all = counted.statistics.snapshot();
    QCOMPARE(all->firstSecond, 10);
    const std::vector<SecondStatistics> expected = {{2, 2, 0}, {0, 0, 0}, {1, 1, 0}};
    QVERIFY(all->seconds == expected);
}

void TestStatistics::onlyTenMinutesOfSecondsAreKept()
{
    Counted counted;
    frames::Event call = frames::request(1);
    for (std::int64_t number = 100; number < 1000; ++number) {
        call->time = number * second;
        call.appendTo(counted.store);
    }
    auto all = counted.statistics.snapshot();
    QCOMPARE(all->seconds.size(), std::size_t(TrafficStatistics::secondsKept));
    QCOMPARE(all->firstSecond, 400);
    QVERIFY(std::ranges::all_of(all->seconds, [](const SecondStatistics &one) { return one.frames == 1; }));

    call->time = 100'000 * second; // long silence
    call.appendTo(counted.store);
    all = counted.statistics.snapshot();
    QCOMPARE(all->firstSecond, 100'000 - TrafficStatistics::secondsKept + 1);
    QCOMPARE(all->seconds.back().frames, 1U);
    QCOMPARE(all->seconds.front().frames, 0U);

    call->time = 5 * second; // out of order, as the clocks of a merged capture may be
    call.appendTo(counted.store);
    QCOMPARE(counted.statistics.snapshot()->seconds.front().frames, 1U);
}

void TestStatistics::discardedFramesStayCounted()
{
    Counted counted({}, {.memoryCap = 64 * 1024, .chunkRows = 100, .chunkBytes = 8 * 1024});
    frames::fill(counted.store, 10'000);
    QVERIFY(counted.store.discarded() > 0);
    const auto all = counted.statistics.snapshot();
    QCOMPARE(all->frames, 10'000U);
    QCOMPARE(all->methods.size(), 1U);
    QCOMPARE(all->methods.front().calls, 5'000U);
    QCOMPARE(all->methods.front().latency.count(), 5'000U);
}

void TestStatistics::clearingTheStoreClearsTheStatistics()
{
    Counted counted;
    frames::fill(counted.store, 100);
    counted.store.clear();
    const auto all = counted.statistics.snapshot();
    QCOMPARE(all->frames, 0U);
    QVERIFY(all->methods.empty() && all->talkers.empty() && all->errors.empty() && all->seconds.empty());
    QCOMPARE(all->generation, counted.store.snapshot().generation());
    frames::fill(counted.store, 10);
    QCOMPARE(counted.statistics.snapshot()->methods.front().calls, 5U);
}

void TestStatistics::moreMethodsThanFitAreCountedTogether()
{
    Counted counted({.methods = 10});
    for (int i = 0; i < 100; ++i)
        frames::request(static_cast<std::uint64_t>(i), "method" + std::to_string(i)).appendTo(counted.store);
    const auto all = counted.statistics.snapshot();
    QCOMPARE(all->methods.size(), 10U);
    QVERIFY(all->methods.back().member.empty());
    QCOMPARE(all->methods.back().calls, 91U);
}

void TestStatistics::aNewCaptureDoesNotAnswerCallsOfTheOldOne()
{
    Counted counted;
    frames::request(1).appendTo(counted.store);
    counted.store.writer().beginCapture();
    frames::answer(1).appendTo(counted.store);
    const auto all = counted.statistics.snapshot();
    QCOMPARE(all->methods.size(), 1U);
    QCOMPARE(all->methods.front().calls, 1U);
    QVERIFY(all->methods.front().latency.isEmpty());
}

QTEST_GUILESS_MAIN(TestStatistics)
#include "test_statistics.moc"
