// SPDX-License-Identifier: BSD-3-Clause
#include "support/local_server.h"
#include "support/served_process.h"
#include "support/tapped_frames.h"

#include <decoy/decoy.h>

#include <QTest>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

using namespace decoy;
using namespace decoy::test;

namespace {

constexpr TapOptions smallRing{64 * 1024, 256};

/// Checks, event by event, what a tap promises when it cannot keep up: no result without its request, and no gap that was not
/// counted.
class Watcher {
public:
    explicit Watcher(Tap &tap) : m_tap(tap) {}

    std::size_t drain(std::size_t most = SIZE_MAX)
    {
        return m_tap.drain([this](const FrameEvent &event, std::span<const std::byte>) { see(event); }, most);
    }
    [[nodiscard]] std::uint64_t received() const { return m_received; }
    [[nodiscard]] std::uint64_t gaps() const { return m_gaps; }
    [[nodiscard]] int strays() const { return m_strays; }
    [[nodiscard]] bool isExact() const { return m_received + m_tap.dropped() == m_tap.emitted(); }

private:
    void see(const FrameEvent &event)
    {
        m_gaps += event.sequence - m_next;
        m_next = event.sequence + 1;
        ++m_received;
        const auto call = std::pair(event.connection, event.callId);
        if (!event.isFromServer())
            m_begun.insert(call);
        else if (!m_begun.contains(call))
            ++m_strays;
    }

    Tap &m_tap;
    std::set<std::pair<std::uint32_t, std::uint64_t>> m_begun;
    std::uint64_t m_received = 0;
    std::uint64_t m_next = 0;
    std::uint64_t m_gaps = 0;
    int m_strays = 0;
};

} // namespace

/// What a tap shows of more traffic than its watcher takes.
class TestTapOverload : public QObject {
    Q_OBJECT

private slots:
    void init() { m_local.emplace(); }
    void cleanup() { m_local.reset(); }

    void aWatcherThatFallsBehindSeesWholeConversations();
    void callsAreRefusedUntilHalfOfTheRingIsEmpty();
    void theResultOfACallThatWasSeenIsSeenWhileOthersAreRefused();
    void whatFollowsOfARefusedCallIsRefusedToo();
    void aTapThatNobodyReadsCostsOthersNothing();
    void aTapThatHasRefusedWakesItsWatcherAgain();
    void aTapThatIsOpenedInAnOverloadCountsFromZero();
    void thereIsAnEndToTheNumberOfTaps();

private:
    /// Calls until the tap refuses them.
    void overload(const Proxy &lab, const Tap &tap)
    {
        while (tap.dropped() == 0)
            lab.call("nothing");
    }

    std::optional<LocalServer> m_local;
};

void TestTapOverload::aWatcherThatFallsBehindSeesWholeConversations()
{
    const auto tap = m_local->server->tap(smallRing);
    Watcher watcher(*tap);
    std::vector<std::future<void>> callers;
    for (int i = 0; i < 3; ++i) {
        callers.push_back(std::async(std::launch::async, [] {
            const Proxy lab = decoy::connect("local")["lab"];
            for (int call = 0; call < 1000; ++call)
                lab.call("echo", call);
        }));
    }
    std::uint64_t knownDrops = 0;
    for (auto &caller : callers) {
        while (caller.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
            if (tap->dropped() != knownDrops) { // only now, so that it falls behind on any machine
                watcher.drain();
                knownDrops = tap->dropped();
            }
            std::this_thread::yield();
        }
        caller.get();
    }
    EVENTUALLY(m_local->server->connections().empty()); // what a client sends last, its release, wants no answer
    while (watcher.drain() != 0)
        continue;
    const Proxy lab = decoy::connect("local")["lab"]; // so that there is a frame after the last gap
    watcher.drain();
    QVERIFY(tap->dropped() > 0);
    QCOMPARE(watcher.strays(), 0);
    QVERIFY(watcher.isExact());
    QCOMPARE(watcher.gaps(), tap->dropped());
}

void TestTapOverload::callsAreRefusedUntilHalfOfTheRingIsEmpty()
{
    const Proxy lab = decoy::connect("local")["lab"];
    const auto tap = m_local->server->tap(smallRing);
    Watcher watcher(*tap);
    overload(lab, *tap);
    const std::uint64_t full = tap->emitted() - tap->dropped();
    const auto isTaken = [&] {
        const std::uint64_t before = tap->dropped();
        lab.call("nothing");
        return tap->dropped() == before;
    };
    QVERIFY(!isTaken());
    std::uint64_t left = full;
    for (; !isTaken(); --left)
        QCOMPARE(watcher.drain(1), std::size_t{1});
    QVERIFY2(left > full / 2 && left < full * 3 / 5, "half of the ring, which was full to seven eighths");
    while (watcher.drain() != 0)
        continue;
    QCOMPARE(watcher.strays(), 0);
    QVERIFY(watcher.isExact());
    QCOMPARE(watcher.gaps(), tap->dropped());
}

void TestTapOverload::theResultOfACallThatWasSeenIsSeenWhileOthersAreRefused()
{
    const Proxy lab = decoy::connect("local")["lab"];
    const auto tap = m_local->server->tap(smallRing);
    auto slow = std::async(std::launch::async, [lab] { lab.call("waitAt", "tap"); });
    EVENTUALLY(m_local->objects->gates.waiting("tap") == 1);
    const std::uint64_t callId = taken(*tap).front().event.callId;
    const Proxy other = decoy::connect("local")["node"]; // the lab is at work
    while (tap->dropped() == 0)
        (void)other.get<std::string>("name");
    m_local->objects->gates.open("tap");
    slow.get();
    const auto seen = taken(*tap);
    QVERIFY(!seen.empty());
    QCOMPARE(seen.back().event.callId, callId);
    QCOMPARE(static_cast<int>(seen.back().event.opcode), static_cast<int>(ProxyOpCode::ExecutionResult));
    QVERIFY(seen.back().event.latency > 0);
}

void TestTapOverload::whatFollowsOfARefusedCallIsRefusedToo()
{
    const Proxy lab = decoy::connect("local")["lab"];
    const auto tap = m_local->server->tap(smallRing);
    overload(lab, *tap);
    const std::uint64_t before = tap->dropped();
    auto slow = std::async(std::launch::async, [lab] { lab.call("waitAt", "tap"); });
    EVENTUALLY(tap->dropped() == before + 2); // its request and its PENDING
    Watcher watcher(*tap);
    watcher.drain(); // there is room again
    m_local->objects->gates.open("tap");
    slow.get();
    QCOMPARE(tap->dropped(), before + 3);
    lab.call("nothing");
    watcher.drain();
    QCOMPARE(tap->dropped(), before + 3);
    QCOMPARE(watcher.strays(), 0);
    QVERIFY(watcher.isExact());
    QCOMPARE(watcher.gaps(), tap->dropped());
}

void TestTapOverload::aTapThatNobodyReadsCostsOthersNothing()
{
    const Proxy lab = decoy::connect("local")["lab"];
    const auto ignored = m_local->server->tap(smallRing);
    const auto read = m_local->server->tap();
    Watcher watcher(*read);
    overload(lab, *ignored);
    for (int i = 0; i < 100; ++i)
        lab.call("nothing");
    watcher.drain();
    QCOMPARE(read->dropped(), std::uint64_t{0});
    QCOMPARE(watcher.received(), ignored->emitted());
    QCOMPARE(watcher.strays(), 0);
    Watcher late(*ignored);
    late.drain();
    QVERIFY(ignored->dropped() >= 200 && late.isExact() && late.strays() == 0);
}

void TestTapOverload::aTapThatHasRefusedWakesItsWatcherAgain()
{
    const Proxy lab = decoy::connect("local")["lab"];
    const auto tap = m_local->server->tap(smallRing);
    overload(lab, *tap);
    taken(*tap);
    auto watching = std::async(std::launch::async, [&tap] { return tap->waitFor(std::chrono::hours(1)); });
    lab.call("nothing");
    QVERIFY(watching.get());
    QVERIFY(taken(*tap).size() >= 2);
}

void TestTapOverload::aTapThatIsOpenedInAnOverloadCountsFromZero()
{
    const Proxy lab = decoy::connect("local")["lab"];
    const auto full = m_local->server->tap(smallRing);
    overload(lab, *full);
    lab.call("nothing");
    const auto fresh = m_local->server->tap();
    QCOMPARE(fresh->emitted(), std::uint64_t{0});
    QCOMPARE(fresh->dropped(), std::uint64_t{0});
    lab.call("nothing");
    const auto seen = requestsAndResults(*fresh);
    QCOMPARE(seen.size(), std::size_t{2});
    QCOMPARE(seen.front().event.sequence, std::uint64_t{0});
    QCOMPARE(fresh->dropped(), std::uint64_t{0});
}

void TestTapOverload::thereIsAnEndToTheNumberOfTaps()
{
    std::vector<std::unique_ptr<Tap>> taps;
    while (taps.size() < 64)
        taps.push_back(m_local->server->tap(smallRing));
    QCOMPARE(errorOf([&] { (void)m_local->server->tap(smallRing); }), "LimitExceeded");
    taps.pop_back();
    taps.push_back(m_local->server->tap(smallRing));
    const Proxy lab = decoy::connect("local")["lab"]; // its release would come at any time
    lab.call("nothing");
    QCOMPARE(requestsAndResults(*taps.front()).size(), std::size_t{4});
    QCOMPARE(requestsAndResults(*taps.back()).size(), std::size_t{4});
}

QTEST_GUILESS_MAIN(TestTapOverload)
#include "test_tap_overload.moc"
