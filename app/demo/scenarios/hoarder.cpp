// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

#include <vector>

namespace decoy::demo {

namespace {

void play(ScenarioRun &run)
{
    // A leak as programs have it: a list that is only ever added to.
    std::vector<Proxy> kept{run.server()["node"]};
    while (run.nextRound()) {
        kept.push_back(kept.back().call<Proxy>("child"));
        const auto depth = kept.back().get<std::int64_t>("depth"); // plain data: from here the next may be chained
        run.log("keeps child " + std::to_string(depth));
    }
}

} // namespace

constinit const Scenario hoarder{"hoarder", "Keeps every object that it is given: a leak.", 20, play};

} // namespace decoy::demo
