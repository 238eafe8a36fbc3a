// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "scenario_run.h"

#include <span>
#include <string_view>

namespace decoy::demo {

/// One way to use a server that hosts the demo objects, for worker processes.
/// A new one is a file in scenarios/ that defines it, its name below, and its name in the table of scenarios.cpp.
struct Scenario {
    std::string_view name;
    std::string_view description; ///< one sentence for a person who chooses
    double rate;                  ///< calls a second unless told otherwise; 0: as fast as they go
    /// Returns when the run is over. Errors that belong to the scenario are logged; others leave it.
    void (*play)(ScenarioRun &run);
};

extern const Scenario reader, teller, climber, listener, lender, duck, slow, sleeper, faulty, hoarder, flood, crasher;

/// All scenarios, the gentle ones first.
[[nodiscard]] std::span<const Scenario *const> scenarios() noexcept;
/// The scenario of this name, or null.
[[nodiscard]] const Scenario *findScenario(std::string_view name) noexcept;

} // namespace decoy::demo
