// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bench_case.h"

namespace decoy::bench {

/// One case, once.
struct Trial {
    const Case *what = nullptr;
    Conditions conditions;
};

struct Result {
    std::string peer; ///< its label, and the conditions where they are no usual ones
    std::string name; ///< of the case
    Outcome outcome;
};

/// Runs it in a process of its own, so that nothing of it is left for the next one. Throws std::runtime_error if it failed.
[[nodiscard]] Result run(const Trial &trial);

/// What a peer is called that was measured under these conditions.
[[nodiscard]] std::string labelOf(const Peer &peer, const Conditions &conditions);

} // namespace decoy::bench
