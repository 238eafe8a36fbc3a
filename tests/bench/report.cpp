// SPDX-License-Identifier: BSD-3-Clause
#include "report.h"

#include "requirements.h"

#include <cmath>
#include <cstdio>
#include <set>
#include <utility>

namespace decoy::bench {

namespace {

void printLine(const Result &result, const Measurement &m)
{
    std::printf("RESULT\t%s\t%s\t%llu\t%.2f\t%.2f\t%.2f\t%.0f\t%.3f\t%.2f\t%llu\t%.2f\n", result.peer.c_str(),
                result.name.c_str(), static_cast<unsigned long long>(m.calls), m.p50, m.p99, m.p999, m.callsPerSecond,
                m.cpuSeconds, m.cpuMicrosecondsPerCall, static_cast<unsigned long long>(m.wrong), m.foreignCores);
    if (m.fastest > 0)
        std::printf("CALLERS\t%s\t%s\t%.0f\t%.0f\n", result.peer.c_str(), result.name.c_str(), m.slowest, m.fastest);
}

void printLine(const Result &result, const IdleMeasurement &m)
{
    std::printf("IDLE\t%s\t%.1f\t%.6f\n", result.peer.c_str(), m.seconds, m.cpuSeconds);
}

void printJson(const Measurement &m)
{
    std::printf("\"calls\":%llu,\"p50_us\":%.3f,\"p99_us\":%.3f,\"p999_us\":%.3f,\"calls_per_s\":%.0f,\"cpu_s\":%.4f,"
                "\"cpu_us_per_call\":%.3f,\"wrong\":%llu,\"foreign_cores\":%.2f",
                static_cast<unsigned long long>(m.calls), m.p50, m.p99, m.p999, m.callsPerSecond, m.cpuSeconds,
                m.cpuMicrosecondsPerCall, static_cast<unsigned long long>(m.wrong), m.foreignCores);
    if (m.fastest > 0)
        std::printf(",\"slowest_calls_per_s\":%.0f,\"fastest_calls_per_s\":%.0f", m.slowest, m.fastest);
}

void printJson(const IdleMeasurement &m) { std::printf("\"idle_s\":%.1f,\"cpu_s\":%.6f", m.seconds, m.cpuSeconds); }

/// Three digits that mean something; empty for what was not measured.
std::string cell(double value)
{
    if (std::isnan(value))
        return {};
    char text[32];
    const int digits = value >= 100 || value == 0 ? 0
                                                  : std::max(0, 2 - static_cast<int>(std::floor(std::log10(value))));
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

void printMedians(const std::vector<Result> &results)
{
    const Medians medians(results);
    std::puts("\n| case | who | p50, µs | p99, µs | p99.9, µs | calls/s | CPU µs a call | cores used by others |"
              "\n|---|---|---|---|---|---|---|---|");
    std::set<std::pair<std::string, std::string>> printed;
    for (const Result &result : results) {
        if (!std::holds_alternative<Measurement>(result.outcome) || !printed.emplace(result.peer, result.name).second)
            continue;
        std::printf("| `%s` | %s |", result.name.c_str(), result.peer.c_str());
        for (const auto figure : {&Measurement::p50, &Measurement::p99, &Measurement::p999,
                                  &Measurement::callsPerSecond, &Measurement::cpuMicrosecondsPerCall})
            std::printf(" %s |", cell(medians.of(figure, result.peer, result.name)).c_str());
        std::printf(" %.2f |\n", medians.of(&Measurement::foreignCores, result.peer, result.name));
    }
}

void printRequirements(const std::vector<Requirement> &requirements)
{
    if (requirements.empty())
        return;
    std::puts("\n| what | wanted | that is | measured |\n|---|---|---|---|");
    for (const Requirement &one : requirements)
        std::printf("| %s | %s | %s %s | %s%s |\n", one.what.c_str(), one.rule.c_str(), one.isLeast ? "≥" : "≤",
                    cell(one.bound).c_str(), cell(one.measured).c_str(), one.isMet() ? "" : " (missed)");
}

} // namespace

void printLine(const Result &result)
{
    std::visit([&result](const auto &measured) { printLine(result, measured); }, result.outcome);
    std::fflush(stdout);
}

void printJson(const Result &result)
{
    std::printf("{\"peer\":\"%s\",\"case\":\"%s\",", result.peer.c_str(), result.name.c_str());
    std::visit([](const auto &measured) { printJson(measured); }, result.outcome);
    std::puts("}");
    std::fflush(stdout);
}

void printTables(const std::vector<Result> &results)
{
    printMedians(results);
    printRequirements(requirements(results));
    std::fflush(stdout);
}

} // namespace decoy::bench
