// SPDX-License-Identifier: BSD-3-Clause
#include "one_caller.h"
#include "shared_array.h"

#include <cstdint>
#include <deque>
#include <thread>

namespace decoy::bench {

namespace {

/// For as long as it takes, so that the callers can be compared.
constexpr Plan anyNumber{SIZE_MAX, Seconds(1.5)};

Plan planOf(const Conditions &conditions) { return {SIZE_MAX, conditions.adjusted(anyNumber).seconds}; }

/// Threads of one process, on one channel, each with one call under way.
Outcome callFromThreads(const Conditions &conditions, int count)
{
    const BenchServer server(conditions);
    const Connection connection = connect(server.name());
    const Proxy echo = connection["echo"];
    const Plan plan = planOf(conditions);
    std::vector<Tally> tallies(count);
    const CpuMeter meter({server.id()});
    {
        std::vector<std::jthread> threads;
        for (Tally &tally : tallies)
            threads.emplace_back([&] { timeCalls(plan, tally, [&](int round) { return callWithInt(echo, round); }); });
    }
    return summarise(tallies, meter);
}

/// Processes, each with a channel of its own.
Outcome callFromProcesses(const Conditions &conditions, int count)
{
    const BenchServer server(conditions);
    const Plan plan = planOf(conditions);
    SharedArray<Tally> tallies(count);
    const Pipe start;
    std::deque<ChildProcess> clients;
    std::vector<pid_t> processes{server.id()};
    for (Tally &tally : tallies) {
        clients.emplace_back([&](const ChildProcess::Tell &tell) {
            const Connection connection = connect(server.name());
            const auto call = [echo = connection["echo"]](int round) { return callWithInt(echo, round); };
            warmUp({1000}, call);
            tell();
            if (!start.hear())
                return;
            timeCalls(plan, tally, call);
            tell();
        });
        processes.push_back(clients.back().id());
    }
    for (const ChildProcess &client : clients)
        client.await();
    const CpuMeter meter(processes);
    start.say(clients.size());
    for (const ChildProcess &client : clients)
        client.await();
    return summarise({tallies.begin(), tallies.end()}, meter);
}

auto threads(int count)
{
    return [count](const Conditions &conditions) { return callFromThreads(conditions, conditions.adjusted(count)); };
}
auto processes(int count)
{
    return [count](const Conditions &conditions) { return callFromProcesses(conditions, conditions.adjusted(count)); };
}

} // namespace

Cases crowdCases()
{
    return {
        {decoyPeer, "threads64", "64 calls in flight: from 64 threads of one process", threads(64)},
        {decoyPeer, "clients1", "one client process", processes(1)},
        {decoyPeer, "clients8", "8 client processes at the same time", processes(8)},
        {decoyPeer, "clients64", "64 client processes at the same time", processes(64)},
    };
}

} // namespace decoy::bench
