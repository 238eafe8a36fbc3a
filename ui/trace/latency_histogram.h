// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace decoy::ui {

/// How long something took, counted in buckets of equal width on a logarithmic scale: eight to each doubling, so that a
/// percentile is off by at most 5 %, from nanoseconds to an hour, in 2.7 KB and without allocation. A plain value.
class LatencyHistogram {
public:
    static constexpr std::size_t bucketsPerOctave = 8;
    static constexpr std::size_t octaves = 42; ///< up to 73 minutes; what takes longer is counted in the last bucket
    static constexpr std::size_t bucketCount = bucketsPerOctave * octaves;

    /// Times below 1 ns count as 1 ns.
    void add(std::int64_t nanoseconds) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return m_count; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_count == 0; }
    [[nodiscard]] std::int64_t min() const noexcept { return m_min; } ///< exact; 0 when empty
    [[nodiscard]] std::int64_t max() const noexcept { return m_max; } ///< exact; 0 when empty
    [[nodiscard]] std::int64_t mean() const noexcept;                 ///< exact; 0 when empty

    /// The time that `share` (0 to 1) of all took at most: 0.99 for p99. Never outside min() to max(); 0 when empty.
    [[nodiscard]] std::int64_t percentile(double share) const noexcept;

    [[nodiscard]] std::uint64_t bucket(std::size_t index) const noexcept { return m_buckets[index]; }
    [[nodiscard]] static std::size_t bucketOf(std::int64_t nanoseconds) noexcept;
    /// Where a bucket begins, in nanoseconds; bucketCount gives the end of the last one.
    [[nodiscard]] static double bucketBegin(std::size_t index) noexcept;

private:
    std::array<std::uint64_t, bucketCount> m_buckets{};
    std::uint64_t m_count = 0;
    std::uint64_t m_sum = 0;
    std::int64_t m_min = 0;
    std::int64_t m_max = 0;
};

} // namespace decoy::ui
