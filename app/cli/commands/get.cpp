// SPDX-License-Identifier: BSD-3-Clause
#include "../addressed_object.h"
#include "../commands.h"

#include <decoy/json.h>

namespace decoy::cli {

namespace {

struct GetOptions {
    AddressedObject object;
};

ExitStatus get(const GetOptions &options, Output &output)
{
    const std::string attribute = options.object.operands().front();
    output.line(toJson(options.object.open().get(attribute)));
    return ExitStatus::Success;
}

} // namespace

void addGet(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("get", "Print an attribute of an object, as JSON");
    const auto options = onCommand(command, action, get);
    options->object.addTo(command, {{"ATTR", "Name of the attribute"}});
    command.footer("Examples:\n"
                   "  decoy get demo account balance\n"
                   "  decoy get --segment shared-memory-3 --id 3 --bufsize 65536 balance");
}

} // namespace decoy::cli
