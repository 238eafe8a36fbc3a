// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"
#include "trace/frame_snapshot.h"

#include <QString>

#include <cstddef>
#include <span>

namespace decoy::ui {

class ObjectWatcher;

/// A captured request as a call that can be made again, or a sentence that says why not.
struct FrameRequest {
    CallRequest request; ///< without server and name of the object, which no frame holds; its id is there
    QString problem;     ///< empty if there is a request

    [[nodiscard]] bool isValid() const noexcept { return problem.isEmpty(); }
};

/// The row of the request that a frame belongs to: itself, or the one that it answers. noRow if that is not there.
[[nodiscard]] Row requestRowOf(const FrameSnapshot &frames, Row row);

/// Reads a request's bytes, prefix first and whole.
[[nodiscard]] FrameRequest requestOfBytes(std::span<const std::byte> bytes);

/// Reads the request that a frame is, or answers.
[[nodiscard]] FrameRequest requestOfFrame(const FrameSnapshot &frames, Row row);

/// The same with server and name of the object filled in, as far as the server has told them.
[[nodiscard]] FrameRequest callOfFrame(const FrameSnapshot &frames, Row row, const ObjectWatcher &objects,
                                       const QString &server);

} // namespace decoy::ui
