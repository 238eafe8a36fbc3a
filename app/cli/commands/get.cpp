// SPDX-License-Identifier: BSD-3-Clause
#include "../commands.h"

#include <decoy/connection.h>
#include <decoy/json.h>

namespace decoy::cli {

namespace {

struct GetOptions {
    std::string server;
    std::string object;
    std::string attribute;
};

ExitStatus get(const GetOptions &options, Output &output)
{
    output.line(toJson(connect(options.server)[options.object].get(options.attribute)));
    return ExitStatus::Success;
}

} // namespace

void addGet(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("get", "Print an attribute of an object, as JSON");
    const auto options = onCommand(command, action, get);
    command.add_option("SERVER", options->server, "Name of the server")->required();
    command.add_option("OBJECT", options->object, "Name of a published object")->required();
    command.add_option("ATTR", options->attribute, "Name of the attribute")->required();
    command.footer("Example:\n  decoy get demo account balance");
}

} // namespace decoy::cli
