// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/timeline_overview.h"

#include <algorithm>

namespace decoy::ui {

void TimelineOverview::add(std::int64_t time, bool failed)
{
    const std::int64_t since = std::max<std::int64_t>(0, time);
    while (since / m_duration >= static_cast<std::int64_t>(mostBuckets))
        halve();
    const auto index = static_cast<std::size_t>(since / m_duration);
    if (index >= m_buckets.size())
        m_buckets.resize(index + 1);
    ++m_buckets[index].calls;
    m_buckets[index].errors += failed ? 1 : 0;
}

void TimelineOverview::halve()
{
    std::vector<Bucket> halved((m_buckets.size() + 1) / 2);
    for (std::size_t index = 0; index < m_buckets.size(); ++index) {
        halved[index / 2].calls += m_buckets[index].calls;
        halved[index / 2].errors += m_buckets[index].errors;
    }
    m_buckets = std::move(halved);
    m_duration *= 2;
}

} // namespace decoy::ui
