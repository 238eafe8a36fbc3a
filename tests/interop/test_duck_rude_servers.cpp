// SPDX-License-Identifier: BSD-3-Clause
#include "lane/duck/segment_users.h"
#include "python_peer.h"
#include "support/process.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <sched.h>
#include <sys/stat.h>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

/// Our client at a Python server that never answers, answers late, or dies; and many clients at one mailbox.
class TestDuckRudeServers : public QObject {
    Q_OBJECT

private slots:
    void aCallThatIsNeverAnsweredCostsItsTimeAndNoMore_data();
    void aCallThatIsNeverAnsweredCostsItsTimeAndNoMore();
    void aServersFirstCallsCostNoMoreThanLaterOnes();
    void aLateAnswerIsNobodyElses();
    void aCallThatStillRunsKeepsTheMailbox();
    void aReleaseWaitsForTheLateAnswer();
    void aStoppedServerDoesNotTakeTheCall();
    void aRequestThatWasReadBeforeItWasWithdrawnAnswersNobodyElse();

    void aKilledServerIsNoticed_data();
    void aKilledServerIsNoticed();
    void anAddressOfADeadServerSaysSo();

    void threadsShareAMailbox();
    void processesShareAMailbox();
};

namespace {

template <class Task>
auto inThread(Task task)
{
    return std::async(std::launch::async, std::move(task));
}

/// Calls whose answers cannot be mixed up without being seen.
int wrongAnswers(const Proxy &values, const std::string &name, int calls)
{
    int wrong = 0;
    for (int i = 0; i < calls; ++i) {
        const std::string text = name + " " + std::to_string(i) + std::string(static_cast<std::size_t>(i % 50), '.');
        wrong += values.call<std::string>("echo", text) == text ? 0 : 1;
    }
    return wrong;
}

/// Waits until the clock of thread starts has gone on since a server began.
void letClockGoOn()
{
    const std::uint64_t begin = lane::duck::threadClock();
    while (lane::duck::threadClock() < begin + 3)
        sched_yield();
}

/// Whether the server has said so of the request that stands in the mailbox.
bool isBeingWorkedOn(const Proxy &proxy)
{
    constexpr std::size_t opcode = 5;
    return std::atomic_ref(proxy.sharedMemory().writableBytes()[opcode]).load() == std::byte{0xfe};
}

} // namespace

// Answers that do not come

void TestDuckRudeServers::aCallThatIsNeverAnsweredCostsItsTimeAndNoMore_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<bool>("isProcessKnown");
    for (const char *method : {"big", "foreign", "same"}) {
        QTest::addRow("%s", method) << method << true;
        QTest::addRow("%s, of a process that is not known", method) << method << false;
    }
}

void TestDuckRudeServers::aCallThatIsNeverAnsweredCostsItsTimeAndNoMore()
{
    QFETCH(QString, method);
    QFETCH(bool, isProcessKnown);
    PythonServer server;
    letClockGoOn();
    DuckAddress address = server.address(method == "same" ? "tree" : "values");
    if (!isProcessKnown)
        address.process = 0;
    const Proxy proxy = openProxy(address);
    const Proxy impatient = proxy.withTimeout(200ms);
    const Proxy first = method == "same" ? proxy.get<Proxy>("same") : Proxy(); // who asks twice is never answered
    for (int round = 0; round < 5; ++round) {
        std::string message;
        const auto before = std::chrono::steady_clock::now();
        const QByteArray error = errorOf(
            [&] {
                if (method == "big")
                    impatient.call("big", 70'000);
                else if (method == "foreign")
                    impatient.call("foreign");
                else
                    (void)impatient.get("same");
            },
            &message);
        QCOMPARE(error, "CallTimeout");
        QVERIFY(std::chrono::steady_clock::now() - before >= 200ms);
        QVERIFY2(message.find("200 ms") != std::string::npos, message.c_str());
        // The thread that worked on it is gone, so nobody can answer it any more.
        QCOMPARE(errorOf([&] { (void)proxy.get(method == "same" ? "name" : "a_dict"); }), "none");
        if (method != "same")
            QCOMPARE(proxy.call<int>("echo", round), round);
    }
}

void TestDuckRudeServers::aServersFirstCallsCostNoMoreThanLaterOnes()
{
    for (int round = 0; round < 5; ++round) {
        PythonServer server; // its own threads are as young as the one that works on the call
        const Proxy values = openProxy(server.address("values"), 5s);
        QCOMPARE(errorOf([&] { values.withTimeout(50ms).call("foreign"); }), "CallTimeout");
        QCOMPARE(errorOf([&] { values.call("echo", round); }), "none");
    }
}

void TestDuckRudeServers::aLateAnswerIsNobodyElses()
{
    PythonServer server;
    const Proxy counter = openProxy(server.address("counter"));
    const Proxy impatient = counter.withTimeout(50ms);
    for (int round = 0; round < 5; ++round) {
        QCOMPARE(errorOf([&] { impatient.call("slow", 0.2, "late"); }), "CallTimeout");
        for (int i = 0; i < 5; ++i)
            QCOMPARE(counter.call<int>("slow", 0, i), i); // the first of them waits for the late answer
        QCOMPARE(counter.get<int>("a"), 100);
    }
}

void TestDuckRudeServers::aCallThatStillRunsKeepsTheMailbox()
{
    PythonServer server;
    const Proxy counter = openProxy(server.address("counter"));
    const Proxy impatient = counter.withTimeout(300ms);
    QCOMPARE(errorOf([&] { impatient.call("slow", 5, "late"); }), "CallTimeout");
    std::string message;
    QCOMPARE(errorOf([&] { (void)impatient.get("a"); }, &message), "CallTimeout");
    QVERIFY2(message.find("earlier call") != std::string::npos, message.c_str());
    // Another client of ours sees it too.
    QCOMPARE(errorOf([&] { (void)openProxy(server.address("counter"), 300ms).get("a"); }), "CallTimeout");
    // Its own mailbox is all that it keeps.
    QCOMPARE(openProxy(server.address("values")).call<int>("echo", 3), 3);
    QCOMPARE(counter.get<int>("a"), 100);
}

void TestDuckRudeServers::aReleaseWaitsForTheLateAnswer()
{
    PythonServer server;
    const Proxy tree = openProxy(server.address("tree"));
    const Proxy values = openProxy(server.address("counter"));
    Proxy child = tree.call<Proxy>("child", 1);
    QCOMPARE(server.objects(), 5);
    std::vector<std::future<QByteArray>> calls;
    for (int i = 0; i < 2; ++i)
        calls.push_back(inThread([tree] { return errorOf([&] { (void)tree.get("name"); }); }));
    child.close(); // finds the mailbox in use, or not
    for (auto &call : calls)
        QCOMPARE(call.get(), "none");
    QCOMPARE(tree.get<std::string>("name"), std::string("root"));
    EVENTUALLY_EQUAL(server.objects(), 4);
}

void TestDuckRudeServers::aStoppedServerDoesNotTakeTheCall()
{
    PythonServer server;
    const Proxy counter = openProxy(server.address("counter"));
    QCOMPARE(counter.get<int>("a"), 100);
    standStill(server.process());
    std::string message;
    QCOMPARE(errorOf([&] { counter.withTimeout(50ms).call("add", 1); }, &message), "CallTimeout");
    server.send(SIGCONT);
    QCOMPARE(counter.call<int>("add", 10), message.find("withdrawn") != std::string::npos ? 110 : 111);
}

void TestDuckRudeServers::aRequestThatWasReadBeforeItWasWithdrawnAnswersNobodyElse()
{
    PythonServer server(65536, {"--take-ms", "150"}); // as one that has to wait for a processor
    const Proxy counter = openProxy(server.address("counter"));
    QCOMPARE(errorOf([&] { counter.withTimeout(20ms).call("add", 1); }), "CallTimeout");
    const int sum = counter.call<int>("add", 10);
    QVERIFY2(sum == 110 || sum == 111, std::to_string(sum).c_str()); // 101 is the answer to the first
}

// Deaths

void TestDuckRudeServers::aKilledServerIsNoticed_data()
{
    QTest::addColumn<bool>("isProcessKnown");
    QTest::newRow("its process is known") << true;
    QTest::newRow("its process is not known") << false;
}

void TestDuckRudeServers::aKilledServerIsNoticed()
{
    QFETCH(bool, isProcessKnown);
    PythonServer server;
    DuckAddress address = server.address("counter");
    DuckAddress other = server.address("values");
    if (!isProcessKnown)
        address.process = other.process = 0;
    const Proxy counter = openProxy(address, waitForever);
    const Proxy values = openProxy(other, waitForever);
    QCOMPARE(values.call<int>("echo", 1), 1);
    auto running = inThread([counter] { return errorOf([&] { counter.call("slow", 3600, 1); }); });
    EVENTUALLY(isBeingWorkedOn(counter));
    QCOMPARE(running.wait_for(0s), std::future_status::timeout);
    server.send(SIGKILL);
    (void)server.waitForEnd();
    QCOMPARE(running.get(), "PeerDied");
    QCOMPARE(errorOf([&] { (void)counter.get("a"); }), "PeerDied");
    QCOMPARE(errorOf([&] { values.call("echo", 1); }), "PeerDied");
}

void TestDuckRudeServers::anAddressOfADeadServerSaysSo()
{
    PythonServer server;
    const DuckAddress address = server.address("counter");
    const Proxy open = openProxy(address);
    QCOMPARE(server.end().status, 0);
    QCOMPARE(errorOf([&] { (void)openProxy(address); }), "ProxyObjectNotFound"); // it has unlinked its memory
    QCOMPARE(errorOf([&] { (void)open.get("a"); }), "PeerDied");
    DuckAddress unnamed = address;
    unnamed.process = 0;
    QCOMPARE(errorOf([&] { (void)openProxy(unnamed); }), "ProxyObjectNotFound");
}

// Many clients

void TestDuckRudeServers::threadsShareAMailbox()
{
    PythonServer server;
    const DuckAddress address = server.address("values");
    const Proxy shared = openProxy(address);
    std::vector<std::future<int>> wrong;
    for (int thread = 0; thread < 4; ++thread) {
        wrong.push_back(inThread([&shared, &address, thread] {
            const Proxy own = thread % 2 ? openProxy(address) : shared; // a client of their own, or one for both
            return wrongAnswers(own, "thread " + std::to_string(thread), 300);
        }));
    }
    for (auto &each : wrong)
        QCOMPARE(each.get(), 0);
}

void TestDuckRudeServers::processesShareAMailbox()
{
    constexpr int calls = 600;
    PythonServer server;
    const DuckAddress address = server.address("values");
    std::vector<std::unique_ptr<Process>> others;
    for (int i = 0; i < 2; ++i)
        others.push_back(std::make_unique<Process>(
            DECOY_TEST_PEER,
            QStringList{"echo", QString::fromStdString(address.segment), QString::number(address.id),
                        QString::number(address.bufsize), QString::number(calls)}));
    const Proxy proxy = openProxy(address);
    QCOMPARE(wrongAnswers(proxy, "the test", calls), 0);
    for (const auto &other : others) {
        QCOMPARE(other->readLine(), "wrong 0");
        const Outcome outcome = other->waitForEnd();
        QVERIFY2(outcome.status == 0, outcome.errors);
    }
}

QTEST_GUILESS_MAIN(TestDuckRudeServers)
#include "test_duck_rude_servers.moc"
