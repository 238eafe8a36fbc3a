// SPDX-License-Identifier: BSD-3-Clause
#include "plain_mailbox.h"

#include <decoy/error.h>
#include <decoy/frame.h>
#include <decoy/shared_memory.h>

#include <QTest>

#include <atomic>
#include <set>
#include <thread>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using memory::MailboxClientEnd;
using memory::MailboxHead;
using memory::MailboxServerEnd;

namespace {

const Bytes get = framed("92 00 92 01 a1 61");
const Bytes smallResult = framed("92 ff 93 01 05 c0");

/// Named memory as two processes see it, so that what one of them writes reaches the other as between processes.
struct TwiceMapped {
    explicit TwiceMapped(std::size_t size)
        : server(SharedMemory::createNamed("decoy-test-" + std::to_string(getpid()), size)),
          client(SharedMemory::openNamed(server.name()))
    {}
    SharedMemory server;
    SharedMemory client;
};

MailboxHead headOf(const SharedMemory &memory)
{
    return {std::atomic_ref(*reinterpret_cast<std::uint64_t *>(memory.writableBytes().data())).load()};
}

/// Reads as the reference does: the length, then so many bytes. Null if they are no frame.
std::optional<Frame> readAsTheReference(const SharedMemory &memory)
{
    try {
        return readFrame(memory.bytes());
    } catch (const ProxyError &) {
        return std::nullopt;
    }
}

} // namespace

/// The client's end of a mailbox, and both ends together.
class TestMailboxClient : public QObject {
    Q_OBJECT

private slots:
    void aRequestStandsThereByteForByte();
    void aResultIsReceivedOnceItIsWrittenToItsEnd_data();
    void aResultIsReceivedOnceItIsWrittenToItsEnd();
    void aPendingFrameIsNoResult();
    void anEmptyResultIsNone();
    void aRequestCanBeWithdrawnUntilItIsTaken();
    void aMailboxIsBusyFromTheRequestToItsResult();
    void whatOtherClientsLeftIsCovered();
    void bothEndsUnderstandOneAnother();
    void theLengthIsZeroWhileARequestIsWritten();
    void theLengthIsOneWhileAResultIsWritten();
    void whoReadsAsTheReferenceDoesNeverSeesHalfAResult();
};

void TestMailboxClient::aRequestStandsThereByteForByte()
{
    const PlainMemory memory;
    MailboxClientEnd client(memory.all());
    client.send(echoRequest(60));
    QCOMPARE(hex(memory.bytes(echoRequest(60).size())), hex(echoRequest(60)));
    client.send(get);
    QCOMPARE(hex(memory.bytes(get.size())), hex(get));
    QCOMPARE(memory[get.size()], std::byte{0xc1});
    QCOMPARE(memory[echoRequest(60).size() - 1], std::byte{0xc1});
    QCOMPARE(memory[echoRequest(60).size()], std::byte{0});
}

void TestMailboxClient::aResultIsReceivedOnceItIsWrittenToItsEnd_data()
{
    QTest::addColumn<int>("request");
    QTest::addColumn<int>("result");
    QTest::newRow("short after short") << 1 << 1;
    QTest::newRow("short after long") << 150 << 1;
    QTest::newRow("long after short") << 1 << 150;
    QTest::newRow("long after long") << 150 << 150;
}

void TestMailboxClient::aResultIsReceivedOnceItIsWrittenToItsEnd()
{
    QFETCH(int, request);
    QFETCH(int, result);
    const Bytes frame = stringResult(static_cast<std::size_t>(result));
    std::vector<std::size_t> torn;
    for (std::size_t end = 1; end < frame.size(); ++end) {
        const PlainMemory memory;
        MailboxClientEnd client(memory.all());
        Time time;
        Bytes received;
        client.send(echoRequest(static_cast<std::size_t>(request)));
        memory.write(framed("92 fe 90")); // the reference's server says so first
        memory.write(frame, end);
        if (client.receive(received, time.after(10'000)) || client.receive(received, time.after(10'000))) {
            torn.push_back(end);
            continue;
        }
        memory.write(frame);
        QVERIFY(client.receive(received, time.after(10'000)) || client.receive(received, time.after(second)));
        QCOMPARE(hex(received), hex(frame));
    }
    QCOMPARE(torn, std::vector<std::size_t>());
}

void TestMailboxClient::aPendingFrameIsNoResult()
{
    const PlainMemory memory;
    MailboxClientEnd client(memory.all());
    Time time;
    Bytes received;
    client.send(get);
    QVERIFY(!client.isTaken());
    memory.write(framed("92 fe 90"));
    QVERIFY(client.isTaken());
    QVERIFY(!client.receive(received, time.after(2 * second)) && !client.receive(received, time.after(2 * second)));
}

void TestMailboxClient::anEmptyResultIsNone()
{
    const PlainMemory memory;
    MailboxClientEnd client(memory.all());
    Time time;
    Bytes received;
    memory.write(smallResult);
    memory.write(bytes("00 00 00 00"));
    QVERIFY(!client.receive(received, time.after(2 * second)) && !client.receive(received, time.after(2 * second)));
}

void TestMailboxClient::aRequestCanBeWithdrawnUntilItIsTaken()
{
    const PlainMemory memory;
    MailboxServerEnd server(memory.all());
    MailboxClientEnd client(memory.all());
    Time time;
    Bytes taken;
    client.send(get);
    QVERIFY(client.withdraw());
    QVERIFY(!server.hasRequest() && !server.take(taken, time.after(second)));
    QVERIFY(client.withdraw()); // there is nothing left to take

    client.send(get);
    QVERIFY(server.take(taken, time.after(second)) || server.take(taken, time.after(second)));
    QVERIFY(!client.withdraw());
    QVERIFY(server.publish(smallResult));
    QVERIFY(!client.withdraw());
    Bytes received;
    QVERIFY(client.receive(received, time.after(second)) || client.receive(received, time.after(second)));
}

void TestMailboxClient::aMailboxIsBusyFromTheRequestToItsResult()
{
    const PlainMemory memory;
    MailboxServerEnd server(memory.all());
    MailboxClientEnd client(memory.all());
    const MailboxClientEnd other(memory.all());
    Time time;
    Bytes taken;
    QVERIFY(!client.isBusy() && !other.isBusy());
    client.send(get);
    QVERIFY(client.isBusy() && other.isBusy());
    QVERIFY(server.take(taken, time.after(second)) || server.take(taken, time.after(second)));
    QVERIFY(client.isBusy() && other.isBusy());
    QVERIFY(server.publish(smallResult));
    QVERIFY(!client.isBusy() && !other.isBusy());
    client.send(get);
    QVERIFY(client.withdraw());
    QVERIFY(!client.isBusy() && !other.isBusy());
}

void TestMailboxClient::whatOtherClientsLeftIsCovered()
{
    const PlainMemory memory;
    MailboxClientEnd client(memory.all());
    memory.write(stringResult(200)); // the answer of somebody else
    client.send(get);
    QCOMPARE(hex(memory.bytes(get.size())), hex(get));
    const Bytes all = memory.bytes(stringResult(200).size());
    QVERIFY(std::ranges::all_of(all.begin() + static_cast<std::ptrdiff_t>(get.size()), all.end(),
                                [](std::byte byte) { return byte == std::byte{0xc1}; }));
}

void TestMailboxClient::bothEndsUnderstandOneAnother()
{
    const PlainMemory memory(512);
    MailboxServerEnd server(memory.all());
    MailboxClientEnd client(memory.all());
    Time time;
    Bytes taken;
    Bytes received;
    for (std::size_t i = 0; i < 2000; ++i) { // lengths and contents of all kinds after one another
        const Bytes request = echoRequest(i * 37 % 400, static_cast<char>('a' + i % 7));
        const Bytes result = stringResult(i * 53 % 400, static_cast<char>('a' + i % 5));
        client.send(request);
        QVERIFY(server.take(taken, time.after(10'000)) || server.take(taken, time.after(50 * millisecond)));
        QCOMPARE(hex(taken), hex(request));
        QVERIFY(!client.receive(received, time.after(10'000)));
        QVERIFY(server.publish(result));
        QVERIFY(client.receive(received, time.after(10'000)) || client.receive(received, time.after(50 * millisecond)));
        QCOMPARE(Frame::parse(std::span(received).subspan(4)).toString(),
                 Frame::parse(std::span(result).subspan(4)).toString());
    }
}

void TestMailboxClient::theLengthIsZeroWhileARequestIsWritten()
{
    const TwiceMapped memory(1 << 20);
    MailboxClientEnd client(memory.client.writableBytes());
    const Bytes first = echoRequest(60'000, 'a');
    const Bytes second = echoRequest(50'000, 'b');
    std::atomic<bool> sawEmpty{false};
    std::atomic<bool> mayEnd{false};
    std::set<std::uint32_t> lengths;
    std::thread watcher([&] {
        while (!mayEnd) {
            const std::uint32_t length = headOf(memory.server).length();
            lengths.insert(length);
            if (length == 0 && !lengths.empty() && *lengths.rbegin() != 0)
                sawEmpty = true;
        }
    });
    while (!sawEmpty) {
        client.send(first);
        client.send(second);
    }
    mayEnd = true;
    watcher.join();
    lengths.erase(0);
    for (const std::uint32_t length : lengths)
        QVERIFY(length == first.size() - 4 || length == second.size() - 4);
}

void TestMailboxClient::theLengthIsOneWhileAResultIsWritten()
{
    const TwiceMapped memory(1 << 17);
    MailboxServerEnd server(memory.server.writableBytes());
    MailboxClientEnd client(memory.client.writableBytes());
    const Bytes result = stringResult(60'000);
    std::atomic<bool> sawWriting{false};
    std::atomic<bool> sawSomethingElse{false};
    std::atomic<bool> mayEnd{false};
    std::thread watcher([&] {
        while (!mayEnd) {
            const MailboxHead head = headOf(memory.server);
            if (head.isPending() && head.length() == 1)
                sawWriting = true;
            else if (!head.isEmpty() && head.length() != (head.isResult() ? result : get).size() - 4)
                sawSomethingElse = true;
        }
    });
    Time time;
    Bytes taken;
    bool isPublished = true;
    while (!sawWriting && isPublished) {
        client.send(get);
        isPublished = (server.take(taken, time.after(second)) || server.take(taken, time.after(second)))
            && server.publish(result);
    }
    mayEnd = true;
    watcher.join();
    QVERIFY(isPublished && !sawSomethingElse);
}

void TestMailboxClient::whoReadsAsTheReferenceDoesNeverSeesHalfAResult()
{
    constexpr int rounds = 3000;
    const TwiceMapped memory(4096);
    std::atomic<int> wrong{0};
    std::thread server([&] {
        MailboxServerEnd end(memory.server.writableBytes());
        Bytes taken;
        for (std::size_t i = 0; i < rounds;) {
            if (!end.take(taken, trace::now())) {
                std::this_thread::yield();
                continue;
            }
            // Equal in length to its request every now and then.
            if (!end.publish(stringResult(i % 3 == 0 ? i % 1000 + 6 : i * 7 % 2000, static_cast<char>('a' + i % 26))))
                ++wrong;
            ++i;
        }
    });
    for (std::size_t i = 0; i < rounds; ++i) {
        const Bytes request = echoRequest(i % 1000, static_cast<char>('A' + i % 26));
        std::ranges::copy(request, memory.client.writableBytes().begin());
        std::optional<Frame> frame;
        while (!frame || frame->opcode() != ProxyOpCode::ExecutionResult) {
            std::this_thread::yield();
            frame = readAsTheReference(memory.client);
        }
        const std::size_t length = i % 3 == 0 ? i % 1000 + 6 : i * 7 % 2000;
        if (frame->payload().at(1).as<std::string>() != std::string(length, static_cast<char>('a' + i % 26)))
            ++wrong;
    }
    server.join();
    QCOMPARE(wrong.load(), 0);
}

QTEST_GUILESS_MAIN(TestMailboxClient)
#include "test_mailbox_client.moc"
