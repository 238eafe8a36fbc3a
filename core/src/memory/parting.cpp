// SPDX-License-Identifier: BSD-3-Clause
#include "memory/parting.h"

#include "memory/placement.h"

#include <decoy/shared_memory.h>

#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace decoy::memory {

namespace {

/// Threads of the whole system that run or could run now; none if the system does not tell.
int runnableThreads() noexcept
{
    const FileDescriptor file(open("/proc/loadavg", O_RDONLY | O_CLOEXEC));
    char text[128];
    const ssize_t size = file.isOpen() ? read(file.get(), text, sizeof text - 1) : -1;
    if (size <= 0)
        return 0;
    text[size] = '\0';
    int runnable = 0; // "0.20 0.18 0.12 1/80 11206"
    return std::sscanf(text, "%*s %*s %*s %d/", &runnable) == 1 ? runnable : 0;
}

} // namespace

void Parting::waitsTogether() noexcept
{
    m_together = 0;
    const auto now = Clock::now();
    if (now < m_next)
        return;
    m_next = now + pauseWhileBusy;
    cpu_set_t all;
    if (sched_getaffinity(0, sizeof all, &all) != 0)
        return; // more cores than fit
    cpu_set_t others = all;
    CPU_CLR(static_cast<std::size_t>(sched_getcpu()), &others);
    if (CPU_COUNT(&others) == 0)
        return;
    // No more threads than cores, and two of them here: so one core at least has none. Otherwise it would be worse elsewhere.
    const int runnable = runnableThreads();
    if (runnable == 0 || runnable > CPU_COUNT(&all))
        return;
    if (moveTo(others, all))
        m_next = now + pauseAfterMove;
}

} // namespace decoy::memory
