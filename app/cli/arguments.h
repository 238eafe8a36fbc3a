// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/value.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace decoy::cli {

/// Reads an argument that is JSON. `what` names it in the error: "argument 2". Throws UsageError that shows how to quote.
[[nodiscard]] Value jsonArgument(std::string_view text, std::string_view what);

[[nodiscard]] std::vector<Value> jsonArguments(const std::vector<std::string> &texts);

/// Reads `NAME=JSON` pairs. Throws UsageError.
[[nodiscard]] std::vector<std::pair<std::string, Value>> keywordArguments(const std::vector<std::string> &texts);

/// A number of seconds above 0 and up to a day, as a deadline. `option` names it in the UsageError.
[[nodiscard]] std::chrono::milliseconds secondsArgument(double seconds, std::string_view option);

} // namespace decoy::cli
