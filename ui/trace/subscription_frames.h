// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"

#include <vector>

namespace decoy::ui {

/// What belongs to one subscription near one of its frames.
struct SubscriptionFrames {
    Row asked = noRow;       ///< the call of `__subscribe__` that began it
    std::vector<Row> frames; ///< EVENTs, and what ends it where the server does
    Row ended = noRow;       ///< the call of `__unsubscribe__`, where the client ends it
    bool isWhole = false;    ///< looking again would find nothing more after the frame
};

/// `row` is a frame of a subscription. At most `neighbours` frames before it and as many after it; the calls are looked for among
/// `mostSearched` frames in each direction, so the cost is bounded.
[[nodiscard]] SubscriptionFrames subscriptionAround(const FrameSnapshot &frames, Row row, int neighbours,
                                                    Row mostSearched);

} // namespace decoy::ui
