// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bench_case.h"
#include "child_process.h"

#include <deque>

namespace decoy::bench {

enum class Role { Client, Server };

/// Keeps this process, and what it forks, on the core that `pinning` gives its role.
void pin(Pinning pinning, Role role);

/// Processes that do nothing but compete for the cores.
class BusyProcesses {
public:
    explicit BusyProcesses(int count);

private:
    std::deque<ChildProcess> m_processes;
};

} // namespace decoy::bench
