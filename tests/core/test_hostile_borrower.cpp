// SPDX-License-Identifier: BSD-3-Clause
#include "lane/annexes.h"
#include "support/process.h"
#include "support/raw_client.h"
#include "support/raw_server.h"
#include "support/served_process.h"
#include "wire/request.h"

#include <decoy/decoy.h>

#include <QTest>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <vector>

using namespace decoy;
using namespace decoy::test;
using Flag = memory::RecordHeader::Flag;

namespace {

/// A callback of the client's that says whether it still lives.
struct Counted {
    Counted() { ++living; }
    Counted(const Counted &) { ++living; }
    ~Counted() { --living; }
    static inline std::atomic<int> living{0};
};
std::atomic<int> calls{0};

Lent counted()
{
    return callback([counted = Counted()](std::int64_t number) {
        ++calls;
        return 2 * number;
    });
}

constexpr std::uint64_t lent = 1; ///< the number of the first thing that a client lends
constexpr std::uint64_t never = 2;

} // namespace

/// Servers that take what a client lends and do with it what they must not. Each costs itself the reverse channel at most: the client lives,
/// and its connection answers.
class TestHostileBorrower : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void aGoodOneIsServed();
    void whatWasNotLentIsOutOfReach();
    void aClientsDirectoryShowsNothing();
    void moreReleasesThanReferencesAreErrors();
    void wrongFlagsCostTheChannelAtMost_data();
    void wrongFlagsCostTheChannelAtMost();
    void hugeSizesCostTheChannel();
    void impossiblePositionsCostTheChannel();
    void anotherChannelCannotBePassedBack();
    void arbitraryBytesAreAnswered();
    void aFloodOfCallsIsBounded();
    void whoReadsNoAnswersGetsNoMore();

private:
    /// What a server may do to any object: asks, and gives what came back.
    [[nodiscard]] std::optional<Failure> failureOf(std::uint64_t object, std::string_view method,
                                                   const std::vector<Value> &arguments = {})
    {
        if (!m_reverse->call(++m_lastCall, object, method, arguments))
            throw std::runtime_error("the ring is full");
        const auto answer = m_reverse->receiveResult();
        if (!answer)
            throw std::runtime_error("the client hung up");
        return answer->failure();
    }

    std::optional<RuntimeDirectory> m_runtime;
    std::optional<RawServer> m_server;
    std::optional<Connection> m_connection;
    std::optional<Future<>> m_call; // the one that lends
    std::uint64_t m_callId = 0;
    std::optional<RawClient> m_reverse;
    std::uint64_t m_lastCall = 0;
};

void TestHostileBorrower::init()
{
    calls = 0;
    m_lastCall = 0;
    m_runtime.emplace();
    m_server.emplace("borrower");
    auto connecting = std::async(std::launch::async, [] { return decoy::connect("borrower"); });
    m_server->greet(lane::Feature::TakesLent);
    m_connection = connecting.get();
    m_call = m_connection->directory().callAsync("keep", counted());
    m_reverse.emplace(m_server->receiveReverse());
    m_reverse->answer();
    m_callId = m_server->receiveCall();
}

void TestHostileBorrower::cleanup()
{
    m_server->answer(m_callId); // whatever became of the reverse channel
    m_call->get(std::chrono::milliseconds(patience));
    m_call.reset();
    m_reverse.reset();
    m_connection.reset();
    m_server.reset();
    m_runtime.reset();
    EVENTUALLY_EQUAL(Counted::living.load(), 0);
}

void TestHostileBorrower::aGoodOneIsServed()
{
    QVERIFY(m_reverse->call(1, lent, "__call__", {21}));
    QCOMPARE(m_reverse->receiveResult()->parsed().payload().at(1).as<int>(), 42);
    QCOMPARE(calls.load(), 1);
}

void TestHostileBorrower::whatWasNotLentIsOutOfReach()
{
    for (const std::uint64_t object : {never, std::uint64_t{100}, std::uint64_t{1} << 32, UINT64_MAX}) {
        QCOMPARE(failureOf(object, "__call__", {1})->kind, ErrorKind::ProxyObjectNotFound);
        QCOMPARE(failureOf(object, "__dir__")->kind, ErrorKind::ProxyObjectNotFound);
    }
    QCOMPARE(calls.load(), 0);
}

void TestHostileBorrower::aClientsDirectoryShowsNothing()
{
    QVERIFY(m_reverse->call(1, 0, "objects"));
    QCOMPARE(m_reverse->receiveResult()->parsed().payload().at(1).toString(), std::string("[]"));
    QCOMPARE(failureOf(0, "object", {"callable"})->kind, ErrorKind::ProxyObjectNotFound);
}

void TestHostileBorrower::moreReleasesThanReferencesAreErrors()
{
    for (int i = 0; i < 50; ++i)
        (void)failureOf(lent, "__del__");
    QCOMPARE(Counted::living.load(), 0); // once is enough
    QCOMPARE(failureOf(lent, "__call__", {1})->kind, ErrorKind::ProxyObjectNotFound);
    QVERIFY(m_reverse->call(1000, 0, "objects"));
    QVERIFY(!m_reverse->receiveResult()->failure());
}

void TestHostileBorrower::wrongFlagsCostTheChannelAtMost_data()
{
    QTest::addColumn<unsigned>("flags");
    QTest::newRow("Annexed") << unsigned(Flag::Annexed);
    QTest::newRow("OnResult") << unsigned(Flag::OnResult);
    QTest::newRow("OnResult, Referable") << unsigned(Flag::OnResult | Flag::Referable);
    QTest::newRow("Event") << unsigned(Flag::Event);
    QTest::newRow("Event, Last") << unsigned(Flag::Event | Flag::Last);
    QTest::newRow("Lends") << unsigned(Flag::Lends);
    QTest::newRow("Within") << unsigned(Flag::Within);
    QTest::newRow("all") << ~0U;
    QTest::newRow("unknown") << 0xffffff00U;
}

void TestHostileBorrower::wrongFlagsCostTheChannelAtMost()
{
    QFETCH(unsigned, flags);
    QVERIFY(m_reverse->call(7, lent, "__call__", {1}, flags));
    if (flags & Flag::OneWay) {
        QVERIFY(m_reverse->isHungUpOn());
        return;
    }
    const auto answer = m_reverse->receiveResult();
    QVERIFY(!answer || answer->callId == 7); // or the channel is gone
}

void TestHostileBorrower::hugeSizesCostTheChannel()
{
    const lane::AnnexedFrame huge{0, UINT32_MAX};
    QVERIFY(m_reverse->send(1, lane::asMessage(huge), Flag::Annexed));
    QVERIFY(m_reverse->isHungUpOn());
}

void TestHostileBorrower::impossiblePositionsCostTheChannel()
{
    m_reverse->own.header().produced.store(UINT64_MAX / 2);
    m_reverse->ring();
    QVERIFY(m_reverse->isHungUpOn());
}

void TestHostileBorrower::anotherChannelCannotBePassedBack()
{
    const lane::Notice notice{lane::Notice::Kind::Reverse, 0, 0};
    const int descriptor = m_reverse->own.descriptor();
    QCOMPARE(lane::sendMessage(m_reverse->socket, lane::asMessage(notice), {&descriptor, 1}), lane::Sent::Done);
    QVERIFY(m_reverse->isHungUpOn());
}

void TestHostileBorrower::arbitraryBytesAreAnswered()
{
    const std::vector<std::byte> good = frameBytes(
        Frame(ProxyOpCode::Execute,
              {Value(lent), Value("__call__"), Value(std::vector<int>{21}), Value(std::map<std::string, int>())}));
    std::mt19937 random(1);
    for (std::uint64_t callId = 10; callId < 500; ++callId) {
        std::vector<std::byte> damaged = good;
        for (int i = static_cast<int>(random() % 3); i >= 0; --i)
            damaged[random() % damaged.size()] = static_cast<std::byte>(random());
        QVERIFY(m_reverse->send(callId, damaged));
        QCOMPARE(m_reverse->receiveResult()->callId, callId);
    }
}

void TestHostileBorrower::aFloodOfCallsIsBounded()
{
    std::uint64_t sent = 0;
    auto answers = std::async(std::launch::async, [&] {
        std::uint64_t received = 0;
        while (received < 20'000 && m_reverse->receiveResult())
            ++received;
        return received;
    });
    while (sent < 20'000) {
        if (m_reverse->call(100 + sent, lent, "__call__", {1}))
            ++sent;
        else
            std::this_thread::yield();
    }
    QCOMPARE(answers.get(), sent); // each has an answer, if only that there are too many
}

void TestHostileBorrower::whoReadsNoAnswersGetsNoMore()
{
    int refused = 0;
    for (std::uint64_t callId = 1; refused < 1000 && callId < 1'000'000; ++callId) {
        if (m_reverse->call(callId, lent, "__call__", {1}))
            continue;
        ++refused; // the client takes no more of them
        std::this_thread::yield();
    }
    QCOMPARE(refused, 1000);
    QVERIFY(m_connection->isAlive());
}

QTEST_GUILESS_MAIN(TestHostileBorrower)
#include "test_hostile_borrower.moc"
