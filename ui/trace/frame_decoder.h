// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/tap.h>

#include <QString>

#include <span>

namespace decoy::ui {

/// What a frame says, as one line of text. Made when a row becomes visible; nothing of it is stored.
struct DecodedFrame {
    QString member;         ///< the attribute or method of a request; empty for what a server sends
    QString content;        ///< `(50, memo="gift")`, `= "Ada"`, `150`, `proxy Node #13`, or what went wrong
    bool isCut = false;     ///< the content is longer than what was kept of it
    bool isDamaged = false; ///< not a frame of the protocol; `content` says why
};

/// Reads what was kept of a frame. The bytes may be anything; texts longer than `maxText` are cut.
[[nodiscard]] DecodedFrame decodeFrame(const FrameEvent &event, std::span<const std::byte> bytes,
                                       qsizetype maxText = 160);

} // namespace decoy::ui
