// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "medians.h"

#include <string>
#include <vector>

namespace decoy::bench {

/// One figure that the library has to reach.
struct Requirement {
    std::string what; ///< and its unit
    std::string rule; ///< where the bound comes from; empty for one that holds by itself
    double bound = notMeasured;
    double measured = notMeasured;
    bool isLeast = false; ///< whether more is better

    [[nodiscard]] bool isMet() const noexcept { return isLeast ? measured >= bound : measured <= bound; }
};

/// The requirements that these results tell something about. Each figure is the median of all rounds.
[[nodiscard]] std::vector<Requirement> requirements(const std::vector<Result> &results);

} // namespace decoy::bench
