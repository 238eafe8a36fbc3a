// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace decoy::ui {

/// The 8 px grid. Distances are one of these; nothing else makes a window look as if one hand had drawn it.
inline constexpr int gridUnit = 8;
inline constexpr int halfUnit = gridUnit / 2;
inline constexpr int doubleUnit = gridUnit * 2;

/// Height of one row in every table and tree.
inline constexpr int rowHeight = gridUnit * 3;

/// How often numbers that a person reads may change; faster is only flicker.
inline constexpr int numbersIntervalMs = 250;

} // namespace decoy::ui
