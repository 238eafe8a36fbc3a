// SPDX-License-Identifier: BSD-3-Clause
#include "lane/followed_lanes.h"

#include "memory/system_error.h"

#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace decoy::lane {

FollowedLanes::FollowedLanes() : m_signal(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (!m_signal.isOpen())
        memory::throwSystemError("create an eventfd");
}

void FollowedLanes::add(std::shared_ptr<NativeClient> lane)
{
    {
        const std::lock_guard lock(m_mutex);
        m_lanes.push_back(std::move(lane));
    }
    const std::uint64_t one = 1;
    (void)!write(m_signal.get(), &one, sizeof one);
}

std::vector<std::shared_ptr<NativeClient>> FollowedLanes::take()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_lanes, {});
}

} // namespace decoy::lane
