// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace decoy::bench {

/// Where the frames of a flood come from.
enum class Source {
    Calls,    ///< a client in another process calls the server in this one
    Generated ///< a thread writes frames of the wanted rate into the tap's ring, where the server would
};

struct MonitorOptions {
    std::vector<std::string> cases{"flood", "held", "throughput"};
    double seconds = 60;   ///< of a flood, all tabs together; of the throughput, all rounds together
    double rate = 200'000; ///< frames a second; 0: as many as can be
    Source source = Source::Calls;
    std::vector<std::string> tabs{"traffic", "sequence", "statistics"};
    std::uint64_t frames = 5'000'000; ///< held
    std::uint64_t memoryMiB = 512;
    std::string folder; ///< for frames beyond it
    int rounds = 5;     ///< of the throughput
};

} // namespace decoy::bench
