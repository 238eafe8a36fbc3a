// SPDX-License-Identifier: BSD-3-Clause
#include "support/process.h"

#include <decoy/duck.h>
#include <decoy/proxy_server.h>
#include <decoy/qt/qobject_target.h>

#include <QObject>
#include <QTest>
#include <QThread>

#include <atomic>
#include <thread>
#include <vector>

using namespace decoy;

namespace {

class Counter : public QObject {
    Q_OBJECT
    Q_PROPERTY(int value MEMBER value)
public:
    Q_INVOKABLE int add(int number) { return value += number; }
    Q_INVOKABLE int echo(int number) { return number; }
    Q_INVOKABLE QObject *part() { return &m_part; }
    Q_INVOKABLE bool runsHere() { return thread() == QThread::currentThread(); }
    int value = 0;

private:
    QObject m_part;
};

} // namespace

/// QObjects behind mailboxes: answered later, by the event loop of their own thread.
class TestQObjectMailbox : public QObject {
    Q_OBJECT

private slots:
    void theObjectsThreadAnswersThroughTheMailbox();
    void manyMailboxesOfOneObjectGetTheirOwnAnswers();
    void aDestroyedObjectIsAnError();
};

namespace {

/// An object in a thread of its own, and a server.
struct Served {
    Served() : server("mailbox")
    {
        counter = new Counter;
        counter->moveToThread(&thread);
        QObject::connect(&thread, &QThread::finished, counter, &QObject::deleteLater);
        thread.start();
        server.run();
    }
    ~Served()
    {
        thread.quit();
        thread.wait();
        server.stop();
    }
    test::RuntimeDirectory runtime;
    ProxyServer server;
    QThread thread;
    Counter *counter = nullptr;
};

} // namespace

void TestQObjectMailbox::theObjectsThreadAnswersThroughTheMailbox()
{
    Served here;
    const Proxy counter = here.server.createProxy(qobjectTarget(here.counter));
    QCOMPARE(counter.call<int>("add", 5), 5);
    QCOMPARE(counter.get<int>("value"), 5);
    counter.set("value", 7);
    QCOMPARE(counter.call<int>("add", 1), 8);
    QVERIFY(counter.call<bool>("runsHere"));
    QCOMPARE(counter.call<Proxy>("part").level(), 1);
    QVERIFY_THROWS_EXCEPTION(ProxyError, counter.call("subtract", 1));
}

void TestQObjectMailbox::manyMailboxesOfOneObjectGetTheirOwnAnswers()
{
    Served here;
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int client = 0; client < 6; ++client) {
        threads.emplace_back([&right, client, counter = here.server.createProxy(qobjectTarget(here.counter))] {
            for (int i = 0; i < 100; ++i)
                right += counter.call<int>("echo", client * 1000 + i) == client * 1000 + i ? 1 : 0;
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(right.load(), 600);
}

void TestQObjectMailbox::aDestroyedObjectIsAnError()
{
    Served here;
    const Proxy counter = here.server.createProxy(qobjectTarget(here.counter));
    QCOMPARE(counter.call<int>("echo", 1), 1);
    here.thread.quit();
    here.thread.wait();
    QVERIFY_THROWS_EXCEPTION(ProxyError, counter.call("echo", 1));
}

QTEST_GUILESS_MAIN(TestQObjectMailbox)
#include "test_qobject_mailbox.moc"
