// SPDX-License-Identifier: BSD-3-Clause
#include "../addressed_object.h"
#include "../commands.h"
#include "../container_items.h"

#include <decoy/json.h>

namespace decoy::cli {

namespace {

struct GetOptions {
    AddressedObject object;
};

ExitStatus get(const GetOptions &options, Output &output)
{
    const std::vector<std::string> operands = options.object.operands();
    const Proxy object = options.object.open();
    output.line(toJson(operands.empty() ? itemsOf(object) : object.get(operands.front())));
    return ExitStatus::Success;
}

} // namespace

void addGet(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("get",
                                            "Print an attribute of an object, or all items of a container, as JSON");
    const auto options = onCommand(command, action, get);
    options->object.addTo(command, {{"ATTR", "Name of the attribute; without it, a container's items", true}});
    command.footer("Examples:\n"
                   "  decoy get demo account balance\n"
                   "  decoy get demo numbers\n"
                   "  decoy get --segment shared-memory-3 --id 3 --bufsize 65536 balance");
}

} // namespace decoy::cli
