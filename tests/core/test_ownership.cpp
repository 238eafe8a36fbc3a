// SPDX-License-Identifier: BSD-3-Clause
#include "support/process.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <atomic>
#include <future>
#include <memory>
#include <thread>

using namespace decoy;
using namespace decoy::test;

namespace {

/// Says whether two calls were ever in it at once.
class Guarded {
public:
    void work()
    {
        if (m_inside.fetch_add(1) != 0)
            overlapped = true;
        std::this_thread::yield();
        m_inside.fetch_sub(1);
    }
    std::atomic<bool> overlapped{false};

private:
    std::atomic<int> m_inside{0};
};

struct Ledger {
    Guarded *guarded;
    void touch() { guarded->work(); }
};

struct Book {
    Guarded guarded;
    Ledger ledger{&guarded};
    std::string title = "empty";
    void touch() { guarded.work(); }
    Ledger &openLedger() { return ledger; }
};

struct Point {
    int x;
    int y;
    MSGPACK_DEFINE(x, y)
};

struct Plane {
    int sum(const Point &point) { return point.x + point.y; }
};

void bindAll(ProxyServer &server)
{
    server.bind(Class<Ledger>("Ledger").method("touch", &Ledger::touch));
    server.bind(Class<Book>("Book")
                    .property("title", &Book::title)
                    .method("touch", &Book::touch)
                    .method("ledger", &Book::openLedger));
    server.bind(Class<Plane>("Plane").method("sum", &Plane::sum, arg("point")));
}

} // namespace

/// What belongs together, on both sides of the wire.
class TestOwnership : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_runtime = std::make_unique<RuntimeDirectory>();
        m_server = std::make_unique<ProxyServer>("ownership");
        bindAll(*m_server);
        m_server->run();
    }
    void cleanup()
    {
        m_server.reset();
        m_runtime.reset();
    }

    void withdrawingAnObjectTakesThePartsThatItHandedOut();
    void aWithdrawnObjectCanBePublishedAgain();
    void aPartThatIsPublishedItselfOutlivesTheName();
    void anObjectAndItsPartsTakeTurns();
    void aLookUpNeverServesWhatWasJustWithdrawn();
    void anAttributeCanBeCopiedFromOneProxyToAnother();
    void aStructThatCameTooShortHasNoLeftovers();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
    std::unique_ptr<ProxyServer> m_server;
};

void TestOwnership::withdrawingAnObjectTakesThePartsThatItHandedOut()
{
    auto book = std::make_unique<Book>();
    m_server->publish("book", *book);
    const Proxy ledger = decoy::connect("ownership")["book"].call<Proxy>("ledger");
    ledger.call<void>("touch");
    QVERIFY(m_server->withdraw("book"));
    book.reset(); // nothing may touch it from here on
    QCOMPARE(errorOf([&] { ledger.call<void>("touch"); }), QByteArray("ProxyObjectNotFound"));
    QVERIFY(m_server->objects().empty());
}

void TestOwnership::aWithdrawnObjectCanBePublishedAgain()
{
    const auto book = std::make_shared<Book>();
    const Connection connection = decoy::connect("ownership");
    const std::uint64_t first = m_server->publish("book", book);
    const Proxy before = connection["book"];
    QVERIFY(m_server->withdraw("book"));
    const std::uint64_t second = m_server->publish("book", book);
    QVERIFY(second != first);
    QCOMPARE(connection["book"].get<std::string>("title"), std::string("empty"));
    QCOMPARE(errorOf([&] { (void)before.get("title"); }), QByteArray("ProxyObjectNotFound"));
}

void TestOwnership::aPartThatIsPublishedItselfOutlivesTheName()
{
    const auto book = std::make_shared<Book>();
    m_server->publish("book", book);
    m_server->publish("ledger", std::shared_ptr<Ledger>(book, &book->ledger));
    const Connection connection = decoy::connect("ownership");
    const Proxy whole = connection["book"];
    QVERIFY(m_server->withdraw("book"));
    connection["ledger"].call<void>("touch");
    QCOMPARE(errorOf([&] { whole.call<void>("touch"); }), QByteArray("ProxyObjectNotFound"));
}

void TestOwnership::anObjectAndItsPartsTakeTurns()
{
    Book book;
    m_server->publish("book", book);
    const Proxy whole = decoy::connect("ownership")["book"];
    const Proxy part = decoy::connect("ownership")["book"].call<Proxy>("ledger");
    constexpr int rounds = 500;
    const auto touch = [](const Proxy &proxy) {
        for (int i = 0; i < rounds; ++i)
            proxy.call<void>("touch");
    };
    auto other = std::async(std::launch::async, touch, part);
    touch(whole);
    other.get();
    QVERIFY(!book.guarded.overlapped);
    m_server->withdraw("book");
}

void TestOwnership::aLookUpNeverServesWhatWasJustWithdrawn()
{
    const Connection connection = decoy::connect("ownership");
    std::atomic<bool> isOver{false};
    auto client = std::async(std::launch::async, [&] {
        while (!isOver) {
            try {
                connection["book"].call<void>("touch"); // asan sees it if the book is gone
            } catch (const ProxyObjectNotFound &) {
                // Between two books.
            }
        }
    });
    for (int i = 0; i < 300; ++i) {
        auto book = std::make_unique<Book>();
        m_server->publish("book", *book);
        QVERIFY(m_server->withdraw("book"));
    }
    isOver = true;
    client.get();
}

void TestOwnership::anAttributeCanBeCopiedFromOneProxyToAnother()
{
    Book first;
    Book second;
    first.title = "Ada";
    m_server->publish("first", first);
    m_server->publish("second", second);
    const Connection connection = decoy::connect("ownership");
    connection["second"]["title"] = connection["first"]["title"];
    QCOMPARE(connection["second"].get<std::string>("title"), std::string("Ada"));
    m_server->withdraw("first");
    m_server->withdraw("second");
}

void TestOwnership::aStructThatCameTooShortHasNoLeftovers()
{
    Plane plane;
    m_server->publish("plane", plane);
    const Proxy proxy = decoy::connect("ownership")["plane"];
    QCOMPARE(proxy.call<int>("sum", std::vector<int>{3, 4}), 7);
    QCOMPARE(proxy.call<int>("sum", std::vector<int>{3}), 3);
    QCOMPARE(proxy.call<int>("sum", std::vector<int>{}), 0);
    m_server->withdraw("plane");
}

QTEST_GUILESS_MAIN(TestOwnership)
#include "test_ownership.moc"
