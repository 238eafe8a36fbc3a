// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/operators.h>

#include "object/shown.h"

namespace decoy::detail {

std::string_view wireTypeOf(const msgpack::object &object) noexcept { return object::typeWord(object); }

} // namespace decoy::detail
