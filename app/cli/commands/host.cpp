// SPDX-License-Identifier: BSD-3-Clause
#include "../commands.h"
#include "../demo_host.h"

#include <decoy/json.h>

#include <unistd.h>

namespace decoy::cli {

namespace {

struct HostOptions {
    std::string name = "demo";
    std::uint32_t bufsize = Limits().bufsize;
    bool duck = false;
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

ExitStatus host(const HostOptions &options, Output &output)
{
    ServerOptions serverOptions;
    serverOptions.limits.bufsize = options.bufsize;
    DemoHost demo(options.name, serverOptions);
    for (const ObjectInfo &object : demo.server().objects()) {
        if (!object.name.empty())
            output.line(lineOf(object, options, demo.server()));
    }
    output.line(toJson(Value(ReadyLine{true, options.name, ::getpid()})));
    demo.exec();
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
    command.footer("Prints a JSON line for each object, and one when it is ready.\n"
                   "Examples:\n"
                   "  decoy host --name bank --bufsize 1048576\n"
                   "  decoy host --duck");
}

} // namespace decoy::cli
