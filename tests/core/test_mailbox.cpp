// SPDX-License-Identifier: BSD-3-Clause
#include "plain_mailbox.h"

#include <decoy/frame.h>

#include <QTest>

using namespace decoy;
using namespace decoy::test;
using memory::MailboxServerEnd;

namespace {

const Bytes get = framed("92 00 92 01 a1 61");
const Bytes deposit50 = framed("92 02 94 01 a7 6465706f736974 92 cd0032 a4 6d656d6f 80");
const Bytes deposit70 = framed("92 02 94 01 a7 6465706f736974 92 cd0046 a4 6d656d6f 80");
const Bytes smallResult = framed("92 ff 93 01 05 c0");
QByteArray requestNamed(const std::string &name)
{
    if (name == "GET")
        return hex(get);
    if (name == "SET of text")
        return hex(framed("92 01 93 01 a1 61 a9 312e323334353637 38"));
    if (name == "SET of much text") {
        Bytes payload = bytes("92 01 93 01 a1 61 d9 40");
        payload.insert(payload.end(), 64, std::byte{'s'});
        return hex(framed(payload));
    }
    return hex(name == "EXECUTE" ? deposit70 : echoRequest(100));
}

/// How far a client's clock goes on between two looks.
constexpr memory::Mailbox::Nanoseconds aLook = 10'000;

/// A mailbox and its server, and what has happened there before.
struct Served {
    explicit Served(const char *history, std::size_t size = 256) : memory(size), server(memory.all())
    {
        const std::string past = history;
        if (past == "nothing")
            return;
        if (past == "a long result")
            answer(get, stringResult(150));
        else if (past == "a short result")
            answer(echoRequest(150), smallResult);
        else if (past == "an equal request")
            answer(deposit50, smallResult);
    }
    void answer(const Bytes &request, const Bytes &result)
    {
        memory.write(request);
        Bytes taken;
        QVERIFY(server.take(taken, time.after(second)) || server.take(taken, time.after(second)));
        QVERIFY(server.publish(result));
    }
    bool takes(memory::Mailbox::Nanoseconds later) { return server.take(frame, time.after(later)); }

    PlainMemory memory;
    MailboxServerEnd server;
    Time time;
    Bytes frame;
};

} // namespace

/// The server's end of a mailbox, byte by byte.
class TestMailbox : public QObject {
    Q_OBJECT

private slots:
    void aRequestIsTakenOnceAndMarkedAsPending();
    void whatHasNoEndYetIsNotTaken_data();
    void whatHasNoEndYetIsNotTaken();
    void whatReplacesATakenRequestIsNotTakenBeforeItsEnd_data();
    void whatReplacesATakenRequestIsNotTakenBeforeItsEnd();
    void theSameRequestAgainIsTakenOnceItHasStoodStill_data();
    void theSameRequestAgainIsTakenOnceItHasStoodStill();
    void aLookAtAFrameThatChangedBeginsItsTimeAnew();
    void aBrokenFrameIsGivenUpAfterASecond_data();
    void aBrokenFrameIsGivenUpAfterASecond();
    void aBrokenFrameThatChangesIsNotGivenUp();
    void aBrokenFrameThatIsMendedIsTakenAtOnce();
    void anEmptyMailboxHasNoRequest();
    void resultsAndPendingFramesAreNoRequests();
    void aFrameThatTheUserHasReadIsTakenIfItStandsThere();
    void aFrameThatTheUserHasReadIsNotTakenForAnotherOne();

    void aResultStandsThereByteForByte();
    void whatEarlierFramesLeftIsCoveredWithBytesThatAreNoMsgpack();
    void aResultIsNeverAsLongAsItsRequest_data();
    void aResultIsNeverAsLongAsItsRequest();
    void aResultThatFillsTheMailboxStaysAsItIs();
    void aResultIsPublishedOnce();
    void aResultForARequestThatWasReplacedIsDropped_data();
    void aResultForARequestThatWasReplacedIsDropped();
    void aClientWaitsUntilItHasItsResult();
    void aRefusalAnswersWhateverRequestStandsThere_data();
    void aRefusalAnswersWhateverRequestStandsThere();
    void aRefusalLeavesAnAnsweredMailboxAlone();
};

void TestMailbox::aRequestIsTakenOnceAndMarkedAsPending()
{
    Served mailbox("nothing");
    QVERIFY(!mailbox.server.hasRequest());
    mailbox.memory.write(deposit50);
    QVERIFY(mailbox.server.hasRequest());
    QVERIFY(mailbox.takes(aLook));
    QCOMPARE(hex(mailbox.frame), hex(deposit50));
    Bytes pending = deposit50;
    pending[5] = std::byte{0xfe};
    QCOMPARE(hex(mailbox.memory.bytes(pending.size())), hex(pending));
    QVERIFY(!mailbox.server.hasRequest());
    QVERIFY(!mailbox.takes(second));
}

void TestMailbox::whatHasNoEndYetIsNotTaken_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<QByteArray>("request");
    for (const char *history : {"nothing", "a long result", "a short result", "an equal request"}) {
        for (const char *request : {"GET", "SET of text", "SET of much text", "EXECUTE", "EXECUTE of much text"})
            QTest::addRow("%s where there was %s", request, history) << QByteArray(history) << requestNamed(request);
    }
}

void TestMailbox::whatHasNoEndYetIsNotTaken()
{
    QFETCH(QByteArray, history);
    QFETCH(QByteArray, request);
    const Bytes frame = bytes(request.constData());
    std::vector<std::size_t> torn;
    for (std::size_t end = 1; end < frame.size(); ++end) {
        Served mailbox(history.constData());
        mailbox.memory.write(frame, end);
        if (mailbox.takes(aLook) || mailbox.takes(aLook)) {
            torn.push_back(end);
            continue;
        }
        mailbox.memory.write(frame);
        QVERIFY2(mailbox.takes(aLook) || mailbox.takes(50 * millisecond), std::to_string(end).c_str());
        QCOMPARE(hex(mailbox.frame), hex(frame));
    }
    QCOMPARE(torn, std::vector<std::size_t>());
}

void TestMailbox::whatReplacesATakenRequestIsNotTakenBeforeItsEnd_data()
{
    QTest::addColumn<bool>("isPublished");
    QTest::newRow("while it is worked on") << false;
    QTest::newRow("when its result has been refused") << true;
}

void TestMailbox::whatReplacesATakenRequestIsNotTakenBeforeItsEnd()
{
    QFETCH(bool, isPublished);
    // Two requests that differ in one byte: the torn one is the old one.
    for (std::size_t end = 6; end < deposit70.size() - 8; ++end) {
        Served mailbox("nothing");
        mailbox.memory.write(deposit50);
        QVERIFY(mailbox.takes(aLook));
        mailbox.memory.write(deposit70, end);
        if (isPublished)
            QVERIFY(!mailbox.server.publish(stringResult(40)));
        QVERIFY2(!mailbox.takes(aLook) && !mailbox.takes(aLook), std::to_string(end).c_str());
        mailbox.memory.write(deposit70);
        QVERIFY(mailbox.takes(aLook) || mailbox.takes(50 * millisecond));
        QCOMPARE(hex(mailbox.frame), hex(deposit70));
    }
}

void TestMailbox::theSameRequestAgainIsTakenOnceItHasStoodStill_data()
{
    QTest::addColumn<bool>("isLong");
    QTest::addColumn<int>("milliseconds");
    QTest::newRow("a short one soon") << false << 3;
    QTest::newRow("a long one later") << true << 50;
}

void TestMailbox::theSameRequestAgainIsTakenOnceItHasStoodStill()
{
    QFETCH(bool, isLong);
    QFETCH(int, milliseconds);
    const Bytes request = isLong ? deposit50 : framed("92 00 92 01 a5 6162636465");
    Served mailbox("nothing");
    mailbox.memory.write(request);
    QVERIFY(mailbox.takes(aLook));
    mailbox.memory.write(request); // nobody can say whether it has been written to its end
    QVERIFY(!mailbox.takes(aLook));
    QVERIFY(!mailbox.takes(milliseconds * millisecond - 1));
    QVERIFY(mailbox.takes(1));
    QCOMPARE(hex(mailbox.frame), hex(request));
}

void TestMailbox::aLookAtAFrameThatChangedBeginsItsTimeAnew()
{
    Served mailbox("nothing");
    mailbox.memory.write(deposit50);
    QVERIFY(mailbox.takes(aLook));
    mailbox.memory.write(deposit50);
    QVERIFY(!mailbox.takes(aLook));
    mailbox.memory[10] = std::byte{0x33}; // far from its end
    QVERIFY(!mailbox.takes(49 * millisecond));
    QVERIFY(!mailbox.takes(49 * millisecond));
    QVERIFY(mailbox.takes(millisecond));
    QCOMPARE(mailbox.frame[10], std::byte{0x33});
}

void TestMailbox::aBrokenFrameIsGivenUpAfterASecond_data()
{
    QTest::addColumn<QByteArray>("frame");
    QTest::addColumn<int>("seen");
    const auto row = [](const char *name, const char *frame, int seen) {
        QTest::newRow(name) << QByteArray::fromHex(frame) << seen;
    };
    row("a length of 1", "00000001 92", 5);
    row("a length of 1 before a whole request", "00000001 92 00 92 01 a1 61", 5);
    row("a length of 3", "00000003 92 00 92", 7);
    row("a length of 4", "00000004 92 00 92 01", 8);
    row("a length one byte beyond the memory", "000000fd 92 00 92 01 a1 61", 8);
    row("the largest length", "ffffffff 92 00 92 01 a1 61", 8);
    row("no msgpack", "00000006 c1 c1 c1 c1 c1 c1", 10);
    row("a frame of one element", "00000004 91 00 92 01", 8);
    row("an opcode that is none", "00000006 92 05 92 01 a1 61", 10);
    row("a prefix in fresh memory, whose client was killed then", "00000006 00 00 00 00 00 00", 10);
    row("a request that ends too early", "00000006 92 00 92 01 a2 61", 10);
    row("a request with something behind it", "00000007 92 00 92 01 a1 61 00", 11);
}

void TestMailbox::aBrokenFrameIsGivenUpAfterASecond()
{
    QFETCH(QByteArray, frame);
    QFETCH(int, seen);
    const Bytes request = bytes(frame.toHex().constData());
    Served mailbox("nothing");
    mailbox.memory.write(request);
    QVERIFY(mailbox.server.hasRequest());
    QVERIFY(!mailbox.takes(aLook));
    QVERIFY(!mailbox.takes(second - 1));
    QVERIFY(mailbox.takes(1));
    QCOMPARE(hex(mailbox.frame), hex(Bytes(request.begin(), request.begin() + seen)));
    QVERIFY(mailbox.server.publish(smallResult));
    QCOMPARE(readFrame(mailbox.memory.all()).opcode(), ProxyOpCode::ExecutionResult);
}

void TestMailbox::aBrokenFrameThatChangesIsNotGivenUp()
{
    Served mailbox("nothing");
    mailbox.memory.write(framed("92 00 92 01 a9 61 62 63"));
    for (int i = 0; i < 10; ++i) {
        QVERIFY(!mailbox.takes(second - 1));
        mailbox.memory[10] = static_cast<std::byte>(i);
    }
}

void TestMailbox::aBrokenFrameThatIsMendedIsTakenAtOnce()
{
    Served mailbox("nothing");
    mailbox.memory.write(deposit50, deposit50.size() - 10);
    mailbox.memory[2] = std::byte{0xff}; // beyond the memory
    QVERIFY(!mailbox.takes(aLook));
    mailbox.memory.write(deposit50);
    QVERIFY(mailbox.takes(aLook));
    QCOMPARE(hex(mailbox.frame), hex(deposit50));
}

void TestMailbox::anEmptyMailboxHasNoRequest()
{
    Served mailbox("a long result");
    mailbox.memory.write(framed("92 00 92 01 a1 61"));
    mailbox.memory.write(bytes("00 00 00 00"));
    QVERIFY(!mailbox.server.hasRequest());
    QVERIFY(!mailbox.takes(2 * second) && !mailbox.takes(2 * second));
}

void TestMailbox::resultsAndPendingFramesAreNoRequests()
{
    Served mailbox("nothing");
    mailbox.memory.write(smallResult);
    QVERIFY(!mailbox.takes(2 * second) && !mailbox.takes(2 * second));
    mailbox.memory.write(framed("92 fe 90"));
    QVERIFY(!mailbox.takes(2 * second) && !mailbox.takes(2 * second));
    QVERIFY(!mailbox.server.publish(smallResult));
}

void TestMailbox::aFrameThatTheUserHasReadIsTakenIfItStandsThere()
{
    Served mailbox("nothing");
    mailbox.memory.write(deposit50);
    QVERIFY(!mailbox.server.take(smallResult));
    QVERIFY(!mailbox.server.take(get));
    QVERIFY(mailbox.server.take(deposit50));
    QVERIFY(!mailbox.server.take(deposit50));
    QVERIFY(mailbox.server.publish(smallResult));
}

void TestMailbox::aFrameThatTheUserHasReadIsNotTakenForAnotherOne()
{
    Served mailbox("nothing");
    mailbox.memory.write(deposit70); // its first eight bytes are those of the other
    QVERIFY(!mailbox.server.take(deposit50));
    QVERIFY(mailbox.server.take(deposit70));
}

void TestMailbox::aResultStandsThereByteForByte()
{
    Served mailbox("nothing");
    mailbox.answer(deposit50, smallResult);
    QCOMPARE(hex(mailbox.memory.bytes(smallResult.size())), hex(smallResult));
    mailbox.answer(get, stringResult(200));
    QCOMPARE(hex(mailbox.memory.bytes(stringResult(200).size())), hex(stringResult(200)));
}

void TestMailbox::whatEarlierFramesLeftIsCoveredWithBytesThatAreNoMsgpack()
{
    const auto rest = [](const Served &mailbox, std::size_t from, std::size_t to) {
        const Bytes all = mailbox.memory.bytes(to);
        return std::ranges::all_of(all.begin() + static_cast<std::ptrdiff_t>(from), all.end(),
                                   [](std::byte byte) { return byte == std::byte{0xc1}; });
    };
    Served mailbox("nothing");
    const std::size_t small = smallResult.size();
    mailbox.answer(echoRequest(150), smallResult); // of a long request
    QVERIFY(rest(mailbox, small, echoRequest(150).size()));
    QCOMPARE(mailbox.memory[echoRequest(150).size()], std::byte{0});
    mailbox.answer(deposit50, stringResult(200)); // of a long result
    mailbox.answer(framed("92 00 92 01 a2 6162"), smallResult);
    QVERIFY(rest(mailbox, small, stringResult(200).size()));
    QCOMPARE(mailbox.memory[stringResult(200).size()], std::byte{0});
}

void TestMailbox::aResultIsNeverAsLongAsItsRequest_data()
{
    QTest::addColumn<bool>("isLong");
    QTest::newRow("ten bytes") << false;
    QTest::newRow("more than a hundred bytes") << true;
}

void TestMailbox::aResultIsNeverAsLongAsItsRequest()
{
    QFETCH(bool, isLong);
    const Bytes request = isLong ? echoRequest(115) : get;
    const Bytes result = isLong ? stringResult(121) : smallResult;
    QCOMPARE(request.size(), result.size());
    Served mailbox("nothing");
    mailbox.answer(request, result);
    Bytes padded = result;
    padded[3] = static_cast<std::byte>(std::to_integer<int>(padded[3]) + 2);
    padded[6] = std::byte{0xdc};
    padded.insert(padded.begin() + 7, {std::byte{0}, std::byte{3}});
    QCOMPARE(hex(mailbox.memory.bytes(padded.size())), hex(padded));
    QCOMPARE(readFrame(mailbox.memory.all()).payload().size(), std::size_t{3});
}

void TestMailbox::aResultThatFillsTheMailboxStaysAsItIs()
{
    const std::size_t size = stringResult(120).size();
    Served mailbox("nothing", size + 1);
    mailbox.answer(echoRequest(114), stringResult(120));
    QCOMPARE(hex(mailbox.memory.bytes(size)), hex(stringResult(120)));
}

void TestMailbox::aResultIsPublishedOnce()
{
    Served mailbox("nothing");
    QVERIFY(!mailbox.server.publish(smallResult));
    mailbox.answer(deposit50, smallResult);
    QVERIFY(!mailbox.server.publish(stringResult(10)));
    QCOMPARE(hex(mailbox.memory.bytes(smallResult.size())), hex(smallResult));
}

void TestMailbox::aResultForARequestThatWasReplacedIsDropped_data()
{
    QTest::addColumn<int>("second");
    QTest::newRow("by one that looks much the same") << 0;
    QTest::newRow("by itself") << 1;
    QTest::newRow("by a shorter one") << 2;
    QTest::newRow("by a longer one") << 3;
}

void TestMailbox::aResultForARequestThatWasReplacedIsDropped()
{
    QFETCH(int, second);
    const std::array requests{deposit70, deposit50, get, echoRequest(60)};
    const Bytes &request = requests.at(static_cast<std::size_t>(second));
    Served mailbox("nothing");
    mailbox.memory.write(deposit50);
    QVERIFY(mailbox.takes(aLook));
    mailbox.memory.write(request);
    const Bytes before = mailbox.memory.bytes(256);
    QVERIFY(!mailbox.server.publish(stringResult(20)));
    QCOMPARE(hex(mailbox.memory.bytes(256)), hex(before));
    QVERIFY(mailbox.takes(aLook) || mailbox.takes(50 * millisecond));
    QCOMPARE(hex(mailbox.frame), hex(request));
    QVERIFY(mailbox.server.publish(stringResult(20)));
    QVERIFY(!mailbox.server.publish(stringResult(20)));
}

void TestMailbox::aRefusalAnswersWhateverRequestStandsThere_data()
{
    QTest::addColumn<int>("written");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("a whole one") << int(deposit50.size()) << false;
    QTest::newRow("one that is worked on") << int(deposit50.size()) << true;
    QTest::newRow("one that is still being written") << 12 << false;
}

void TestMailbox::aRefusalAnswersWhateverRequestStandsThere()
{
    QFETCH(int, written);
    QFETCH(bool, isTaken);
    Served mailbox("a long result");
    mailbox.memory.write(deposit50, std::size_t(written));
    QCOMPARE(isTaken && mailbox.takes(second), isTaken);
    QVERIFY(mailbox.server.refuse(smallResult));
    QCOMPARE(hex(mailbox.memory.bytes(smallResult.size())), hex(smallResult));
}

void TestMailbox::aRefusalLeavesAnAnsweredMailboxAlone()
{
    Served mailbox("a long result");
    const Bytes before = mailbox.memory.bytes(256);
    QVERIFY(!mailbox.server.refuse(smallResult));
    QCOMPARE(hex(mailbox.memory.bytes(256)), hex(before));
}

void TestMailbox::aClientWaitsUntilItHasItsResult()
{
    Served mailbox("a long result");
    QVERIFY(!mailbox.server.isWaitedFor());
    mailbox.memory.write(deposit50);
    QVERIFY(mailbox.server.isWaitedFor());
    QVERIFY(mailbox.takes(aLook));
    QVERIFY(mailbox.server.isWaitedFor());
    QVERIFY(mailbox.server.publish(smallResult));
    QVERIFY(!mailbox.server.isWaitedFor());
}

QTEST_GUILESS_MAIN(TestMailbox)
#include "test_mailbox.moc"
