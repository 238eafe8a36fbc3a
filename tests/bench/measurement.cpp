// SPDX-License-Identifier: BSD-3-Clause
#include "measurement.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <thread>
#include <unistd.h>

namespace decoy::bench {

namespace {

constexpr const char *peerName = "Decoy native";
using Clock = std::chrono::steady_clock;

double cpuSecondsOf(pid_t process)
{
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return 0;
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double ownCpuSeconds(pid_t server) { return cpuSecondsOf(getpid()) + cpuSecondsOf(server); }

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

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void warmUp(std::size_t calls, const std::function<bool(int)> &call)
{
    const std::size_t rounds = std::clamp<std::size_t>(calls / 10, 20, 2000);
    const auto start = Clock::now();
    for (std::size_t i = 0; i < rounds && secondsSince(start) < 1; ++i)
        (void)call(static_cast<int>(i));
}

double percentile(const std::vector<double> &sorted, double part)
{
    if (sorted.empty())
        return 0;
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(part * static_cast<double>(sorted.size())))];
}

} // namespace

Measurement measure(const std::string &name, const Plan &plan, pid_t server, const std::function<bool(int)> &call)
{
    warmUp(plan.calls, call);
    Measurement result;
    result.peer = peerName;
    result.name = name;
    std::vector<double> times;
    times.reserve(plan.calls);
    const double machineBefore = machineSeconds();
    const double cpuBefore = ownCpuSeconds(server);
    const auto start = Clock::now();
    auto last = start;
    while (times.size() < plan.calls && last - start < plan.seconds) {
        if (plan.pause.count() > 0) {
            std::this_thread::sleep_for(plan.pause);
            last = Clock::now();
        }
        const auto begin = last;
        if (!call(static_cast<int>(times.size())))
            ++result.wrong;
        last = Clock::now();
        times.push_back(std::chrono::duration<double, std::micro>(last - begin).count());
    }
    const double elapsed = secondsSince(start);
    const auto calls = static_cast<double>(times.size());
    result.calls = times.size();
    result.cpuSeconds = ownCpuSeconds(server) - cpuBefore;
    result.foreignCores = (machineSeconds() - machineBefore - result.cpuSeconds) / elapsed;
    result.callsPerSecond = calls / elapsed;
    result.cpuMicrosecondsPerCall = result.cpuSeconds * 1e6 / calls;
    std::ranges::sort(times);
    result.p50 = percentile(times, 0.5);
    result.p99 = percentile(times, 0.99);
    result.p999 = percentile(times, 0.999);
    return result;
}

IdleMeasurement measureIdle(std::chrono::duration<double> time, pid_t server)
{
    const double before = ownCpuSeconds(server);
    std::this_thread::sleep_for(time);
    return {peerName, time.count(), ownCpuSeconds(server) - before};
}

void print(const Measurement &m)
{
    std::printf("RESULT\t%s\t%s\t%zu\t%.2f\t%.2f\t%.2f\t%.0f\t%.3f\t%.2f\t%zu\t%.2f\n", m.peer.c_str(), m.name.c_str(),
                m.calls, m.p50, m.p99, m.p999, m.callsPerSecond, m.cpuSeconds, m.cpuMicrosecondsPerCall, m.wrong,
                m.foreignCores);
    std::fflush(stdout);
}

void print(const IdleMeasurement &m)
{
    std::printf("IDLE\t%s\t%.1f\t%.6f\n", m.peer.c_str(), m.seconds, m.cpuSeconds);
    std::fflush(stdout);
}

void printJson(const Measurement &m)
{
    std::printf("{\"peer\":\"%s\",\"case\":\"%s\",\"calls\":%zu,\"p50_us\":%.3f,\"p99_us\":%.3f,\"p999_us\":%.3f,"
                "\"calls_per_s\":%.0f,\"cpu_s\":%.4f,\"cpu_us_per_call\":%.3f,\"wrong\":%zu,\"foreign_cores\":%.2f}\n",
                m.peer.c_str(), m.name.c_str(), m.calls, m.p50, m.p99, m.p999, m.callsPerSecond, m.cpuSeconds,
                m.cpuMicrosecondsPerCall, m.wrong, m.foreignCores);
    std::fflush(stdout);
}

void printJson(const IdleMeasurement &m)
{
    std::printf("{\"peer\":\"%s\",\"idle_s\":%.1f,\"cpu_s\":%.6f}\n", m.peer.c_str(), m.seconds, m.cpuSeconds);
    std::fflush(stdout);
}

} // namespace decoy::bench
