// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace decoy::bench {

/// How long and how often a case is measured.
struct Plan {
    std::size_t calls = 200'000;                ///< at most
    std::chrono::duration<double> seconds{2.5}; ///< at most
    std::chrono::microseconds pause{0};         ///< silence before each call, outside the timed part
};

/// One measured case.
struct Measurement {
    std::string peer;
    std::string name;
    std::size_t calls = 0;
    double p50 = 0; ///< microseconds, as the next two
    double p99 = 0;
    double p999 = 0;
    double callsPerSecond = 0;
    double cpuSeconds = 0; ///< of both processes
    double cpuMicrosecondsPerCall = 0;
    std::size_t wrong = 0;   ///< answers that were not the right ones
    double foreignCores = 0; ///< what the rest of the machine used meanwhile
};

/// CPU that both processes used while nothing was asked of them.
struct IdleMeasurement {
    std::string peer;
    double seconds = 0;
    double cpuSeconds = 0;
};

/// Times `call` one after the other, after a warm-up; it returns whether its answer was right.
[[nodiscard]] Measurement measure(const std::string &name, const Plan &plan, pid_t server,
                                  const std::function<bool(int)> &call);
[[nodiscard]] IdleMeasurement measureIdle(std::chrono::duration<double> time, pid_t server);

/// One line each, tab-separated, with the columns of the peers' benchmarks, so that one table can be made of all:
/// `RESULT peer case n p50_us p99_us p99.9_us calls/s cpu_s cpu_us/call errors foreign_cores` and `IDLE peer seconds cpu_s`.
void print(const Measurement &measurement);
void print(const IdleMeasurement &measurement);
/// The same as JSON objects, one a line.
void printJson(const Measurement &measurement);
void printJson(const IdleMeasurement &measurement);

} // namespace decoy::bench
