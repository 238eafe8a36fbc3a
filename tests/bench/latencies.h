// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace decoy::bench {

/// A histogram of times: exact below 256 ns, within 0.4 % above. Its size does not depend on what it counts, and it refers to
/// nothing, so threads and processes each fill their own, and one of them adds them up.
class Latencies {
public:
    void record(std::int64_t nanoseconds) noexcept
    {
        ++m_counts[bucketOf(static_cast<std::uint64_t>(std::clamp<std::int64_t>(nanoseconds, 0, longest)))];
        ++m_count;
    }

    void add(const Latencies &other) noexcept
    {
        std::ranges::transform(m_counts, other.m_counts, m_counts.begin(), std::plus<>());
        m_count += other.m_count;
    }

    /// Microseconds that this part of all took at most; 0 if there is none.
    [[nodiscard]] double percentile(double part) const noexcept
    {
        const auto rank = static_cast<std::uint64_t>(part * static_cast<double>(m_count));
        std::uint64_t seen = 0;
        for (std::size_t bucket = 0; bucket < m_counts.size(); ++bucket) {
            seen += m_counts[bucket];
            if (seen > rank)
                return middleOf(bucket) * 1e-3;
        }
        return 0;
    }

private:
    // Values with the same leading eight bits share a bucket.
    static constexpr std::uint64_t exact = 256;
    static constexpr std::uint64_t steps = exact / 2; // buckets from one power of two to the next
    static constexpr int bits = 40;
    static constexpr std::int64_t longest = (std::int64_t{1} << bits) - 1; // 18 minutes

    static std::size_t bucketOf(std::uint64_t value) noexcept
    {
        if (value < exact)
            return value;
        const auto shift = static_cast<std::size_t>(std::bit_width(value)) - 8;
        return shift * steps + (value >> shift);
    }
    static double middleOf(std::size_t bucket) noexcept
    {
        if (bucket < exact)
            return static_cast<double>(bucket);
        const std::size_t shift = bucket / steps - 1;
        const std::uint64_t width = std::uint64_t{1} << shift;
        return static_cast<double>((bucket - shift * steps) * width) + static_cast<double>(width - 1) / 2;
    }

    std::array<std::uint32_t, (bits - 7) * steps + steps> m_counts{};
    std::uint64_t m_count = 0;
};

} // namespace decoy::bench
