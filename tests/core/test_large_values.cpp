// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <future>
#include <memory>
#include <span>
#include <thread>

using namespace decoy;
using namespace decoy::test;

/// Values of many bytes: which are too big, how the others arrive whole, and when they are not copied.
class TestLargeValues : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void aTooBigRequestOrResultNamesBothSizes();
    void framesLargerThanTheRingArriveWhole();
    void manyLargeFramesAtOnceArriveWhole();
    void largeValuesStayWhatTheyAreWhateverIsCalledNext();
    void bytesCanBeTakenAndGivenWithoutACopy();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestLargeValues::aTooBigRequestOrResultNamesBothSizes()
{
    const ServedProcess server({"bufsize=4096"});
    const Proxy lab = server.connect()["lab"];
    std::string message;
    QCOMPARE(errorOf([&] { lab.call("length", Bytes(5000)); }, &message), "DataTooBigError");
    QVERIFY2(message.find("request") != std::string::npos && message.find("50") != std::string::npos
                 && message.find("4096") != std::string::npos,
             message.c_str());
    QCOMPARE(errorOf([&] { lab.call("blob", 5000); }, &message), "DataTooBigError");
    QVERIFY2(message.find("result") != std::string::npos && message.find("501") != std::string::npos
                 && message.find("4096") != std::string::npos,
             message.c_str());
    // To the byte: 4 prefix, 3 head, 1 id, 3 bin header, 1 nil.
    const std::size_t largest = 4096 - 12;
    QCOMPARE(lab.call<Bytes>("blob", largest).size(), largest);
    QCOMPARE(errorOf([&] { lab.call("blob", largest + 1); }), "DataTooBigError");
    QCOMPARE(lab.get<int>("value"), 100);
}

void TestLargeValues::framesLargerThanTheRingArriveWhole()
{
    const ServedProcess server({"bufsize=16777216"});
    const Proxy lab = server.connect()["lab"];
    Bytes bytes(5'000'000);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(i * 31 >> 8);
    QVERIFY(lab.call<Bytes>("echo", bytes) == bytes);
    QCOMPARE(lab.call<std::size_t>("length", Bytes(16'000'000)), std::size_t{16'000'000});
    QVERIFY(lab.call<Bytes>("blob", 16'000'000, 3) == Bytes(16'000'000, std::byte{3}));
    QCOMPARE(errorOf([&] { lab.call("blob", 16'777'216); }), "DataTooBigError");
    for (std::size_t size = 1; size < 3'000'000; size *= 3) // on both sides of the ring's inline size
        QVERIFY(lab.call<Bytes>("blob", size, 5) == Bytes(size, std::byte{5}));
}

void TestLargeValues::manyLargeFramesAtOnceArriveWhole()
{
    const ServedProcess server({"bufsize=16777216"});
    const Connection connection = server.connect();
    const int before = connection["probe"].call<int>("descriptors");
    std::vector<std::future<bool>> callers;
    for (int caller = 0; caller < 8; ++caller) {
        callers.push_back(std::async(std::launch::async, [&connection, caller] {
            const Proxy lab = connection["lab"];
            // Some in memory that is kept, and some in memory that is given up after each frame.
            const std::size_t size = caller % 2 == 0 ? 1'500'000 : 5'000'000;
            const Bytes bytes(size + static_cast<std::size_t>(caller), static_cast<std::byte>(caller));
            for (int i = 0; i < 5; ++i) {
                if (lab.call<Bytes>("echo", bytes) != bytes || lab.call<int>("digits", caller) != 100 * caller + 23)
                    return false;
            }
            return true;
        }));
    }
    QVERIFY(std::ranges::all_of(callers, [](auto &caller) { return caller.get(); }));
    QCOMPARE(connection["probe"].call<int>("descriptors"), before);
}

void TestLargeValues::largeValuesStayWhatTheyAreWhateverIsCalledNext()
{
    const ServedProcess server({"bufsize=16777216"});
    const Proxy lab = server.connect()["lab"];
    std::vector<std::size_t> sizes;
    std::vector<Value> values;
    for (const std::size_t size : {5'000, 70'000, 2'000, 6'000'000, 70'000, 100, 1'000'000, 5'000}) {
        sizes.push_back(size);
        values.push_back(lab.call("blob", size, sizes.size()));
    }
    std::thread([value = values[1]]() mutable { value = Value(); }).join(); // copies may go in any thread
    for (std::size_t i = 0; i < sizes.size(); ++i)
        QVERIFY(values[i].as<Bytes>() == Bytes(sizes[i], static_cast<std::byte>(i + 1)));
    values.clear();
    QVERIFY(lab.call<Bytes>("blob", 70'000, 9) == Bytes(70'000, std::byte{9}));
}

void TestLargeValues::bytesCanBeTakenAndGivenWithoutACopy()
{
    struct Mirror {
        std::size_t taken = 0;
        std::span<const std::byte> turn(std::span<const std::byte> bytes)
        {
            taken += bytes.size();
            return bytes; // refers to the request, which lives until the result was packed
        }
    };
    ProxyServer server("mirrors");
    server.bind(Class<Mirror>("Mirror").property("taken", &Mirror::taken).method("turn", &Mirror::turn, arg("bytes")));
    Mirror mirror;
    server.publish("mirror", mirror);
    server.run();
    const Proxy proxy = decoy::connect("mirrors")["mirror"];
    QCOMPARE(proxy.describe().methods.front().returns, std::string("bytes"));
    const Bytes bytes(50'000, std::byte{7});
    QVERIFY(proxy.call<Bytes>("turn", bytes) == bytes);
    QVERIFY(proxy.call<Bytes>("turn", std::span<const std::byte>(bytes).first(3)) == Bytes(3, std::byte{7}));
    QVERIFY(proxy.call<Bytes>("turn", Bytes()).empty());
    QCOMPARE(errorOf([&] { proxy.call("turn", "text"); }), "ArgumentError");
    QCOMPARE(proxy.get<std::size_t>("taken"), bytes.size() + 3);
}

QTEST_GUILESS_MAIN(TestLargeValues)
#include "test_large_values.moc"
