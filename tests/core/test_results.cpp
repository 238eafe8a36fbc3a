// SPDX-License-Identifier: BSD-3-Clause
#include "wire_bytes.h"

#include <decoy/frame.h>

#include "wire/result.h"

#include <QTest>

using namespace decoy;
using namespace decoy::wire;

namespace {

constexpr std::size_t roomy = 64 * 1024;

/// What follows the prefix.
std::span<const std::byte> payloadOf(const PackBuffer &out) { return out.bytes().subspan(framePrefixSize); }

} // namespace

/// Results in both dialects, and Frame, which is all frames as values.
class TestResults : public QObject {
    Q_OBJECT

    PackBuffer m_out{roomy};
    ObjectArena m_arena;
    Limits m_limits;

    ResultView parse(std::span<const std::byte> payload, Dialect dialect = Dialect::Native)
    {
        m_arena.clear();
        return parseResult(payload, m_arena, m_limits, dialect);
    }
    ResultView parseOut(Dialect dialect = Dialect::Native) { return parse(payloadOf(m_out), dialect); }
    QByteArray finished()
    {
        endFrame(m_out, "the result", roomy);
        return hex(m_out.bytes());
    }
    template <class T>
    void packValue(std::uint64_t object, const T &value, Dialect dialect = Dialect::Native)
    {
        beginValue(m_out, object);
        msgpack::pack(m_out, value);
        endValue(m_out, dialect);
    }
    std::string errorOf(const char *payload)
    {
        return decodeError([&] { (void)parse(bytes(payload)); });
    }

private slots:
    void init()
    {
        m_out.clear();
        m_out.setLimit(roomy);
        m_limits = {};
    }

    void aPlainResultHasTheReferencesBytes()
    {
        packValue(1, 105);
        QCOMPARE(finished(), QByteArray("00 00 00 06 92 ff 93 01 69 c0"));
        const ResultView result = parseOut();
        QCOMPARE(result.kind, ResultView::Kind::Data);
        QCOMPARE(result.object, 1U);
        QCOMPARE(result.value.as<int>(), 105);
    }

    void pendingHasTheReferencesBytes()
    {
        packPending(m_out);
        QCOMPARE(hex(m_out.bytes()), QByteArray("00 00 00 03 92 fe 90"));
        QCOMPARE(parseOut().opcode, ProxyOpCode::ResponsePending);
    }

    void whatSaysThatACallIsPendingIsToldFromAllElse_data()
    {
        QTest::addColumn<QByteArray>("frame");
        QTest::addColumn<bool>("isPending");
        QTest::newRow("as we write it") << QByteArray("00000003 92 fe 90") << true;
        QTest::newRow("with a wide opcode") << QByteArray("00000004 92 d0fe 90") << true;
        QTest::newRow("with a wide array") << QByteArray("00000005 dc0002 fe 90") << true;
        QTest::newRow("cut off after the opcode")
            << QByteArray("00000002 92 fe") << false; // an array of two, and one byte
        QTest::newRow("a result") << QByteArray("00000006 92 ff 93 01 69 c0") << false;
        QTest::newRow("a result with a wide array") << QByteArray("00000008 dc0002 ff 93 01 69 c0") << false;
        QTest::newRow("a result with fe where others have the opcode")
            << QByteArray("00000009 dd000000fe ff 93 01 c0") << false;
        QTest::newRow("a request") << QByteArray("00000006 92 00 92 07 a1 61") << false;
        QTest::newRow("cut off in the opcode") << QByteArray("00000002 92 d0") << false;
        QTest::newRow("cut off before the opcode") << QByteArray("00000001 92") << false;
        QTest::newRow("no payload") << QByteArray("00000000") << false;
        QTest::newRow("not even a prefix") << QByteArray("92 fe") << false;
        QTest::newRow("nothing") << QByteArray() << false;
    }
    void whatSaysThatACallIsPendingIsToldFromAllElse()
    {
        QFETCH(QByteArray, frame);
        QFETCH(bool, isPending);
        QCOMPARE(wire::isPending(bytes(frame.constData())), isPending);
    }

    void numbersOfEveryWidthAreRead_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<qint64>("number");
        QTest::newRow("127") << QByteArray("7f") << qint64(127);
        QTest::newRow("128") << QByteArray("cc80") << qint64(128);
        QTest::newRow("16 bits") << QByteArray("cd0102") << qint64(0x0102);
        QTest::newRow("32 bits") << QByteArray("ce01020304") << qint64(0x01020304);
        QTest::newRow("64 bits") << QByteArray("cf0102030405060708") << qint64(0x0102030405060708);
        QTest::newRow("-32") << QByteArray("e0") << qint64(-32);
        QTest::newRow("-33") << QByteArray("d0df") << qint64(-33);
        QTest::newRow("-2 in 16 bits") << QByteArray("d1fffe") << qint64(-2);
        QTest::newRow("-2 in 32 bits") << QByteArray("d2fffffffe") << qint64(-2);
        QTest::newRow("the least") << QByteArray("d38000000000000000") << qint64(INT64_MIN);
    }
    void numbersOfEveryWidthAreRead()
    {
        QFETCH(QByteArray, value);
        QFETCH(qint64, number);
        const auto payload = bytes((QByteArray("92 ff 93 01") + value + "c0").constData());
        QCOMPARE(parse(payload).value.as<qint64>(), number);
        const std::string error = errorOf(QByteArray("92 ff 93 01" + value.first(value.size() - 1)).constData());
        QVERIFY2(!error.empty(), "a number that is cut off was read");
    }

    void aProxyIsAnExtensionOnTheNativeLane()
    {
        packProxy(m_out, Dialect::Native, 300, 2, "Node");
        QCOMPARE(finished(), QByteArray("00 00 00 11 92 ff 93 cd 01 2c c7 07 01 92 02 a4 4e 6f 64 65 c0"));
        const ResultView result = parseOut();
        QCOMPARE(result.kind, ResultView::Kind::Proxy);
        QCOMPARE(result.object, 300U);
        QCOMPARE(result.level, 2);
        QCOMPARE(result.typeName, std::string_view("Node"));
    }

    void aCallableIsAnExtensionOnTheNativeLane()
    {
        packCallable(m_out, Dialect::Native, 1, "add");
        QCOMPARE(finished(), QByteArray("00 00 00 0b 92 ff 93 01 d6 02 a3 61 64 64 c0"));
        const ResultView result = parseOut();
        QCOMPARE(result.kind, ResultView::Kind::Callable);
        QCOMPARE(result.callableName, std::string_view("add"));
    }

    void proxiesAndCallablesAreStringsOnTheDuckLane()
    {
        packProxy(m_out, Dialect::Duck, 5, 1, "Node");
        QCOMPARE(finished(), QByteArray("00 00 00 12 92 ff 93 05 ac 3c 70 72 6f 78 79 3e 2d 4e 6f 64 65 c0"));
        QCOMPARE(parseOut(Dialect::Duck).kind, ResultView::Kind::Proxy);
        QCOMPARE(parseOut(Dialect::Duck).typeName, std::string_view("Node"));
        packCallable(m_out, Dialect::Duck, 5, "add");
        QCOMPARE(finished(), QByteArray("00 00 00 14 92 ff 93 05 ae 3c 63 61 6c 6c 61 62 6c 65 3e 2d 61 64 64 c0"));
        QCOMPARE(parseOut(Dialect::Duck).callableName, std::string_view("add"));
    }

    void aStringThatLooksLikeAProxyStaysAStringOnTheNativeLane()
    {
        packValue(1, std::string("<proxy>-Node"));
        QCOMPARE(parseOut().kind, ResultView::Kind::Data);
        QCOMPARE(parseOut().value.as<std::string>(), std::string("<proxy>-Node"));
    }

    void dataThatWouldBeMisreadIsNotSent()
    {
        for (const std::uint32_t width : {1U, 2U, 4U, 8U, 16U, 3U, 300U, 70'000U}) {
            m_out.setLimit(2 * roomy);
            for (const int type : {1, 2, 3}) {
                const std::string body(width, 'x');
                const msgpack::type::ext value(static_cast<std::int8_t>(type), body.data(), width);
                QVERIFY_EXCEPTION_THROWN(packValue(UINT64_MAX, value), DataEncodeError);
            }
        }
        packValue(1, msgpack::type::ext(4, "x", 1)); // a user's own type
        QCOMPARE(parseOut().kind, ResultView::Kind::Data);
        QVERIFY_EXCEPTION_THROWN(packValue(1, std::string("<proxy>-x"), Dialect::Duck), DataEncodeError);
        QVERIFY_EXCEPTION_THROWN(packValue(1, "<callable>-" + std::string(70'000, 'x'), Dialect::Duck),
                                 DataEncodeError);
    }

    void aFailureCarriesKindTypeMessageAndPlace()
    {
        packFailure(m_out, Dialect::Native, 1, {ErrorKind::RemoteError, "Oops", "no", "A.b"});
        QCOMPARE(
            finished(),
            QByteArray("00 00 00 1b 92 ff 93 01 c7 0b 03 93 0a a4 4f 6f 70 73 a3 41 2e 62 a8 4f 6f 70 73 3a 20 6e 6f"));
        const ResultView result = parseOut();
        QCOMPARE(result.kind, ResultView::Kind::Failure);
        QCOMPARE(result.failure.kind, ErrorKind::RemoteError);
        QCOMPARE(result.failure.type, std::string("Oops"));
        QCOMPARE(result.failure.message, std::string("no"));
        QCOMPARE(result.failure.where, std::string("A.b"));
    }

    void everyKindOfErrorSurvivesTheWire()
    {
        for (int kind = 0; kind <= static_cast<int>(lastErrorKind); ++kind) {
            packFailure(m_out, Dialect::Native, 1, {static_cast<ErrorKind>(kind), {}, "what was wrong", {}});
            const Failure failure = parseOut().failure;
            QCOMPARE(static_cast<int>(failure.kind), kind);
            QCOMPARE(failure.message, std::string("what was wrong"));
        }
    }

    void aKindOfANewerServerIsAProxyError()
    {
        QCOMPARE(parse(bytes("92 ff 93 01 c7 04 03 93 63 a0 a0 a6 4e65773a206e")).failure.kind, ErrorKind::ProxyError);
    }

    void aDuckFailureIsATextBesideNil()
    {
        packFailure(m_out, Dialect::Duck, 1, {ErrorKind::RemoteError, "Oops", "no", "A.b"});
        QCOMPARE(finished(), QByteArray("00 00 00 0e 92 ff 93 01 c0 a8 4f 6f 70 73 3a 20 6e 6f"));
        const Failure failure = parseOut(Dialect::Duck).failure;
        QCOMPARE(failure.kind, ErrorKind::RemoteError);
        QCOMPARE(failure.type, std::string("Oops"));
        QCOMPARE(failure.message, std::string("no"));
    }

    void aTextWithoutATypeIsAMessage()
    {
        const Failure failure = parse(bytes("92 ff 93 01 c0 a6 6e6f206e6f21"), Dialect::Duck).failure;
        QCOMPARE(failure.type, std::string());
        QCOMPARE(failure.message, std::string("no no!"));
    }

    void aFailureFitsIntoAnyFrame()
    {
        const std::string endless(100'000, '\xe4'); // not UTF-8 either: each byte becomes three
        for (const std::size_t limit : {64U, 200U, 300U, 4096U}) {
            m_out.setLimit(limit);
            for (const Dialect dialect : {Dialect::Native, Dialect::Duck}) {
                packFailure(m_out, dialect, UINT64_MAX, {ErrorKind::RemoteError, endless, endless, endless});
                QVERIFY(m_out.size() <= limit);
                endFrame(m_out, "the result", limit);
                QCOMPARE(parseOut(dialect).kind, ResultView::Kind::Failure);
            }
        }
    }

    void aTooBigResultIsAnErrorThatNamesBothSizes()
    {
        m_out.setLimit(200);
        packValue(1, std::string(500, 'x'));
        try {
            endFrame(m_out, "the result", 200);
            QFAIL("it was accepted");
        } catch (const DataTooBigError &error) {
            QCOMPARE(QString(error.what()),
                     QString("the result is 512 bytes, prefix included, but bufsize is 200; make the data "
                             "smaller, or raise the server's bufsize"));
        }
    }

    void aResultMayFillTheFrameToTheLastByte()
    {
        packValue(1, std::string(200 - 12, 'x'));
        QCOMPARE(m_out.size(), 199U);
        packValue(1, std::string(200 - 11, 'x'));
        QCOMPARE(m_out.size(), 200U);
        endFrame(m_out, "the result", 200);
        packValue(1, std::string(200 - 10, 'x'));
        QVERIFY_EXCEPTION_THROWN(endFrame(m_out, "the result", 200), DataTooBigError);
    }

    void whatIsNoResultSaysWhereAndWhy_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *payload, const char *message) {
            QTest::newRow(message) << QByteArray(payload) << QString(message);
        };
        row("92 00 92 01 a1 61",
            "at byte 1: opcode 0 is not an answer's; known are EXECUTION_RESULT -1 and RESPONSE_PENDING -2");
        row("92 ff 92 01 c0",
            "at byte 2: EXECUTION_RESULT has a payload of 3 elements, id, value and error, not 2 elements");
        row("92 fe 91 c0", "at byte 2: RESPONSE_PENDING has an empty payload, not 1 elements");
        row("92 ff 93 c0 c0 c0", "at byte 3: expected the object id, an unsigned integer; found nil");
        row("92 ff 93 01 c0 05", "at byte 5: expected the error, a string; found an unsigned integer");
        row("92 ff 93 01 c0 c0 c0", "at byte 6: expected the end, found 1 more bytes");
        row("92 ff 93 01 c7 02 01 9200 c0", "at byte 7: an array of 2 members is announced, but 1 bytes are left");
        row("92 ff 93 01 d6 01 9202c0c0 c0", "at byte 8: expected the type name, a string; found nil");
        row("92 ff 93 01 c7 05 01 92cd0100a0 c0", "at byte 7: chain level 256 is higher than any server hands out");
        row("92 ff 93 01 c7 05 01 9202a2ff61 c0", "at byte 9: the type name is not valid UTF-8");
        row("92 ff 93 01 d5 02 a0a0 c0", "at byte 7: expected the end, found 1 more bytes");
        row("92 ff 93 01 c7 04 03 9300a0a0 c0", "at byte 7: a failure came without an error text");
        row("92 ff 93 01 c7 03 03 9200a0 a0",
            "at byte 7: a failure's description has 3 elements, kind, type and place");
    }
    void whatIsNoResultSaysWhereAndWhy()
    {
        QFETCH(QByteArray, payload);
        QFETCH(QString, message);
        QCOMPARE(QString::fromStdString(errorOf(payload.constData())), message);
    }

    void aDamagedResultIsNeverBelieved()
    {
        packFailure(m_out, Dialect::Native, 1, {ErrorKind::RemoteError, "Oops", "no", "A.b"});
        const auto failure = std::vector<std::byte>(payloadOf(m_out).begin(), payloadOf(m_out).end());
        packProxy(m_out, Dialect::Native, 300, 2, "Node");
        const auto proxy = std::vector<std::byte>(payloadOf(m_out).begin(), payloadOf(m_out).end());
        for (const auto &whole : {failure, proxy}) {
            for (std::size_t place = 0; place < whole.size(); ++place) {
                const std::vector<std::byte> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(place));
                QVERIFY_EXCEPTION_THROWN((void)parse(part), ProxyError);
                for (int value = 0; value < 256; ++value) {
                    auto changed = whole;
                    changed[place] = static_cast<std::byte>(value);
                    try {
                        QVERIFY(parse(changed).level <= 255);
                    } catch (const DataDecodeError &) {}
                }
            }
        }
    }

    void aFrameReadsAsPeopleWriteIt_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QString>("text");
        QTest::newRow("GET") << QByteArray("92 00 92 01 a1 61") << "GET [1, \"a\"]";
        QTest::newRow("SET") << QByteArray("92 01 93 01 a1 61 c0") << "SET [1, \"a\", null]";
        QTest::newRow("EXECUTE") << QByteArray("92 02 94 01 a3 616464 91 05 80") << "EXECUTE [1, \"add\", [5], {}]";
        QTest::newRow("release") << QByteArray("92 02 92 03 a7 5f5f64656c5f5f") << "EXECUTE [3, \"__del__\"]";
        QTest::newRow("result") << QByteArray("92 ff 93 01 69 c0") << "EXECUTION_RESULT [1, 105, null]";
        QTest::newRow("pending") << QByteArray("92 fe 90") << "RESPONSE_PENDING []";
        QTest::newRow("proxy") << QByteArray("92 ff 93 05 c7 07 01 92 02 a4 4e6f6465 c0")
                               << R"(EXECUTION_RESULT [5, {"$proxy":{"id":5,"type":"Node","level":2}}, null])";
        QTest::newRow("callable") << QByteArray("92 ff 93 01 d6 02 a3 616464 c0")
                                  << R"(EXECUTION_RESULT [1, {"$callable":"add"}, null])";
    }
    void aFrameReadsAsPeopleWriteIt()
    {
        QFETCH(QByteArray, payload);
        QFETCH(QString, text);
        const Frame frame = Frame::parse(bytes(payload.constData()));
        QCOMPARE(QString::fromStdString(frame.toString()), text);
        QCOMPARE(hex(frame.pack()), hex(bytes(payload.constData())));
    }

    void aFrameOutlivesTheBytesThatItWasReadFrom()
    {
        auto data = bytes("92 01 93 01 a1 61 82 a4 6e616d65 a5 416c696365 a3 746167 92 a0 c4 00");
        const Frame frame = Frame::parse(data);
        const QByteArray before = hex(data);
        std::ranges::fill(data, std::byte{0xff});
        QCOMPARE(hex(frame.pack()), before);
    }

    void frameParseNamesAllKnownOpcodes()
    {
        const std::string error = decodeError([] { (void)Frame::parse(bytes("92 09 90")); });
        QCOMPARE(QString::fromStdString(error),
                 QString("opcode 9 is unknown; known are GET 0, SET 1, EXECUTE 2, "
                         "EXECUTION_RESULT -1, RESPONSE_PENDING -2 and EVENT -3"));
        QVERIFY_EXCEPTION_THROWN((void)Frame::parse({}), EmptyData);
        QVERIFY_EXCEPTION_THROWN((void)Frame::parse(bytes("c1")), DataDecodeError);
        QVERIFY_EXCEPTION_THROWN((void)Frame::parse(bytes("92 02 94 01 a1 66 90 91")), DataDecodeError);
    }

    void aMailboxIsReadBack()
    {
        std::vector<std::byte> memory(64);
        const Frame frame(ProxyOpCode::Execute,
                          {Value(1), Value("add"), Value(std::vector{5}), Value(std::map<std::string, int>())});
        QCOMPARE(writeFrame(memory, frame), 11U);
        QCOMPARE(hex(std::span(memory).first(15)), QByteArray("00 00 00 0b 92 02 94 01 a3 61 64 64 91 05 80"));
        QCOMPARE(readFrame(memory).toString(), std::string("EXECUTE [1, \"add\", [5], {}]"));
    }

    void aMailboxThatHoldsNoFrameSaysSo()
    {
        std::vector<std::byte> memory(16);
        QVERIFY_EXCEPTION_THROWN((void)readFrame(memory), EmptyData);
        QVERIFY_EXCEPTION_THROWN((void)readFrame(std::span(memory).first(3)), EmptyData);
        memory[3] = std::byte{12};
        QVERIFY_EXCEPTION_THROWN((void)readFrame(memory), DataDecodeError);
        memory[3] = std::byte{13};
        QVERIFY_EXCEPTION_THROWN((void)readFrame(memory), DataTooBigError);
        memory[0] = std::byte{0xff};
        QVERIFY_EXCEPTION_THROWN((void)readFrame(memory), DataTooBigError);
        QVERIFY_EXCEPTION_THROWN(writeFrame(memory, Frame(ProxyOpCode::Get, {Value(1), Value("a longer name")})),
                                 DataTooBigError);
    }
};

QTEST_APPLESS_MAIN(TestResults)
#include "test_results.moc"
