// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

namespace decoy::demo {

namespace {

void play(ScenarioRun &run)
{
    using namespace std::chrono_literals;
    // Seconds. A server thread sleeps on for so long when this client is killed.
    constexpr double nap = 10;
    const Proxy lab = run.server()["lab"].withTimeout(30s);
    while (run.nextRound()) {
        run.log("waiting in lab.sleep(10)");
        lab.call<void>("sleep", nap);
    }
}

} // namespace

constinit const Scenario sleeper{"sleeper", "Always waits in a long call: something to kill or to hang up on.", 1,
                                 play};

} // namespace decoy::demo
