// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "latencies.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace decoy::bench {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// How long and how often a case is measured.
struct Plan {
    std::size_t calls = 200'000;        ///< at most
    Seconds seconds{2.5};               ///< at most
    std::chrono::microseconds pause{0}; ///< silence before each call, outside the timed part
    std::uint64_t callsARound = 1;      ///< that one timed round makes; the times are those of rounds
};

/// What one caller has seen.
struct Tally {
    Latencies latencies;
    std::uint64_t calls = 0;
    std::uint64_t wrong = 0; ///< answers that were not the right ones
    double seconds = 0;      ///< from the first call to the end of the last
};

/// One measured case.
struct Measurement {
    std::uint64_t calls = 0;
    double p50 = 0; ///< microseconds, as the next two
    double p99 = 0;
    double p999 = 0;
    double callsPerSecond = 0;
    double cpuSeconds = 0; ///< of all processes that take part
    double cpuMicrosecondsPerCall = 0;
    std::uint64_t wrong = 0;
    double foreignCores = 0; ///< what the rest of the machine used meanwhile
    double slowest = 0;      ///< calls/s of the slowest of several callers, 0 if there is only one
    double fastest = 0;
};

/// CPU that all processes used while nothing was asked of them.
struct IdleMeasurement {
    double seconds = 0;
    double cpuSeconds = 0;
};

/// Reads the CPU time of processes, this one among them, and of the machine.
class CpuMeter {
public:
    /// Starts.
    explicit CpuMeter(std::vector<pid_t> others);
    [[nodiscard]] double seconds() const;
    /// Cores that were busy with other things.
    [[nodiscard]] double foreignCores() const;

private:
    [[nodiscard]] double read() const;

    std::vector<pid_t> m_others;
    Clock::time_point m_start;
    double m_machineAtStart;
    double m_cpuAtStart;
};

/// What one caller, or several at the same time, saw in `meter`'s time.
[[nodiscard]] Measurement summarise(std::span<const Tally> tallies, const CpuMeter &meter);

template <class Call>
void warmUp(const Plan &plan, Call &&call)
{
    const std::size_t rounds = std::clamp<std::size_t>(plan.calls / 10, 20, 2000);
    const auto end = Clock::now() + std::min(plan.seconds, Seconds(1));
    for (std::size_t i = 0; i < rounds && Clock::now() < end; ++i)
        (void)call(static_cast<int>(i));
}

/// Calls one after the other; `call` gets the number of the round, and returns whether its answer was right.
template <class Call>
void timeCalls(const Plan &plan, Tally &tally, Call &&call)
{
    const auto start = Clock::now();
    auto last = start;
    for (std::size_t round = 0; round < plan.calls && last - start < plan.seconds; ++round) {
        if (plan.pause.count() > 0) {
            std::this_thread::sleep_for(plan.pause);
            last = Clock::now();
        }
        const auto begin = last;
        if (!call(static_cast<int>(round)))
            ++tally.wrong;
        last = Clock::now();
        tally.latencies.record(std::chrono::nanoseconds(last - begin).count());
        tally.calls += plan.callsARound;
    }
    tally.seconds = Seconds(last - start).count();
}

/// One caller, after a warm-up; `others` are the processes that work for it.
template <class Call>
[[nodiscard]] Measurement measure(const Plan &plan, std::vector<pid_t> others, Call &&call)
{
    warmUp(plan, call);
    Tally tally;
    const CpuMeter meter(std::move(others));
    timeCalls(plan, tally, call);
    return summarise({&tally, 1}, meter);
}

[[nodiscard]] IdleMeasurement measureIdle(Seconds time, std::vector<pid_t> others);

} // namespace decoy::bench
