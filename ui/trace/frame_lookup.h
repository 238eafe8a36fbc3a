// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"

namespace decoy::ui {

/// The row of a request that is known from elsewhere than the capture; noRow if it was not captured, or not yet.
[[nodiscard]] Row findRequest(const FrameSnapshot &frames, const FrameEvent &request);

} // namespace decoy::ui
