// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "reader.h"

#include <string_view>

namespace decoy::wire {

/// Reads the name of an attribute, a method, a keyword or an event: valid UTF-8, not empty, within Limits::nameLength.
/// `what` names it in the error: "the name".
[[nodiscard]] std::string_view readName(Reader &reader, const Limits &limits, std::string_view what);

} // namespace decoy::wire
