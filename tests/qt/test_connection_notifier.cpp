// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>
#include <decoy/qt/connection_notifier.h>
#include <decoy/qt/qfuture.h>

#include <QDir>
#include <QSignalSpy>
#include <QTest>

#include <csignal>
#include <memory>
#include <thread>

using namespace decoy;
using namespace decoy::test;

/// A connection in a Qt event loop.
class TestConnectionNotifier : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void whatFollowsACallRunsInTheEventLoop();
    void aQFutureIsFinishedByTheEventLoop();
    void anErrorIsTheQFuturesException();
    void aDeadServerIsASignalAndEndsAllCalls();
    void noThreadIsStarted();
    void callsThatWaitGoOnBesideTheEventLoop();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

void TestConnectionNotifier::whatFollowsACallRunsInTheEventLoop()
{
    const ServedProcess server;
    const qt::ConnectionNotifier notifier(server.connect());
    const Proxy lab = notifier.connection()["lab"];
    int sum = 0;
    bool isHere = true;
    for (int i = 1; i <= 1000; ++i) {
        lab.callAsync<int>("echo", i)
            .then([&, here = std::this_thread::get_id()](int number) {
                sum += number;
                isHere &= here == std::this_thread::get_id();
            })
            .detach();
    }
    QCOMPARE(sum, 0);
    EVENTUALLY_EQUAL(sum, 500'500);
    QVERIFY(isHere);
}

void TestConnectionNotifier::aQFutureIsFinishedByTheEventLoop()
{
    const ServedProcess server;
    const qt::ConnectionNotifier notifier(server.connect());
    const Proxy lab = notifier.connection()["lab"];
    QFuture<int> number = qt::toQFuture(lab.callAsync<int>("echo", 3));
    QFuture<void> nothing = qt::toQFuture(lab.callAsync<void>("nothing"));
    QString text;
    QFuture<void> chained = qt::toQFuture(lab.callAsync<int>("echo", 4)).then(this, [&text](int result) {
        text = QString::number(result);
    });
    EVENTUALLY(chained.isFinished());
    QCOMPARE(text, QStringLiteral("4"));
    EVENTUALLY(number.isFinished() && nothing.isFinished());
    QCOMPARE(number.result(), 3);
}

void TestConnectionNotifier::anErrorIsTheQFuturesException()
{
    const ServedProcess server;
    const qt::ConnectionNotifier notifier(server.connect());
    QFuture<Value> failed = qt::toQFuture(notifier.connection()["lab"].callAsync("throwInteger"));
    EVENTUALLY(failed.isFinished());
    QCOMPARE(errorOf([&] { (void)failed.result(); }), "RemoteError");
}

void TestConnectionNotifier::aDeadServerIsASignalAndEndsAllCalls()
{
    ServedProcess server;
    const qt::ConnectionNotifier notifier(server.connect());
    QSignalSpy disconnected(&notifier, &qt::ConnectionNotifier::disconnected);
    QFuture<Value> waits = qt::toQFuture(notifier.connection()["lab"].callAsync("waitAt", "never"));
    server.send(SIGKILL);
    EVENTUALLY_EQUAL(disconnected.count(), 1);
    QVERIFY(disconnected[0][0].toString().contains(QStringLiteral("served")));
    QVERIFY(waits.isFinished());
    QCOMPARE(errorOf([&] { (void)waits.result(); }), "PeerDied");
}

void TestConnectionNotifier::noThreadIsStarted()
{
    const ServedProcess server;
    const auto threads = [] {
        return QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
    };
    const auto before = threads();
    const qt::ConnectionNotifier notifier(server.connect());
    QFuture<int> number = qt::toQFuture(notifier.connection()["lab"].callAsync<int>("echo", 1));
    EVENTUALLY(number.isFinished());
    QCOMPARE(threads(), before);
}

void TestConnectionNotifier::callsThatWaitGoOnBesideTheEventLoop()
{
    const ServedProcess server;
    const qt::ConnectionNotifier notifier(server.connect());
    const Proxy lab = notifier.connection()["lab"];
    int followed = 0;
    for (int i = 0; i < 200; ++i) {
        lab.callAsync("nothing").then([&followed](const Value &) { ++followed; }).detach();
        QCOMPARE(lab.call<int>("echo", i), i);
    }
    EVENTUALLY_EQUAL(followed, 200);
}

QTEST_GUILESS_MAIN(TestConnectionNotifier)
#include "test_connection_notifier.moc"
