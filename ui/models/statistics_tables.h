// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/statistics_table.h"
#include "trace/statistics_snapshot.h"

#include <memory>

namespace decoy::ui {

class FrameNames;

/// A method as it is shown: percentiles are worked out once, not for each cell and comparison.
struct MethodRow {
    QString type;
    QString member;
    int opcode = 0;
    quint64 calls = 0;
    quint64 errors = 0;
    double callsPerSecond = 0;
    qint64 min = 0, mean = 0, p50 = 0, p90 = 0, p99 = 0, p999 = 0, max = 0; ///< ns
    bool hasLatency = false;
    Row first = noRow;
    Row last = noRow;
    Row slowest = noRow;

    [[nodiscard]] QString name() const; ///< "Account.deposit"
    /// The frames of this method, in the filter language.
    [[nodiscard]] QString filter() const;
};

struct TalkerRow {
    TalkerStatistics numbers;
    QString name;

    [[nodiscard]] QString filter() const;
};

struct ErrorRow {
    ErrorStatistics numbers;
    QString method;
    QString client; ///< the last that got it
};

using MethodTable = StatisticsTable<MethodRow>;
using TalkerTable = StatisticsTable<TalkerRow>;
using ErrorTable = StatisticsTable<ErrorRow>;

/// The places of the columns.
namespace methodColumns {
enum : int { kind, method, calls, callsPerSecond, errors, p50, p90, p99, p999, max, mean, min };
} // namespace methodColumns
namespace talkerColumns {
enum : int { client, channel, frames, bytes, calls, errors, objectsGot, released };
} // namespace talkerColumns
namespace errorColumns {
enum : int { error, method, count, lastFrame, lastClient, message };
} // namespace errorColumns

[[nodiscard]] MethodTable *makeMethodTable(QObject *parent);
[[nodiscard]] TalkerTable *makeTalkerTable(QObject *parent);
[[nodiscard]] ErrorTable *makeErrorTable(QObject *parent);

/// Two looks at the same statistics, about a second apart: what rates are worked out from.
struct StatisticsInterval {
    std::shared_ptr<const StatisticsSnapshot> from; ///< null: rates are not known yet
    std::shared_ptr<const StatisticsSnapshot> to;
    double seconds = 0;
};

[[nodiscard]] std::vector<MethodRow> methodRows(const StatisticsSnapshot &now, const StatisticsInterval &interval);
[[nodiscard]] std::vector<TalkerRow> talkerRows(const StatisticsSnapshot &now, const FrameNames &names);
[[nodiscard]] std::vector<ErrorRow> errorRows(const StatisticsSnapshot &now, const FrameNames &names);

} // namespace decoy::ui
