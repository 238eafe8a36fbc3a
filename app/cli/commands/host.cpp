// SPDX-License-Identifier: BSD-3-Clause
#include "../commands.h"
#include "../demo_host.h"
#include "../isolated_host.h"

#include <decoy/isolated_server.h>
#include <decoy/json.h>

#include <unistd.h>

namespace decoy::cli {

namespace {

struct HostOptions {
    std::string name = "demo";
    std::uint32_t bufsize = Limits().bufsize;
    bool duck = false;
    bool isolated = false;
    int restarts = IsolatedOptions().maxRestarts;
};

// The lines that scripts wait for; the order of the keys is part of the interface.

struct ObjectLine {
    std::string object;
    std::uint64_t id;
    std::string type;
    std::uint32_t bufsize;
    MSGPACK_DEFINE_MAP(object, id, type, bufsize)
};

struct MailboxLine {
    std::string object;
    std::uint64_t id;
    std::string type;
    std::uint32_t bufsize;
    std::string segment;
    MSGPACK_DEFINE_MAP(object, id, type, bufsize, segment)
};

struct ReadyLine {
    bool ready;
    std::string server;
    int pid;
    MSGPACK_DEFINE_MAP(ready, server, pid)
};

/// Opens the object's mailbox, if it shall have one: that stays until the server ends.
std::string lineOf(const ObjectInfo &object, const HostOptions &options, ProxyServer &server)
{
    if (!options.duck)
        return toJson(Value(ObjectLine{object.name, object.id, object.type, options.bufsize}));
    const DuckAddress address = server.createProxyFor(object.id).address();
    return toJson(Value(MailboxLine{object.name, object.id, object.type, address.bufsize, address.segment}));
}

/// `child` is what started this process, if it was `decoy host --isolated`.
void serve(const HostOptions &options, Output &output, IsolatedChild *child)
{
    ServerOptions serverOptions;
    serverOptions.limits.bufsize = options.bufsize;
    DemoHost demo(options.name, serverOptions);
    for (const ObjectInfo &object : demo.server().objects()) {
        if (!object.name.empty())
            output.line(lineOf(object, options, demo.server()));
    }
    if (child) {
        demo.quitWhenReadable(child->stopDescriptor());
        child->announceServing(); // before the line: who reads it may kill this process at once
    }
    output.line(toJson(Value(ReadyLine{true, options.name, ::getpid()})));
    demo.exec();
}

ExitStatus hostAsChild(const HostOptions &options, Output &output)
{
    IsolatedChild child;
    try {
        serve(options, output, &child);
    } catch (const std::exception &error) {
        child.announceFailure(error.what()); // whoever started us reports it
        return ExitStatus::Failure;
    }
    return ExitStatus::Success;
}

ExitStatus host(const HostOptions &options, Output &output)
{
    if (isIsolatedChild())
        return hostAsChild(options, output);
    if (options.isolated) {
        std::vector<std::string> arguments{"host", "--name", options.name, "--bufsize",
                                           std::to_string(options.bufsize)};
        if (options.duck)
            arguments.emplace_back("--duck");
        return hostIsolated(options.name, std::move(arguments), options.restarts, output);
    }
    serve(options, output, nullptr);
    return ExitStatus::Success;
}

} // namespace

void addHost(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("host", "Serve the demo objects until SIGINT or SIGTERM");
    const auto options = onCommand(command, action, host);
    command.add_option("--name", options->name, "Name of the server")->capture_default_str();
    command.add_option("--bufsize", options->bufsize, "Largest frame, prefix included")
        ->capture_default_str()
        ->type_name("BYTES");
    command.add_flag("--duck", options->duck,
                     "Open a mailbox for each object too, for a client that speaks the Duck protocol");
    CLI::Option &isolated = *command.add_flag("--isolated", options->isolated,
                                              "Serve from a process of its own, and start another one when it crashes");
    command.add_option("--restarts", options->restarts, "Give up after so many restarts within a minute")
        ->capture_default_str()
        ->check(CLI::Range(0, 1000))
        ->needs(&isolated);
    command.footer(
        "Prints a JSON line for each object, and one when it is ready; with --isolated also one for each process\n"
        "that ended by itself, with the seconds until the next one.\n"
        "Examples:\n"
        "  decoy host --name bank --bufsize 1048576\n"
        "  decoy host --isolated\n"
        "  decoy host --duck");
}

} // namespace decoy::cli
