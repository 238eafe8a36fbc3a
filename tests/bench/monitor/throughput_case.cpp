// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor_under_test.h"

#include "flood_client.h"
#include "report.h"

#include <algorithm>
#include <optional>

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

} // namespace

void runThroughputCase(const MonitorOptions &options)
{
    std::vector<double> without;
    std::vector<double> with;
    std::vector<double> ratios;
    const double seconds = options.seconds / (2.0 * options.rounds);
    for (int round = 0; round < options.rounds; ++round) {
        BenchServer server;
        without.push_back(callsPerSecond(server, seconds));
        MonitorUnderTest monitor(*server, options);
        monitor.session().startCapture();
        with.push_back(callsPerSecond(server, seconds));
        ratios.push_back(with.back() / without.back());
        JsonLine()
            .add("case", "throughput")
            .add("phase", "round")
            .add("source", "calls")
            .add("seconds", seconds)
            .add("calls_per_s_without", without.back(), 0)
            .add("calls_per_s_with", with.back(), 0)
            .add("ratio", ratios.back(), 3)
            .add(monitor.session().collector().counts())
            .print();
    }
    JsonLine()
        .add("case", "throughput")
        .add("phase", "total")
        .add("source", "calls")
        .add("calls_per_s_without", median(without), 0)
        .add("calls_per_s_with", median(with), 0)
        .add("ratio", median(ratios), 3)
        .print();
}

} // namespace decoy::bench
