// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

#include <decoy/lending.h>

#include <cstdint>
#include <vector>

namespace decoy::demo {

namespace {

void play(ScenarioRun &run)
{
    const Proxy lab = run.server()["lab"];
    const Proxy counter = run.server()["counter"];
    // Called by the server while the worker waits, and asks the server something itself.
    const Lent addToCounter = callback(
        [&counter](std::int64_t number) { return counter.call<std::int64_t>("add", number); });
    while (run.nextRound()) {
        const std::vector<std::int64_t> numbers{1, -1, static_cast<std::int64_t>(run.round() % 10)};
        run.log("lab.map() = " + lab.call("map", addToCounter, numbers).toString());
    }
}

} // namespace

constinit const Scenario lender{"lender", "Lends the lab a callback, which the lab calls.", 1, play};

} // namespace decoy::demo
