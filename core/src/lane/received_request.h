// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace decoy::lane {

/// A request that a channel has copied out of shared memory.
struct ReceivedRequest {
    std::uint64_t callId = 0;
    bool oneWay = false;
    bool isReferable = false; ///< as IncomingCall has them
    bool isOnResult = false;
    bool lends = false;
    std::uint64_t within = 0;
    std::vector<std::byte> frame; // keeps its memory from request to request
};

} // namespace decoy::lane
