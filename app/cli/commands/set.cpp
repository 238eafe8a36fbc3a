// SPDX-License-Identifier: BSD-3-Clause
#include "../arguments.h"
#include "../commands.h"

#include <decoy/connection.h>

namespace decoy::cli {

namespace {

struct SetOptions {
    std::string server;
    std::string object;
    std::string attribute;
    std::string value;
};

ExitStatus set(const SetOptions &options, Output &output)
{
    const Value value = jsonArgument(options.value, "the value");
    connect(options.server)[options.object].set(options.attribute, value);
    output.line("null");
    return ExitStatus::Success;
}

} // namespace

void addSet(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("set", "Change an attribute of an object");
    const auto options = onCommand(command, action, set);
    command.add_option("SERVER", options->server, "Name of the server")->required();
    command.add_option("OBJECT", options->object, "Name of a published object")->required();
    command.add_option("ATTR", options->attribute, "Name of the attribute")->required();
    command.add_option("JSON", options->value, "The new value")->required();
    command.footer("Examples:\n  decoy set demo counter a 7\n  decoy set demo account owner '\"Grace\"'");
}

} // namespace decoy::cli
