// SPDX-License-Identifier: GPL-3.0-or-later
// The one filter narrows the statistics too: they count the calls of matching frames, as if there were no others.
#include "frame_bytes.h"

#include "session/frame_filter.h"
#include "trace/frame_names.h"
#include "trace/narrowed_statistics.h"
#include "views/statistics_view.h"

#include <decoy/proxy_server.h>

#include <QLabel>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <algorithm>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::int64_t millisecond = 1'000'000;

/// Calls of two clients, counted as they come, and counted again by a filter.
struct Counted {
    Counted() { store.setObserver(&all); }
    ~Counted() { store.setObserver(nullptr); }

    std::uint64_t ask(std::int32_t client, const std::string &method)
    {
        append(frames::request(++m_calls, method), client, 0);
        return m_calls;
    }
    void answer(std::int32_t client, std::uint64_t call, std::int64_t latency, bool failed = false)
    {
        frames::Event event = frames::answer(call);
        if (failed)
            event->flags |= FrameEvent::Failed;
        append(event, client, latency);
    }
    void call(std::int32_t client, const std::string &method, std::int64_t latency = millisecond, bool failed = false)
    {
        answer(client, ask(client, method), latency, failed);
    }
    void narrow(const QString &text)
    {
        QVERIFY(filter.apply(text));
        update();
    }
    void update()
    {
        filter.refresh();
        QTRY_VERIFY(!filter.isRunning());
        QSignalSpy advanced(&narrowed, &NarrowedStatistics::advanced);
        narrowed.follow(store.snapshot(), filter.rows());
        QVERIFY(advanced.wait());
    }
    [[nodiscard]] std::shared_ptr<const StatisticsSnapshot> numbers() const { return narrowed.statistics().snapshot(); }
    [[nodiscard]] std::uint64_t framesCounted() const
    {
        std::uint64_t sum = 0;
        const auto counted = numbers();
        for (const TalkerStatistics &talker : counted->talkers)
            sum += talker.frames;
        return sum;
    }

    FrameStore store;
    FrameNames names;
    TrafficStatistics all;
    FrameFilter filter{store, names};
    NarrowedStatistics narrowed{all};

private:
    void append(frames::Event event, std::int32_t client, std::int64_t latency)
    {
        event->connection = static_cast<std::uint32_t>(client);
        event->process = client;
        event->latency = latency;
        event->sequence = store.endRow();
        event->time = static_cast<std::int64_t>(store.endRow() + 1) * 10 * millisecond;
        event.appendTo(store);
    }

    std::uint64_t m_calls = 0;
};

} // namespace

class TestNarrowedStatistics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutAFilterBothCountTheSame()
    {
        Counted counted;
        for (int i = 1; i <= 20; ++i)
            counted.call(i % 2 == 0 ? 10 : 20, i % 3 == 0 ? "add" : "reset", i * millisecond, i % 5 == 0);
        counted.update();
        const auto all = counted.all.snapshot();
        const auto again = counted.numbers();
        QCOMPARE(again->methods.size(), all->methods.size());
        for (std::size_t i = 0; i < all->methods.size(); ++i) {
            QCOMPARE(again->methods[i].member, all->methods[i].member);
            QCOMPARE(again->methods[i].calls, all->methods[i].calls);
            QCOMPARE(again->methods[i].errors, all->methods[i].errors);
            QCOMPARE(again->methods[i].slowestRow, all->methods[i].slowestRow);
        }
        QCOMPARE(again->seconds, all->seconds);
    }

    void onlyMatchingCallsAreCounted()
    {
        Counted counted;
        counted.call(10, "add", 3 * millisecond);
        counted.call(20, "reset", 5 * millisecond, true);
        counted.call(10, "add", 4 * millisecond, true);
        counted.narrow(u"process == 10"_s);
        const auto numbers = counted.numbers();
        QCOMPARE(numbers->methods.size(), std::size_t(1));
        QCOMPARE(numbers->methods[0].member, std::string("add"));
        QCOMPARE(numbers->methods[0].calls, std::uint64_t(2));
        QCOMPARE(numbers->methods[0].errors, std::uint64_t(1));
        QCOMPARE(numbers->talkers.size(), std::size_t(1));
        QCOMPARE(counted.framesCounted(), std::uint64_t(4));
    }

    void aCallIsWholeThoughOnlyOneOfItsFramesMatches_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::newRow("its request") << u"opcode == EXECUTE && method == \"add\""_s;
        QTest::newRow("its result") << u"latency > 5ms"_s;
    }

    void aCallIsWholeThoughOnlyOneOfItsFramesMatches()
    {
        QFETCH(QString, filter);
        Counted counted;
        counted.call(10, "reset");
        counted.call(10, "add", 7 * millisecond);
        counted.call(10, "reset");
        counted.narrow(filter);
        const auto numbers = counted.numbers();
        QCOMPARE(numbers->methods.size(), std::size_t(1));
        QCOMPARE(numbers->methods[0].calls, std::uint64_t(1));
        QCOMPARE(numbers->methods[0].latency.count(), std::uint64_t(1));
        QCOMPARE(counted.framesCounted(), std::uint64_t(2));
    }

    void callsOfSeveralClientsAtOnceAreToldApart()
    {
        Counted counted;
        const auto first = counted.ask(10, "add");
        const auto second = counted.ask(20, "reset");
        counted.answer(20, second, millisecond);
        counted.answer(10, first, 9 * millisecond);
        counted.narrow(u"method == \"reset\""_s);
        QCOMPARE(counted.numbers()->methods.size(), std::size_t(1));
        QCOMPARE(counted.numbers()->methods[0].latency.max(), millisecond);
    }

    void whatComesLaterIsAddedAndNothingIsCountedTwice()
    {
        Counted counted;
        counted.call(10, "add");
        counted.narrow(u"process == 10"_s);
        counted.call(10, "add");
        counted.call(20, "add");
        counted.update();
        counted.update();
        QCOMPARE(counted.numbers()->methods[0].calls, std::uint64_t(2));
    }

    void anotherFilterCountsFromTheBeginningInAnotherGeneration()
    {
        Counted counted;
        counted.call(10, "add");
        counted.call(20, "reset");
        counted.narrow(u"process == 10"_s);
        const auto before = counted.numbers();
        counted.narrow(u"process == 20"_s);
        const auto after = counted.numbers();
        QVERIFY(before->generation != after->generation);
        QCOMPARE(after->methods.size(), std::size_t(1));
        QCOMPARE(after->methods[0].member, std::string("reset"));
    }

    void typesAreKnownFromWhatWasNotCounted()
    {
        Counted counted;
        ObjectInfo counter;
        counter.id = 1;
        counter.type = "Counter";
        counted.all.learnObjects({counter});
        counted.call(10, "add");
        counted.narrow(u"process == 10"_s);
        QCOMPARE(counted.numbers()->methods[0].type, std::string("Counter"));
    }

    void theViewCountsWhatTheFilterLeavesAndSaysWhenThatIsNothing()
    {
        Counted counted;
        counted.call(10, "add");
        counted.call(20, "reset");
        StatisticsView view(counted.all, counted.names);
        view.resize(900, 600);
        view.show();
        QCOMPARE(view.methods()->model()->rowCount(), 2);
        const auto narrow = [&](const QString &text) {
            QVERIFY(counted.filter.apply(text));
            QTRY_VERIFY(!counted.filter.isRunning());
            view.setMatches(counted.store, counted.filter.rows());
        };
        narrow(u"process == 10"_s);
        QTRY_COMPARE(view.methods()->model()->rowCount(), 1);
        narrow(u"process == 77"_s);
        const QList<QLabel *> labels = view.findChildren<QLabel *>();
        const auto says = [&labels](const QString &text) {
            return std::ranges::any_of(
                labels, [&text](const QLabel *label) { return label->isVisible() && label->text() == text; });
        };
        QTRY_VERIFY(says(u"No call matches the filter"_s));
        narrow({});
        QTRY_COMPARE(view.methods()->model()->rowCount(), 2);
        QVERIFY(!says(u"No call matches the filter"_s));
    }
};

QTEST_MAIN(TestNarrowedStatistics)
#include "test_narrowed_statistics.moc"
