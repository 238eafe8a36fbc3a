// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace decoy::ui {

struct LaneCostOptions {
    std::string server;
    std::int32_t process = 0; ///< the server's
    int calls = 100;
    std::chrono::milliseconds pause{20}; ///< between two calls
    std::chrono::milliseconds idle{1000};
};

/// What one way to wait costs, as it was measured.
struct LaneCost {
    std::chrono::nanoseconds median{};  ///< of a call, request to result
    std::chrono::nanoseconds slow{};    ///< 19 of 20 calls were quicker
    std::chrono::nanoseconds idleCpu{}; ///< processor time of the server while nobody called
};

struct LaneCosts {
    LaneCost waking;  ///< the native lane
    LaneCost polling; ///< the Duck lane
    int calls = 0;
    std::chrono::nanoseconds idle{}; ///< how long nobody called
};

/// Measures both lanes to a server of demo objects in another process; blocks for some seconds. Nothing when it was stopped.
/// `progress` is told from this thread, 0 to 1. Throws ProxyError, PeerDied, CallTimeout.
[[nodiscard]] std::optional<LaneCosts> measureLaneCosts(const LaneCostOptions &options, const std::stop_token &stop,
                                                        const std::function<void(double)> &progress);

} // namespace decoy::ui
