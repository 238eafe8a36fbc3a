// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/value.h>

#include <string>
#include <string_view>

namespace decoy {

/// JSON as the `decoy` command and the monitor write values. What JSON cannot say is written as an object with one key:
/// bytes `{"$bytes":"base64"}`, a proxy `{"$proxy":{"id":3,"type":"Node","level":1}}`, a callable `{"$callable":"name"}`,
/// a map with keys that are not strings `{"$map":[[key,value],...]}`, NaN and infinities `{"$float":"nan"}`, other msgpack
/// extensions `{"$ext":[type,"base64"]}`.
///
/// `indent` < 0 writes one line; otherwise that many spaces a level.
[[nodiscard]] std::string toJson(const Value &value, int indent = -1);

/// Reads the same, except proxies and callables. Integers stay integers, up to 64 bits. Throws ArgumentError with the
/// position and what was expected there. Text may come from anywhere: nesting is limited.
[[nodiscard]] Value fromJson(std::string_view text);

} // namespace decoy
