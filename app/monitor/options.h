// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QSize>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>
#include <vector>

namespace decoy::monitor {

struct WorkerOrder {
    QString scenario;
    int count = 1;
};

/// A lesson of the guided tour, counted from 1, and the step to walk to; lesson 0: the list.
struct LessonOrder {
    int lesson = 0;
    int step = 1;
};

/// What the command line asks for.
struct Options {
    QString serverName;               ///< empty: "demo", or another name if that one is taken
    std::optional<LessonOrder> learn; ///< open the guided tour
    bool demo = false;                ///< a teller and a climber from the start, unless workers are named
    QStringList attach;
    QString open;
    std::vector<WorkerOrder> workers;
    QString tab;
    QString filter;
    QString select;
    bool invoke = false;
    std::optional<QString> hold; ///< a breakpoint; empty: every request
    std::optional<ui::ThemeChoice> theme;
    QSize size; ///< invalid: as it was the last time
    QString screenshot;
    std::optional<std::chrono::milliseconds> quitAfter;
};

/// What came of reading the command line: options, or a text to print and an exit code.
struct ParsedOptions {
    Options options;
    QString output;
    std::optional<int> exitCode;
};

/// `scenarios` are the names that --worker takes.
[[nodiscard]] ParsedOptions parseOptions(const QStringList &arguments, const QStringList &scenarios);

} // namespace decoy::monitor
