// SPDX-License-Identifier: BSD-3-Clause
#include "wire_bytes.h"

#include "wire/duck_value.h"
#include "wire/frame_shape.h"

#include <decoy/error.h>

#include <QTest>

#include <string>

using namespace decoy;
using namespace decoy::wire;

Q_DECLARE_METATYPE(std::string)

namespace {

/// What is said against a value; empty if nothing is.
std::string objection(const std::vector<std::byte> &value)
{
    try {
        requireDuckValue(value);
    } catch (const DataEncodeError &error) {
        return error.what();
    }
    return {};
}

std::vector<std::byte> nested(std::size_t depth)
{
    std::vector<std::byte> value(depth, std::byte{0x91});
    value.push_back(std::byte{0xc0});
    return value;
}

std::vector<std::byte> text(std::string_view text)
{
    std::vector<std::byte> value{static_cast<std::byte>(0xa0 | text.size())};
    for (const char character : text)
        value.push_back(static_cast<std::byte>(character));
    return value;
}

std::vector<std::byte> operator+(std::vector<std::byte> first, const std::vector<std::byte> &second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

} // namespace

/// What peers of the reference understand, and what has the shape of one of their frames.
class TestDuckValue : public QObject {
    Q_OBJECT

private slots:
    void whatThePeerUnderstandsIsSent_data();
    void whatThePeerUnderstandsIsSent();
    void whatThePeerWouldLoopOnIsRefused_data();
    void whatThePeerWouldLoopOnIsRefused();
    void whatLooksLikeADescriptorIsRefusedOnlyWhereOneCouldStand();
    void containersMayBeAThousandDeep();
    void whatIsAFrameHasItsShape_data();
    void whatIsAFrameHasItsShape();
    void whatIsNoFrameHasNoShape_data();
    void whatIsNoFrameHasNoShape();
    void aFrameThatIsCutAnywhereHasNoShape();
};

void TestDuckValue::whatThePeerUnderstandsIsSent_data()
{
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *name, const char *value) { QTest::newRow(name) << QByteArray(value); };
    row("nil", "c0");
    row("a boolean", "c3");
    row("the largest number", "cf ffffffffffffffff");
    row("the smallest number", "d3 8000000000000000");
    row("a float", "cb 3ff8000000000000");
    row("text", "a2 c3a4");
    row("bytes that are no text", "c4 02 fffe");
    row("an empty list", "90");
    row("an empty map", "80");
    row("a map with text keys", "82 a1 61 01 a1 62 02");
    row("a map with a bytes key", "81 c4 01 ff 01");
    row("lists and maps in one another", "92 81 a1 61 92 01 80 81 a1 62 81 a1 63 90");
    row("numbers as values of a map in a map", "81 a1 61 81 a1 62 01");
}

void TestDuckValue::whatThePeerUnderstandsIsSent()
{
    QFETCH(QByteArray, value);
    QCOMPARE(objection(bytes(value.constData())), std::string());
}

void TestDuckValue::whatThePeerWouldLoopOnIsRefused_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<std::string>("reason");
    const auto row = [](const char *name, const char *value, const char *reason) {
        QTest::newRow(name) << QByteArray(value) << std::string(reason);
    };
    row("a number as a key", "81 01 c0", "an unsigned integer as a key");
    row("a negative number as a key", "81 ff c0", "a negative integer as a key");
    row("nil as a key", "81 c0 c0", "nil as a key");
    row("a float as a key", "81 cb 3ff0000000000000 c0", "a float as a key");
    row("a list as a key", "81 90 c0", "an array as a key");
    row("a key that is a list with members", "81 92 a1 61 a1 62 c0", "an array as a key");
    row("the second key", "82 a1 61 c0 01 c0", "as a key");
    row("a key in a map in a list", "91 81 01 c0", "as a key");
    row("a key behind a map that is a value", "82 a1 61 81 a1 62 c0 01 c0", "as a key");
    row("a key behind an empty map", "82 a1 61 80 01 c0", "as a key");
    row("a key in a map that is a value", "81 a1 61 81 01 c0", "as a key");
    row("text that is no UTF-8", "a1 ff", "not valid UTF-8");
    row("half a character", "a1 c3", "not valid UTF-8");
    row("half a surrogate pair", "a3 eda080", "not valid UTF-8");
    row("such text in a list", "92 a1 61 a1 ff", "not valid UTF-8");
    row("such text as a key", "81 a1 ff c0", "not valid UTF-8");
    row("such text deep inside", "91 81 a1 61 91 a1 ff", "not valid UTF-8");
}

void TestDuckValue::whatThePeerWouldLoopOnIsRefused()
{
    QFETCH(QByteArray, value);
    QFETCH(std::string, reason);
    const std::string said = objection(bytes(value.constData()));
    QVERIFY2(said.find(reason) != std::string::npos, said.c_str());
}

void TestDuckValue::whatLooksLikeADescriptorIsRefusedOnlyWhereOneCouldStand()
{
    for (const char *descriptor : {"<proxy>-", "<proxy>-Account", "<callable>-", "<callable>-add"}) {
        QVERIFY(!objection(text(descriptor)).empty());
        QVERIFY(objection(bytes("91") + text(descriptor)).empty());
        QVERIFY(objection(bytes("81 a1 61") + text(descriptor)).empty());
        QVERIFY(objection(bytes("81") + text(descriptor) + bytes("c0")).empty());
    }
    QVERIFY(objection(text("<proxy>")).empty());
    QVERIFY(objection(text(" <proxy>-Account")).empty());
    QVERIFY(objection(bytes("c4 08 3c70726f78793e2d")).empty()); // bytes are no descriptor
}

void TestDuckValue::containersMayBeAThousandDeep()
{
    QCOMPARE(objection(nested(1000)), std::string());
    QVERIFY(objection(nested(1001)).find("1000 containers") != std::string::npos);
    QVERIFY(objection(nested(1'000'000)).find("1000 containers") != std::string::npos);
}

void TestDuckValue::whatIsAFrameHasItsShape_data()
{
    QTest::addColumn<QByteArray>("payload");
    const auto row = [](const char *name, const char *payload) { QTest::newRow(name) << QByteArray(payload); };
    row("GET", "92 00 92 01 a1 61");
    row("SET", "92 01 93 01 a1 61 81 a1 62 90");
    row("EXECUTE", "92 02 94 01 a1 61 91 05 81 a1 62 06");
    row("EXECUTE without keywords", "92 02 93 01 a1 61 91 05");
    row("EXECUTE without arguments", "92 02 92 01 a1 61");
    row("EXECUTE with nil for both", "92 02 94 01 a1 61 c0 c0");
    row("a result", "92 ff 93 01 05 c0");
    row("a result in a wider header", "92 ff dc 0003 01 05 c0");
    row("a failure", "92 ff 93 01 c0 a1 61");
    row("all in their widest forms", "dd 00000002 d3 0000000000000000 dd 00000002 cf 0000000000000001 db 00000001 61");
    row("arguments in one another", "92 02 94 01 a1 61 91 91 81 a1 62 90 80");
}

void TestDuckValue::whatIsAFrameHasItsShape()
{
    QFETCH(QByteArray, payload);
    QVERIFY(hasFrameShape(bytes(payload.constData())));
}

void TestDuckValue::whatIsNoFrameHasNoShape_data()
{
    QTest::addColumn<QByteArray>("payload");
    const auto row = [](const char *name, const char *payload) { QTest::newRow(name) << QByteArray(payload); };
    row("nothing", "");
    row("zeros", "00 00 00 00 00 00");
    row("a pending frame", "92 fe 90");
    row("an unknown opcode", "92 03 92 01 a1 61");
    row("an opcode far below zero", "92 d3 8000000000000000 92 01 a1 61");
    row("three elements", "93 00 92 01 a1 61 c0");
    row("GET of three", "92 00 93 01 a1 61 c0");
    row("SET of two", "92 01 92 01 a1 61");
    row("EXECUTE of five", "92 02 95 01 a1 61 90 80 c0");
    row("EXECUTE of one", "92 02 91 01");
    row("a negative id", "92 00 92 ff a1 61");
    row("a name that is a number", "92 00 92 01 05");
    row("an empty name", "92 00 92 01 a0");
    row("arguments that are a map", "92 02 94 01 a1 61 80 80");
    row("keywords that are a list", "92 02 94 01 a1 61 90 90");
    row("a result of two", "92 ff 92 01 05");
    row("a result whose error is a number", "92 ff 93 01 05 07");
    row("more behind it", "92 00 92 01 a1 61 c0");
    row("poison inside", "92 01 93 01 a1 61 c1");
    row("a list longer than the frame", "92 01 93 01 a1 61 dd ffffffff");
    row("text longer than the frame", "92 00 92 01 db ffffffff 61");
}

void TestDuckValue::whatIsNoFrameHasNoShape()
{
    QFETCH(QByteArray, payload);
    QVERIFY(!hasFrameShape(bytes(payload.constData())));
}

void TestDuckValue::aFrameThatIsCutAnywhereHasNoShape()
{
    const auto whole = bytes("92 02 94 01 a1 61 93 cd0102 a2 6162 c4 01 ff 81 a1 62 cb 3ff8000000000000");
    QVERIFY(hasFrameShape(whole));
    for (std::size_t size = 0; size < whole.size(); ++size)
        QVERIFY(!hasFrameShape(std::span(whole).first(size)));
}

QTEST_GUILESS_MAIN(TestDuckValue)
#include "test_duck_value.moc"
