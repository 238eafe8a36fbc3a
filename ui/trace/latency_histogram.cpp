// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace decoy::ui {

namespace {

constexpr unsigned mantissaBits = 8;

/// The bucket within an octave, for the bits that follow the leading one: a logarithm for each frame would cost more than all
/// else that is counted of it.
const std::array<std::uint8_t, 1U << mantissaBits> bucketInOctave = [] {
    std::array<std::uint8_t, 1U << mantissaBits> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double octaves = std::log2(1.0 + static_cast<double>(i) / static_cast<double>(table.size()));
        table[i] = static_cast<std::uint8_t>(octaves * LatencyHistogram::bucketsPerOctave);
    }
    return table;
}();

} // namespace

std::size_t LatencyHistogram::bucketOf(std::int64_t nanoseconds) noexcept
{
    const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 1));
    const auto octave = static_cast<unsigned>(std::bit_width(time)) - 1;
    if (octave >= octaves)
        return bucketCount - 1;
    const std::uint64_t rest = time - (std::uint64_t(1) << octave);
    const std::uint64_t mantissa = octave >= mantissaBits ? rest >> (octave - mantissaBits)
                                                          : rest << (mantissaBits - octave);
    return octave * bucketsPerOctave + bucketInOctave[mantissa];
}

double LatencyHistogram::bucketBegin(std::size_t index) noexcept
{
    return std::exp2(static_cast<double>(index) / bucketsPerOctave);
}

void LatencyHistogram::add(std::int64_t nanoseconds) noexcept
{
    const std::int64_t time = std::max<std::int64_t>(nanoseconds, 1);
    ++m_buckets[bucketOf(time)];
    m_min = m_count == 0 ? time : std::min(m_min, time);
    m_max = std::max(m_max, time);
    m_sum += static_cast<std::uint64_t>(time);
    ++m_count;
}

std::int64_t LatencyHistogram::mean() const noexcept
{
    return m_count == 0 ? 0 : static_cast<std::int64_t>(m_sum / m_count);
}

std::int64_t LatencyHistogram::percentile(double share) const noexcept
{
    if (m_count == 0)
        return 0;
    const auto wanted = static_cast<std::uint64_t>(
        std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(m_count)));
    std::uint64_t below = 0;
    std::size_t index = 0;
    for (; index + 1 < bucketCount; ++index) {
        below += m_buckets[index];
        if (below >= std::max<std::uint64_t>(wanted, 1))
            break;
    }
    const double middle = std::sqrt(bucketBegin(index) * bucketBegin(index + 1));
    return std::clamp(static_cast<std::int64_t>(std::lround(middle)), m_min, m_max);
}

} // namespace decoy::ui
