// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/worker.h"

#include <QString>

#include <memory>

namespace decoy::ui {

class Session;

// Lessons that kill or measure a server do it to one of their own, in a process of its own, with the same demo objects.

/// A name that no other server has.
[[nodiscard]] QString ownServerName();
/// Starts `decoy host`. It ends with what is returned.
[[nodiscard]] std::unique_ptr<Worker> startOwnServer(const Session &session, const QString &name);
/// Lets it end in peace, so that it takes its names along, and goes on at once.
void retire(std::unique_ptr<Worker> server);
/// Takes away what a server of this name has left that was killed.
void clearUpAfter(const QString &name);
/// Whether this line of its log says that it can be connected to.
[[nodiscard]] bool saysReady(const QString &line);

} // namespace decoy::ui
