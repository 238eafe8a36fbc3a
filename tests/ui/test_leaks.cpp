// SPDX-License-Identifier: GPL-3.0-or-later
// What clients hold and do not give back: found in the books of real servers, without any frame, and shown with advice.
#include "monitor_fixture.h"
#include "own_settings.h"

#include "models/problem_model.h"
#include "session/held_books.h"
#include "session/server_links.h"
#include "session/worker.h"
#include "session/worker_pool.h"
#include "trace/traffic_statistics.h"
#include "views/problems_panel.h"

#include <decoy/connection.h>

#include <QAction>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <algorithm>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::int32_t client = 4711;

HeldObjects held(std::uint64_t references, std::string type = "Node", std::uint32_t connection = 5)
{
    return {client, connection, std::move(type), references, references, 1'000'000'000, {12, 13}};
}

/// Looks at a row that has these numbers of references, one after the other.
LeakFinder afterLooks(const std::vector<std::uint64_t> &numbers, LeakOptions options = {})
{
    LeakFinder finder(options);
    for (const std::uint64_t number : numbers)
        finder.look({held(number)});
    return finder;
}

std::vector<std::uint64_t> growing(std::uint64_t from, std::uint64_t step, int looks)
{
    std::vector<std::uint64_t> numbers;
    for (int look = 0; look < looks; ++look)
        numbers.push_back(from + static_cast<std::uint64_t>(look) * step);
    return numbers;
}

/// Two servers of this process: one as if it were the monitor's, one as if it were another process's. No frame is captured.
struct Books {
    Books()
    {
        for (ProxyServer *server : {&local, &remote}) {
            (server == &local ? localObjects : remoteObjects).publish(*server);
            server->run();
        }
    }
    ~Books()
    {
        links.closeAll();
        localObjects.close();
        remoteObjects.close();
        local.stop();
        remote.stop();
    }
    /// As ObjectWatcher finds them.
    [[nodiscard]] std::vector<ServerSnapshot> servers(bool withRemote = true) const
    {
        ServerSnapshot here;
        here.name = QString::fromStdString(local.name());
        here.isLocal = true;
        here.state = ServerSnapshot::State::Live;
        here.connections = local.connections();
        ServerSnapshot there;
        there.name = QString::fromStdString(remote.name());
        there.state = ServerSnapshot::State::Live;
        return withRemote ? std::vector{here, there} : std::vector{here};
    }
    static HeldBooksOptions options()
    {
        HeldBooksOptions options;
        options.leaks.ownProcess = -1; // the clients are in this process too
        options.localPause = options.remotePause = 0;
        options.longestRemotePause = 0;
        options.pausePerLook = 0;
        return options;
    }
    /// One more look of each, after the client has been given so many proxies more.
    [[nodiscard]] bool lookAfter(std::vector<Proxy> &kept, const Proxy &node, int proxies, bool withRemote = true)
    {
        for (int i = 0; i < proxies; ++i)
            kept.push_back(node.call<Proxy>("child"));
        const quint64 wanted = books.looks() + 1;
        return QTest::qWaitFor([&] {
            books.follow(servers(withRemote));
            return books.looks() >= wanted + (withRemote ? 1 : 0);
        });
    }

    demo::DemoObjects localObjects;
    demo::DemoObjects remoteObjects;
    ProxyServer local{DemoMonitor::freshName()};
    ProxyServer remote{DemoMonitor::freshName()};
    TrafficStatistics statistics;
    ServerLinks links;
    HeldBooks books{local, links, statistics, options()};
};

} // namespace

class TestLeaks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void aRowThatOnlyGrowsIsALeak()
    {
        QVERIFY(afterLooks(growing(100, 20, 8)).leaks().empty()); // seven times more than before
        const LeakFinder finder = afterLooks(growing(100, 20, 9));
        QCOMPARE(finder.leaks().size(), std::size_t{1});
        const Problem &leak = finder.leaks().front();
        QCOMPARE(leak.process, client);
        QCOMPARE(leak.connection, 5U);
        QCOMPARE(leak.type, "Node");
        QCOMPARE(leak.count, 260U);
        QCOMPARE(leak.limit, 100);
        QCOMPARE(leak.object, 12U);
        QCOMPARE(leak.since, 1'000'000'000);
    }

    void whoWorksWithManyObjectsOrGivesThemBackDoesNotLeak()
    {
        QVERIFY(afterLooks(growing(0, 5, 10)).leaks().empty());       // few
        QVERIFY(afterLooks(growing(10'000, 60, 20)).leaks().empty()); // noise on many
        std::vector<std::uint64_t> sawtooth;
        for (int tooth = 0; tooth < 4; ++tooth) {
            for (const std::uint64_t number : growing(0, 100, 7))
                sawtooth.push_back(number);
        }
        QVERIFY(afterLooks(sawtooth).leaks().empty());
        QVERIFY(afterLooks(growing(100, 20, 20), {.ownProcess = client}).leaks().empty()); // what the person opened
    }

    void aLeakIsToldForAsLongAsItIsHeldAndNoLonger()
    {
        std::vector<std::uint64_t> numbers = growing(100, 20, 9);
        numbers.insert(numbers.end(), 5, 260); // it grows no more, but who leaks still has them
        QCOMPARE(afterLooks(numbers).leaks().size(), std::size_t{1});
        numbers.push_back(255); // something else went
        QCOMPARE(afterLooks(numbers).leaks().size(), std::size_t{1});
        numbers.push_back(10);
        QVERIFY(afterLooks(numbers).leaks().empty());
        LeakFinder finder = afterLooks(growing(100, 20, 9));
        QVERIFY(finder.look({})); // its client has ended
        QVERIFY(finder.leaks().empty());
        QVERIFY(!finder.look({}));
    }

    void typesAndClientsAreToldApartTheLargestFirst()
    {
        LeakFinder finder({}, "elsewhere");
        for (const std::uint64_t number : growing(100, 20, 9))
            finder.look({held(number), held(2 * number, "Order"), held(3 * number, "Node", 6), held(7, "Steady")});
        QCOMPARE(finder.leaks().size(), std::size_t{3});
        QCOMPARE(finder.leaks()[0].connection, 6U);
        QCOMPARE(finder.leaks()[1].type, "Order");
        QCOMPARE(finder.leaks()[2].server, "elsewhere");
        for (std::size_t i = 1; i < 3; ++i)
            QVERIFY(!finder.leaks()[i].isSameAs(finder.leaks()[i - 1]));
    }

    void aServerCannotMakeItRememberWithoutEnd()
    {
        std::vector<HeldObjects> rows;
        for (std::uint32_t row = 0; row < 3 * LeakFinder::mostRows; ++row)
            rows.push_back(held(1000, "Node", row));
        LeakFinder finder({.leastGrowth = 1, .growthFactor = 1, .looks = 1});
        finder.look(rows);
        for (HeldObjects &row : rows)
            row.references = 2000;
        finder.look(rows);
        QCOMPARE(finder.leaks().size(), LeakFinder::mostRows);
    }

    void leaksOfTheOwnServerAndOfAnotherAreFoundWithoutAnyFrame()
    {
        Books bench;
        const Proxy here = decoy::connect(bench.local.name())["node"];
        const Proxy there = decoy::connect(bench.remote.name())["node"];
        QSignalSpy changes(&bench.books, &HeldBooks::leaksChanged);
        std::vector<Proxy> kept;
        std::vector<Proxy> keptThere;
        for (int look = 0; look < 12; ++look) {
            for (int i = 0; i < 30; ++i)
                keptThere.push_back(there.call<Proxy>("child"));
            QVERIFY(bench.lookAfter(kept, here, 30));
        }
        QTRY_COMPARE(bench.books.leaks().size(), std::size_t{2});
        QVERIFY(changes.count() > 0);
        const std::vector<Problem> leaks = bench.books.leaks();
        const auto ofOther = std::ranges::find(leaks, bench.remote.name(), &Problem::server);
        QVERIFY(ofOther != leaks.end());
        QCOMPARE(ofOther->type, "Node");
        QCOMPARE(ofOther->process, static_cast<std::int32_t>(QCoreApplication::applicationPid()));
        const auto own = std::ranges::find(leaks, std::string(), &Problem::server);
        QCOMPARE(own->frame, noRow); // nothing was captured
        const ProblemText text = describeProblem(*own, {});
        QVERIFY2(text.title.contains(u"Node"_s) && text.title.contains(groupedNumber(own->count)),
                 qPrintable(text.title));
        static const QRegularExpression timeOfDay(u"handed out at \\d\\d:\\d\\d:\\d\\d\\. "_s);
        QVERIFY2(text.why.contains(timeOfDay), qPrintable(text.why));
        QVERIFY(describeProblem(*ofOther, {}).title.contains(QString::fromStdString(bench.remote.name())));

        kept.clear();
        bench.books.follow(bench.servers(false)); // the other one is detached
        const auto isOver = [&bench] {
            bench.books.follow(bench.servers(false));
            return bench.books.leaks().empty();
        };
        QTRY_VERIFY(isOver());
    }

    void whileNothingChangesNobodyLooks()
    {
        Books bench;
        const Connection connection = decoy::connect(bench.local.name());
        const Proxy node = connection["node"];
        bench.books.follow(bench.servers(false));
        QCOMPARE(bench.books.looks(), 0U); // who holds next to nothing leaks nothing
        std::vector<Proxy> kept;
        QVERIFY(bench.lookAfter(kept, node, 100, false));
        const quint64 looks = bench.books.looks();
        for (int tick = 0; tick < 20; ++tick) {
            (void)node.get<std::int64_t>("depth");
            bench.books.follow(bench.servers(false));
            QCoreApplication::processEvents();
        }
        QCOMPARE(bench.books.looks(), looks);
    }

    void aWorkerThatHoardsIsShownWithAdviceAndItsOldestObject()
    {
        DemoMonitor monitor;
        QTRY_VERIFY(monitor.knows(u"node"_s));
        Worker *worker = monitor.session->workers().start(u"hoarder"_s);
        ProblemsPanel &panel = *monitor.window->problems();
        const auto leakRow = [&panel] {
            const auto *model = qobject_cast<ProblemModel *>(panel.table()->model());
            for (int row = 0; row < model->rowCount(); ++row) {
                if (model->problem(row).kind == ProblemKind::LeakedProxies)
                    return row;
            }
            return -1;
        };
        QTRY_VERIFY_WITH_TIMEOUT(leakRow() >= 0, 60'000);
        panel.table()->selectRow(leakRow());
        const QString title = panel.table()->model()->index(leakRow(), ProblemModel::Title).data().toString();
        QVERIFY2(title.startsWith(u"hoarder "_s) && title.contains(u"Node"_s), qPrintable(title));
        QVERIFY2(panel.advice().contains(u"never emptied"_s), qPrintable(panel.advice()));
        const auto actions = panel.table()->actions();
        const auto show = std::ranges::find(actions, u"Show the oldest object"_s, &QAction::text);
        QVERIFY(show != actions.end() && (*show)->isEnabled());
        (*show)->trigger();
        const ObjectInfo *oldest = monitor.session->objects().object(monitor.session->selection().object());
        QVERIFY(oldest);
        QCOMPARE(oldest->type, "Node");
        worker->kill();
        QTRY_COMPARE_WITH_TIMEOUT(leakRow(), -1, 30'000);
    }

private:
    const OwnSettings m_settings;
};

QTEST_MAIN(TestLeaks)
#include "test_leaks.moc"
