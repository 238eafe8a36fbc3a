// SPDX-License-Identifier: BSD-3-Clause
#include "../addressed_object.h"
#include "../arguments.h"
#include "../commands.h"

#include <decoy/json.h>

namespace decoy::cli {

namespace {

struct CallOptions {
    AddressedObject object;
    std::vector<std::string> keywords;
};

ExitStatus call(const CallOptions &options, Output &output)
{
    std::vector<std::string> operands = options.object.operands();
    const std::string method = operands.front();
    operands.erase(operands.begin());
    const std::vector<Value> arguments = jsonArguments(operands);
    const auto keywords = keywordArguments(options.keywords);
    output.line(toJson(options.object.open().callWith(method, arguments, keywords)));
    return ExitStatus::Success;
}

} // namespace

void addCall(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("call", "Call a method of an object and print its result, as JSON");
    const auto options = onCommand(command, action, call);
    options->object.addTo(command, {{"METHOD", "Name of the method"}}, {{"JSON", "Arguments, in order"}});
    command.add_option("--kw", options->keywords, "An argument by name; may be repeated")
        ->allow_extra_args(false)
        ->type_name("NAME=JSON");
    command.footer("Examples:\n"
                   "  decoy call demo counter add 5\n"
                   "  decoy call demo account deposit 50 --kw memo='\"gift\"'\n"
                   "  decoy call demo lab echo '[1, {\"two\": null}]'\n"
                   "  decoy call demo lab sleep 5 --timeout 0.2\n"
                   "  decoy call --segment shared-memory-3 --id 3 --bufsize 65536 add 5");
}

} // namespace decoy::cli
