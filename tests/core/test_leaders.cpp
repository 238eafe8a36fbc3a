// SPDX-License-Identifier: BSD-3-Clause
#include "support/mailbox_address.h"
#include "support/pond_process.h"
#include "support/served_process.h"

#include <QTest>

#include <future>
#include <memory>
#include <vector>

using namespace decoy;
using namespace decoy::test;

/// Which server thread leads, where calls are as long as the watchdog's period: each of them may change it at any moment. What only
/// the leader may touch has no lock, so ThreadSanitizer is the one that looks here.
class TestLeaders : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void callsOfManyClientsChangeWhoLeads_data();
    void callsOfManyClientsChangeWhoLeads();
    void callsThatWaitForTheirClientsPassTheLeadOn();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestLeaders::callsOfManyClientsChangeWhoLeads_data()
{
    QTest::addColumn<int>("threads");
    QTest::addColumn<int>("mailboxes");
    QTest::newRow("two threads") << 2 << 0;
    QTest::newRow("many threads") << 8 << 0;
    QTest::newRow("many threads and mailboxes") << 8 << 2;
}

void TestLeaders::callsOfManyClientsChangeWhoLeads()
{
    QFETCH(int, threads);
    QFETCH(int, mailboxes);
    constexpr auto calls = "60";
    ServedProcess server({QString("threads=%1").arg(threads), QString("duck=%1").arg(mailboxes)});
    std::vector<std::unique_ptr<Process>> clients;
    for (int i = 0; i < mailboxes; ++i) {
        const DuckAddress address = fromText(server.process().readLine().toStdString());
        clients.push_back(std::make_unique<Process>(DECOY_TEST_PEER,
                                                    QStringList{"echo", QString::fromStdString(address.segment),
                                                                QString::number(address.id),
                                                                QString::number(address.bufsize), calls}));
    }
    for (int i = 0; i < 3; ++i)
        clients.push_back(std::make_unique<Process>(DECOY_TEST_PEER, QStringList{"storm", "served", calls}));
    for (const auto &client : clients) {
        const Outcome outcome = client->waitForEnd();
        QVERIFY2(outcome.status == 0, outcome.errors.constData());
        QCOMPARE(outcome.output.trimmed(), "wrong 0");
    }
}

void TestLeaders::callsThatWaitForTheirClientsPassTheLeadOn()
{
    constexpr int calls = 100;
    constexpr std::size_t callers = 4;
    const PondProcess process;
    std::vector<std::future<int>> wrong;
    for (std::size_t i = 0; i < callers; ++i) {
        wrong.push_back(std::async(std::launch::async, [&process, i] {
            const Connection connection = process.connect();
            const Proxy pond = connection["pond"];
            const Proxy own = connection[i % 2 == 0 ? "pond" : "lake"];
            const Lent f = callback([&pond](std::int64_t number) { return pond.call("note", number), number; });
            int unequal = 0;
            for (int call = 0; call < calls; ++call)
                unequal += own.call<int>("apply", f, call) != call;
            return unequal;
        }));
    }
    for (auto &one : wrong)
        QCOMPARE(one.get(), 0);
    const Proxy pond = process.connect()["pond"];
    QCOMPARE(pond.call<std::vector<int>>("notes").size(), callers * calls);
    QCOMPARE(pond.call<int>("overlaps"), 0);
}

QTEST_GUILESS_MAIN(TestLeaders)
#include "test_leaders.moc"
