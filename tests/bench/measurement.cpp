// SPDX-License-Identifier: BSD-3-Clause
#include "measurement.h"

#include <ctime>
#include <fstream>
#include <numeric>
#include <string>
#include <unistd.h>

namespace decoy::bench {

namespace {

double cpuSecondsOf(pid_t process)
{
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return 0;
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Busy time of all cores, everybody's.
double machineSeconds()
{
    std::ifstream stat("/proc/stat");
    std::string label;
    double ticks[8] = {};
    stat >> label;
    for (double &value : ticks)
        stat >> value;
    const double busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7];
    return busy / static_cast<double>(sysconf(_SC_CLK_TCK));
}

} // namespace

CpuMeter::CpuMeter(std::vector<pid_t> others)
    : m_others(std::move(others)), m_start(Clock::now()), m_machineAtStart(machineSeconds()), m_cpuAtStart(read())
{}

double CpuMeter::read() const
{
    return std::accumulate(m_others.begin(), m_others.end(), cpuSecondsOf(getpid()),
                           [](double sum, pid_t process) { return sum + cpuSecondsOf(process); });
}

double CpuMeter::seconds() const { return read() - m_cpuAtStart; }

double CpuMeter::foreignCores() const
{
    return (machineSeconds() - m_machineAtStart - seconds()) / Seconds(Clock::now() - m_start).count();
}

Measurement summarise(std::span<const Tally> tallies, const CpuMeter &meter)
{
    Measurement result;
    result.cpuSeconds = meter.seconds();
    result.foreignCores = meter.foreignCores();
    Latencies all;
    double longest = 0;
    for (const Tally &tally : tallies) {
        all.add(tally.latencies);
        result.calls += tally.calls;
        result.wrong += tally.wrong;
        longest = std::max(longest, tally.seconds);
    }
    const auto rate = [](const Tally &tally) { return static_cast<double>(tally.calls) / tally.seconds; };
    if (tallies.size() > 1) {
        result.slowest = rate(*std::ranges::min_element(tallies, {}, rate));
        result.fastest = rate(*std::ranges::max_element(tallies, {}, rate));
    }
    result.p50 = all.percentile(0.5);
    result.p99 = all.percentile(0.99);
    result.p999 = all.percentile(0.999);
    result.callsPerSecond = static_cast<double>(result.calls) / longest;
    result.cpuMicrosecondsPerCall = result.cpuSeconds * 1e6
        / static_cast<double>(std::max<std::uint64_t>(1, result.calls));
    return result;
}

IdleMeasurement measureIdle(Seconds time, std::vector<pid_t> others)
{
    const CpuMeter meter(std::move(others));
    std::this_thread::sleep_for(time);
    return {time.count(), meter.seconds()};
}

} // namespace decoy::bench
