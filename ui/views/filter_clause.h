// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/traffic_columns.h"

#include <QString>

namespace decoy::ui {

/// The filter that says what a cell of the traffic table says: `opcode == EXECUTE`, `latency >= 5.2ms`. Empty where the
/// cell has nothing to ask for. `row` must be contained.
[[nodiscard]] QString filterClause(const FrameSnapshot &frames, Row row, const FrameNames &names, TrafficColumn column);

/// What to do with a clause and the filter that there is.
enum class FilterMerge : quint8 { Replace, And, Exclude };
[[nodiscard]] QString mergedFilter(const QString &filter, const QString &clause, FilterMerge merge);

/// With all its digits, in the unit that makes it shortest: `5.2ms`, `340ns`.
[[nodiscard]] QString exactDuration(std::int64_t nanoseconds);

} // namespace decoy::ui
