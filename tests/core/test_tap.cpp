// SPDX-License-Identifier: BSD-3-Clause
#include "support/local_server.h"
#include "support/served_process.h"
#include "support/tapped_frames.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <optional>
#include <thread>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;

/// What a tap shows of real traffic.
class TestTap : public QObject {
    Q_OBJECT

private slots:
    void init() { m_local.emplace(); }
    void cleanup() { m_local.reset(); }

    void aCallIsARequestAndThenItsResult();
    void onlyASlowCallIsPending();
    void pendingComesBeforeItsResult();
    void everyEventIsReceivedOrCountedAsDropped_data();
    void everyEventIsReceivedOrCountedAsDropped();
    void framesAreCutToTheSnapLength();
    void errorsReleasesAndHandOutsAreMarked();
    void twoTapsSeeTheSame();
    void aTapMayGoWhileTrafficRuns();
    void aTapSleepsUntilSomethingComes();
    void aTapMayOutliveItsServer();
    void whatHappenedBeforeTheTapIsNotInIt();

private:
    std::optional<LocalServer> m_local;
};

void TestTap::aCallIsARequestAndThenItsResult()
{
    const Connection connection = decoy::connect("local");
    const Proxy lab = connection["lab"];
    const auto tap = m_local->server->tap();
    QCOMPARE(lab.call<int>("digits", 1), 123);
    QCOMPARE(lab.get<int>("value"), 100);
    const auto seen = requestsAndResults(*tap);
    QCOMPARE(seen.size(), std::size_t{4});
    for (std::size_t i = 0; i < 4; i += 2) {
        const FrameEvent &request = seen[i].event;
        const FrameEvent &result = seen[i + 1].event;
        QVERIFY(!request.isFromServer() && result.isFromServer());
        QCOMPARE(request.callId, result.callId);
        QCOMPARE(request.object, lab.id());
        QCOMPARE(request.process, static_cast<std::int32_t>(getpid()));
        QVERIFY(request.latency == 0 && result.latency > 0 && result.time - request.time == result.latency);
        QVERIFY(result.sequence > request.sequence);
        QVERIFY(request.captured == request.size && seen[i].bytes.size() == request.size);
    }
    QCOMPARE(static_cast<int>(seen[0].event.opcode), static_cast<int>(ProxyOpCode::Execute));
    QCOMPARE(static_cast<int>(seen[1].event.opcode), static_cast<int>(ProxyOpCode::ExecutionResult));
    QCOMPARE(static_cast<int>(seen[2].event.opcode), static_cast<int>(ProxyOpCode::Get));
    const Frame frame = Frame::parse(std::span(seen[0].bytes).subspan(framePrefixSize));
    QVERIFY(frame.payload().at(1).as<std::string>() == "digits");
}

void TestTap::onlyASlowCallIsPending()
{
    const Proxy lab = decoy::connect("local")["lab"];
    const auto tap = m_local->server->tap();
    auto slow = std::async(std::launch::async, [lab] { lab.call("waitAt", "tap"); });
    std::vector<TappedFrame> seen;
    const auto isPending = [](const TappedFrame &each) {
        return each.event.opcode == static_cast<int>(ProxyOpCode::ResponsePending);
    };
    const auto sawPending = [&] {
        for (TappedFrame &each : taken(*tap))
            seen.push_back(std::move(each));
        return std::ranges::any_of(seen, isPending);
    };
    EVENTUALLY(sawPending()); // and only then may the call go on: nobody measured the time
    m_local->objects->gates.open("tap");
    slow.get();
    const auto rest = taken(*tap);
    QCOMPARE(rest.size(), std::size_t{1});
    QCOMPARE(seen.size(), std::size_t{2});
    QVERIFY(!isPending(seen[0]) && isPending(seen[1]));
    QCOMPARE(seen[1].event.callId, seen[0].event.callId);
    QCOMPARE(rest[0].event.callId, seen[0].event.callId);
}

void TestTap::pendingComesBeforeItsResult()
{
    // Calls that end at about the moment when they would be called pending.
    const Proxy lab = decoy::connect("local")["lab"];
    const auto tap = m_local->server->tap();
    std::map<std::uint64_t, bool> answered;
    for (int round = 0; round < 200; ++round) {
        const std::string gate = std::to_string(round);
        auto call = std::async(std::launch::async, [lab, gate] { lab.call("waitAt", gate); });
        while (m_local->objects->gates.waiting(gate) == 0)
            std::this_thread::yield();
        const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(1000 + 5 * round);
        while (std::chrono::steady_clock::now() < until)
            std::this_thread::yield();
        m_local->objects->gates.open(gate);
        call.get();
    }
    for (const TappedFrame &each : taken(*tap)) {
        if (each.event.opcode == static_cast<int>(ProxyOpCode::ExecutionResult))
            answered[each.event.callId] = true;
        else
            QVERIFY(!answered.contains(each.event.callId));
    }
    QCOMPARE(answered.size(), std::size_t{200});
}

void TestTap::everyEventIsReceivedOrCountedAsDropped_data()
{
    QTest::addColumn<int>("drainAtMost");
    QTest::newRow("a watcher that keeps up") << 1'000'000;
    QTest::newRow("a slow watcher") << 1;
    QTest::newRow("a watcher that comes at the end") << 0;
}

void TestTap::everyEventIsReceivedOrCountedAsDropped()
{
    QFETCH(int, drainAtMost);
    const auto tap = m_local->server->tap({64 * 1024, 256});
    constexpr std::uint64_t threads = 3;
    constexpr std::uint64_t callsEach = 1000;
    std::vector<std::future<void>> callers;
    for (std::uint64_t i = 0; i < threads; ++i) {
        callers.push_back(std::async(std::launch::async, [] {
            const Proxy lab = decoy::connect("local")["lab"];
            for (std::uint64_t call = 0; call < callsEach; ++call)
                lab.call("echo", call);
        }));
    }
    std::uint64_t received = 0;
    std::uint64_t gaps = 0;
    std::uint64_t next = 0;
    bool isWhole = true;
    const Tap::Visitor visitor = [&](const FrameEvent &event, std::span<const std::byte> bytes) {
        isWhole = isWhole && event.sequence >= next && bytes.size() == event.captured && event.size >= event.captured
            && bytes.size() > framePrefixSize;
        gaps += event.sequence - next;
        next = event.sequence + 1;
        ++received;
    };
    for (auto &caller : callers) {
        while (caller.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
            if (drainAtMost == 0 || tap->drain(visitor, static_cast<std::size_t>(drainAtMost)) == 0)
                std::this_thread::yield();
        caller.get();
    }
    // What a client sends last, its release, wants no answer: it is there when the connection is not any more.
    EVENTUALLY(m_local->server->connections().empty());
    m_local->server->stop();
    while (tap->drain(visitor) != 0)
        continue;
    QVERIFY(isWhole);
    QCOMPARE(received + tap->dropped(), tap->emitted());
    QVERIFY(tap->emitted() >= threads * 2 * (callsEach + 1));
    QVERIFY(gaps <= tap->dropped());
    if (drainAtMost == 0)
        QVERIFY(tap->dropped() > 0);
}

void TestTap::framesAreCutToTheSnapLength()
{
    const Proxy lab = decoy::connect("local")["lab"];
    const auto tap = m_local->server->tap({1 << 20, 16});
    const auto none = m_local->server->tap({1 << 20, 0});
    lab.call("blob", 5000, 7);
    const auto seen = requestsAndResults(*tap);
    QCOMPARE(seen.size(), std::size_t{2});
    QVERIFY(seen[1].event.size > 5000 && seen[1].event.captured == 16 && seen[1].bytes.size() == 16);
    QVERIFY(seen[1].event.flags & FrameEvent::Snapped);
    const auto bare = requestsAndResults(*none);
    QVERIFY(bare.size() == 2 && bare[1].bytes.empty() && bare[1].event.size == seen[1].event.size);
}

void TestTap::errorsReleasesAndHandOutsAreMarked()
{
    const Connection connection = decoy::connect("local");
    const Proxy lab = connection["lab"];
    const Proxy node = connection["node"];
    const auto tap = m_local->server->tap();
    QCOMPARE(errorOf([&] { lab.call("fail", 0, "told"); }), "ProxyError");
    Proxy fresh = node.call<Proxy>("fresh");
    fresh.call<Proxy>("child");
    fresh.close();
    QVERIFY(node.get<std::string>("name") == "root");
    const auto seen = requestsAndResults(*tap);
    QCOMPARE(seen.size(), std::size_t{10}); // 4 calls and 2 releases
    QVERIFY(seen[1].event.isFailed() && !seen[0].event.isFailed());
    QVERIFY(seen[3].event.flags & FrameEvent::ProxyResult);
    QCOMPARE(int{seen[4].event.chainLevel}, 1);
    int oneWay = 0;
    for (const TappedFrame &each : seen)
        oneWay += (each.event.flags & FrameEvent::OneWay) != 0;
    QCOMPARE(oneWay, 2);
}

void TestTap::twoTapsSeeTheSame()
{
    const Proxy lab = decoy::connect("local")["lab"];
    const auto first = m_local->server->tap();
    lab.call("nothing");
    const auto second = m_local->server->tap();
    lab.call("nothing");
    const auto all = requestsAndResults(*first);
    const auto later = requestsAndResults(*second);
    QVERIFY(all.size() == 4 && later.size() == 2);
    QCOMPARE(all[2].event.callId, later[0].event.callId);
    QCOMPARE(later[0].event.sequence, std::uint64_t{0});
    QVERIFY(all[3].bytes == later[1].bytes);
}

void TestTap::aTapMayGoWhileTrafficRuns()
{
    std::atomic<bool> isOver{false};
    auto traffic = std::async(std::launch::async, [&isOver] {
        const Proxy lab = decoy::connect("local")["lab"];
        int calls = 0;
        for (; !isOver; ++calls)
            lab.call("nothing");
        return calls;
    });
    for (int i = 0; i < 200; ++i) {
        const auto tap = m_local->server->tap({64 * 1024, 64});
        EVENTUALLY(tap->waitFor(std::chrono::seconds(1)));
        QVERIFY(tap->drain([](const FrameEvent &, std::span<const std::byte>) {}) > 0);
    }
    isOver = true;
    QVERIFY(traffic.get() > 0);
}

void TestTap::aTapSleepsUntilSomethingComes()
{
    const Proxy lab = decoy::connect("local")["lab"];
    const auto tap = m_local->server->tap();
    QVERIFY(!tap->waitFor(std::chrono::milliseconds(1)));
    auto watcher = std::async(std::launch::async, [&tap] { return tap->waitFor(std::chrono::hours(1)); });
    lab.call("nothing");
    QVERIFY(watcher.get());
    taken(*tap);
    auto other = std::async(std::launch::async, [&tap] { return tap->waitFor(std::chrono::hours(1)); });
    tap->wake();
    QVERIFY(!other.get());
}

void TestTap::aTapMayOutliveItsServer()
{
    const auto tap = m_local->server->tap();
    decoy::connect("local")["lab"].call("nothing");
    m_local->server.reset();
    QVERIFY(taken(*tap).size() >= 4);
    QVERIFY(!tap->waitFor(std::chrono::nanoseconds(1)));
}

void TestTap::whatHappenedBeforeTheTapIsNotInIt()
{
    const Proxy lab = decoy::connect("local")["lab"];
    lab.call("nothing");
    const auto tap = m_local->server->tap();
    QCOMPARE(tap->emitted(), std::uint64_t{0});
    QVERIFY(taken(*tap).empty());
}

QTEST_GUILESS_MAIN(TestTap)
#include "test_tap.moc"
