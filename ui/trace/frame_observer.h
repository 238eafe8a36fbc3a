// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_record.h"

#include <span>

namespace decoy::ui {

/// Sees every frame that a FrameStore takes, in the thread that appends and before any snapshot has it: for what must not
/// miss one even if the store has to discard it. Must cost next to nothing; the capture waits for it.
class FrameObserver {
public:
    virtual ~FrameObserver() = default;

    virtual void frameAppended(Row row, const FrameEvent &event, std::span<const std::byte> bytes) noexcept = 0;
    /// The next frame comes from a new tap: call ids start again.
    virtual void captureBegun() noexcept = 0;
    /// All frames are forgotten; rows start again at 0 in this generation.
    virtual void framesCleared(std::uint64_t generation) noexcept = 0;
};

} // namespace decoy::ui
