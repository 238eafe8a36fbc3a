// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/tap.h>

#include <atomic>
#include <cstdint>
#include <limits>

namespace decoy::ui {

/// The number of a captured frame, counted from 0 since the store was cleared. It never changes while frames come and
/// the oldest are discarded. People see it as `row + 1`.
using Row = std::uint64_t;
inline constexpr Row noRow = std::numeric_limits<Row>::max();

/// What is kept of a frame beside its bytes. Names and texts are not: they are decoded when a row becomes visible.
///
/// Immutable once published, except `nextInCall`, which the writer sets when the call goes on.
struct FrameRecord {
    FrameEvent event;
    std::uint32_t payloadOffset = 0; ///< of the bytes, in its chunk's arena
    std::uint32_t previousInCall =
        0; ///< how many rows above the call's, or subscription's, previous frame is; 0: there is none
    std::atomic<std::uint32_t> nextInCall = 0; ///< how many rows below its next frame is; 0: none so far
    std::uint32_t lostBefore = 0;              ///< frames that the tap had to drop just before this one
};
static_assert(sizeof(FrameRecord) == 80, "a million frames cost 80 MB and their bytes");

/// Whether a frame only comes back to somebody: an answer, or the end of a subscription. Otherwise it asks or tells.
[[nodiscard]] inline bool isReply(const FrameEvent &event) noexcept
{
    return event.isAnswer() || (event.conversation == Conversation::Subscription && event.isFailed());
}

} // namespace decoy::ui
