// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"

#include <QPoint>
#include <QString>

class QWidget;

namespace decoy::ui {

class FrameNames;

/// What one wants to know of a frame at a glance, in a few lines: the call, who, when, how big, and its answer.
[[nodiscard]] QString frameEssentials(const FrameSnapshot &frames, Row row, const FrameNames &names);

/// Whether a request still waits for its result. False for what wants none and for what a server sends.
[[nodiscard]] bool isOpenCall(const FrameSnapshot &frames, Row row);

/// Shows text as it is: values come from other processes, and must not pretend to be ours. Empty text hides.
void showPlainToolTip(QPoint globalPosition, const QString &text, QWidget *widget);

} // namespace decoy::ui
