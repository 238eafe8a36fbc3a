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
    std::vector<std::string> arguments;
    std::vector<std::string> keywords;
    std::optional<double> timeout;
};

ExitStatus call(const CallOptions &options, Output &output)
{
    const std::vector<Value> arguments = jsonArguments(options.arguments);
    const auto keywords = keywordArguments(options.keywords);
    const auto timeout = options.timeout ? secondsArgument(*options.timeout, "--timeout") : defaultCallTimeout;
    const Proxy object = connect(options.server)[options.object].withTimeout(timeout);
    output.line(toJson(object.callWith(options.method, arguments, keywords)));
    return ExitStatus::Success;
}

/// An option whose values come through as they were written. CLI11 reads vectors in a notation of its own, which takes `[1,2]`
/// for two values and `{}` for none; here both are one JSON value.
CLI::Option *addVerbatim(CLI::App &command, const std::string &name, std::vector<std::string> &values, const std::string &help)
{
    const auto take = [&values](const CLI::results_t &results) {
        values = results;
        return true;
    };
    return command.add_option(name, take, help)->allow_extra_args(false);
}

} // namespace

void addCall(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("call", "Call a method of an object and print its result, as JSON");
    const auto options = onCommand(command, action, call);
    command.add_option("SERVER", options->server, "Name of the server")->required();
    command.add_option("OBJECT", options->object, "Name of a published object")->required();
    command.add_option("METHOD", options->method, "Name of the method")->required();
    addVerbatim(command, "JSON", options->arguments, "Arguments, in order")->expected(0, -1)->type_name("");
    addVerbatim(command, "--kw", options->keywords, "An argument by name; may be repeated")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
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
