// SPDX-License-Identifier: BSD-3-Clause
#include "memory/placement.h"

#include <cstddef>

namespace decoy::memory {

bool moveTo(const cpu_set_t &where, const cpu_set_t &allowed) noexcept
{
    if (sched_setaffinity(0, sizeof where, &where) != 0)
        return false;
    sched_setaffinity(0, sizeof allowed, &allowed); // it stays where it is now
    return true;
}

bool moveToCore(int core) noexcept
{
    cpu_set_t allowed;
    if (core < 0 || core >= CPU_SETSIZE || core == sched_getcpu()
        || sched_getaffinity(0, sizeof allowed, &allowed) != 0 // more cores than fit
        || !CPU_ISSET(static_cast<std::size_t>(core), &allowed))
        return false;
    cpu_set_t there;
    CPU_ZERO(&there);
    CPU_SET(static_cast<std::size_t>(core), &there);
    return moveTo(there, allowed);
}

} // namespace decoy::memory
