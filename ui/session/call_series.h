// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/error.h>

#include <QString>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace decoy::ui {

/// How far a repeated call has come. Written by the thread that makes the calls, read by the window as often as it paints.
struct SeriesProgress {
    std::atomic<int> made = 0;
    std::atomic<int> errors = 0;
    std::atomic<bool> stop = false; ///< the person has seen enough; the call under way is the last
};

/// What many calls of the same method came to. Times are those of calls that succeeded.
struct SeriesSummary {
    int wanted = 0;
    int made = 0;
    int errors = 0;
    std::optional<Failure> firstFailure;
    std::chrono::nanoseconds elapsed{}; ///< of all together
    std::chrono::nanoseconds p50{};
    std::chrono::nanoseconds p90{};
    std::chrono::nanoseconds p99{};
    std::chrono::nanoseconds longest{};

    [[nodiscard]] int succeeded() const noexcept { return made - errors; }
    [[nodiscard]] double callsPerSecond() const noexcept;
    /// "1 000 calls, 2 errors": one line for the history.
    [[nodiscard]] QString line() const;
};

/// Collects the times of a series. One thread.
class SeriesTimes {
public:
    explicit SeriesTimes(int wanted);

    void addSuccess(std::chrono::nanoseconds duration) { m_durations.push_back(duration); }
    void addFailure(const Failure &failure);
    [[nodiscard]] int made() const noexcept { return static_cast<int>(m_durations.size()) + m_summary.errors; }
    /// Nearest rank: each percentile is a time that was measured.
    [[nodiscard]] SeriesSummary summary(std::chrono::nanoseconds elapsed);

private:
    [[nodiscard]] std::chrono::nanoseconds percentile(double share) const;

    SeriesSummary m_summary;
    std::vector<std::chrono::nanoseconds> m_durations;
};

} // namespace decoy::ui
