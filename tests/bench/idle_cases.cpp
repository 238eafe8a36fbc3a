// SPDX-License-Identifier: BSD-3-Clause
#include "one_caller.h"

#include <deque>
#include <unistd.h>

namespace decoy::bench {

namespace {

/// Clients that have called, and still are connected.
Outcome idle(const Conditions &conditions, int count)
{
    const BenchServer server(conditions);
    std::deque<ChildProcess> clients;
    std::vector<pid_t> processes{server.id()};
    for (int i = 0; i < count; ++i) {
        clients.emplace_back([&](const ChildProcess::Tell &tell) {
            const Connection connection = connect(server.name());
            const Proxy echo = connection["echo"];
            for (int round = 0; round < 10; ++round)
                (void)callWithInt(echo, round);
            tell();
            pause(); // until it is killed; the connection stays open
        });
        processes.push_back(clients.back().id());
        clients.back().await();
    }
    if (!conditions.isQuick)
        std::this_thread::sleep_for(std::chrono::milliseconds(100)); // what the last call left to do
    return measureIdle(conditions.idleTime, processes);
}

} // namespace

Cases idleCases()
{
    return {
        {decoyPeer, "idle", "CPU of server and client while nothing is asked",
         [](const Conditions &conditions) { return idle(conditions, 1); }},
        {hundredClients, "idle100", "the same with 100 clients",
         [](const Conditions &conditions) { return idle(conditions, conditions.adjusted(100)); }},
    };
}

} // namespace decoy::bench
