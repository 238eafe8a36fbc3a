// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stall_watchdog.h"

#include "trace/traffic_collector.h"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace decoy::bench {

/// One JSON object, one line, with its fields in the order of adding.
class JsonLine {
public:
    JsonLine &add(std::string_view name, std::string_view text);
    JsonLine &add(std::string_view name, double number, int decimals = 1);
    JsonLine &add(std::string_view name, std::uint64_t number);
    JsonLine &add(const Stalls &stalls);
    JsonLine &add(const ui::CaptureCounts &counts);
    /// Resident memory of this process: all, and of that its own and what are pages of files, which the system may take.
    JsonLine &addMemory();
    void print() const;

private:
    void addRaw(std::string_view name, std::string_view value);
    std::string m_fields;
};

/// The time and the machine's load between its creation and now.
class Period {
public:
    Period();
    [[nodiscard]] double seconds() const;
    /// Cores that were busy, whoever kept them so: above what the bench needs, others worked beside it.
    [[nodiscard]] double busyCores() const;

private:
    std::chrono::steady_clock::time_point m_start;
    double m_machine;
};

/// Lets the event loop run for so long.
void runEventLoop(double seconds);
/// Lets the event loop run until it is so; false when that took too long.
bool runEventLoopUntil(const std::function<bool()> &isSo, double seconds);

} // namespace decoy::bench
