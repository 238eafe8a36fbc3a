// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bench_case.h"
#include "trial.h"

#include <string>
#include <vector>

namespace decoy::bench {

/// What the command line asked for.
struct Options {
    std::vector<std::string> names; ///< of cases and of peers; all where there is none
    Conditions conditions;
    int rounds = 3;
    bool isComplete = false;
    bool asJson = false;
    bool listOnly = false;
};

/// Prints a message and ends the program where the line is wrong, or only asked for help.
[[nodiscard]] Options parseOptions(int argc, char **argv);

/// One round: each case that is wanted, once. Throws std::invalid_argument for a name that nothing has.
[[nodiscard]] std::vector<Trial> planRound(const Options &options, const Cases &cases);

} // namespace decoy::bench
