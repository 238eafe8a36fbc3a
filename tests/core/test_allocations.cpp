// SPDX-License-Identifier: BSD-3-Clause
#include "support/allocation_count.h"
#include "support/process.h"

#include <decoy/connection.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>

using namespace decoy;
using namespace decoy::test;

namespace {

using Action = std::function<void(const Proxy &object, int round)>;

/// What was taken from the heap at both ends.
struct Allocations {
    std::uint64_t atServer = UINT64_MAX;
    std::uint64_t atClient = UINT64_MAX;
};

/// The least that any of some series of `rounds` calls took: where a call takes memory, each of them does; what a busy machine makes
/// necessary now and then (a message that a call is pending) is not in all of them.
Allocations leastOf(const Proxy &object, int rounds, const Action &action)
{
    Allocations least;
    for (int series = 0; series < 400 && (least.atClient || least.atServer); ++series) {
        const auto atServer = object.call<std::uint64_t>("allocations");
        const std::uint64_t atClient = allocationsOfThisThread();
        for (int i = 0; i < rounds; ++i)
            action(object, i);
        least.atClient = std::min(least.atClient, allocationsOfThisThread() - atClient);
        least.atServer = std::min(least.atServer, object.call<std::uint64_t>("allocations") - atServer);
    }
    return least;
}

} // namespace

/// Memory that calls take from the heap.
class TestAllocations : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void callsOfNumbersTakeNone_data();
    void callsOfNumbersTakeNone();
    void whatIsTakenIsCounted();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
    std::unique_ptr<Process> m_server;
    Proxy m_object;
};

void TestAllocations::init()
{
    m_runtime = std::make_unique<RuntimeDirectory>();
    m_server = std::make_unique<Process>(DECOY_COUNTING_SERVER, QStringList{"counted"});
    QCOMPARE(m_server->readLine(), "ready");
    m_object = decoy::connect("counted")["counted"];
}

void TestAllocations::cleanup()
{
    m_object = {};
    m_server->closeInput();
    QCOMPARE(m_server->waitForEnd().status, 0);
    m_server.reset();
    m_runtime.reset();
}

void TestAllocations::callsOfNumbersTakeNone_data()
{
    QTest::addColumn<Action>("action");
    QTest::newRow("call") << Action([](const Proxy &object, int round) {
        if (object.call<int>("add", round) != 100 + round)
            throw std::runtime_error("a wrong answer");
    });
    QTest::newRow("call with a keyword") << Action(
        [](const Proxy &object, int round) { object.call<int>("add", kw("x", round)); });
    QTest::newRow("call without arguments or a result")
        << Action([](const Proxy &object, int) { object.call<void>("nothing"); });
    QTest::newRow("attribute read") << Action([](const Proxy &object, int) { (void)object.get<int>("value"); });
    QTest::newRow("call that is slept for") << Action([](const Proxy &object, int) { object.call<void>("linger"); });
    QTest::newRow("call without a wait") << Action([](const Proxy &object, int round) {
        if (object.callAsync<int>("add", round).get() != 100 + round)
            throw std::runtime_error("a wrong answer");
    });
    QTest::newRow("many calls without a wait") << Action([](const Proxy &object, int round) {
        std::array<Future<int>, 32> calls;
        for (auto &call : calls)
            call = object.callAsync<int>("add", round);
        for (auto &call : calls)
            (void)call.get();
    });
    QTest::newRow("attribute written") << Action([](const Proxy &object, int) { object.set("value", 100); });
}

void TestAllocations::callsOfNumbersTakeNone()
{
    QFETCH(Action, action);
    constexpr int rounds = 10;
    (void)leastOf(m_object, rounds, action); // buffers find their size
    const Allocations least = leastOf(m_object, rounds, action);
    QCOMPARE(least.atServer, 0u);
    QCOMPARE(least.atClient, 0u);
}

void TestAllocations::whatIsTakenIsCounted()
{
    constexpr int rounds = 5;
    const std::string text(1000, 'x'); // has to be somewhere when it comes back in the answer, an error
    const Allocations least = leastOf(m_object, rounds, [&text](const Proxy &object, int) {
        try {
            object.call("add", text);
        } catch (const ProxyError &) {}
    });
    QVERIFY(least.atServer >= rounds);
    QVERIFY(least.atClient >= rounds);
}

Q_DECLARE_METATYPE(Action)

QTEST_GUILESS_MAIN(TestAllocations)
#include "test_allocations.moc"
