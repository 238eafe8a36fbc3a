// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor_under_test.h"

#include "flood_client.h"
#include "generated_traffic.h"
#include "report.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace decoy::bench {

namespace {

constexpr double settleSeconds = 1;

ui::CaptureCounts difference(const ui::CaptureCounts &later, const ui::CaptureCounts &earlier)
{
    return {.emitted = later.emitted - earlier.emitted,
            .captured = later.captured - earlier.captured,
            .dropped = later.dropped - earlier.dropped};
}

/// Whatever makes the frames, for as long as it lives.
class Flood {
public:
    Flood(const MonitorOptions &options, BenchServer &server, ui::Session &session)
    {
        if (options.source == Source::Calls) {
            session.startCapture();
            m_client.emplace(server->name(), options.rate / 2); // a call is two frames
            return;
        }
        m_emitter.emplace(options.rate);
        session.collector().start(m_emitter->tap());
    }

private:
    std::optional<FloodClient> m_client;
    std::optional<PacedEmitter> m_emitter;
};

JsonLine line(const MonitorOptions &options, const char *phase)
{
    JsonLine line;
    line.add("case", "flood")
        .add("phase", phase)
        .add("source", options.source == Source::Calls ? "calls" : "generated")
        .add("wanted_frames_per_s", options.rate, 0);
    return line;
}

void addStorage(JsonLine &line, const ui::FrameStore &frames)
{
    const ui::FrameStorage storage = frames.storage();
    line.add("frames_memory_mb", static_cast<double>(storage.memory) / 1e6, 0)
        .add("frames_disk_mb", static_cast<double>(storage.disk) / 1e6, 0)
        .add("given_up", frames.discarded());
    if (!storage.problem.empty())
        line.add("disk_problem", storage.problem);
}

} // namespace

void runFloodCase(const MonitorOptions &options)
{
    BenchServer server;
    MonitorUnderTest monitor(*server, options);
    ui::Session &session = monitor.session();
    StallWatchdog watchdog;
    Stalls all;
    std::optional<Flood> flood(std::in_place, options, server, session);
    runEventLoop(settleSeconds);
    const Period whole;
    const ui::CaptureCounts begin = session.collector().counts();
    for (const std::string &tab : options.tabs) {
        if (!monitor.window().showTab(QString::fromStdString(tab)))
            throw std::runtime_error("there is no tab \"" + tab + "\"");
        (void)watchdog.take();
        const Period period;
        const ui::CaptureCounts before = session.collector().counts();
        runEventLoop(options.seconds / static_cast<double>(options.tabs.size()));
        const ui::CaptureCounts counts = difference(session.collector().counts(), before);
        const Stalls stalls = watchdog.take();
        line(options, tab.c_str())
            .add("seconds", period.seconds())
            .add("frames_per_s", static_cast<double>(counts.emitted) / period.seconds(), 0)
            .add(stalls)
            .addMemory()
            .add("emitted", counts.emitted)
            .add("dropped", counts.dropped)
            .add("busy_cores", period.busyCores(), 2)
            .print();
        all.waits.insert(all.waits.end(), stalls.waits.begin(), stalls.waits.end());
    }
    std::ranges::sort(all.waits);
    const double seconds = whole.seconds();
    const double rate = static_cast<double>(difference(session.collector().counts(), begin).emitted) / seconds;
    JsonLine total = line(options, "total");
    total.add("seconds", seconds).add("frames_per_s", rate, 0).add(all).addMemory();
    flood.reset();
    session.stopCapture();
    const ui::CaptureCounts counts = session.collector().counts();
    total.add(counts).add("is_exact", counts.captured + counts.dropped == counts.emitted ? "yes" : "no");
    addStorage(total, session.frames());
    total.print();
}

} // namespace decoy::bench
