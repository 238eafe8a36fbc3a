// SPDX-License-Identifier: BSD-3-Clause
#include "python_peer.h"
#include "shared_names.h"
#include "support/local_server.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <algorithm>
#include <optional>
#include <utility>

using namespace decoy;
using namespace decoy::test;

/// Very many calls of Python clients, of which every answer is checked. DECOY_FLOOD_CALLS says how many, if 20,000 are not enough.
class TestDuckFlood : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void aFloodComesBackWhole_data();
    void aFloodComesBackWhole();
    void twoFloodsComeBackWhole();

private:
    [[nodiscard]] DuckAddress lab(DuckMailbox mailbox = {})
    {
        return m_local->server->createProxy(m_local->objects->lab, std::move(mailbox)).address();
    }

    std::optional<LocalServer> m_local;
};

namespace {

/// As many as the environment wants of a long run.
int floodCalls()
{
    bool isNumber = false;
    const int calls = qEnvironmentVariableIntValue("DECOY_FLOOD_CALLS", &isNumber);
    return isNumber ? calls : 20'000;
}

class Flood : public PythonPeer {
public:
    Flood(const DuckAddress &address, int calls, int seed, const QStringList &options)
        : PythonPeer(
            "flood.py",
            optionsFor(address).mid(0, 6)
                + QStringList{"--calls", QString::number(calls), "--seed", QString::number(seed), "--timeout", "20"}
                + options),
          m_calls(calls)
    {}
    /// Empty if every call got its own answer.
    QByteArray failure()
    {
        const QJsonObject counts = read();
        const QByteArray details = end().errors;
        for (const char *what : {"wrong", "hung", "errors"}) {
            if (const int count = counts[what].toInt(-1); count != 0)
                return QByteArray::number(count) + " " + what + ": " + details;
        }
        return counts["calls"].toInt() == m_calls ? QByteArray() : "not all calls were made: " + details;
    }

private:
    int m_calls;
};

} // namespace

/// With no more threads than it starts with: ThreadSanitizer ignores what threads synchronise that begin after this process has forked a
/// client, and then takes two leaders before and after such a one for a race.
void TestDuckFlood::init()
{
    ServerOptions options;
    options.maxThreads = 2;
    m_local.emplace("local", std::move(options));
}

void TestDuckFlood::cleanup() { m_local.reset(); }

void TestDuckFlood::aFloodComesBackWhole_data()
{
    QTest::addColumn<int>("calls");
    QTest::addColumn<QStringList>("options");
    QTest::newRow("polled without a pause") << floodCalls() << QStringList{"--poll-us", "0"};
    QTest::newRow("polled as the reference does") << floodCalls() / 20 << QStringList();
    QTest::newRow("a GET before each EXECUTE") << floodCalls() / 10 << QStringList{"--poll-us", "0", "--get-each"};
}

void TestDuckFlood::aFloodComesBackWhole()
{
    QFETCH(int, calls);
    QFETCH(QStringList, options);
    constexpr int mostAtOnce = 5'000; // each portion has other values
    const DuckAddress address = lab({.bufsize = 16384});
    NameWatch name(address.segment);
    for (int seed = 1; calls > 0; ++seed, calls -= mostAtOnce) {
        Flood flood(address, std::min(calls, mostAtOnce), seed, options);
        const QByteArray failure = flood.failure();
        QVERIFY2(failure.isEmpty(), failure);
        QVERIFY(name.waitUntilPutBack());
    }
}

void TestDuckFlood::twoFloodsComeBackWhole()
{
    const int calls = floodCalls() / 10;
    Flood first(lab(), calls, 3, {"--poll-us", "0"});
    Flood second(lab(), calls, 4, {"--poll-us", "0"});
    const QByteArray firstFailure = first.failure();
    QVERIFY2(firstFailure.isEmpty(), firstFailure);
    const QByteArray secondFailure = second.failure();
    QVERIFY2(secondFailure.isEmpty(), secondFailure);
}

QTEST_GUILESS_MAIN(TestDuckFlood)
#include "test_duck_flood.moc"
