// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "errors.h"
#include "output.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <functional>
#include <memory>

namespace decoy::cli {

/// What the command line asks for; main() runs it once all of the line is understood.
using Action = std::function<ExitStatus(Output &)>;

/// Makes `run` the action when `command` was given. The result is what the command's options write to.
template <class Options>
[[nodiscard]] std::shared_ptr<Options> onCommand(CLI::App &command, Action &action,
                                                 ExitStatus (*run)(const Options &, Output &))
{
    auto options = std::make_shared<Options>();
    command.callback(
        [options, run, &action] { action = [options, run](Output &output) { return run(*options, output); }; });
    return options;
}

// Each adds one command; a new command is a file in commands/, a line here and a line in main.cpp.
void addHost(CLI::App &app, Action &action);
void addLs(CLI::App &app, Action &action);
void addDescribe(CLI::App &app, Action &action);
void addGet(CLI::App &app, Action &action);
void addSet(CLI::App &app, Action &action);
void addCall(CLI::App &app, Action &action);
void addWatch(CLI::App &app, Action &action);
void addWorker(CLI::App &app, Action &action);
void addDemo(CLI::App &app, Action &action);

} // namespace decoy::cli
