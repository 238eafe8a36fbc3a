// SPDX-License-Identifier: GPL-3.0-or-later
// More traffic than the monitor wants to take: what is recorded then, how that is counted, and how the window says it.
#include "monitor_fixture.h"
#include "own_settings.h"

#include "mainwindow/window_actions.h"
#include "session/record_settings.h"
#include "trace/frame_budget.h"
#include "trace/traffic_collector.h"
#include "views/record_popover.h"
#include "views/sampling_banner.h"

#include <decoy/connection.h>

#include <QAction>
#include <QCheckBox>
#include <QElapsedTimer>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Captures through a small ring with a small budget, so that a firehose is beyond both on any machine.
void captureLittle(DemoMonitor &monitor, double framesPerSecond)
{
    TrafficCollector &collector = monitor.session->collector();
    collector.setBudget({framesPerSecond, 500});
    collector.start(monitor.server.tap({.ringSize = 64 * 1024}));
}

/// A client that calls as fast as it can, over the server's real lane, for as long as it lives.
class Firehose {
public:
    explicit Firehose(std::string server)
        : m_thread([this, name = std::move(server)] {
              const Proxy counter = decoy::connect(name)["counter"];
              for (; !m_isOver; ++m_calls)
                  (void)counter.get<std::int64_t>("a");
          })
    {}
    ~Firehose() { stop(); }

    std::uint64_t stop()
    {
        m_isOver = true;
        if (m_thread.joinable())
            m_thread.join();
        return m_calls;
    }

private:
    std::atomic<bool> m_isOver = false;
    std::atomic<std::uint64_t> m_calls = 0;
    std::thread m_thread;
};

/// The text button of the banner that sets off an action.
QToolButton *buttonOf(const QWidget &banner, const QAction *action)
{
    const auto buttons = banner.findChildren<QToolButton *>();
    const auto found = std::ranges::find(buttons, action, &QToolButton::defaultAction);
    return found != buttons.end() ? *found : nullptr;
}

} // namespace

class TestSampling : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void aBudgetIsARateAndABurst()
    {
        FrameBudget budget(1000, 500);
        const FrameBudget::Clock::time_point start{1h};
        QCOMPARE(budget.left(start), std::size_t{500}); // the burst is there from the beginning
        budget.spend(500);
        QCOMPARE(budget.left(start), std::size_t{0});
        QCOMPARE(budget.left(start + 100ms), std::size_t{100});
        budget.spend(40);
        QCOMPARE(budget.left(start + 100ms), std::size_t{60});
        QCOMPARE(budget.left(start + 10s), std::size_t{500}); // what is not used is not kept for ever
        QVERIFY(budget.isLimited());

        FrameBudget part = FrameBudget(1000, 500).part(0.4);
        QCOMPARE(part.framesPerSecond(), 400.0);
        QCOMPARE(part.left(start), std::size_t{200});
        QCOMPARE(FrameBudget(1, 1).part(0.1).left(start), std::size_t{1}); // else it would never go on

        FrameBudget endless;
        QVERIFY(!endless.part(0.4).isLimited());
        endless.spend(1'000'000'000);
        QVERIFY(!endless.isLimited() && endless.left(start) > 1'000'000'000);
    }

    void aChangeOfBudgetsIsNoBurstMore()
    {
        const FrameBudget::Clock::time_point start{1h};
        FrameBudget usual = FrameBudget(1000, 500).after({}); // there was none before: all of it is left
        QCOMPARE(usual.left(start), std::size_t{500});
        usual.spend(480);
        FrameBudget sample = usual.part(0.4).after(usual);
        QCOMPARE(sample.left(start), std::size_t{20});
        sample.spend(30);
        QCOMPARE(FrameBudget(1000, 500).after(sample).left(start),
                 std::size_t{0}); // what was taken too much is not forgiven
        QCOMPARE(FrameBudget(1000, 500).after(sample).left(start + 50ms), std::size_t{40});
        QVERIFY(!FrameBudget().after(sample).isLimited());
    }

    void beyondTheBudgetWholeConversationsAreRecordedAndCountsAreExact()
    {
        DemoMonitor monitor({}, false);
        captureLittle(monitor, 500); // a busy machine makes no more than 1000
        TrafficCollector &collector = monitor.session->collector();
        Firehose firehose(monitor.server.name());
        QTRY_VERIFY_WITH_TIMEOUT(collector.isSampling() && collector.counts().captured > 1500, 30'000); // several runs
        const std::uint64_t calls = firehose.stop(); // every one of them was answered
        collector.stop();
        QVERIFY(!collector.isSampling());

        const CaptureCounts counts = collector.counts();
        QVERIFY(counts.dropped > 0);
        QVERIFY(counts.emitted >= 2 * calls);
        QCOMPARE(counts.captured + counts.dropped, counts.emitted);
        const FrameSnapshot frames = monitor.session->frames().snapshot();
        QCOMPARE(frames.endRow(), counts.captured);
        for (Row row = frames.firstRow(); row < frames.endRow(); ++row) {
            const FrameEvent &event = frames.event(row);
            if (event.opcode == static_cast<std::int8_t>(ProxyOpCode::Get)
                || event.opcode == static_cast<std::int8_t>(ProxyOpCode::ExecutionResult))
                QVERIFY2(frames.partner(row) != noRow, qPrintable(u"half a call at row %1"_s.arg(row)));
        }
    }

    void withinTheBudgetNothingIsLostAndNothingIsSaid()
    {
        DemoMonitor monitor;
        {
            const Proxy counter = decoy::connect(monitor.server.name())["counter"];
            for (int i = 0; i < 5000; ++i)
                (void)counter.get<std::int64_t>("a");
        }
        TrafficCollector &collector = monitor.session->collector();
        QTRY_COMPARE(collector.counts().lag(), 0U);
        QCOMPARE(collector.counts().dropped, 0U);
        QVERIFY(!collector.isSampling());
        QVERIFY(!monitor.window->findChild<SamplingBanner *>()->isVisible());
    }

    void whatFitsIntoTheRingWaitsAndIsNotLost()
    {
        DemoMonitor monitor({}, false);
        TrafficCollector &collector = monitor.session->collector();
        collector.setBudget({10, 500});
        {
            const Proxy counter = decoy::connect(monitor.server.name())["counter"];
            for (int i = 0; i < 1000; ++i)
                (void)counter.get<std::int64_t>("a");
        }
        QTRY_VERIFY(collector.counts().emitted >= 2000);
        collector.stop(); // takes what was emitted, within the budget or not
        QCOMPARE(collector.counts().captured, collector.counts().emitted);
    }

    void viewsAreToldLessOftenWhileSampling()
    {
        DemoMonitor monitor({}, false);
        captureLittle(monitor, 100);
        TrafficCollector &collector = monitor.session->collector();
        auto *tick = collector.findChild<QTimer *>();
        QVERIFY(tick);
        const int usual = tick->interval();
        Firehose firehose(monitor.server.name());
        QTRY_VERIFY_WITH_TIMEOUT(collector.isSampling(), 30'000);
        QVERIFY(tick->interval() >= 3 * usual);
        QVERIFY(collector.budget().framesPerSecond() < 100); // nor does it take what it might
        firehose.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!collector.isSampling(), 30'000);
        QCOMPARE(tick->interval(), usual);
        QCOMPARE(collector.budget().framesPerSecond(), 100.0);
    }

    void anOfferWithinTheBudgetEndsSamplingAlthoughASampleIsLess()
    {
        DemoMonitor monitor({}, false);
        captureLittle(monitor, 10);
        TrafficCollector &collector = monitor.session->collector();
        Firehose firehose(monitor.server.name());
        QTRY_VERIFY_WITH_TIMEOUT(collector.isSampling(), 30'000);
        const std::uint64_t before = collector.counts().emitted;
        QElapsedTimer time;
        time.start();
        QTRY_VERIFY_WITH_TIMEOUT(collector.counts().emitted > before + 20'000 && time.elapsed() > 100, 30'000);
        const double offered = 1000.0 * static_cast<double>(collector.counts().emitted - before)
            / static_cast<double>(time.elapsed());
        collector.setBudget({2 * offered, offered}); // a sample of it is 0.8 of what comes
        QVERIFY(collector.isSampling());
        QTRY_VERIFY_WITH_TIMEOUT(!collector.isSampling(), 30'000);
    }

    void theBannerSaysItAndRecordAllEndsItForGood()
    {
        {
            DemoMonitor monitor;
            captureLittle(monitor, 10);
            auto *banner = monitor.window->findChild<SamplingBanner *>();
            QVERIFY(!banner->isVisible());
            Firehose firehose(monitor.server.name());
            QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), 30'000);
            QVERIFY(banner->text().startsWith(u"Sampling: "_s));
            QTRY_VERIFY2(banner->text().contains(u"frames/s are recorded, in whole conversations"_s),
                         qPrintable(banner->text()));
            QToolButton *all = buttonOf(*banner, monitor.window->actions().recordAll);
            QVERIFY(all);
            QCOMPARE(all->text(), u"Record all"_s);
            all->click();
            QVERIFY(!banner->isVisible());
            QVERIFY(!monitor.session->record().samplesUnderLoad());
            const std::uint64_t before = monitor.session->collector().counts().captured;
            QTRY_VERIFY_WITH_TIMEOUT(monitor.session->collector().counts().captured > before + 5000, 30'000);
            QVERIFY(!banner->isVisible());
        }
        DemoMonitor monitor;
        QVERIFY(!monitor.session->record().samplesUnderLoad());
        QVERIFY(!monitor.window->actions().recordAll->isEnabled());
    }

    void thePopoverAndTheMenuTakeItBack()
    {
        DemoMonitor monitor;
        RecordSettings &record = monitor.session->record();
        WindowActions &actions = monitor.window->actions();
        QVERIFY(record.samplesUnderLoad() && actions.sampleUnderLoad->isChecked());
        actions.sampleUnderLoad->trigger();
        QVERIFY(!record.samplesUnderLoad());

        actions.record->trigger();
        auto *popover = monitor.window->findChild<RecordPopover *>();
        QVERIFY(popover->isVisible());
        const auto boxes = popover->findChildren<QCheckBox *>();
        const auto box = std::ranges::find(boxes, u"Sample &under load"_s, &QCheckBox::text);
        QVERIFY(box != boxes.end() && !(*box)->isChecked());
        (*box)->click();
        popover->close();
        QVERIFY(record.samplesUnderLoad() && actions.sampleUnderLoad->isChecked());
        record.setSamplesUnderLoad(false);
        monitor.window->resetLayout();
        QVERIFY(record.samplesUnderLoad());
    }

private:
    const OwnSettings m_settings;
};

QTEST_MAIN(TestSampling)
#include "test_sampling.moc"
