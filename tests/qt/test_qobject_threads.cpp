// SPDX-License-Identifier: BSD-3-Clause
#include "heating_server.h"
#include "support/process.h"

#include <decoy/connection.h>
#include <decoy/error.h>
#include <decoy/qt/qobject_target.h>

#include <QCoreApplication>
#include <QTest>
#include <QThread>

#include <cstdint>
#include <functional>
#include <memory>
#include <semaphore>
#include <stdexcept>
#include <vector>

namespace {

using namespace decoy;
using namespace decoy::test;

/// Knows which thread it is called in.
class Heater : public QObject {
    Q_OBJECT
    Q_PROPERTY(int level MEMBER level)

public:
    Q_INVOKABLE int add(int first, int second = 10, int third = 100) { return first + second + third; }
    Q_INVOKABLE bool runsIn(qulonglong thread)
    {
        return thread == reinterpret_cast<qulonglong>(QThread::currentThread());
    }

    int level = 1;

public slots:
    void reset() { level = 0; }
};

/// Destroys another object of its thread, but only when told to.
class Destroyer : public QObject {
    Q_OBJECT
public:
    std::function<void()> destroy;
    std::binary_semaphore begun{0};
    std::binary_semaphore mayGoOn{0};

    Q_INVOKABLE void run()
    {
        begun.release();
        mayGoOn.acquire();
        destroy();
    }
};

using Fixture = HeatingServer<Heater>;

} // namespace

/// In which thread a QObject's calls run, and what becomes of them when it is destroyed.
class TestQObjectThreads : public QObject {
    Q_OBJECT

    RuntimeDirectory m_runtime;

private slots:
    void everythingRunsInTheObjectsOwnThread()
    {
        QThread worker;
        auto *const heater = new Heater;
        QObject::connect(&worker, &QThread::finished, heater, &QObject::deleteLater);
        heater->moveToThread(&worker);
        worker.start();
        ProxyServer server("heating");
        publish(server, "heater", heater);
        server.run();
        const Proxy proxy = decoy::connect("heating")["heater"];
        // The worker's loop answers: this thread may wait.
        QVERIFY(proxy.call<bool>("runsIn", reinterpret_cast<qulonglong>(&worker)));
        QMetaObject::invokeMethod(
            heater, [heater] { heater->moveToThread(QCoreApplication::instance()->thread()); },
            Qt::BlockingQueuedConnection);
        runClient([&] {
            if (!proxy.call<bool>("runsIn", reinterpret_cast<qulonglong>(QCoreApplication::instance()->thread())))
                throw std::logic_error("calls did not move with the object");
        });
        delete heater;
        worker.quit();
        worker.wait();
    }

    void aDestroyedObjectIsReportedAsGone()
    {
        Fixture heating;
        heating.heater.reset();
        const QString gone = "ProxyObjectNotFound: the object was destroyed";
        QCOMPARE(errorOf([&] { static_cast<void>(heating.proxy.get("level")); }), gone);
        QCOMPARE(errorOf([&] { heating.proxy.set("level", 1); }), gone);
        QCOMPARE(errorOf([&] { heating.proxy.call("reset"); }), gone);
        QCOMPARE(errorOf([&] { heating.proxy.call("no"); }), "AttributeNotFound: Heater has no method 'no'");
    }

    void aCallThatWaitsWhenItsObjectIsDestroyedIsAnswered()
    {
        QThread worker;
        auto *const heater = new Heater;
        Destroyer destroyer;
        destroyer.destroy = [heater] { delete heater; };
        heater->moveToThread(&worker);
        destroyer.moveToThread(&worker);
        worker.start();
        ProxyServer server("heating");
        publish(server, "heater", heater);
        publish(server, "destroyer", &destroyer);
        server.run();
        const Connection connection = decoy::connect("heating");
        const std::unique_ptr<QThread> first(QThread::create([&] { connection["destroyer"].call("run"); }));
        first->start();
        destroyer.begun.acquire(); // the object's thread is busy from here on
        QString error;
        const std::unique_ptr<QThread> second(QThread::create([&] {
            try {
                connection["heater"].call("reset");
            } catch (const ProxyObjectNotFound &failure) {
                error = QString::fromUtf8(failure.what());
            }
        }));
        second->start();
        QTRY_COMPARE(server.objects().front().calls, std::uint64_t{1});
        destroyer.mayGoOn.release();
        QVERIFY(first->wait() && second->wait());
        QCOMPARE(error, "the object was destroyed");
        worker.quit();
        worker.wait();
    }

    void everyCallThatRacesWithDestructionIsAnswered()
    {
        QThread worker;
        worker.start();
        ProxyServer server("heating");
        server.run();
        const Connection connection = decoy::connect("heating");
        for (int round = 0; round < 50; ++round) {
            auto *const heater = new Heater;
            heater->moveToThread(&worker);
            publish(server, "heater", heater);
            const Proxy proxy = connection["heater"];
            std::vector<std::unique_ptr<QThread>> clients;
            std::counting_semaphore<> answered(0);
            for (int client = 0; client < 2; ++client) {
                clients.emplace_back(QThread::create([&] {
                    try {
                        for (;;) {
                            proxy.call("add", 1);
                            answered.release();
                        }
                    } catch (const ProxyObjectNotFound &) {
                        answered.release();
                    }
                }));
                clients.back()->start();
            }
            answered.acquire(); // they are at it
            QMetaObject::invokeMethod(
                heater, [heater] { delete heater; }, Qt::QueuedConnection);
            for (const auto &client : clients)
                QVERIFY(client->wait());
            QVERIFY(server.withdraw("heater"));
        }
        worker.quit();
        worker.wait();
    }
};

QTEST_GUILESS_MAIN(TestQObjectThreads)
#include "test_qobject_threads.moc"
