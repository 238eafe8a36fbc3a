// SPDX-License-Identifier: BSD-3-Clause
#include "placement.h"

#include <atomic>
#include <cerrno>
#include <sched.h>
#include <system_error>

namespace decoy::bench {

void pin(Pinning pinning, Role role)
{
    if (pinning == Pinning::None)
        return;
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(pinning == Pinning::Split && role == Role::Server ? 1 : 0, &cores);
    if (sched_setaffinity(0, sizeof cores, &cores) != 0)
        throw std::system_error(errno, std::system_category(), "cannot choose a core");
}

BusyProcesses::BusyProcesses(int count)
{
    for (int i = 0; i < count; ++i) {
        m_processes.emplace_back([](const ChildProcess::Tell &tell) {
            tell();
            for (std::atomic<unsigned> counter{0};;)
                counter.fetch_add(1, std::memory_order_relaxed);
        });
        m_processes.back().await();
    }
}

} // namespace decoy::bench
