// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"

#include <QByteArray>

namespace decoy::ui {

/// The frame that a call sends, prefix first: what the Invoke dialog shows while the person types.
[[nodiscard]] QByteArray requestBytes(const CallRequest &request);

} // namespace decoy::ui
