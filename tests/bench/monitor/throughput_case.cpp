// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor_under_test.h"

#include "flood_client.h"
#include "report.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace decoy::bench {

namespace {

/// Calls a second of one client, while this process's event loop runs.
double callsPerSecond(BenchServer &server, double seconds)
{
    FloodClient client(server->name(), 0);
    const Period period;
    runEventLoop(seconds);
    const double elapsed = period.seconds();
    return static_cast<double>(client.finish()) / elapsed;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// How much of the monitor is there: each more than the one before, so that what each costs can be told.
enum Watching : std::size_t { Nothing, OpenTap, Session, Window, WatchingCount };
constexpr std::array names{"nothing", "tap", "session", "window"};

/// Takes all frames out of a tap and forgets them.
class Drain {
public:
    explicit Drain(std::unique_ptr<Tap> tap) : m_tap(std::move(tap)), m_thread(&Drain::drain, this) {}
    ~Drain()
    {
        m_stopping = true;
        m_thread.join();
    }

private:
    void drain()
    {
        while (!m_stopping) {
            m_tap->drain([](const FrameEvent &, std::span<const std::byte>) {});
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }

    const std::unique_ptr<Tap> m_tap;
    std::atomic<bool> m_stopping = false;
    std::thread m_thread;
};

/// In which the window is painted for the first time. That takes longer than a measurement may, and nobody watches before.
constexpr double settleSeconds = 0.5;

double measure(Watching watching, const MonitorOptions &options, double seconds)
{
    BenchServer server;
    std::optional<Drain> drain;
    std::optional<MonitorUnderTest> monitor;
    if (watching == OpenTap)
        drain.emplace(server->tap());
    if (watching >= Session) {
        monitor.emplace(*server, options, watching == Window);
    }
    runEventLoop(settleSeconds);
    if (monitor)
        monitor->session().startCapture();
    const double rate = callsPerSecond(server, seconds);
    JsonLine line;
    line.add("case", "throughput").add("phase", names[watching]).add("source", "calls").add("calls_per_s", rate, 0);
    if (monitor)
        line.add(monitor->session().collector().counts());
    line.print();
    return rate;
}

} // namespace

void runThroughputCase(const MonitorOptions &options)
{
    std::array<std::vector<double>, WatchingCount> rates;
    const double seconds = options.seconds / (WatchingCount * options.rounds);
    // In turn, so that a machine that is busy for a while does not favour one.
    for (int round = 0; round < options.rounds; ++round) {
        for (std::size_t watching = 0; watching < WatchingCount; ++watching)
            rates[watching].push_back(measure(static_cast<Watching>(watching), options, seconds));
    }
    JsonLine total;
    total.add("case", "throughput").add("phase", "total").add("source", "calls");
    for (std::size_t watching = 0; watching < WatchingCount; ++watching)
        total.add(std::string("calls_per_s_with_") + names[watching], median(rates[watching]), 0);
    for (std::size_t watching = OpenTap; watching < WatchingCount; ++watching)
        total.add(std::string("ratio_with_") + names[watching], median(rates[watching]) / median(rates[Nothing]), 3);
    total.print();
}

} // namespace decoy::bench
