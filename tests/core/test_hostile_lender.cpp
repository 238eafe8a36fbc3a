// SPDX-License-Identifier: BSD-3-Clause
#include "lane/annexes.h"
#include "lane/rendezvous.h"
#include "raw_lender.h"
#include "support/pond_process.h"
#include "support/served_pond.h"
#include "wire_bytes.h"

#include <decoy/decoy.h>

#include <QScopeGuard>
#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <fcntl.h>
#include <future>
#include <optional>
#include <poll.h>
#include <random>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using Flag = memory::RecordHeader::Flag;

/// Clients that lend what they should not, and lie about it. Each costs itself its calls or its connection, and nobody else anything.
class TestHostileLender : public QObject {
    Q_OBJECT

private slots:
    void init() { m_process.emplace(); }
    void cleanup()
    {
        const Connection connection = m_process->connect(); // the server serves, whatever happened
        QCOMPARE(connection["pond"].call<int>("apply", callback([](std::int64_t number) { return number; }), 3), 3);
        m_process.reset();
    }

    void theBytesAreThoseOfTheDocument();
    void aGoodOneIsCalled();
    void whatIsNamedTwiceIsReleasedTwice();
    void lendingWithoutAChannelCostsTheConnection();
    void whatIsNoSocketOfTheClientCostsTheConnection();
    void aGreetingThatMakesNoSenseCostsTheConnection();
    void aSecondChannelCostsTheConnection();
    void anArgumentThatIsNotWrittenRightIsAnError();
    void arbitraryArgumentsAreAnswered();
    void withoutTheFlagItIsData();
    void aChannelThatIsClosedInACallCostsThatCall();
    void anAnswerThatIsNoneCostsTheChannel();
    void aRequestWithinNothingWaitsItsTurn();
    void aRequestWithinSomebodyElsesCallWaitsItsTurn();
    void aRecordThatDoesNotSayWithinWhatCostsTheConnection();
    void whoDoesNotReadItsReleasesLosesTheChannel();
    void aFloodOfDoorbellsKeepsNoCallFromItsEnd();

private:
    std::optional<PondProcess> m_process;
};

void TestHostileLender::theBytesAreThoseOfTheDocument()
{
    QCOMPARE(hex(RawLender::lent(3)), QByteArray("c7 0b 04 92 03 a8 63 61 6c 6c 61 62 6c 65"));
}

void TestHostileLender::aGoodOneIsCalled()
{
    RawLender client;
    QVERIFY(client.open());
    QVERIFY(client.lend(2, "apply", {77}));
    client.finishGreeting();
    const auto asked = client.receiveRequest();
    QCOMPARE(asked.object, std::uint64_t{77});
    QCOMPARE(asked.name, std::string("__call__"));
    QVERIFY(asked.flags & Flag::Within); // within call 2
    QVERIFY(client.replyNumber(asked.callId, 5));
    const auto answer = client.receiveResult();
    QCOMPARE(answer->callId, std::uint64_t{2});
    QCOMPARE(answer->parsed().payload().at(1).as<int>(), 5);
    const auto released = client.receiveRequest();
    QCOMPARE(released.object, std::uint64_t{77});
    QCOMPARE(released.name, std::string("__del__"));
}

void TestHostileLender::whatIsNamedTwiceIsReleasedTwice()
{
    RawLender client;
    QVERIFY(client.open());
    QVERIFY(client.lend(2, "note", {5, 5, 6})); // refused: it takes a number
    QCOMPARE(client.receiveResult()->failure()->kind, ErrorKind::ArgumentError);
    client.finishGreeting();
    std::vector<std::uint64_t> released;
    for (int i = 0; i < 3; ++i)
        released.push_back(client.receiveRequest().object);
    std::ranges::sort(released);
    QCOMPARE(released, (std::vector<std::uint64_t>{5, 5, 6}));
}

void TestHostileLender::lendingWithoutAChannelCostsTheConnection()
{
    RawLender client;
    QVERIFY(client.lend(2, "apply", {1}));
    QVERIFY(client.isHungUpOn());
}

void TestHostileLender::whatIsNoSocketOfTheClientCostsTheConnection()
{
    const auto [stream, streamEnd] = socketPair(SOCK_STREAM);
    const auto [datagram, datagramEnd] = socketPair(SOCK_DGRAM);
    const FileDescriptor file(::open("/dev/null", O_RDWR | O_CLOEXEC));
    // Its own connection to that very server: whoever greets there is not the client.
    const FileDescriptor toServer = lane::connectTo("served");
    for (const FileDescriptor *wrong : {&stream, &datagram, &file, &toServer}) {
        RawLender client;
        QVERIFY(client.pass(*wrong));
        QVERIFY(client.lend(2, "apply", {1}));
        QVERIFY(client.isHungUpOn());
    }
    for (const std::size_t count : {0, 2}) {
        RawLender client;
        QVERIFY(client.sayHello(client.goodHello()));
        const std::array descriptors{client.theirs.get(), client.theirs.get()};
        QVERIFY(client.pass(std::span(descriptors).first(count)));
        QVERIFY(client.lend(2, "apply", {1}));
        QVERIFY(client.isHungUpOn());
    }
}

void TestHostileLender::aGreetingThatMakesNoSenseCostsTheConnection()
{
    using Change = void (*)(lane::ServerHello &);
    const std::array<Change, 6> changes{
        [](lane::ServerHello &hello) { hello.magic = 0; },
        [](lane::ServerHello &hello) { hello.version = 9; },
        [](lane::ServerHello &hello) { hello.status = lane::HelloStatus::Denied; },
        [](lane::ServerHello &hello) { hello.ringSize *= 2; },
        [](lane::ServerHello &hello) { hello.ringSize = 0; },
        [](lane::ServerHello &hello) { hello.limits.bufsize = 1U << 30; },
    };
    for (const Change change : changes) {
        RawLender client;
        lane::ServerHello hello = client.goodHello();
        change(hello);
        QVERIFY(client.sayHello(hello));
        QVERIFY(client.pass(client.theirs));
        QVERIFY(client.lend(2, "apply", {1}));
        QVERIFY(client.isHungUpOn());
    }
    RawLender silent; // says nothing: nobody waits for it
    QVERIFY(silent.pass(silent.theirs));
    QVERIFY(silent.lend(2, "apply", {1}));
    QVERIFY(silent.isHungUpOn());
}

void TestHostileLender::aSecondChannelCostsTheConnection()
{
    RawLender client;
    QVERIFY(client.open());
    QVERIFY(client.lend(2, "note", {5}));
    QVERIFY(client.receiveResult()->failure());
    QVERIFY(client.pass(client.theirs));
    // Notices are read when they are needed: a large frame that is said to stand in memory makes the server look.
    const lane::AnnexedFrame nowhere{0, 100};
    QVERIFY(client.send(3, lane::asMessage(nowhere), Flag::Annexed));
    QVERIFY(client.isHungUpOn());
}

namespace {
Bytes extensionOf(const Bytes &body)
{
    PackBuffer packed;
    msgpack::packer<PackBuffer> packer(packed);
    packer.pack_ext(body.size(), static_cast<std::int8_t>(ExtensionType::Lent));
    packer.pack_ext_body(reinterpret_cast<const char *>(body.data()), static_cast<std::uint32_t>(body.size()));
    return {packed.bytes().begin(), packed.bytes().end()};
}
} // namespace

void TestHostileLender::anArgumentThatIsNotWrittenRightIsAnError()
{
    RawLender client;
    QVERIFY(client.open());
    std::uint64_t callId = 10;
    const auto errorFor = [&](const Bytes &body) {
        client.callPacked(++callId, client.pond(), "apply", {extensionOf(body)}, Flag::Lends);
        return client.receiveResult()->failure()->kind;
    };
    QCOMPARE(errorFor({}), ErrorKind::DataDecodeError);
    QCOMPARE(errorFor(bytes("91 05")), ErrorKind::DataDecodeError);
    QCOMPARE(errorFor(bytes("92 05")), ErrorKind::DataDecodeError);
    QCOMPARE(errorFor(bytes("92 ff a1 61")), ErrorKind::DataDecodeError); // a negative number
    QCOMPARE(errorFor(bytes("92 05 a1 ff")), ErrorKind::DataDecodeError); // no UTF-8
    QCOMPARE(errorFor(bytes("92 05 db ff ff ff ff")), ErrorKind::DataDecodeError);
    QCOMPARE(errorFor(bytes("92 05 a1 61 c0")), ErrorKind::DataDecodeError); // and something after it
    QCOMPARE(errorFor(bytes("93 05 a1 61 c0")), ErrorKind::DataDecodeError);
}

void TestHostileLender::arbitraryArgumentsAreAnswered()
{
    RawLender client;
    QVERIFY(client.open());
    std::mt19937 random(1);
    const Bytes good = RawLender::lent(5);
    for (std::uint64_t callId = 10; callId < 500; ++callId) {
        Bytes damaged = good;
        for (int i = static_cast<int>(random() % 3); i >= 0; --i)
            damaged[random() % damaged.size()] = static_cast<std::byte>(random());
        // Whatever it is: the server answers, with an error as a rule, or takes it for damage of the frame.
        QVERIFY(client.callPacked(callId, client.pond(), "note", {damaged}, Flag::Lends));
        QCOMPARE(client.receiveResult()->callId, callId);
    }
}

void TestHostileLender::withoutTheFlagItIsData()
{
    RawLender client;
    QVERIFY(client.callPacked(2, client.pond(), "apply", {RawLender::lent(5)}, 0));
    QCOMPARE(client.receiveResult()->failure()->kind, ErrorKind::ArgumentError);
    QVERIFY(client.callPacked(3, client.pond(), "kindOf", {RawLender::lent(5)}, 0));
    QVERIFY(!client.receiveResult()->failure());
}

void TestHostileLender::aChannelThatIsClosedInACallCostsThatCall()
{
    RawLender client;
    QVERIFY(client.open());
    client.theirs = FileDescriptor();
    QVERIFY(client.lend(2, "apply", {5}));
    client.finishGreeting();
    QCOMPARE(client.receiveRequest().name, std::string("__call__"));
    client.mine = FileDescriptor();
    const auto answer = client.receiveResult();
    QCOMPARE(answer->callId, std::uint64_t{2});
    QCOMPARE(answer->failure()->kind, ErrorKind::PeerDied);
    QVERIFY(client.lend(3, "apply", {5})); // another one finds it closed
    QCOMPARE(client.receiveResult()->failure()->kind, ErrorKind::PeerDied);
    QVERIFY(client.call(4, client.pond(), "notes")); // and the connection goes on
    QVERIFY(!client.receiveResult()->failure());
}

void TestHostileLender::anAnswerThatIsNoneCostsTheChannel()
{
    RawLender client;
    QVERIFY(client.open());
    QVERIFY(client.lend(2, "apply", {5}));
    client.finishGreeting();
    const auto asked = client.receiveRequest();
    QVERIFY(client.reply(asked.callId, Bytes(20, std::byte{0xc1})));
    QVERIFY(client.receiveResult()->failure());
    QVERIFY(client.lend(3, "apply", {5}));
    (void)client.receiveRequest();                         // the release of the first one
    client.region.header().produced.store(UINT64_MAX / 2); // an impossible position
    (void)lane::sendMessage(client.mine, lane::asMessage(lane::Notice{}));
    QCOMPARE(client.receiveResult()->failure()->kind, ErrorKind::PeerDied);
    QVERIFY(client.call(4, client.pond(), "notes"));
    QVERIFY(!client.receiveResult()->failure());
}

void TestHostileLender::aRequestWithinNothingWaitsItsTurn()
{
    RawLender client;
    const Connection connection = m_process->connect();
    Future<> busy = connection["pond"].callAsync("hold", "gate");
    EVENTUALLY_EQUAL(connection["lab"].call<int>("waiting", "gate"), 1);
    for (std::uint64_t within = 1; within < 100; ++within)
        QVERIFY(client.callPacked(100 + within, client.pond(), "notes", {}, Flag::Within, within));
    QVERIFY(client.call(500, 0, "objects"));
    QCOMPARE(client.receiveResult()->callId, std::uint64_t{500}); // before all the others
    connection["lab"].call("open", "gate");
    for (std::uint64_t within = 1; within < 100; ++within)
        QVERIFY(!client.receiveResult()->failure());
    busy.get();
    QCOMPARE(connection["pond"].call<int>("overlaps"), 0);
}

void TestHostileLender::aRequestWithinSomebodyElsesCallWaitsItsTurn()
{
    RawLender client;
    const std::uint64_t pond = client.pond();
    const Connection connection = m_process->connect();
    std::atomic<bool> wasAnswered{false};
    connection["pond"].call("apply", callback([&](std::int64_t) {
                                // This call of the pond waits for us, in the server's call 1 or so to us, not to that client.
                                for (std::uint64_t within = 1; within < 100; ++within)
                                    client.callPacked(100 + within, pond, "notes", {}, Flag::Within, within);
                                client.call(500, 0, "objects");
                                wasAnswered = client.receiveResult()->callId != 500;
                                return 0;
                            }));
    QVERIFY(!wasAnswered);
    for (std::uint64_t within = 1; within < 100; ++within)
        QVERIFY(!client.receiveResult()->failure());
}

void TestHostileLender::aRecordThatDoesNotSayWithinWhatCostsTheConnection()
{
    RawLender client;
    QVERIFY(client.send(2, Bytes(7, std::byte{0}), Flag::Within));
    QVERIFY(client.isHungUpOn());
}

void TestHostileLender::whoDoesNotReadItsReleasesLosesTheChannel()
{
    RawLender client;
    QVERIFY(client.open());
    client.theirs = FileDescriptor();
    QVERIFY(client.lend(3, "noteAnswer", {7})); // never answered
    QVERIFY(!client.receiveResult()->failure());
    std::uint64_t callId = 10;
    const std::vector<std::uint64_t> many(1000, 5);
    for (int i = 0; i < 30; ++i) {
        QVERIFY(client.lend(++callId, "note", many));
        QVERIFY(client.receiveResult()->failure());
    }
    client.finishGreeting();
    pollfd entry{client.mine.get(), POLLRDHUP, 0};
    QCOMPARE(poll(&entry, 1, patience), 1);
    QVERIFY(client.call(++callId, client.pond(), "notes"));
    QVERIFY(!client.receiveResult()->failure());
    // What follows the call is told.
    EVENTUALLY(m_process->connect()["pond"].call("notes").as<std::vector<int>>() == std::vector{-1});
}

void TestHostileLender::aFloodOfDoorbellsKeepsNoCallFromItsEnd()
{
    RawLender client;
    QVERIFY(client.open());
    std::atomic<bool> isOver{false};
    const lane::Notice notice{};
    std::vector<std::jthread> flood;
    const auto end = qScopeGuard([&] {
        isOver = true;
        ::shutdown(client.mine.get(), SHUT_RDWR);
    });
    for (int i = 0; i < 4; ++i) {
        flood.emplace_back([&] {
            while (!isOver)
                (void)::send(client.mine.get(), &notice, sizeof notice, MSG_NOSIGNAL); // waits while the socket is full
        });
    }
    const std::vector<std::byte> limit{std::byte{50}}; // milliseconds
    QVERIFY(client.callPacked(2, client.pond(), "askWithin", {RawLender::lent(7), limit}, Flag::Lends));
    const auto answer = client.receiveResult();
    QCOMPARE(answer->callId, std::uint64_t{2});
    QCOMPARE(answer->failure()->kind, ErrorKind::CallTimeout);
}

QTEST_GUILESS_MAIN(TestHostileLender)
#include "test_hostile_lender.moc"
