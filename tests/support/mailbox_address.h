// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/duck.h>
#include <decoy/json.h>

#include <string>

namespace decoy::test {

/// An address as one word of a command line, and back.
inline std::string toText(const DuckAddress &address) { return toJson(Value(address)); }
inline DuckAddress fromText(const std::string &text) { return fromJson(text).as<DuckAddress>(); }

} // namespace decoy::test
