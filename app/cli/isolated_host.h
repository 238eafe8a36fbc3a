// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "errors.h"
#include "output.h"

#include <string>
#include <vector>

namespace decoy::cli {

/// Runs this program with these arguments, which make it serve under `name`, until SIGINT or SIGTERM. Starts it again when it ends by
/// itself, so many times a minute, and prints a JSON line for each such end. ServerGone if that was not enough.
[[nodiscard]] ExitStatus hostIsolated(const std::string &name, std::vector<std::string> arguments, int restarts,
                                      Output &output);

} // namespace decoy::cli
