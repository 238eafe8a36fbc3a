// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_containers.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <memory>
#include <ranges>
#include <thread>

using namespace decoy;
using namespace decoy::test;

static_assert(std::ranges::input_range<RemoteRange<int>> && std::ranges::view<RemoteRange<int>>);
static_assert(std::ranges::input_range<const Proxy &> && std::ranges::input_range<const Value &>);
static_assert(!std::ranges::sized_range<Proxy>);

namespace {

using Numbers = std::vector<std::int64_t>;

template <class T = std::int64_t>
std::vector<T> copyOf(const Proxy &container, std::uint32_t batch = itemsPerBatch)
{
    std::vector<T> items;
    for (const T &item : container.range<T>(batch))
        items.push_back(item);
    return items;
}

} // namespace

/// Containers in another process, used and gone through by a proxy.
class TestIteration : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_runtime = std::make_unique<RuntimeDirectory>();
        m_server = std::make_unique<ServedProcess>(QStringList{"containers=1"});
        m_connection = std::make_unique<Connection>(m_server->connect());
    }
    void cleanup()
    {
        m_connection.reset();
        m_server.reset();
        m_runtime.reset();
    }

    void aProxyListsWhatItsListHasAndGrowsIt();
    void itemsAreReadAndWrittenInPlace();
    void everyContainerIsGoneThrough();
    void aProxyAndAResultAreRangesOfValues();
    void rangesPassThroughViewsAndAlgorithms();
    void manyItemsComeInBatches();
    void aBreakLeavesNothingBehind();
    void twoIterationsDoNotDisturbEachOther();
    void aChangeByAnybodyEndsAnIteration();
    void anItemThatFitsIntoNoFrameIsNamed();
    void anItemThatIsOfAnotherTypeEndsWithAnError();
    void whatIsNoContainerSaysSo();
    void theDeathOfTheServerEndsAnIteration();
    void anIterationEndsWithItsProxy();
    void aBatchFitsIntoTheSmallestFrame_data();
    void aBatchFitsIntoTheSmallestFrame();
    void containersAreUsedOverMailboxesToo();

private:
    [[nodiscard]] Proxy served(const char *name) const { return (*m_connection)[name]; }

    std::unique_ptr<RuntimeDirectory> m_runtime;
    std::unique_ptr<ServedProcess> m_server;
    std::unique_ptr<Connection> m_connection;
};

void TestIteration::aProxyListsWhatItsListHasAndGrowsIt()
{
    const Proxy numbers = served("numbers");
    QCOMPARE(copyOf(numbers), (Numbers{1, 2, 3}));
    numbers.append(4);
    QCOMPARE(copyOf(numbers), (Numbers{1, 2, 3, 4}));
    QCOMPARE(numbers.size(), std::size_t{4});
    numbers.insert(0, 0);
    numbers.erase(-1);
    QCOMPARE(copyOf(numbers), (Numbers{0, 1, 2, 3}));
    QVERIFY(numbers.contains(3) && !numbers.contains(4));
}

void TestIteration::itemsAreReadAndWrittenInPlace()
{
    const Proxy numbers = served("numbers");
    const std::int64_t first = numbers[0];
    QCOMPARE(first, 1);
    numbers[0] = 10;
    numbers[1] = numbers[-1];
    QCOMPARE(copyOf(numbers), (Numbers{10, 3, 3}));
    QCOMPARE(errorOf([&] { numbers[3] = 1; }), "ArgumentError");
    QCOMPARE(errorOf([&] { (void)numbers[3].get(); }), "ArgumentError");

    const Proxy ages = served("ages");
    ages.at("Eve") = 30;
    QCOMPARE(ages.at("Eve").get<int>(), 30);
    QCOMPARE(ages.at(std::string("Ada")).get<int>(), 36);
    ages.erase("Bob");
    QVERIFY(ages.contains("Eve") && !ages.contains("Bob"));
    QCOMPARE(errorOf([&] { (void)ages.at("Bob").get(); }), "ArgumentError");

    const Proxy primes = served("primes");
    QVERIFY(primes.insert(11) && !primes.insert(11));
    primes.erase(2);
    QCOMPARE(copyOf<int>(primes), (std::vector{3, 5, 7, 11}));
}

void TestIteration::everyContainerIsGoneThrough()
{
    for (const std::uint32_t batch : {1U, 2U, 256U}) {
        QCOMPARE(copyOf<int>(served("nothing"), batch), std::vector<int>());
        QCOMPARE(copyOf<std::string>(served("texts"), batch), (std::vector<std::string>{"a", "b", "c"}));
        QCOMPARE(copyOf<double>(served("halves"), batch), (std::vector{0.5, 1.5, 2.5}));
        QCOMPARE(copyOf<int>(served("forward"), batch), (std::vector{3, 2, 1}));
        QCOMPARE(copyOf<bool>(served("flags"), batch), (std::vector{true, false, true}));
        QCOMPARE(copyOf<int>(served("primes"), batch), (std::vector{2, 3, 5, 7}));
        QCOMPARE(copyOf<std::string>(served("playlist"), batch), (std::vector<std::string>{"one", "seven", "two"}));
        QCOMPARE(copyOf<int>(served("squares"), batch), (std::vector{0, 1, 4, 9, 16}));
        using Entry = std::pair<std::string, int>;
        QCOMPARE(copyOf<Entry>(served("ages"), batch), (std::vector<Entry>{{"Ada", 36}, {"Bob", 41}, {"Eve", 29}}));
        QCOMPARE(copyOf<Entry>(served("marks"), batch), (std::vector<Entry>{{"a", 1}, {"a", 2}, {"b", 3}}));
        std::map<int, std::string> words;
        for (const auto &[number, word] : served("words").range<std::pair<int, std::string>>(batch))
            words[number] = word;
        QCOMPARE(words.size(), std::size_t{1000});
        QCOMPARE(words[999], "999");
    }
    QCOMPARE(served("playlist").call<std::string>("longest"), std::string("seven"));
}

void TestIteration::aProxyAndAResultAreRangesOfValues()
{
    std::int64_t sum = 0;
    for (const Value &number : served("numbers"))
        sum += number.as<int>();
    QCOMPARE(sum, 6);
    for (const Value &number : served("lab").call("echo", Numbers{10, 20})) // a list that came by value
        sum += number.as<int>();
    QCOMPARE(sum, 36);
    for ([[maybe_unused]] const Value &number : served("lab").call("echo", Numbers()))
        QFAIL("there is none");
    QCOMPARE(errorOf([&] { (void)begin(served("lab").call("echo", 5)); }), "DataDecodeError");
    QCOMPARE(errorOf([&] { (void)begin(served("lab").get("echo")); }), "DataDecodeError");
}

void TestIteration::rangesPassThroughViewsAndAlgorithms()
{
    const Proxy numbers = served("thousands");
    Numbers found;
    const auto wanted = [](std::int64_t number) { return number % 1000 == 7; };
    std::ranges::copy(numbers.range<std::int64_t>() | std::views::filter(wanted) | std::views::take(3),
                      std::back_inserter(found));
    QCOMPARE(found, (Numbers{7, 1007, 2007}));
    QVERIFY(std::ranges::find(numbers, 9999, [](const Value &value) { return value.as<int>(); })
            != std::default_sentinel);
    QCOMPARE(std::ranges::count_if(numbers.range<int>(), [](int number) { return number < 10; }), 10);
}

void TestIteration::manyItemsComeInBatches()
{
    const Proxy probe = served("probe");
    const Proxy numbers = served("thousands");
    const auto calls = [&] { return probe.call<std::uint64_t>("calls", numbers.id()); };
    const std::uint64_t before = calls();
    const Numbers all = copyOf(numbers);
    QCOMPARE(calls() - before, std::uint64_t{(ServedContainers::many + itemsPerBatch - 1) / itemsPerBatch});
    QCOMPARE(all.size(), std::size_t{ServedContainers::many});
    QVERIFY(std::ranges::is_sorted(all));
    QCOMPARE(copyOf(numbers, 1'000'000), all);
    QCOMPARE(calls() - before, std::uint64_t{40 + 3}); // however many were asked for
    QCOMPARE(errorOf([&] { (void)copyOf(numbers, 0); }), "ArgumentError");
}

void TestIteration::aBreakLeavesNothingBehind()
{
    const Proxy probe = served("probe");
    const auto references = probe.call<int>("references");
    const auto objects = probe.call<int>("objects");
    for (int round = 0; round < 100; ++round) {
        for (const std::int64_t number : served("thousands").range<std::int64_t>()) {
            if (number == 300)
                break;
        }
    }
    EVENTUALLY_EQUAL(probe.call<int>("references"), references);
    QCOMPARE(probe.call<int>("objects"), objects);
}

void TestIteration::twoIterationsDoNotDisturbEachOther()
{
    const Proxy numbers = served("thousands");
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { right += copyOf(numbers, 100).size() == ServedContainers::many ? 1 : 0; });
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(right.load(), 4);
}

void TestIteration::aChangeByAnybodyEndsAnIteration()
{
    const Proxy numbers = served("thousands");
    const Connection other = m_server->connect();
    const auto interrupted = [&](auto change) {
        auto place = numbers.range<int>().begin();
        change(other["thousands"]);
        int last = 0;
        const QByteArray error = errorOf([&] {
            for (; place != std::default_sentinel; ++place)
                last = *place;
        });
        return error == "ConcurrentModification" && last == 255 && place == std::default_sentinel;
    };
    QVERIFY(interrupted([](const Proxy &list) { list.append(1); }));
    QVERIFY(interrupted([](const Proxy &list) { list[0] = 1; }));
    QVERIFY(interrupted([](const Proxy &list) { list.erase(-1); }));
    QVERIFY(!interrupted([](const Proxy &list) { (void)list[0].get(); }));
    QVERIFY(!interrupted([](const Proxy &list) { (void)list.size(); }));
    const Proxy playlist = served("playlist");
    const auto interruptedPlaylist = [&](auto change) {
        auto place = playlist.range<std::string>(1).begin();
        change();
        return errorOf([&] { ++place; }) == "ConcurrentModification";
    };
    QVERIFY(interruptedPlaylist([&] { playlist.call("turnAround"); }));
    QVERIFY(interruptedPlaylist([&] { playlist.set("title", "other"); }));
    QVERIFY(!interruptedPlaylist([&] { playlist.call("longest"); }));
}

void TestIteration::anItemThatFitsIntoNoFrameIsNamed()
{
    std::string message;
    std::size_t count = 0;
    const auto go = [&] {
        for ([[maybe_unused]] const std::string &blob : served("blobs").range<std::string>())
            ++count;
    };
    QCOMPARE(errorOf(go, &message), "DataTooBigError");
    QCOMPARE(count, std::size_t{2});
    QVERIFY2(message.find("item 2 ") != std::string::npos, message.c_str());
}

void TestIteration::anItemThatIsOfAnotherTypeEndsWithAnError()
{
    QCOMPARE(errorOf([&] { (void)copyOf<int>(served("texts")); }), "DataDecodeError");
    QCOMPARE(errorOf([&] { (void)copyOf<Proxy>(served("texts")); }), "DataDecodeError");
}

void TestIteration::whatIsNoContainerSaysSo()
{
    std::string message;
    QCOMPARE(errorOf([&] { (void)begin(served("lab")); }, &message), "AttributeNotFound");
    QVERIFY2(message.find("no items") != std::string::npos, message.c_str());
    QCOMPARE(errorOf([&] { (void)begin(Proxy()); }), "ProxyObjectNotFound");
}

void TestIteration::theDeathOfTheServerEndsAnIteration()
{
    auto place = served("thousands").range<int>().begin();
    m_server->send(SIGKILL);
    int last = -1;
    QCOMPARE(errorOf([&] {
                 for (; place != std::default_sentinel; ++place)
                     last = *place;
             }),
             "PeerDied");
    QCOMPARE(last, 255); // what had come before is not lost
}

void TestIteration::anIterationEndsWithItsProxy()
{
    Proxy numbers = served("thousands");
    auto place = numbers.range<int>(1).begin();
    numbers.close();
    QCOMPARE(errorOf([&] { ++place; }), "ProxyObjectNotFound");
}

void TestIteration::aBatchFitsIntoTheSmallestFrame_data()
{
    QTest::addColumn<std::size_t>("keySize");
    for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 24U, 25U, 31U, 32U, 200U})
        QTest::addRow("keys of %d bytes", int(size)) << size;
}

void TestIteration::aBatchFitsIntoTheSmallestFrame()
{
    QFETCH(std::size_t, keySize);
    std::map<std::string, int> map;
    for (int i = 0; i < 50; ++i)
        map[std::string(keySize, 'k') + std::to_string(i)] = i;
    for (const std::uint32_t bufsize : {100U, 110U, 200U, 300U, 500U}) {
        ServerOptions options;
        options.limits.bufsize = bufsize;
        ProxyServer server("small", options);
        server.publish("map", map);
        server.run();
        const Proxy proxy = decoy::connect("small")["map"];
        std::size_t count = 0;
        const QByteArray error = errorOf([&] {
            for ([[maybe_unused]] const auto &entry : proxy.range<std::pair<std::string, int>>())
                ++count;
        });
        if (error == "DataTooBigError") // never for an entry that would fit with the longest cursor beside it
            QVERIFY2(bufsize < (keySize + 60) * 8 / 7 + 8, qPrintable(QString::number(bufsize)));
        else
            QCOMPARE(error, "none");
        if (error == "none")
            QCOMPARE(count, map.size());
    }
}

void TestIteration::containersAreUsedOverMailboxesToo()
{
    ProxyServer server(4096);
    server.run();
    std::map<std::string, int> ages{{"Ada", 36}, {"Eve", 29}};
    Numbers numbers(1000, 7);
    const Proxy dictionary = server.createProxy(ages);
    const Proxy list = server.createProxy(numbers);
    QCOMPARE(copyOf(list), numbers);
    using Entry = std::pair<std::string, int>;
    QCOMPARE(copyOf<Entry>(dictionary, 1), (std::vector<Entry>(ages.begin(), ages.end())));
    auto place = list.range<int>().begin();
    list.append(5);
    std::string message;
    QCOMPARE(errorOf([&] { std::ranges::advance(place, 1000, std::default_sentinel); }, &message), "RemoteError");
    QVERIFY2(message.find("ConcurrentModification") != std::string::npos, message.c_str());
    ServedContainers containers(server);
    QCOMPARE(errorOf([&] { (void)copyOf<std::string>(server.createProxy(containers.blobs)); }, &message),
             "RemoteError");
    QVERIFY2(message.find("DataTooBigError") != std::string::npos, message.c_str());
}

QTEST_GUILESS_MAIN(TestIteration)
#include "test_iteration.moc"
