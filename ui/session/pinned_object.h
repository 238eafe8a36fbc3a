// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

namespace decoy::ui {

class Session;

/// Whether it is on top of the list: a published object by its name, a chained one for as long as the monitor runs, even when it is gone.
[[nodiscard]] bool isPinned(Session &session, const ObjectRef &object);
/// Anything that is there can be; what is gone can only be unpinned.
[[nodiscard]] bool canBePinned(Session &session, const ObjectRef &object);
void setPinned(Session &session, const ObjectRef &object, bool isPinned);

} // namespace decoy::ui
