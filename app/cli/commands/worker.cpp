// SPDX-License-Identifier: BSD-3-Clause
#include "../commands.h"
#include "../termination_signals.h"
#include "../text.h"

#include "demo/scenarios.h"

#include <decoy/connection.h>

#include <cerrno>
#include <stop_token>
#include <system_error>

#include <unistd.h>

namespace decoy::cli {

namespace {

struct WorkerOptions {
    std::string scenario;
    std::string server;
    demo::ScenarioOptions run;
    bool list = false;
};

void listScenarios(Output &output)
{
    TextTable table({"SCENARIO", "CALLS/S", "WHAT IT DOES"});
    for (const demo::Scenario *scenario : demo::scenarios()) {
        const std::string rate = scenario->rate == 0 ? "max" : std::to_string(static_cast<int>(scenario->rate));
        table.addRow({std::string(scenario->name), rate, std::string(scenario->description)});
    }
    output.line(table.toString());
}

const demo::Scenario &requireScenario(const std::string &name)
{
    if (const demo::Scenario *scenario = demo::findScenario(name))
        return *scenario;
    std::string known;
    for (const demo::Scenario *scenario : demo::scenarios())
        known += (known.empty() ? "" : ", ") + std::string(scenario->name);
    throw UsageError((name.empty() ? "a scenario is needed" : "there is no scenario " + name) + "; there are " + known);
}

/// Returns the program that is to follow in this process, if any; see ScenarioRun::successor().
std::vector<std::string> playUntilEnd(const demo::Scenario &scenario, const WorkerOptions &options, Output &output)
{
    std::stop_source stop;
    std::vector<std::string> successor;
    {
        const TerminationSignals signals([&stop] { stop.request_stop(); });
        const auto log = [&output](std::string_view line) { output.line(printable(line)); };
        const Connection server = connect(options.server);
        demo::ScenarioRun run(scenario, server, options.run, stop.get_token(), log);
        run.play();
        successor = run.successor();
    }
    // Only now: a signal that comes later stays for the successor.
    return stop.stop_requested() ? std::vector<std::string>() : successor;
}

/// Becomes another program. Throws std::system_error.
void turnInto(std::vector<std::string> program)
{
    std::vector<char *> arguments;
    arguments.reserve(program.size() + 1);
    for (std::string &argument : program)
        arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    ::execv(arguments.front(), arguments.data());
    throw std::system_error(errno, std::generic_category(), "cannot start " + program.front());
}

void play(const WorkerOptions &options, Output &output)
{
    const demo::Scenario &scenario = requireScenario(options.scenario);
    if (options.server.empty())
        throw UsageError("--server is needed: the name of the server to work on");
    if (options.run.rate && !demo::isRate(*options.run.rate))
        throw UsageError("--rate takes 0, for as fast as they go, or at least 0.001 calls a second");
    const std::vector<std::string> successor = playUntilEnd(scenario, options, output);
    if (!successor.empty())
        turnInto(successor);
}

ExitStatus worker(const WorkerOptions &options, Output &output)
{
    if (options.list)
        listScenarios(output);
    else
        play(options, output);
    return ExitStatus::Success;
}

} // namespace

void addWorker(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("worker", "Use the demo objects of a server, as one of several scenarios");
    const auto options = onCommand(command, action, worker);
    command.add_option("SCENARIO", options->scenario, "Name of the scenario");
    command.add_option("--server", options->server, "Name of the server")->type_name("NAME");
    command.add_option("--rate", options->run.rate, "Calls a second; 0: as fast as they go")->type_name("N");
    command.add_option("--count", options->run.count, "Rounds after which it ends; 0: on SIGINT or SIGTERM")
        ->type_name("N");
    command.add_flag("--list", options->list, "List the scenarios");
    command.footer("Examples:\n  decoy worker --list\n  decoy worker teller --server demo --rate 20 --count 100");
}

} // namespace decoy::cli
