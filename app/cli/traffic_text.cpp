// SPDX-License-Identifier: BSD-3-Clause
#include "traffic_text.h"

#include <decoy/frame_layout.h>
#include <decoy/json.h>
#include <decoy/proxy_server.h>

#include <algorithm>
#include <optional>

namespace decoy::cli {

namespace {

// What a tap drops leaves calls open and objects alive for ever; beyond this it is better to forget than to grow.
constexpr std::size_t mostRemembered = 10'000;

/// The member of a callback that is called.
constexpr std::string_view callMember = "__call__";

std::unordered_map<std::uint64_t, std::string> namesOf(const std::vector<ObjectInfo> &objects)
{
    std::unordered_map<std::uint64_t, std::string> names;
    for (const ObjectInfo &object : objects) {
        if (!object.name.empty())
            names.emplace(object.id, object.name);
    }
    return names;
}

/// The whole frame, if all of it was kept and it is one.
std::optional<Frame> parsed(const FrameEvent &event, std::span<const std::byte> bytes)
{
    if ((event.flags & FrameEvent::Snapped) || bytes.size() < framePrefixSize)
        return std::nullopt;
    try {
        return Frame::parse(bytes.subspan(framePrefixSize), Limits{.bufsize = UINT32_MAX});
    } catch (const ProxyError &) {
        return std::nullopt;
    }
}

/// The first element of this role, as far as the frame was kept.
std::string elementText(const FrameEvent &event, std::span<const std::byte> bytes, FrameElement::Role role)
{
    const std::vector<FrameElement> elements = frameLayout(bytes, event.size, {.maxElements = 64});
    const auto found = std::ranges::find(elements, role, &FrameElement::role);
    return found == elements.end() ? "?" : found->value;
}

/// JSON; what the client has lent by its name.
std::string argumentText(const Value &argument)
{
    const msgpack::object &object = argument.object();
    if (object.type != msgpack::type::EXT || object.via.ext.type() != static_cast<std::int8_t>(ExtensionType::Lent))
        return toJson(argument);
    return lentText(std::as_bytes(std::span(object.via.ext.data(), object.via.ext.size)));
}

std::string argumentsText(const Value &positional, const Value &keywords)
{
    std::string text;
    const auto add = [&text](const std::string &argument) { text += (text.empty() ? "" : ", ") + argument; };
    for (std::size_t i = 0; i < positional.size(); ++i)
        add(argumentText(positional.at(i)));
    if (keywords.object().type == msgpack::type::MAP) {
        for (const msgpack::object_kv &pair : keywords.object().via.map)
            add(pair.key.as<std::string>() + "=" + argumentText(Value(pair.val, nullptr)));
    }
    return text;
}

/// What stands behind the member in a request.
std::string argumentsOf(const Frame &frame)
{
    const std::vector<Value> &payload = frame.payload();
    switch (frame.opcode()) {
    case ProxyOpCode::Get: return {};
    case ProxyOpCode::Set: return " = " + argumentText(payload.at(2));
    default: break;
    }
    const Value keywords = payload.size() < 4 ? Value() : payload[3];
    return "(" + (payload.size() < 3 ? std::string() : argumentsText(payload[2], keywords)) + ")";
}

std::string unquoted(const std::string &text)
{
    return text.size() < 2 || text.front() != '"' ? text : text.substr(1, text.size() - 2);
}

/// What follows the prefix in a string of the Duck lane; empty for anything else.
std::string duckName(const Value &value, std::string_view prefix)
{
    const msgpack::object &object = value.object();
    if (object.type != msgpack::type::STR)
        return {};
    const std::string_view text(object.via.str.ptr, object.via.str.size);
    return text.starts_with(prefix) ? std::string(text.substr(prefix.size())) : std::string();
}

/// The type name or the method's name in an extension of the native lane; empty for anything else.
std::string extensionName(const Value &value, ExtensionType wanted)
{
    const msgpack::object &object = value.object();
    if (object.type != msgpack::type::EXT || object.via.ext.type() != static_cast<std::int8_t>(wanted))
        return {};
    try {
        const msgpack::object_handle body = msgpack::unpack(object.via.ext.data(), object.via.ext.size);
        if (wanted == ExtensionType::Proxy)
            return body.get().as<std::pair<int, std::string>>().second;
        return body.get().as<std::string>();
    } catch (const std::exception &) {
        return {};
    }
}

/// The type name in a proxy result; empty for any other.
std::string proxyType(const Value &value, Lane lane)
{
    return lane == Lane::Duck ? duckName(value, duckProxyPrefix) : extensionName(value, ExtensionType::Proxy);
}

/// The name in a result that is a method; empty for any other.
std::string callableName(const Value &value, Lane lane)
{
    return lane == Lane::Duck ? duckName(value, duckCallablePrefix) : extensionName(value, ExtensionType::Callable);
}

/// What a client has answered: its objects have numbers of its own.
std::string lentValue(const Frame &frame)
{
    const Value &value = frame.payload().at(1);
    const std::string type = proxyType(value, Lane::Native);
    return type.empty() ? toJson(value) : lentName(frame.payload().at(0).as<std::uint64_t>(), type) + " of the client";
}

} // namespace

TrafficText::TrafficText(const std::vector<ObjectInfo> &objects) : m_published(namesOf(objects)) {}

std::string TrafficText::describe(const FrameEvent &event, std::span<const std::byte> bytes)
{
    try {
        if (event.isAnswer())
            return answer(event, bytes);
        return event.isRequest() ? request(event, bytes) : told(event, bytes);
    } catch (const std::exception &error) {
        return askedName(event, {}) + ": not readable: " + error.what();
    }
}

std::string TrafficText::request(const FrameEvent &event, std::span<const std::byte> bytes)
{
    const std::optional<Frame> frame = parsed(event, bytes);
    const std::string member = frame ? frame->payload().at(1).as<std::string>()
                                     : unquoted(elementText(event, bytes, FrameElement::Role::Member));
    std::string text = askedName(event, member);
    if (!event.isOfCallback() || member != callMember) // a callback is called by its own name
        text += "." + member;
    if (frame)
        text += argumentsOf(*frame);
    else
        text += event.opcode == static_cast<int>(ProxyOpCode::Execute) ? "(…)" : " …";
    if (!(event.flags & FrameEvent::OneWay))
        remember(callOf(event), text);
    return text;
}

std::string TrafficText::answer(const FrameEvent &event, std::span<const std::byte> bytes)
{
    const auto open = m_open.find(callOf(event));
    std::string text = open == m_open.end() ? askedName(event, {}) : open->second;
    if (event.opcode == static_cast<int>(ProxyOpCode::ResponsePending))
        return text;
    if (open != m_open.end())
        m_open.erase(open);
    return text + " -> " + result(event, bytes);
}

std::string TrafficText::told(const FrameEvent &event, std::span<const std::byte> bytes) const
{
    const std::string object = objectName(event.object);
    if (event.opcode != static_cast<int>(ProxyOpCode::Event))
        return object + ": subscription ended: " + elementText(event, bytes, FrameElement::Role::Error);
    if (event.size == 0)
        return object + ": lost: an event that fits into no frame";
    const std::optional<Frame> frame = parsed(event, bytes);
    const std::string name = frame ? frame->payload().at(1).as<std::string>()
                                   : elementText(event, bytes, FrameElement::Role::Member);
    const std::string arguments = frame ? argumentsText(frame->payload().at(3), {}) : "…";
    return object + "." + name + "(" + arguments + ")" + (event.isLost() ? "  lost" : "");
}

std::string TrafficText::result(const FrameEvent &event, std::span<const std::byte> bytes)
{
    const std::optional<Frame> frame = parsed(event, bytes);
    if (event.isFailed())
        return frame ? frame->payload().at(2).as<std::string>() : elementText(event, bytes, FrameElement::Role::Error);
    if (!frame)
        return "…";
    return event.isOfCallback() ? lentValue(*frame) : resultValue(*frame, event.lane);
}

std::string TrafficText::resultValue(const Frame &frame, Lane lane)
{
    const Value &value = frame.payload().at(1);
    const auto id = frame.payload().at(0).as<std::uint64_t>();
    if (const std::string type = proxyType(value, lane); !type.empty()) {
        if (m_chained.size() >= mostRemembered)
            m_chained.clear();
        m_chained[id] = type;
        return objectName(id);
    }
    if (const std::string name = callableName(value, lane); !name.empty())
        return "method " + name;
    return toJson(value);
}

std::string TrafficText::objectName(std::uint64_t id) const
{
    if (id == 0)
        return "server";
    if (const auto published = m_published.find(id); published != m_published.end())
        return published->second;
    const auto chained = m_chained.find(id);
    return (chained == m_chained.end() ? "" : chained->second) + "#" + std::to_string(id);
}

std::string TrafficText::askedName(const FrameEvent &event, std::string_view member) const
{
    if (!event.isOfCallback())
        return objectName(event.object);
    return lentName(event.object, member == callMember ? "callable" : "");
}

void TrafficText::remember(Call call, const std::string &text)
{
    if (m_open.size() >= mostRemembered)
        m_open.clear();
    m_open[call] = text;
}

} // namespace decoy::cli
