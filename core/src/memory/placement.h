// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sched.h>

namespace decoy::memory {

/// Has the calling thread go on on one of the cores `where`, now; from then on it may run on all of `allowed` again, as before.
/// False if the system refuses.
bool moveTo(const cpu_set_t &where, const cpu_set_t &allowed) noexcept;

/// The same for one core, of which somebody else has told. False too if the thread may not run there, or does already.
bool moveToCore(int core) noexcept;

} // namespace decoy::memory
