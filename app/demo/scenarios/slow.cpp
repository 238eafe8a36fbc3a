// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

#include <array>

namespace decoy::demo {

namespace {

void play(ScenarioRun &run)
{
    using namespace std::chrono_literals;
    // One in four outlasts the patience of the caller.
    constexpr std::array naps{50ms, 200ms, 400ms, 900ms};
    constexpr auto patience = 600ms;
    const Proxy lab = run.server()["lab"].withTimeout(patience);
    while (run.nextRound()) {
        const auto nap = naps[(run.round() - 1) % naps.size()];
        const std::string what = "sleep " + std::to_string(nap.count()) + " ms";
        try {
            lab.call<void>("sleep", std::chrono::duration<double>(nap).count());
            run.log(what + ": done");
        } catch (const CallTimeout &error) {
            run.log(what, error);
        }
    }
}

} // namespace

constinit const Scenario slow{"slow", "Makes calls that take their time, some longer than it waits.", 1, play};

} // namespace decoy::demo
