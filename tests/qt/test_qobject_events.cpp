// SPDX-License-Identifier: BSD-3-Clause
#include "support/process.h"

#include <decoy/connection.h>
#include <decoy/qt/qobject_target.h>
#include <decoy/subscription.h>

#include <QTest>
#include <QThread>

#include <memory>

using namespace decoy;
using namespace std::chrono_literals;

namespace {

/// Tells when it is told to.
class Ticker : public QObject {
    Q_OBJECT
    Q_CLASSINFO("doc:ticked", "At each tick.")
    Q_PROPERTY(int value READ value NOTIFY ticked)
    Q_PROPERTY(int quiet READ value)

public:
    [[nodiscard]] int value() const { return m_value; }
    Q_INVOKABLE void tick(int times)
    {
        for (int i = 0; i < times; ++i)
            Q_EMIT ticked(++m_value, QStringLiteral("tick"));
    }
    Q_INVOKABLE void tellOfItself() { Q_EMIT met(this); }
    Q_INVOKABLE bool isHeard() const { return isSignalConnected(QMetaMethod::fromSignal(&Ticker::ticked)); }

Q_SIGNALS:
    void ticked(int value, const QString &text = {});
    void met(QObject *other);

private:
    int m_value = 0;
};

} // namespace

/// Signals of a QObject that lives in a thread of its own, as events.
class TestQObjectEvents : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void signalsAreDescribedAsEvents();
    void aSignalIsAnEvent();
    void aPropertyIsWatchedByItsSignal();
    void anArgumentWithoutAFormIsNone();
    void theSignalIsConnectedOnlyWhileSomebodyListens();
    void aDestroyedObjectEndsTheSubscription();
    void whatHasNoSignalCannotBeWatched();

private:
    void processUntil(const std::function<bool()> &condition) const
    {
        while (!condition() && m_connection->process(60s)) {}
    }

    std::unique_ptr<test::RuntimeDirectory> m_runtime;
    std::unique_ptr<QThread> m_thread;
    Ticker *m_ticker = nullptr; // destroyed in its thread
    std::unique_ptr<ProxyServer> m_server;
    std::optional<Connection> m_connection;
    Proxy m_proxy;
};

void TestQObjectEvents::init()
{
    m_runtime = std::make_unique<test::RuntimeDirectory>();
    m_thread = std::make_unique<QThread>();
    m_ticker = new Ticker;
    m_ticker->moveToThread(m_thread.get());
    connect(m_thread.get(), &QThread::finished, m_ticker, &QObject::deleteLater);
    m_thread->start();
    m_server = std::make_unique<ProxyServer>("ticking");
    publish(*m_server, "ticker", m_ticker);
    m_server->run();
    m_connection = decoy::connect("ticking");
    m_proxy = (*m_connection)["ticker"];
}

void TestQObjectEvents::cleanup()
{
    m_proxy = {};
    m_connection.reset();
    m_server.reset();
    m_thread->quit();
    m_thread->wait();
    m_thread.reset();
    m_runtime.reset();
}

void TestQObjectEvents::signalsAreDescribedAsEvents()
{
    const Description description = m_proxy.describe();
    QCOMPARE(description.events.size(), 2U);
    QCOMPARE(description.event("ticked")->signature(), std::string("ticked(value: int, text: str)"));
    QCOMPARE(description.event("ticked")->doc, std::string("At each tick."));
    QCOMPARE(description.attribute("value")->notifiedBy, std::string("ticked"));
    QCOMPARE(description.attribute("quiet")->notifiedBy, std::string());
}

void TestQObjectEvents::aSignalIsAnEvent()
{
    int sum = 0;
    const Subscription subscription = m_proxy.subscribe("ticked", [&](int value, const std::string &text) {
        sum += value;
        QCOMPARE(text, std::string("tick"));
    });
    m_proxy.call("tick", 100);
    processUntil([&] { return subscription.received() == 100; });
    QCOMPARE(sum, 5050);
}

void TestQObjectEvents::aPropertyIsWatchedByItsSignal()
{
    int seen = 0;
    const Subscription subscription = m_proxy.subscribe("value", [&] { seen = m_proxy.get<int>("value"); });
    m_proxy.call("tick", 3);
    processUntil([&] { return subscription.received() == 3; });
    QCOMPARE(seen, 3);
}

void TestQObjectEvents::anArgumentWithoutAFormIsNone()
{
    Value seen(7);
    const Subscription subscription = m_proxy.subscribe("met",
                                                        [&](const ReceivedEvent &event) { seen = event.argument(0); });
    m_proxy.call("tellOfItself");
    processUntil([&] { return subscription.received() == 1; });
    QVERIFY(seen.isNone());
}

void TestQObjectEvents::theSignalIsConnectedOnlyWhileSomebodyListens()
{
    QVERIFY(!m_proxy.call<bool>("isHeard"));
    Subscription one = m_proxy.subscribe("ticked", [] {});
    Subscription two = m_proxy.subscribe("value", [] {});
    QVERIFY(m_proxy.call<bool>("isHeard"));
    one.unsubscribe();
    two.unsubscribe();
    QTRY_VERIFY_WITH_TIMEOUT(!m_proxy.call<bool>("isHeard"), 60'000);
}

void TestQObjectEvents::aDestroyedObjectEndsTheSubscription()
{
    const Subscription subscription = m_proxy.subscribe("ticked", [] {});
    m_proxy.call("tick", 1);
    m_ticker->deleteLater();
    processUntil([&] { return !subscription.isActive() && subscription.received() == 1; });
    QCOMPARE(subscription.reason()->kind, ErrorKind::ProxyObjectNotFound);
    QCOMPARE(subscription.received(), 1U);
}

void TestQObjectEvents::whatHasNoSignalCannotBeWatched()
{
    QVERIFY_EXCEPTION_THROWN((void)m_proxy.subscribe("quiet", [] {}), AttributeNotFound);
    QVERIFY_EXCEPTION_THROWN((void)m_proxy.subscribe("tick", [] {}), AttributeNotFound);
    QVERIFY_EXCEPTION_THROWN((void)m_proxy.subscribe("destroyed", [] {}), AttributeNotFound);
}

QTEST_GUILESS_MAIN(TestQObjectEvents)
#include "test_qobject_events.moc"
