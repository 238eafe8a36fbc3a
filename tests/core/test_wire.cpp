// SPDX-License-Identifier: BSD-3-Clause
#include "wire_bytes.h"

#include "wire/reader.h"
#include "wire/request.h"
#include "wire/utf8.h"

#include <QTest>

#include <atomic>
#include <cstdlib>
#include <new>

using namespace decoy;
using namespace decoy::wire;

namespace {
std::atomic<std::size_t> allocations = 0;
}

void *operator new(std::size_t size)
{
    ++allocations;
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

/// The reader, the object tree and requests.
class TestWire : public QObject {
    Q_OBJECT

    ObjectArena m_arena;
    Limits m_limits;

    RequestView parse(const std::vector<std::byte> &payload)
    {
        m_arena.clear();
        return parseRequest(payload, m_arena, m_limits);
    }
    std::string errorOf(const std::vector<std::byte> &payload)
    {
        return decodeError([&] { (void)parse(payload); });
    }
    std::string errorOf(const char *hex) { return errorOf(bytes(hex)); }

private slots:
    void init() { m_limits = {}; }

    void getSetAndExecuteAreReadFromTheReferencesBytes()
    {
        const auto get = bytes("92 00 92 07 a1 61");
        const RequestView getRequest = parse(get);
        QCOMPARE(getRequest.opcode, ProxyOpCode::Get);
        QCOMPARE(getRequest.object, 7U);
        QCOMPARE(getRequest.name, std::string_view("a"));

        const auto set = bytes("92 01 93 cf ffffffffffffffff a1 61 2a");
        const RequestView setRequest = parse(set);
        QCOMPARE(setRequest.opcode, ProxyOpCode::Set);
        QCOMPARE(setRequest.object, UINT64_MAX);
        QCOMPARE(setRequest.value.as<int>(), 42);

        const auto execute = bytes("92 02 94 01 a3 616464 92 05 a1 78 81 a4 6d656d6f c3");
        const RequestView executeRequest = parse(execute);
        QCOMPARE(executeRequest.opcode, ProxyOpCode::Execute);
        QCOMPARE(executeRequest.name, std::string_view("add"));
        QCOMPARE(executeRequest.positional.size(), 2U);
        QCOMPARE(executeRequest.positional[0].as<int>(), 5);
        QCOMPARE(executeRequest.positional[1].as<std::string>(), std::string("x"));
        QCOMPARE(executeRequest.keywords.size(), 1U);
        QCOMPARE(executeRequest.keywords[0].key.as<std::string>(), std::string("memo"));
        QVERIFY(executeRequest.keywords[0].val.as<bool>());
        QVERIFY(!executeRequest.isRelease);
    }

    void argumentsAndKeywordsMayBeMissingOrNil_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("both missing") << QByteArray("92 02 92 01 a1 66");
        QTest::newRow("keywords missing") << QByteArray("92 02 93 01 a1 66 90");
        QTest::newRow("arguments nil, keywords missing") << QByteArray("92 02 93 01 a1 66 c0");
        QTest::newRow("both nil") << QByteArray("92 02 94 01 a1 66 c0 c0");
        QTest::newRow("both empty") << QByteArray("92 02 94 01 a1 66 90 80");
    }
    void argumentsAndKeywordsMayBeMissingOrNil()
    {
        QFETCH(QByteArray, payload);
        const auto data = bytes(payload.constData());
        const RequestView request = parse(data);
        QCOMPARE(request.name, std::string_view("f"));
        QVERIFY(request.positional.empty());
        QVERIFY(request.keywords.empty());
    }

    void aReleaseHasTwoElementsOnly()
    {
        const auto data = bytes("92 02 92 03 a7 5f5f64656c5f5f");
        const RequestView request = parse(data);
        QVERIFY(request.isRelease);
        QCOMPARE(request.object, 3U);
    }

    void everyWidthOfMsgpackIsTheSameRequest_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("array16") << QByteArray("dc0002 02 dc0004 05 a1 66 dc0001 01 de0000");
        QTest::newRow("array32") << QByteArray("dd00000002 02 dd00000004 05 a1 66 dd00000001 01 df00000000");
        QTest::newRow("str8") << QByteArray("92 02 94 05 d901 66 91 01 80");
        QTest::newRow("str16") << QByteArray("92 02 94 05 da0001 66 91 01 80");
        QTest::newRow("str32") << QByteArray("92 02 94 05 db00000001 66 91 01 80");
        QTest::newRow("unsigned 8") << QByteArray("92 cc02 94 cc05 a1 66 91 cc01 80");
        QTest::newRow("unsigned 16 to 64") << QByteArray("92 cd0002 94 ce00000005 a1 66 91 cf0000000000000001 80");
        QTest::newRow("signed but positive") << QByteArray("92 d002 94 d10005 a1 66 91 d3 0000000000000001 80");
    }
    void everyWidthOfMsgpackIsTheSameRequest()
    {
        QFETCH(QByteArray, payload);
        const auto data = bytes(payload.constData());
        const RequestView request = parse(data);
        QCOMPARE(request.opcode, ProxyOpCode::Execute);
        QCOMPARE(request.object, 5U);
        QCOMPARE(request.name, std::string_view("f"));
        QCOMPARE(request.positional.size(), 1U);
        QCOMPARE(request.positional[0].as<int>(), 1);
    }

    void everyKindOfDataBecomesTheObjectThatMsgpackCMakesOfIt_data()
    {
        QTest::addColumn<QByteArray>("value");
        for (const char *value : {"c0",
                                  "c2",
                                  "c3",
                                  "00",
                                  "7f",
                                  "e0",
                                  "ff",
                                  "d080",
                                  "d18000",
                                  "d280000000",
                                  "d38000000000000000",
                                  "ccff",
                                  "cdffff",
                                  "ceffffffff",
                                  "cfffffffffffffffff",
                                  "ca3fc00000",
                                  "cb3ff8000000000000",
                                  "a0",
                                  "a161",
                                  "c400",
                                  "c40101",
                                  "c5000101",
                                  "c60000000101",
                                  "d40501",
                                  "d5050102",
                                  "d60501020304",
                                  "d7050102030405060708",
                                  "d80501020304050607080102030405060708",
                                  "c70005",
                                  "c7010501",
                                  "c800010501",
                                  "c9000000010501",
                                  "90",
                                  "9101",
                                  "80",
                                  "810102",
                                  "8192a16191c081c0c3"})
            QTest::newRow(value) << QByteArray(value);
    }
    void everyKindOfDataBecomesTheObjectThatMsgpackCMakesOfIt()
    {
        QFETCH(QByteArray, value);
        const auto data = bytes(value.constData());
        m_arena.clear();
        const msgpack::object object = readObject(data, m_arena, m_limits);
        const msgpack::object_handle expected = msgpack::unpack(reinterpret_cast<const char *>(data.data()),
                                                                data.size());
        QCOMPARE(object.type, expected->type);
        msgpack::sbuffer ours;
        msgpack::pack(ours, object);
        msgpack::sbuffer theirs;
        msgpack::pack(theirs, *expected);
        QCOMPARE(QByteArray(ours.data(), int(ours.size())), QByteArray(theirs.data(), int(theirs.size())));
    }

    void whatIsNoRequestSaysWhereAndWhy_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *payload, const char *message) {
            QTest::newRow(message) << QByteArray(payload) << QString(message);
        };
        row("a1 61", "at byte 0: expected the frame, an array; found a string");
        row("93 00 92 01 a1 61 00", "at byte 0: a frame has 2 elements, opcode and payload, not 3");
        row("92 a1 61 00", "at byte 1: expected the opcode, a 64-bit integer; found a string");
        row("92 09 92 01 a1 61", "at byte 1: opcode 9 is not a request's; known are GET 0, SET 1 and EXECUTE 2");
        row("92 ff 93 01 c0 c0", "at byte 1: opcode -1 is not a request's; known are GET 0, SET 1 and EXECUTE 2");
        row("92 00 07", "at byte 2: expected the payload, an array; found an unsigned integer");
        row("92 00 93 01 a1 61 c0", "at byte 2: GET has a payload of 2 elements, id and attribute, not 3");
        row("92 01 92 01 a1 61", "at byte 2: SET has a payload of 3 elements, id, attribute and value, not 2");
        row("92 02 95 01 a1 61 90 80 c0",
            "at byte 2: EXECUTE has a payload of 2 to 4 elements, id, name, arguments and keyword arguments, not 5");
        row("92 00 92 ff a1 61", "at byte 3: expected the object id, an unsigned integer; found a negative integer");
        row("92 00 92 01 c4 01 61", "at byte 4: expected the name, a string; found bytes");
        row("92 00 92 01 a0", "at byte 4: the name is empty");
        row("92 00 92 01 a1 ff", "at byte 4: the name is not valid UTF-8");
        row("92 02 93 01 a1 66 05", "at byte 6: expected the arguments, an array; found an unsigned integer");
        row("92 02 94 01 a1 66 90 90", "at byte 7: expected the keyword arguments, a map; found an array");
        row("92 02 94 01 a1 66 90 81 01 02", "at byte 8: expected a keyword, a string; found an unsigned integer");
        row("92 00 92 01 a1 61 c0", "at byte 6: expected the end, found 1 more bytes");
        row("92 01 93 01 a1 61 c1", "at byte 6: 0xc1 never begins a value");
        row("92 00 92 01 d9 05 61", "at byte 4: a string of 5 bytes is announced, but 1 are left");
        row("92 01 93 01 a1 61 df ffffffff",
            "at byte 6: a map of 4294967295 members is announced, but 0 bytes are left");
        row("92 01 93 01 a1 61 dd 7fffffff c0",
            "at byte 6: an array of 2147483647 members is announced, but 1 bytes are left");
        row("92 01 93 01 a1 61 cf 00", "at byte 6: the value is cut off: 7 more bytes were expected");
    }
    void whatIsNoRequestSaysWhereAndWhy()
    {
        QFETCH(QByteArray, payload);
        QFETCH(QString, message);
        QCOMPARE(QString::fromStdString(errorOf(payload.constData())), message);
    }

    void noBytesAreEmptyData() { QVERIFY_EXCEPTION_THROWN(parse({}), EmptyData); }

    void everyBeginningOfAFrameIsRefused()
    {
        const auto whole = bytes(
            "92 02 94 01 a3 616464 93 05 cb3ff8000000000000 92 c0 c4 01 07 82 a1 61 d2 80000000 a1 62 c7 01 05 01");
        QVERIFY(errorOf(whole).empty());
        for (std::size_t size = 1; size < whole.size(); ++size) {
            // A copy of its own size, so that a sanitizer sees a read behind its end.
            const std::vector<std::byte> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            QVERIFY2(!errorOf(part).empty(), qPrintable(QString("the first %1 bytes were accepted").arg(size)));
        }
    }

    void aChangedByteIsRefusedOrReadAsSomethingElseButNeverBelieved()
    {
        const auto whole = bytes(
            "92 02 94 01 a3 616464 93 05 cb3ff8000000000000 92 c0 c4 01 07 82 a1 61 d2 80000000 a1 62 c7 01 05 01");
        for (std::size_t place = 0; place < whole.size(); ++place) {
            for (int value = 0; value < 256; ++value) {
                auto changed = whole;
                changed[place] = static_cast<std::byte>(value);
                m_arena.clear();
                try {
                    const RequestView request = parseRequest(changed, m_arena, m_limits);
                    QVERIFY(isUtf8(request.name));
                    for (const msgpack::object &argument : request.positional)
                        (void)argument.is_nil();
                } catch (const DataDecodeError &) {}
            }
        }
    }

    void deepNestingStopsAtTheLimitAndNotAtTheStack()
    {
        auto deep = bytes("92 01 93 01 a1 61");
        deep.insert(deep.end(), 100'000, std::byte{0x91});
        deep.push_back(std::byte{0xc0});
        QCOMPARE(errorOf(deep), std::string("at byte 68: containers are nested deeper than Limits::nesting allows"));

        m_limits.nesting = UINT32_MAX; // an option that is set too high does not lead into the stack's end
        QVERIFY(errorOf(deep).find("nested deeper") != std::string::npos);
    }

    void nestingUpToTheLimitIsRead()
    {
        auto deep = bytes("92 01 93 01 a1 61");
        deep.insert(deep.end(), m_limits.nesting - 2, std::byte{0x91}); // the frame and its payload are two levels
        deep.push_back(std::byte{0xc0});
        QCOMPARE(errorOf(deep), std::string());
        deep.insert(deep.end() - 1, std::byte{0x91});
        QVERIFY(!errorOf(deep).empty());
    }

    void moreValuesThanTheLimitAreRefusedWhereverTheyAre()
    {
        const auto data = bytes(
            "92 02 94 01 a1 66 93 91 01 91 02 91 03 81 a1 61 91 00"); // 2 + 4 + 3 + 3 + 2 + 1 values
        m_limits.elements = 15;
        QCOMPARE(errorOf(data), std::string());
        m_limits.elements = 14;
        QCOMPARE(errorOf(data), std::string("at byte 16: the frame holds more values than Limits::elements allows"));
        m_limits.elements = 1;
        QVERIFY(!errorOf(data).empty());
    }

    void longNamesAreRefused()
    {
        m_limits.nameLength = 3;
        QCOMPARE(errorOf("92 00 92 01 a3 616263"), std::string());
        QCOMPARE(errorOf("92 00 92 01 a4 61626364"),
                 std::string("at byte 4: the name has 4 bytes, more than the 3 of Limits::nameLength"));
        QVERIFY(!errorOf("92 02 94 01 a1 66 90 81 a4 61626364 01").empty());
    }

    void aCallCostsNoAllocationOnceTheArenaIsWarm()
    {
        const auto call = bytes("92 02 94 01 a3 616464 91 05 81 a1 61 92 01 02");
        (void)parse(call);
        const std::size_t before = allocations;
        for (int i = 0; i < 1000; ++i)
            (void)parse(call);
        QCOMPARE(allocations - before, 0U);
    }

    void theArenaForgetsAHugeFrameAndKeepsAModerateOne()
    {
        auto huge = bytes("92 01 93 01 a1 61 dd 000f0000");
        huge.insert(huge.end(), 0xf0000, std::byte{0xc0});
        (void)parse(huge);
        auto moderate = bytes("92 01 93 01 a1 61 dc 1000");
        moderate.insert(moderate.end(), 0x1000, std::byte{0xc0});
        (void)parse(moderate);
        (void)parse(moderate);
        const std::size_t before = allocations;
        (void)parse(moderate);
        QCOMPARE(allocations - before, 0U);
    }

    void theHeadOfABadFrameIsReadAsFarAsItGoes()
    {
        const auto whole = bytes("92 09 92 07 a1 61");
        const auto head = peekHead(whole);
        QVERIFY(head.has_value());
        QCOMPARE(head->opcode, 9);
        QCOMPARE(head->object, 7U);
        QCOMPARE(head->name, std::string_view("a"));
        QCOMPARE(peekHead(std::span(whole).first(5))->object, 7U);
        QCOMPARE(peekHead(std::span(whole).first(3))->opcode, 9);
        QVERIFY(!peekHead(std::span(whole).first(1)));
        QVERIFY(!peekHead({}));
        const auto result = bytes("92 ff 93 05 c0 c0");
        QCOMPARE(peekHead(result)->object, 5U);
        QVERIFY(peekHead(result)->name.empty());
    }

    void tokensSayTheirBytes()
    {
        const auto data = bytes("92 a2 6869 81 cd 0102 c0");
        Reader reader(data);
        const Token array = reader.next();
        QCOMPARE(array.type, TokenType::Array);
        QCOMPARE(array.members(), 2U);
        const Token text = reader.next();
        QCOMPARE(text.text(), std::string_view("hi"));
        QCOMPARE(text.begin, 1U);
        QCOMPARE(text.end, 4U);
        QCOMPARE(reader.next().members(), 2U);
        const Token number = reader.next();
        QCOMPARE(number.unsignedValue, 0x102U);
        QCOMPARE(number.end - number.begin, 3U);
        QCOMPARE(reader.next().type, TokenType::Nil);
        QVERIFY(reader.atEnd());
    }

    void skippingPassesOverEverythingInAValue()
    {
        auto data = bytes("93 92 01 81 a1 61 90 c4 02 0102 c3");
        data.insert(data.begin(), 5'000, std::byte{0x91});
        data.push_back(std::byte{0x2a});
        Reader reader(data);
        reader.skip();
        QCOMPARE(reader.next().unsignedValue, 42U);
        QVERIFY(reader.atEnd());
    }

    void aReaderStaysInFrontOfABadToken()
    {
        const auto data = bytes("a1 61");
        Reader reader(data);
        QVERIFY_EXCEPTION_THROWN((void)reader.readUnsigned("a number"), DataDecodeError);
        QVERIFY_EXCEPTION_THROWN((void)reader.readArrayHeader("a list"), DataDecodeError);
        QCOMPARE(reader.readString("a text"), std::string_view("a"));
    }

    void utf8IsWhatTheStandardSays_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("valid");
        QTest::newRow("ASCII") << QByteArray("0123456789abcdef") << true;
        QTest::newRow("two to four bytes") << QByteArray("\xc3\xa9\xe2\x82\xac\xf0\x9f\xa6\x86") << true;
        QTest::newRow("last code point") << QByteArray("\xf4\x8f\xbf\xbf") << true;
        QTest::newRow("behind the last") << QByteArray("\xf4\x90\x80\x80") << false;
        QTest::newRow("overlong, 2") << QByteArray("\xc0\xaf") << false;
        QTest::newRow("overlong, 3") << QByteArray("\xe0\x9f\xbf") << false;
        QTest::newRow("overlong, 4") << QByteArray("\xf0\x8f\xbf\xbf") << false;
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << false;
        QTest::newRow("cut off") << QByteArray("abcdefgh\xe2\x82") << false;
        QTest::newRow("continuation alone") << QByteArray("\x80") << false;
    }
    void utf8IsWhatTheStandardSays()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, valid);
        QCOMPARE(isUtf8(text.toStdString()), valid);
        QVERIFY(isUtf8(toUtf8(text.toStdString())));
        QCOMPARE(toUtf8(text.toStdString()) == text.toStdString(), valid);
    }

    void cuttingKeepsCharactersWhole()
    {
        QCOMPARE(cutUtf8("a\xe2\x82\xac", 3), std::string_view("a"));
        QCOMPARE(cutUtf8("a\xe2\x82\xac", 4), std::string_view("a\xe2\x82\xac"));
        QCOMPARE(cutUtf8("abc", 0), std::string_view());
    }
};

QTEST_APPLESS_MAIN(TestWire)
#include "test_wire.moc"
