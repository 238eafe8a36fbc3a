// SPDX-License-Identifier: BSD-3-Clause
#include "../arguments.h"
#include "../commands.h"

#include <decoy/connection.h>
#include <decoy/json.h>

#include <optional>

namespace decoy::cli {

namespace {

struct CallOptions {
    std::string server;
    std::string object;
    std::string method;
    const CLI::App *command = nullptr; ///< has the JSON arguments
    std::vector<std::string> keywords;
    std::optional<double> timeout;
};

/// What is left when CLI11 has taken what it knows. It is not asked for a vector of arguments, because it reads those in a
/// notation of its own, in which `[1,2]` are two values, `{}` is none and `-5` is an option.
std::vector<std::string> remainingArguments(const CLI::App &command)
{
    std::vector<std::string> arguments = command.remaining();
    std::erase(arguments, "--");
    return arguments;
}

ExitStatus call(const CallOptions &options, Output &output)
{
    const std::vector<Value> arguments = jsonArguments(remainingArguments(*options.command));
    const auto keywords = keywordArguments(options.keywords);
    const auto timeout = options.timeout ? secondsArgument(*options.timeout, "--timeout") : defaultCallTimeout;
    const Proxy object = connect(options.server)[options.object].withTimeout(timeout);
    output.line(toJson(object.callWith(options.method, arguments, keywords)));
    return ExitStatus::Success;
}

} // namespace

void addCall(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("call", "Call a method of an object and print its result, as JSON");
    const auto options = onCommand(command, action, call);
    command.add_option("SERVER", options->server, "Name of the server")->required();
    command.add_option("OBJECT", options->object, "Name of a published object")->required();
    command.add_option("METHOD", options->method, "Name of the method")->required();
    command.add_option("JSON")->description("Arguments, in order")->expected(0)->type_name("...");
    command.allow_extras();
    options->command = &command;
    command.add_option("--kw", options->keywords, "An argument by name; may be repeated")
        ->allow_extra_args(false)
        ->type_name("NAME=JSON");
    command.add_option("--timeout", options->timeout, "How long to wait for the result; 30 unless told otherwise")
        ->type_name("SECONDS");
    command.footer("Examples:\n"
                   "  decoy call demo counter add 5\n"
                   "  decoy call demo account deposit 50 --kw memo='\"gift\"'\n"
                   "  decoy call demo lab echo '[1, {\"two\": null}]'\n"
                   "  decoy call demo lab sleep 5 --timeout 0.2");
}

} // namespace decoy::cli
