// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trial.h"

#include <vector>

namespace decoy::bench {

/// One line, tab-separated, with the columns of the peers' benchmarks, so that one table can be made of all:
/// `RESULT peer case n p50_us p99_us p99.9_us calls/s cpu_s cpu_us/call errors foreign_cores` and `IDLE peer seconds cpu_s`.
/// Several callers at once add `CALLERS peer case slowest fastest`, in calls/s.
void printLine(const Result &result);

/// The same as a JSON object.
void printJson(const Result &result);

/// The medians of all rounds, and what was reached of what is wanted: tables in Markdown.
void printTables(const std::vector<Result> &results);

} // namespace decoy::bench
