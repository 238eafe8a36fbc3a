// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object/object_table.h"

#include <memory>

namespace decoy::object {

/// The server's own root object, id 0: a list of what is published, and the way to it. Bound like any other class, so
/// that a client needs no second protocol to begin.
[[nodiscard]] std::shared_ptr<Target> makeDirectory(std::shared_ptr<ObjectTable> table);

} // namespace decoy::object
