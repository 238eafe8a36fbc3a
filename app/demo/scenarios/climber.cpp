// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

namespace decoy::demo {

namespace {

/// Goes from child to child until the server refuses. False when the run has to stop.
bool climb(ScenarioRun &run)
{
    Proxy node = run.server()["node"];
    try {
        do
            node = node.call<Proxy>("child");
        while (run.pace());
        return false;
    } catch (const LimitedProxyChaining &error) {
        run.log("climbed to level " + std::to_string(node.level()), error);
        return true;
    }
}

void play(ScenarioRun &run)
{
    // The proxies of a climb are released when it ends.
    while (run.nextRound() && climb(run))
        continue;
}

} // namespace

constinit const Scenario climber{"climber", "Climbs from node to child until the chain is at its limit.", 5, play};

} // namespace decoy::demo
