// SPDX-License-Identifier: BSD-3-Clause
#include "lane/followed_lanes.h"

#include <utility>

namespace decoy::lane {

void FollowedLanes::add(std::shared_ptr<NativeClient> lane)
{
    {
        const std::lock_guard lock(m_mutex);
        m_lanes.push_back(std::move(lane));
    }
    m_signal.raise();
}

std::vector<std::shared_ptr<NativeClient>> FollowedLanes::take()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_lanes, {});
}

} // namespace decoy::lane
