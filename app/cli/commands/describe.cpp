// SPDX-License-Identifier: BSD-3-Clause
#include "../commands.h"
#include "../container_items.h"
#include "../text.h"

#include <decoy/connection.h>
#include <decoy/json.h>

#include <algorithm>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

namespace decoy::cli {

namespace {

struct DescribeOptions {
    std::string server;
    std::string object;
    bool json = false;
};

// The same as decoy/description.h, as JSON objects with names. Where a parameter is required it has no default.

struct ParameterJson {
    std::string name;
    std::string type;
    bool required;
    Value defaultValue;
    MSGPACK_DEFINE_MAP(name, type, required, MSGPACK_NVP("default", defaultValue))
};

struct MethodJson {
    std::string name;
    std::string doc;
    std::vector<ParameterJson> parameters;
    std::string returns;
    MSGPACK_DEFINE_MAP(name, doc, parameters, returns)
};

struct AttributeJson {
    std::string name;
    std::string type;
    bool writable;
    std::string doc;
    std::string notifiedBy; ///< the event that tells of a new value; empty if none does
    MSGPACK_DEFINE_MAP(name, type, writable, doc, notifiedBy)
};

struct EventJson {
    std::string name;
    std::string doc;
    std::vector<ParameterJson> parameters;
    MSGPACK_DEFINE_MAP(name, doc, parameters)
};

struct ObjectJson {
    std::string object;
    std::uint64_t id;
    std::string type;
    std::string doc;
    std::vector<AttributeJson> attributes;
    std::vector<MethodJson> methods;
    std::vector<EventJson> events;
    std::vector<HeldObjects> held; ///< objects of this type that other clients have been handed and have not released
    MSGPACK_DEFINE_MAP(object, id, type, doc, attributes, methods, events, held)
};

std::vector<ParameterJson> jsonOf(const std::vector<ParameterDescription> &parameters)
{
    std::vector<ParameterJson> json;
    for (const ParameterDescription &parameter : parameters)
        json.push_back({parameter.name, parameter.type, parameter.required, parameter.defaultValue});
    return json;
}

/// What other clients hold of the type: a leak shows here, whoever has it. This client holds what it describes, for a moment.
std::vector<HeldObjects> heldByOthers(const Connection &connection, const std::string &type)
{
    std::vector<HeldObjects> held = connection.heldObjects();
    std::erase_if(held, [&type](const HeldObjects &row) { return row.type != type || row.process == getpid(); });
    return held;
}

std::string jsonOf(const std::string &name, std::uint64_t id, const Description &description,
                   std::vector<HeldObjects> held)
{
    ObjectJson json{name, id, description.type, description.doc, {}, {}, {}, std::move(held)};
    for (const AttributeDescription &attribute : description.attributes)
        json.attributes.push_back(
            {attribute.name, attribute.type, attribute.writable, attribute.doc, attribute.notifiedBy});
    for (const MethodDescription &method : description.methods)
        json.methods.push_back({method.name, method.doc, jsonOf(method.parameters), method.returns});
    for (const EventDescription &event : description.events)
        json.events.push_back({event.name, event.doc, jsonOf(event.parameters)});
    return toJson(Value(json));
}

void printAttributes(const std::vector<AttributeDescription> &attributes, Output &output)
{
    std::size_t widest = 0;
    for (const AttributeDescription &attribute : attributes)
        widest = std::max(widest, columns(attribute.name) + columns(attribute.type));
    output.line("\nAttributes");
    for (const AttributeDescription &attribute : attributes) {
        const std::string signature = attribute.name + ": " + attribute.type;
        output.line("  " + leftAligned(printable(signature), widest + 2)
                    + (attribute.writable ? "  writable   " : "  read-only  ") + printable(attribute.doc));
    }
}

/// Methods or events.
template <class Member>
void printSignatures(const std::string &title, const std::vector<Member> &members, Output &output)
{
    output.line("\n" + title);
    for (const Member &member : members) {
        output.line("  " + printable(member.signature()));
        if (!member.doc.empty())
            output.line("      " + printable(member.doc));
    }
}

void printHeld(const std::vector<HeldObjects> &held, const std::string &type, Output &output)
{
    output.line("\nHeld by clients, of type " + printable(type));
    for (const HeldObjects &row : held)
        output.line("  process " + (row.process == 0 ? "-" : std::to_string(row.process)) + ": "
                    + std::to_string(row.objects) + (row.objects == 1 ? " object, " : " objects, ")
                    + std::to_string(row.references) + (row.references == 1 ? " reference" : " references") + ", for "
                    + ageOf(row.since));
}

ExitStatus describe(const DescribeOptions &options, Output &output)
{
    const Connection connection = connect(options.server);
    const Proxy object = connection[options.object];
    const Description description = object.describe();
    const std::vector<HeldObjects> held = heldByOthers(connection, description.type);
    if (options.json) {
        output.line(jsonOf(options.object, object.id(), description, held));
        return ExitStatus::Success;
    }
    const auto size = sizeOf(object, description);
    output.line(printable(options.object + ": " + description.type + ", id " + std::to_string(object.id())
                          + (size ? ", " + std::to_string(*size) + (*size == 1 ? " item" : " items") : std::string())));
    if (!description.doc.empty())
        output.line(printable(description.doc));
    if (!description.attributes.empty())
        printAttributes(description.attributes, output);
    if (!description.methods.empty())
        printSignatures("Methods", description.methods, output);
    if (!description.events.empty())
        printSignatures("Events", description.events, output);
    if (!held.empty())
        printHeld(held, description.type, output);
    return ExitStatus::Success;
}

} // namespace

void addDescribe(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("describe", "Show what an object can be asked for");
    const auto options = onCommand(command, action, describe);
    command.add_option("SERVER", options->server, "Name of the server")->required();
    command.add_option("OBJECT", options->object, "Name of a published object")->required();
    command.add_flag("--json", options->json, "Print JSON instead of text");
    command.footer("Example:\n  decoy describe demo account");
}

} // namespace decoy::cli
