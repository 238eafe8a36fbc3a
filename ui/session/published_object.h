// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

namespace decoy::ui {

class Session;
struct CallRecord;

/// The object that a remembered call is about, where it is now: ids change from run to run, names stay. If its server is gone,
/// the local one's object of the same name, because the demo server is called otherwise when its name was taken. Null if there is
/// none.
[[nodiscard]] ObjectRef reachableObject(Session &session, const CallRecord &call);

} // namespace decoy::ui
