// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/callable.h>
#include <decoy/duck.h>
#include <decoy/proxy_server.h>

#include <QTest>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

namespace {

constexpr int slowClients = 8;

/// Calls of which each lasts until the next one begins: whoever leads is always stuck in one of them.
class Relay {
public:
    void run()
    {
        std::unique_lock lock(m_mutex);
        const int own = ++m_begun;
        m_changed.notify_all();
        m_changed.wait(lock, [&] { return m_begun > own || m_isOver; });
    }
    void end()
    {
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
        m_changed.notify_all();
    }
    [[nodiscard]] int begun()
    {
        const std::lock_guard lock(m_mutex);
        return m_begun;
    }
    [[nodiscard]] bool isOver()
    {
        const std::lock_guard lock(m_mutex);
        return m_isOver;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_begun = 0;
    bool m_isOver = false;
};

/// Answers each call later, from a thread of its own, the last call first.
class LateTarget final : public Target {
public:
    ~LateTarget() override
    {
        if (m_thread.joinable())
            m_thread.join();
    }
    [[nodiscard]] std::string_view typeName() const noexcept override { return "LateTarget"; }
    [[nodiscard]] Description describe() const override { return {}; }
    [[nodiscard]] Threading threading() const noexcept override { return Threading::Own; }
    void get(std::string_view, Reply &reply) override { reply.none(); }
    void set(std::string_view, const msgpack::object &, Reply &reply) override { reply.none(); }
    void call(std::string_view method, const Arguments &arguments, Reply &reply) override
    {
        if (method == "drop")
            return (void)reply.defer();
        if (method == "doubled")
            m_open.emplace_back(reply.defer(), 2 * arguments.positional()[0].as<int>());
        if (m_open.size() == m_together)
            answerAll();
    }
    /// So many calls are answered at once.
    void setTogether(std::size_t count) { m_together = count; }

private:
    using Open = std::vector<std::pair<std::shared_ptr<Reply>, int>>;
    void answerAll()
    {
        if (m_thread.joinable())
            m_thread.join();
        m_thread = std::thread([open = std::exchange(m_open, {})]() mutable {
            while (!open.empty()) {
                open.back().first->value(open.back().second);
                open.pop_back();
            }
        });
    }
    Open m_open;
    std::size_t m_together = 1;
    std::thread m_thread;
};

class Server {
public:
    Server() : server("duck"), objects(server)
    {
        server.bind(Class<Relay>("Relay").method("run", &Relay::run).threading(Threading::Concurrent));
        server.publish("relay", relay);
        server.run();
    }
    ~Server()
    {
        relay.end();
        for (std::thread &runner : runners)
            runner.join();
        server.stop();
    }
    /// Keeps calling run() until the relay is over.
    void keepRunning(const Proxy &proxy)
    {
        runners.emplace_back([this, proxy] {
            while (!relay.isOver())
                proxy.call("run");
        });
    }

    RuntimeDirectory runtime;
    ProxyServer server;
    ServedTestObjects objects;
    Relay relay;
    std::vector<std::thread> runners;
};

} // namespace

/// Who gets served when others keep the server busy, and answers that come later.
class TestDuckTurns : public QObject {
    Q_OBJECT

private slots:
    void slowCallsOfOneMailboxHoldNobodyUp();
    void slowCallsDoNotStarveOtherClients_data();
    void slowCallsDoNotStarveOtherClients();
    void answersThatComeLaterGoWhereTheyBelong();
    void aLateAnswerToACallThatTimedOutIsNotTakenForAnother();
    void anAnswerThatIsDroppedIsAnError();
};

void TestDuckTurns::slowCallsOfOneMailboxHoldNobodyUp()
{
    Server here;
    const Proxy slow = here.server.createProxy(here.objects.lab);
    const Proxy quick = here.server.createProxy(here.objects.lab);
    std::thread waiter([&] { slow.call("waitAt", "gate"); });
    EVENTUALLY(here.objects.gates.waiting("gate") == 1);
    for (int i = 0; i < 100; ++i)
        QCOMPARE(quick.call<int>("echo", i), i);
    QCOMPARE(decoy::connect("duck")["lab"].call<int>("echo", 1), 1);
    quick.call("open", "gate");
    waiter.join();
}

void TestDuckTurns::slowCallsDoNotStarveOtherClients_data()
{
    QTest::addColumn<bool>("areSlowOnesNative");
    QTest::addColumn<bool>("isQuickOneNative");
    QTest::newRow("native ones a native one") << true << true;
    QTest::newRow("native ones a mailbox") << true << false;
    QTest::newRow("those in mailboxes a native one") << false << true;
    QTest::newRow("those in mailboxes another mailbox") << false << false;
}

void TestDuckTurns::slowCallsDoNotStarveOtherClients()
{
    QFETCH(bool, areSlowOnesNative);
    QFETCH(bool, isQuickOneNative);
    Server here;
    std::vector<Proxy> relays;
    for (int i = 0; i < slowClients; ++i)
        relays.push_back(areSlowOnesNative ? decoy::connect("duck")["relay"] : here.server.createProxy(here.relay));
    const Proxy quick = isQuickOneNative ? decoy::connect("duck")["lab"] : here.server.createProxy(here.objects.lab);
    for (const Proxy &proxy : relays)
        here.keepRunning(proxy);
    EVENTUALLY(here.relay.begun() > 2 * slowClients);
    const int before = here.relay.begun();
    QCOMPARE(errorOf([&] { quick.withTimeout(10s).call("echo", 1); }), QByteArray("none"));
    // Everybody else has had a few turns at most.
    QVERIFY2(here.relay.begun() - before < 100 * slowClients, std::to_string(here.relay.begun() - before).c_str());
}

void TestDuckTurns::answersThatComeLaterGoWhereTheyBelong()
{
    constexpr std::size_t clients = 8;
    constexpr int rounds = 50;
    Server here;
    const auto later = std::make_shared<LateTarget>();
    later->setTogether(clients);
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (std::size_t client = 0; client < clients; ++client) {
        threads.emplace_back([&, client, proxy = here.server.createProxy(later)] {
            for (int i = 0; i < rounds; ++i) {
                const int number = static_cast<int>(client) * 1000 + i;
                right += proxy.call<int>("doubled", number) == 2 * number ? 1 : 0;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(right.load(), static_cast<int>(clients) * rounds);
}

void TestDuckTurns::aLateAnswerToACallThatTimedOutIsNotTakenForAnother()
{
    Server here;
    const auto later = std::make_shared<LateTarget>();
    later->setTogether(2);
    const Proxy first = here.server.createProxy(later);
    const Proxy second = here.server.createProxy(later);
    QCOMPARE(errorOf([&] { first.withTimeout(500ms).call("doubled", 1); }), QByteArray("CallTimeout"));
    QCOMPARE(second.call<int>("doubled", 2), 4); // both are answered now
    std::thread third([&] { QCOMPARE(second.call<int>("doubled", 3), 6); });
    QCOMPARE(first.call<int>("doubled", 4), 8);
    third.join();
}

void TestDuckTurns::anAnswerThatIsDroppedIsAnError()
{
    Server here;
    const Proxy proxy = here.server.createProxy(std::make_shared<LateTarget>());
    std::string text;
    QVERIFY(errorOf([&] { proxy.call("drop"); }, &text) != "none");
    QVERIFY2(text.find("dropped") != std::string::npos, text.c_str());
    QCOMPARE(proxy.call<int>("doubled", 21), 42);
}

QTEST_GUILESS_MAIN(TestDuckTurns)
#include "test_duck_turns.moc"
