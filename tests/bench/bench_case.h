// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "measurement.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace decoy::bench {

/// Who is measured. `key` chooses it on the command line, `label` stands in the lines.
struct Peer {
    std::string key;
    std::string label;
    bool operator==(const Peer &) const = default;
};
inline const Peer decoyPeer{"decoy", "Decoy native"};
inline const Peer hundredClients{"decoy", "Decoy native 100 clients"}; ///< idle lines name no case
inline const Peer floorPeer{"floor", "floor"}; ///< raw shared memory; looks for 100 us, then sleeps
inline const Peer futexPeer{"futex", "futex"}; ///< raw shared memory; sleeps at once
inline const Peer qtPeer{"qt", "Qt blocking invokeMethod"};

/// Which core each end may use.
enum class Pinning { None, Split, Same };

/// How a case is run.
struct Conditions {
    Pinning pinning = Pinning::None;
    int busyProcesses = 0;               ///< that compete for the cores
    std::optional<Seconds> seconds = {}; ///< at most, for each case, in place of what its plan says
    Seconds idleTime{3};
    bool isQuick = false; ///< only to see that it works

    [[nodiscard]] Plan adjusted(Plan plan) const
    {
        if (isQuick) {
            plan.calls = std::min<std::size_t>(plan.calls, 200);
            plan.seconds = Seconds(0.1);
        }
        plan.seconds = seconds.value_or(plan.seconds);
        return plan;
    }
    /// How many callers or objects there are.
    [[nodiscard]] int adjusted(int count) const { return isQuick ? std::min(count, 8) : count; }
};

using Outcome = std::variant<Measurement, IdleMeasurement>;

/// One thing to measure. Runs in a process of its own, which has no threads yet and lives no longer than the case.
struct Case {
    Peer peer;
    std::string name;
    std::string description;
    std::function<Outcome(const Conditions &)> run;
};

using Cases = std::vector<Case>;

/// All cases; those of one name follow one another, so that what is compared was measured in the same minute.
/// Names are those of the peers' benchmarks where there is a like one.
[[nodiscard]] Cases allCases();

// Each in a file of its own. To add a case, add a row there.
[[nodiscard]] Cases floorCases();     ///< raw shared memory
[[nodiscard]] Cases callCases();      ///< one caller
[[nodiscard]] Cases asyncCases();     ///< one caller that does not wait
[[nodiscard]] Cases iterationCases(); ///< containers
[[nodiscard]] Cases crowdCases();     ///< several callers
[[nodiscard]] Cases qtCases();        ///< a QObject in a thread of its own
[[nodiscard]] Cases idleCases();

} // namespace decoy::bench
