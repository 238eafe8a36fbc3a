// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

#include <csignal>
#include <thread>
#include <unistd.h>

namespace decoy::demo {

namespace {

constexpr std::uint64_t callsBeforeTheEnd = 3;

/// Makes a call that will not end, on a thread of its own, and returns when the server is at it.
std::jthread beginEndlessCall(ScenarioRun &run, const Proxy &lab)
{
    const auto before = lab.get<std::int64_t>("sleeps");
    std::jthread caller([lab] {
        try {
            lab.call<void>("sleep", 30.0);
        } catch (const ProxyError &) {
            // The run was stopped before it crashed.
        }
    });
    while (lab.get<std::int64_t>("sleeps") == before && run.pace())
        continue;
    return caller;
}

void play(ScenarioRun &run)
{
    const Proxy lab = run.server()["lab"];
    const std::uint64_t calls = run.count() == 0 ? callsBeforeTheEnd : run.count();
    while (run.round() < calls && run.nextRound())
        run.log("echo " + lab.call("echo", run.round()).toString());
    if (!run.pace())
        return;
    run.log("dying in the middle of lab.sleep(30)");
    const std::jthread caller = beginEndlessCall(run, lab);
    // Not abort(): no handler, no destructor and no core file; this is how the out-of-memory killer ends a process.
    ::kill(::getpid(), SIGKILL);
}

} // namespace

constinit const Scenario crasher{"crasher", "Dies in the middle of a call, as a process that is killed.", 2, play};

} // namespace decoy::demo
