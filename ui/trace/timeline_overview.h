// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace decoy::ui {

/// How busy all clients together were, from the first frame until now, in a fixed number of buckets: when they do not reach
/// any more, each two become one. A plain value.
class TimelineOverview {
public:
    struct Bucket {
        std::uint64_t calls = 0;
        std::uint64_t errors = 0;
        bool operator==(const Bucket &) const = default;
    };
    static constexpr std::size_t mostBuckets = 1024;

    /// `time` is ns since the first frame.
    void add(std::int64_t time, bool failed);

    [[nodiscard]] std::int64_t bucketDuration() const noexcept { return m_duration; } ///< ns
    [[nodiscard]] const std::vector<Bucket> &buckets() const noexcept { return m_buckets; }

private:
    void halve();

    std::int64_t m_duration = 1'000'000; ///< finer than a pixel as soon as there is a second of traffic
    std::vector<Bucket> m_buckets;
};

} // namespace decoy::ui
