// SPDX-License-Identifier: BSD-3-Clause
#include "../addressed_object.h"
#include "../arguments.h"
#include "../commands.h"

namespace decoy::cli {

namespace {

struct SetOptions {
    AddressedObject object;
};

ExitStatus set(const SetOptions &options, Output &output)
{
    const std::vector<std::string> operands = options.object.operands();
    const Value value = jsonArgument(operands[1], "the value");
    options.object.open().set(operands[0], value);
    output.line("null");
    return ExitStatus::Success;
}

} // namespace

void addSet(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("set", "Change an attribute of an object");
    const auto options = onCommand(command, action, set);
    options->object.addTo(command, {{"ATTR", "Name of the attribute"}, {"JSON", "The new value"}});
    command.footer("Examples:\n"
                   "  decoy set demo counter a 7\n"
                   "  decoy set demo account owner '\"Grace\"'\n"
                   "  decoy set --segment shared-memory-3 --id 3 --bufsize 65536 a 7");
}

} // namespace decoy::cli
