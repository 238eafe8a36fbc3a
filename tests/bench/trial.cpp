// SPDX-License-Identifier: BSD-3-Clause
#include "trial.h"

#include "child_process.h"
#include "placement.h"
#include "shared_array.h"

#include <stdexcept>

namespace decoy::bench {

Result run(const Trial &trial)
{
    SharedArray<Outcome> outcome(1);
    const ChildProcess process([&](const ChildProcess::Tell &tell) {
        const BusyProcesses busy(trial.conditions.busyProcesses);
        pin(trial.conditions.pinning, Role::Client);
        outcome[0] = trial.what->run(trial.conditions);
        tell();
    });
    try {
        process.await();
    } catch (const std::runtime_error &) {
        throw std::runtime_error("the case \"" + trial.what->name + "\" of " + trial.what->peer.label + " failed");
    }
    return {labelOf(trial.what->peer, trial.conditions), trial.what->name, outcome[0]};
}

std::string labelOf(const Peer &peer, const Conditions &conditions)
{
    std::string label = peer.label;
    if (conditions.pinning != Pinning::None)
        label += conditions.pinning == Pinning::Same ? " pin=same" : " pin=split";
    if (conditions.busyProcesses != 0)
        label += " busy=" + std::to_string(conditions.busyProcesses);
    return label;
}

} // namespace decoy::bench
