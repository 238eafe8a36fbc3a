// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

namespace decoy::demo {

namespace {

void play(ScenarioRun &run)
{
    using namespace std::chrono_literals;
    constexpr double nap = 60; // seconds: as long as the lab allows
    const Proxy lab = run.server()["lab"].withTimeout(90s);
    while (run.nextRound()) {
        run.log("waiting in lab.sleep(60)");
        lab.call<void>("sleep", nap);
    }
}

} // namespace

constinit const Scenario sleeper{"sleeper", "Waits in one call, a minute long: something to kill or to hang up on.", 1,
                                 play};

} // namespace decoy::demo
