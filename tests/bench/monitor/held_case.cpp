// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor_under_test.h"

#include "generated_traffic.h"
#include "report.h"

#include "session/frame_filter.h"
#include "views/traffic_view.h"

#include <QCoreApplication>
#include <QScrollBar>

#include <array>
#include <cstdio>
#include <functional>
#include <random>
#include <stdexcept>

namespace decoy::bench {

namespace {

constexpr int places = 100;
constexpr double longestSeconds = 120;

/// What a person who looks for something asks; each costs something else.
constexpr std::array filters{
    "opcode == EXECUTE",                 // the record alone
    "error",                             // few rows
    "method ~ \"calc\"",                 // the bytes, decoded
    "latency > 10us",                    // the answer of a request
    "object == \"nothing of this name\"" // no row at all
};

class HeldCase {
public:
    explicit HeldCase(const MonitorOptions &options) : m_options(options), m_monitor(*m_server, options) {}

    void run()
    {
        fill();
        for (const char *filter : filters)
            applyFilter(QString::fromUtf8(filter));
        m_monitor.session().filter().clear();
        measureEach("scroll", [this] { scrollAnywhere(); });
        measureEach("select", [this] { selectAnything(); });
        measureEach("tabs", [this] { switchTab(); });
        clear();
    }

private:
    [[nodiscard]] ui::Session &session() { return m_monitor.session(); }

    JsonLine line(const char *phase)
    {
        JsonLine line;
        line.add("case", "held")
            .add("phase", phase)
            .add("source", "generated")
            .add("frames", session().frames().snapshot().size());
        return line;
    }

    void fill()
    {
        const Period period;
        session().collector().start(std::make_unique<BottomlessTap>(m_options.frames));
        if (!runEventLoopUntil([this] { return session().collector().counts().captured == m_options.frames; },
                               longestSeconds))
            throw std::runtime_error("the store did not fill up");
        const double seconds = period.seconds();
        runEventLoop(1); // the views catch up
        const ui::FrameStorage storage = session().frames().storage();
        line("fill")
            .add("seconds", seconds)
            .add("frames_per_s", static_cast<double>(m_options.frames) / seconds, 0)
            .add(m_watchdog.take())
            .addMemory()
            .add(session().collector().counts())
            .add("frames_memory_mb", static_cast<double>(storage.memory) / 1e6, 0)
            .add("frames_disk_mb", static_cast<double>(storage.disk) / 1e6, 0)
            .print();
    }

    void applyFilter(const QString &text)
    {
        (void)m_watchdog.take();
        ui::FrameFilter &filter = session().filter();
        const Period period;
        if (!filter.apply(text))
            throw std::runtime_error("the filter is not understood: " + text.toStdString());
        double first = 0;
        const auto isDone = [&] {
            if (first == 0 && !filter.isStarting())
                first = period.seconds();
            return !filter.isRunning();
        };
        if (!runEventLoopUntil(isDone, longestSeconds))
            throw std::runtime_error("the filter did not end: " + text.toStdString());
        const double whole = period.seconds();
        line("filter")
            .add("filter", text.toStdString())
            .add("first_rows_ms", first * 1000)
            .add("whole_ms", whole * 1000)
            .add("matching", filter.rows() ? filter.rows()->size() : 0)
            .add(m_watchdog.take())
            .addMemory()
            .print();
    }

    /// Does `step` many times, with all that follows from it: what a person waits for until the screen shows it.
    void measureEach(const char *phase, const std::function<void()> &step)
    {
        runEventLoop(1);
        (void)m_watchdog.take();
        Stalls steps;
        for (int place = 0; place < places; ++place) {
            const Period period;
            step();
            QCoreApplication::processEvents();
            steps.waits.push_back(period.seconds() * 1000);
            runEventLoop(0.02);
        }
        std::ranges::sort(steps.waits);
        line(phase)
            .add("step_p50_ms", steps.percentile(0.5))
            .add("step_p99_ms", steps.percentile(0.99))
            .add("step_max_ms", steps.max())
            .add(m_watchdog.take())
            .addMemory()
            .print();
    }

    void scrollAnywhere()
    {
        QScrollBar *bar = m_monitor.window().traffic()->verticalScrollBar();
        bar->setValue(std::uniform_int_distribution(bar->minimum(), bar->maximum())(m_random));
    }

    void selectAnything()
    {
        const ui::FrameSnapshot frames = session().frames().snapshot();
        session().selection().selectFrame(
            std::uniform_int_distribution(frames.firstRow(), frames.endRow() - 1)(m_random));
    }

    void switchTab()
    {
        m_tab = (m_tab + 1) % m_tabs.size();
        m_monitor.window().showTab(QString::fromUtf8(m_tabs[m_tab]));
    }

    void clear()
    {
        (void)m_watchdog.take();
        const Period period;
        session().clearFrames();
        const double seconds = period.seconds();
        runEventLoop(1);
        line("clear").add("clear_ms", seconds * 1000).add(m_watchdog.take()).addMemory().print();
    }

    static constexpr std::array m_tabs{"traffic", "sequence", "timeline", "statistics"};

    const MonitorOptions &m_options;
    BenchServer m_server;
    MonitorUnderTest m_monitor;
    StallWatchdog m_watchdog;
    std::mt19937_64 m_random{20240117}; // the same places every time
    std::size_t m_tab = 0;
};

} // namespace

void runHeldCase(const MonitorOptions &options) { HeldCase(options).run(); }

} // namespace decoy::bench
