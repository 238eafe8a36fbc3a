// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"

#include <cstdint>
#include <string>

namespace decoy::ui {

/// A request that got no result.
struct InterruptedCall {
    Row row = noRow;
    std::uint64_t object = 0;
    std::string member; ///< "sleep"; empty if its bytes were not captured

    [[nodiscard]] bool isFound() const noexcept { return row != noRow; }
};

/// The newest request of a process that was still unanswered when its frames ended: what a worker was doing when it died.
/// Looks at the newest frames only, so that its cost is bounded.
[[nodiscard]] InterruptedCall findInterruptedCall(const FrameSnapshot &frames, std::int32_t process);

} // namespace decoy::ui
