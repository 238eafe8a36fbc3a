// SPDX-License-Identifier: BSD-3-Clause
#include "../commands.h"
#include "../container_items.h"
#include "../text.h"

#include <decoy/connection.h>
#include <decoy/json.h>

#include <algorithm>
#include <optional>

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
    MSGPACK_DEFINE_MAP(name, type, writable, doc)
};

struct ObjectJson {
    std::string object;
    std::uint64_t id;
    std::string type;
    std::string doc;
    std::vector<AttributeJson> attributes;
    std::vector<MethodJson> methods;
    MSGPACK_DEFINE_MAP(object, id, type, doc, attributes, methods)
};

MethodJson jsonOf(const MethodDescription &method)
{
    MethodJson json{method.name, method.doc, {}, method.returns};
    for (const ParameterDescription &parameter : method.parameters)
        json.parameters.push_back({parameter.name, parameter.type, parameter.required, parameter.defaultValue});
    return json;
}

std::string jsonOf(const std::string &name, std::uint64_t id, const Description &description)
{
    ObjectJson json{name, id, description.type, description.doc, {}, {}};
    for (const AttributeDescription &attribute : description.attributes)
        json.attributes.push_back({attribute.name, attribute.type, attribute.writable, attribute.doc});
    for (const MethodDescription &method : description.methods)
        json.methods.push_back(jsonOf(method));
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

void printMethods(const std::vector<MethodDescription> &methods, Output &output)
{
    output.line("\nMethods");
    for (const MethodDescription &method : methods) {
        output.line("  " + printable(method.signature()));
        if (!method.doc.empty())
            output.line("      " + printable(method.doc));
    }
}

ExitStatus describe(const DescribeOptions &options, Output &output)
{
    const Proxy object = connect(options.server)[options.object];
    const Description description = object.describe();
    if (options.json) {
        output.line(jsonOf(options.object, object.id(), description));
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
        printMethods(description.methods, output);
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
