// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>
#include <QString>

namespace decoy::ui {

/// How a frame is shown, the same in every view: a colour, a sign that means the same without colour, and a word.
enum class FrameRole : quint8 { Get, Set, Execute, Result, Pending, Error, Event, Unknown };

struct OpcodeStyle {
    QString sign;        ///< one character, in every font that we name
    QString word;        ///< "GET", "SET", "EXECUTE", "RESULT", "PENDING", "ERROR", "EVENT", "UNKNOWN"
    QColor colour;       ///< for text, signs and lines; at least 4.5:1 on the palette's Base and AlternateBase
    QColor tint;         ///< for backgrounds behind normal text
    bool dimmed = false; ///< PENDING: says little, so it steps back
};

/// The role of a frame: a failed result is an Error whatever its opcode.
[[nodiscard]] FrameRole frameRole(int opcode, bool failed) noexcept;

/// The style for a palette that is light or dark, as its Base says.
[[nodiscard]] const OpcodeStyle &opcodeStyle(FrameRole role, const QPalette &palette);
[[nodiscard]] inline const OpcodeStyle &opcodeStyle(int opcode, bool failed, const QPalette &palette)
{
    return opcodeStyle(frameRole(opcode, failed), palette);
}

[[nodiscard]] bool isDark(const QPalette &palette) noexcept;

/// WCAG 2.1 contrast of two opaque colours, 1 to 21.
[[nodiscard]] double contrastRatio(const QColor &one, const QColor &other) noexcept;

} // namespace decoy::ui
