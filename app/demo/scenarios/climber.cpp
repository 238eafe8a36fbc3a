// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

#include <vector>

namespace decoy::demo {

namespace {

/// Goes from child to child until the server refuses. False when the run has to stop.
bool climb(ScenarioRun &run)
{
    // All of them are held until the top is reached, so that those who watch see the whole chain; then all are released.
    std::vector<Proxy> chain{run.server()["node"]};
    try {
        do
            chain.push_back(chain.back().call<Proxy>("child"));
        while (run.pace());
        return false;
    } catch (const LimitedProxyChaining &error) {
        run.log("climbed to level " + std::to_string(chain.back().level()), error);
        return true;
    }
}

void play(ScenarioRun &run)
{
    while (run.nextRound() && climb(run))
        continue;
}

} // namespace

constinit const Scenario climber{"climber", "Climbs from node to child until the chain is at its limit.", 5, play};

} // namespace decoy::demo
