// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "measurement.h"

#include <decoy/proxy.h>

#include <string>
#include <vector>

namespace decoy::bench {

/// One thing to measure. To add a case, add a row in cases.cpp.
struct Case {
    std::string name;
    std::string description;
    Plan plan;
    std::function<bool(const Proxy &echo, int round)> call; ///< true if the answer was right
};

/// All cases, in the order of running. Names are those of the peers' benchmarks where there is a like one.
[[nodiscard]] const std::vector<Case> &cases();

} // namespace decoy::bench
