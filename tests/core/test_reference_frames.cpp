// SPDX-License-Identifier: BSD-3-Clause
#include "named_memory.h"
#include "support/served_process.h"
#include "wire_bytes.h"

#include <decoy/frame.h>
#include <decoy/proxy.h>
#include <decoy/proxy_server.h>

#include <QTest>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// What the reference documents of frames, where no other test shows it: their parts, and how they are written to
/// memory and read from it. docs/reference-table.md names each test.
class TestReferenceFrames : public QObject {
    Q_OBJECT

private slots:
    void aFrameIsAnOpcodeAndAPayload();
    void theOpcodesHaveTheReferencesNumbers();
    void aWrittenFrameStandsBehindItsLength();
    void aFrameThatDoesNotFitIsNotWritten();
    void readingAFrameWaitsUntilItIsWhole();
    void readingAFrameEndsAtItsTimeout();
    void whatIsNoFrameSaysSo();
};

void TestReferenceFrames::aFrameIsAnOpcodeAndAPayload()
{
    const Frame frame(ProxyOpCode::Get, {Value(7), Value("a")});
    QCOMPARE(frame.opcode(), ProxyOpCode::Get);
    QCOMPARE(frame.payload().size(), std::size_t{2});
    QCOMPARE(frame.payload()[0].as<int>(), 7);
    QCOMPARE(frame.payload()[1].as<std::string>(), std::string("a"));
    const Frame parsed = Frame::parse(frame.pack());
    QCOMPARE(parsed.opcode(), frame.opcode());
    QCOMPARE(parsed.payload().size(), frame.payload().size());
    QCOMPARE(hex(parsed.pack()), QByteArray("92 00 92 07 a1 61"));
}

void TestReferenceFrames::theOpcodesHaveTheReferencesNumbers()
{
    const auto number = [](ProxyOpCode code) { return static_cast<int>(code); };
    QCOMPARE(number(ProxyOpCode::Get), 0);
    QCOMPARE(number(ProxyOpCode::Set), 1);
    QCOMPARE(number(ProxyOpCode::Execute), 2);
    QCOMPARE(number(ProxyOpCode::ExecutionResult), -1);
    QCOMPARE(number(ProxyOpCode::ResponsePending), -2);
    QCOMPARE(opcodeName(-1), std::string_view("EXECUTION_RESULT"));
    QCOMPARE(opcodeName(2), std::string_view("EXECUTE"));
}

void TestReferenceFrames::aWrittenFrameStandsBehindItsLength()
{
    QCOMPARE(framePrefixSize, std::size_t{4});
    const Memory memory(512);
    const Frame small(ProxyOpCode::Get, {Value(7), Value("a")});
    for (const auto write : {&Proxy::writeFrame, &ProxyServer::writeFrame}) {
        std::ranges::fill(memory.own.writableBytes(), std::byte{0xee});
        QCOMPARE(write(memory.own, small), std::size_t{6});
        QCOMPARE(hex(memory.other.bytes().first(11)), QByteArray("00 00 00 06 92 00 92 07 a1 61 ee"));
    }
    // A length of two bytes shows their order.
    const Frame large(ProxyOpCode::Set, {Value(7), Value("a"), Value(std::string(300, 'x'))});
    QCOMPARE(Proxy::writeFrame(memory.own, large), std::size_t{309});
    QCOMPARE(hex(memory.other.bytes().first(6)), QByteArray("00 00 01 35 92 01"));
    QCOMPARE(ProxyServer::readFrame(memory.other).toString(), large.toString());
}

void TestReferenceFrames::aFrameThatDoesNotFitIsNotWritten()
{
    const Memory memory(64);
    const auto frame = [](std::size_t size) {
        return Frame(ProxyOpCode::Set, {Value(7), Value("a"), Value(std::string(size, 'x'))});
    };
    constexpr std::size_t head = 8; // array, opcode, array, id, two for the name, two for the text
    constexpr std::size_t largest = 64 - framePrefixSize - head;
    for (const auto write : {&Proxy::writeFrame, &ProxyServer::writeFrame}) {
        QCOMPARE(write(memory.own, frame(largest)), 64 - framePrefixSize);
        const QByteArray before = hex(memory.own.bytes());
        std::string message;
        QCOMPARE(errorOf([&] { write(memory.own, frame(largest + 1)); }, &message), "DataTooBigError");
        QVERIFY2(message.find("65") != std::string::npos && message.find("64") != std::string::npos, message.c_str());
        QCOMPARE(hex(memory.own.bytes()), before);
    }
}

void TestReferenceFrames::readingAFrameWaitsUntilItIsWhole()
{
    const Memory memory(64);
    const std::vector<std::byte> payload = bytes("92 02 94 01 a3 616464 91 05 80");
    for (const auto read : {&Proxy::readFrame, &ProxyServer::readFrame}) {
        std::ranges::fill(memory.own.writableBytes(), std::byte{0});
        auto reader = std::async(std::launch::async, [&] { return read(memory.other, std::nullopt).toString(); });
        memory.write(0, bytes("00 00 00 0b"));
        memory.write(framePrefixSize, {payload.begin(), payload.begin() + 6});
        QCOMPARE(reader.wait_for(0s), std::future_status::timeout);
        memory.write(framePrefixSize + 6, {payload.begin() + 6, payload.end()});
        QCOMPARE(reader.get(), std::string("EXECUTE [1, \"add\", [5], {}]"));
    }
}

void TestReferenceFrames::readingAFrameEndsAtItsTimeout()
{
    const Memory memory(64);
    for (const auto read : {&Proxy::readFrame, &ProxyServer::readFrame}) {
        std::string message;
        QCOMPARE(errorOf([&] { (void)read(memory.other, 20ms); }, &message), "CallTimeout");
        QVERIFY2(message.find("20 ms") != std::string::npos, message.c_str());
        QCOMPARE(errorOf([&] { (void)read(memory.other, 0ms); }), "CallTimeout");
    }
    QCOMPARE(defaultFrameTimeout, 500ms);
    QCOMPARE(errorOf([&] { (void)Proxy::readFrame(memory.other); }), "CallTimeout");
    Proxy::writeFrame(memory.own, Frame(ProxyOpCode::ResponsePending, {}));
    // What is there already is in time.
    QCOMPARE(Proxy::readFrame(memory.other, 0ms).toString(), std::string("RESPONSE_PENDING []"));
}

void TestReferenceFrames::whatIsNoFrameSaysSo()
{
    const Memory memory(64);
    QCOMPARE(errorOf([&] { (void)decoy::readFrame(memory.other.bytes()); }), "EmptyData");
    for (const auto read : {&Proxy::readFrame, &ProxyServer::readFrame}) {
        memory.write(0, bytes("00 00 00 3d")); // one byte more than there is; nothing to wait for
        QCOMPARE(errorOf([&] { (void)read(memory.other, std::nullopt); }), "DataTooBigError");
        memory.write(0, bytes("ff ff ff ff"));
        QCOMPARE(errorOf([&] { (void)read(memory.other, std::nullopt); }), "DataTooBigError");
        memory.write(0, bytes("00 00 00 03 92 09 90")); // no opcode of ours
        QCOMPARE(errorOf([&] { (void)read(memory.other, 1ms); }), "DataDecodeError");
        memory.write(0, bytes("00 00 00 01 c1 00 00")); // no msgpack
        QCOMPARE(errorOf([&] { (void)read(memory.other, 1ms); }), "DataDecodeError");
    }
}

QTEST_GUILESS_MAIN(TestReferenceFrames)
#include "test_reference_frames.moc"
