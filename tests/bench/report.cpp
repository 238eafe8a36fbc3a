// SPDX-License-Identifier: BSD-3-Clause
#include "report.h"

#include <cmath>
#include <cstdio>

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

void printTable(const std::vector<Requirement> &requirements)
{
    if (requirements.empty())
        return;
    std::puts("\n| what (medians) | compared with | wanted | measured | |\n|---|---|---|---|---|");
    for (const Requirement &one : requirements)
        std::printf("| %s | %s | %s %s | %s | %s |\n", one.what.c_str(), cell(one.baseline).c_str(),
                    one.isLeast ? "≥" : "≤", cell(one.bound).c_str(), cell(one.measured).c_str(),
                    one.isMet() ? "" : "missed");
    std::fflush(stdout);
}

} // namespace decoy::bench
