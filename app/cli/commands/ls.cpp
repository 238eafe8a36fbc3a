// SPDX-License-Identifier: BSD-3-Clause
#include "../commands.h"
#include "../text.h"

#include <decoy/connection.h>
#include <decoy/json.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

namespace decoy::cli {

namespace {

struct LsOptions {
    std::string server;
    bool json = false;
    bool held = false;
    bool subscriptions = false;
    bool clients = false;
};

/// One live server; what it does not tell is left out.
struct ServerRow {
    std::string server;
    std::optional<int> pid;
    std::optional<std::size_t> objects;
    std::optional<std::string> error;
    MSGPACK_DEFINE_MAP(server, pid, objects, error)
};

struct ObjectRow {
    std::string object;
    std::uint64_t id;
    std::string type;
    MSGPACK_DEFINE_MAP(object, id, type)
};

/// One server that hangs or refuses must not hide the others.
ServerRow inspect(const std::string &name)
{
    ServerRow row{name, {}, {}, {}};
    try {
        const Connection connection = connect(name, {.timeout = std::chrono::seconds(1)});
        row.pid = connection.serverProcess();
        row.objects = connection.objects().size();
    } catch (const ProxyError &error) {
        row.error = std::string(errorKindName(error.kind()));
    }
    return row;
}

template <class T>
std::string cell(const std::optional<T> &value)
{
    return value ? std::to_string(*value) : "-";
}

void listServers(bool asJson, Output &output)
{
    std::vector<ServerRow> rows;
    for (const std::string &name : liveServers())
        rows.push_back(inspect(name));
    if (asJson)
        return output.line(toJson(Value(rows)));
    TextTable table({"SERVER", "PID", "OBJECTS"});
    for (const ServerRow &row : rows)
        table.addRow({row.server, cell(row.pid), row.error.value_or(cell(row.objects))});
    output.line(table.toString());
}

void listObjects(const std::string &server, bool asJson, Output &output)
{
    std::vector<ObjectRow> rows;
    for (const PublishedObject &object : connect(server).objects())
        rows.push_back({object.name, object.id, object.type});
    if (asJson)
        return output.line(toJson(Value(rows)));
    TextTable table({"OBJECT", "ID", "TYPE"});
    for (const ObjectRow &row : rows)
        table.addRow({row.object, std::to_string(row.id), row.type});
    output.line(table.toString());
}

/// "8, 9, 10, …": enough to find them again.
std::string idsOf(const HeldObjects &held)
{
    constexpr std::size_t mostShown = 4;
    std::string text;
    for (std::size_t i = 0; i < std::min(held.ids.size(), mostShown); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(held.ids[i]);
    return held.objects > mostShown ? text + ", ..." : text;
}

void listHeld(const std::string &server, bool asJson, Output &output)
{
    const std::vector<HeldObjects> rows = connect(server).heldObjects();
    if (asJson)
        return output.line(toJson(Value(rows)));
    TextTable table({"PID", "TYPE", "OBJECTS", "REFERENCES", "FOR", "IDS"});
    for (const HeldObjects &row : rows)
        table.addRow({row.process == 0 ? "-" : std::to_string(row.process), row.type, std::to_string(row.objects),
                      std::to_string(row.references), ageOf(row.since), idsOf(row)});
    output.line(table.toString());
}

void listSubscriptions(const std::string &server, bool asJson, Output &output)
{
    const Connection connection = connect(server);
    const std::vector<SubscriptionInfo> rows = connection.subscriptions();
    if (asJson)
        return output.line(toJson(Value(rows)));
    std::map<std::uint64_t, std::string> names;
    for (const PublishedObject &object : connection.objects())
        names.emplace(object.id, object.name);
    const auto nameOf = [&names](const SubscriptionInfo &row) {
        const auto found = names.find(row.object);
        return found == names.end() ? row.type + "#" + std::to_string(row.object) : found->second;
    };
    TextTable table({"PID", "OBJECT", "EVENT", "DELIVERED", "LOST", "FOR"});
    for (const SubscriptionInfo &row : rows)
        table.addRow({std::to_string(row.process), nameOf(row), row.event, std::to_string(row.delivered),
                      std::to_string(row.lost), ageOf(row.since)});
    output.line(table.toString());
}

void listClients(const std::string &server, bool asJson, Output &output)
{
    const std::vector<ClientCalls> rows = connect(server).clients();
    if (asJson)
        return output.line(toJson(Value(rows)));
    TextTable table({"PID", "IN FLIGHT", "CALLBACKS", "CALLS", "REFERENCES", "FOR"});
    for (const ClientCalls &row : rows)
        table.addRow({row.process == 0 ? "-" : std::to_string(row.process), std::to_string(row.inFlight),
                      std::to_string(row.callbacks), std::to_string(row.calls), std::to_string(row.references),
                      ageOf(row.since)});
    output.line(table.toString());
}

ExitStatus ls(const LsOptions &options, Output &output)
{
    if (options.held)
        listHeld(options.server, options.json, output);
    else if (options.clients)
        listClients(options.server, options.json, output);
    else if (options.subscriptions)
        listSubscriptions(options.server, options.json, output);
    else if (options.server.empty())
        listServers(options.json, output);
    else
        listObjects(options.server, options.json, output);
    return ExitStatus::Success;
}

} // namespace

void addLs(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("ls", "List live servers, or the objects of one");
    const auto options = onCommand(command, action, ls);
    CLI::Option &server = *command.add_option("SERVER", options->server,
                                              "Name of a server; without it, all servers are listed");
    CLI::Option &held = *command.add_flag("--held", options->held,
                                          "List what its clients hold, by client and type: a leak only grows");
    held.needs(&server);
    CLI::Option &subscriptions = *command.add_flag(
        "--subscriptions", options->subscriptions,
        "List who has subscribed to which events; those that lose the most come first");
    subscriptions.needs(&server)->excludes(&held);
    command
        .add_flag(
            "--clients", options->clients,
            "List its clients and their calls in flight, this one's included: what has no answer yet, and callbacks "
            "that a call waits for")
        ->needs(&server)
        ->excludes(&held)
        ->excludes(&subscriptions);
    command.add_flag("--json", options->json, "Print JSON instead of a table");
    command.footer(
        "Examples:\n  decoy ls\n  decoy ls demo --json\n  decoy ls demo --held\n  decoy ls demo --subscriptions\n"
        "  decoy ls demo --clients");
}

} // namespace decoy::cli
