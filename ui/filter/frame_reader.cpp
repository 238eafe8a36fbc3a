// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/frame_reader.h"

#include <decoy/frame.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <limits>

namespace decoy::ui {

namespace {

/// Values within one another beyond this are not written out.
constexpr int deepestText = 16;
/// A filter looks at as much of a value as a row can show.
constexpr std::size_t longestText = 4096;

template <typename Value>
void appendNumber(std::string &text, Value value)
{
    std::array<char, 32> digits;
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    text.append(digits.data(), written.ptr);
}

} // namespace

std::optional<std::uint64_t> MsgpackReader::bigEndian(std::size_t bytes) noexcept
{
    if (static_cast<std::size_t>(m_end - m_at) < bytes)
        return {};
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < bytes; ++i)
        number = number << 8U | static_cast<std::uint64_t>(*m_at++);
    return number;
}

std::optional<MsgpackReader::Header> MsgpackReader::header() noexcept
{
    using Type = Header::Type;
    if (atEnd())
        return {};
    const auto first = static_cast<std::uint8_t>(*m_at++);
    Header header;
    const auto sized = [&](Type type, std::size_t width) -> std::optional<Header> {
        const auto size = bigEndian(width);
        if (!size)
            return {};
        header.type = type;
        header.size = static_cast<std::uint32_t>(*size);
        return header;
    };
    const auto integer = [&](std::int64_t value) {
        header.type = Type::Integer;
        header.number = {true, value, static_cast<double>(value)};
        return header;
    };
    const auto extension = [&](std::uint32_t size) -> std::optional<Header> {
        const auto type = bigEndian(1);
        if (!type)
            return {};
        header.type = Type::Extension;
        header.size = size;
        header.extension = static_cast<std::int8_t>(*type);
        return header;
    };
    const auto small = [&](Type type, unsigned size) {
        header.type = type;
        header.size = size;
        return header;
    };
    if (first <= 0x7f)
        return integer(first);
    if (first <= 0x8f)
        return small(Type::Map, first & 0x0fU);
    if (first <= 0x9f)
        return small(Type::Array, first & 0x0fU);
    if (first <= 0xbf)
        return small(Type::String, first & 0x1fU);
    if (first >= 0xe0)
        return integer(static_cast<std::int8_t>(first));
    switch (first) {
    case 0xc0: return header;
    case 0xc2:
    case 0xc3:
        header.type = Type::Boolean;
        header.size = first & 1U;
        return header;
    case 0xc4:
    case 0xc5:
    case 0xc6: return sized(Type::Binary, 1U << (first - 0xc4U));
    case 0xc7:
    case 0xc8:
    case 0xc9: {
        const auto size = bigEndian(1U << (first - 0xc7U));
        return size ? extension(static_cast<std::uint32_t>(*size)) : std::nullopt;
    }
    case 0xca:
    case 0xcb: {
        const auto bits = bigEndian(first == 0xca ? 4 : 8);
        if (!bits)
            return {};
        header.type = Type::Real;
        header.number.real = first == 0xca
            ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(*bits)))
            : std::bit_cast<double>(*bits);
        return header;
    }
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf: {
        const auto value = bigEndian(1U << (first - 0xccU));
        if (!value)
            return {};
        if (*value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return integer(static_cast<std::int64_t>(*value));
        header.type = Type::Integer;
        header.number = {false, static_cast<std::int64_t>(*value), static_cast<double>(*value)};
        return header;
    }
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: {
        const unsigned width = 1U << (first - 0xd0U);
        const auto bits = bigEndian(width);
        if (!bits)
            return {};
        const unsigned unused = 64 - 8 * width; // shifted out and back, which repeats the sign
        return integer(static_cast<std::int64_t>(*bits << unused) >> unused);
    }
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8: return extension(1U << (first - 0xd4U));
    case 0xd9:
    case 0xda:
    case 0xdb: return sized(Type::String, 1U << (first - 0xd9U));
    case 0xdc:
    case 0xdd: return sized(Type::Array, 2U << (first - 0xdcU));
    case 0xde:
    case 0xdf: return sized(Type::Map, 2U << (first - 0xdeU));
    default: return {};
    }
}

std::string_view MsgpackReader::take(std::uint32_t size) noexcept
{
    const std::size_t there = std::min<std::size_t>(size, static_cast<std::size_t>(m_end - m_at));
    const std::string_view bytes(reinterpret_cast<const char *>(m_at), there);
    m_at += there;
    return bytes;
}

std::optional<std::uint32_t> MsgpackReader::array() noexcept
{
    const auto head = header();
    return head && head->type == Header::Type::Array ? std::optional(head->size) : std::nullopt;
}

std::optional<std::uint32_t> MsgpackReader::map() noexcept
{
    const auto head = header();
    return head && head->type == Header::Type::Map ? std::optional(head->size) : std::nullopt;
}

std::optional<std::string_view> MsgpackReader::string() noexcept
{
    const auto head = header();
    return head && head->type == Header::Type::String ? std::optional(take(head->size)) : std::nullopt;
}

std::optional<MsgpackReader::Number> MsgpackReader::number() noexcept
{
    const auto head = header();
    const bool isNumber = head && (head->type == Header::Type::Integer || head->type == Header::Type::Real);
    return isNumber ? std::optional(head->number) : std::nullopt;
}

std::optional<MsgpackReader::Extension> MsgpackReader::extension() noexcept
{
    const auto head = header();
    if (!head || head->type != Header::Type::Extension)
        return {};
    const std::string_view body = take(head->size);
    return Extension{head->extension, std::as_bytes(std::span(body))};
}

bool MsgpackReader::skip() noexcept
{
    // Every value takes a byte at least, so a hostile count ends with the bytes.
    for (std::uint64_t open = 1; open > 0; --open) {
        const auto head = header();
        if (!head)
            return false;
        switch (head->type) {
        case Header::Type::Array: open += head->size; break;
        case Header::Type::Map: open += 2ULL * head->size; break;
        case Header::Type::String:
        case Header::Type::Binary:
        case Header::Type::Extension:
            if (take(head->size).size() < head->size)
                return false;
            break;
        default: break;
        }
    }
    return true;
}

bool MsgpackReader::appendText(std::string &text, bool isBare, std::size_t most)
{
    return appendValue(text, isBare, text.size() + most, 0);
}

bool MsgpackReader::appendValue(std::string &text, bool isBare, std::size_t most, int depth)
{
    const auto head = header();
    if (!head || depth > deepestText || text.size() > most)
        return false;
    switch (head->type) {
    case Header::Type::Nil: text += "null"; return true;
    case Header::Type::Boolean: text += head->size != 0 ? "true" : "false"; return true;
    case Header::Type::Integer:
        if (head->number.isInteger)
            appendNumber(text, head->number.integer);
        else
            appendNumber(text, static_cast<std::uint64_t>(head->number.integer));
        return true;
    case Header::Type::Real: appendNumber(text, head->number.real); return true;
    case Header::Type::String: {
        const std::string_view content = take(head->size);
        if (!isBare)
            text += '"';
        text += content;
        if (!isBare)
            text += '"';
        return content.size() == head->size;
    }
    case Header::Type::Array:
    case Header::Type::Map: return appendMembers(text, *head, most, depth);
    case Header::Type::Binary:
    case Header::Type::Extension: return take(head->size).size() == head->size;
    }
    return false;
}

bool MsgpackReader::appendMembers(std::string &text, const Header &header, std::size_t most, int depth)
{
    const bool isMap = header.type == Header::Type::Map;
    text += isMap ? '{' : '[';
    for (std::uint32_t i = 0; i < header.size; ++i) {
        if (i > 0)
            text += ", ";
        if (!appendValue(text, false, most, depth + 1))
            return false;
        if (!isMap)
            continue;
        text += ": ";
        if (!appendValue(text, false, most, depth + 1))
            return false;
    }
    text += isMap ? '}' : ']';
    return true;
}

std::optional<MsgpackReader> payloadElement(std::span<const std::byte> frame, std::uint32_t index) noexcept
{
    if (frame.size() <= framePrefixSize)
        return {};
    MsgpackReader reader(frame.subspan(framePrefixSize));
    if (reader.array() != 2U || !reader.number())
        return {};
    const auto elements = reader.array();
    if (!elements || index >= *elements)
        return {};
    for (std::uint32_t i = 0; i < index; ++i) {
        if (!reader.skip())
            return {};
    }
    return reader.atEnd() ? std::nullopt : std::optional(reader);
}

std::optional<std::string_view> requestMember(std::span<const std::byte> frame) noexcept
{
    auto member = payloadElement(frame, 1);
    return member ? member->string() : std::nullopt;
}

std::optional<std::string_view> resultError(std::span<const std::byte> frame) noexcept
{
    auto error = payloadElement(frame, 2);
    return error ? error->string() : std::nullopt;
}

namespace {

void appendArguments(std::span<const std::byte> frame, bool isEvent, std::string &text)
{
    auto arguments = payloadElement(frame, isEvent ? 3 : 2);
    const std::uint32_t positional = arguments ? arguments->array().value_or(0) : 0;
    text += '(';
    for (std::uint32_t i = 0; i < positional; ++i) {
        if (i > 0)
            text += ", ";
        if (!arguments->appendText(text, false, longestText))
            return; // cut off, or not what it claims to be
    }
    auto keywords = isEvent ? std::nullopt : payloadElement(frame, 3);
    const std::uint32_t named = keywords ? keywords->map().value_or(0) : 0;
    for (std::uint32_t i = 0; i < named; ++i) {
        if (i > 0 || positional > 0)
            text += ", ";
        if (!keywords->appendText(text, true, longestText))
            return;
        text += '=';
        if (!keywords->appendText(text, false, longestText))
            return;
    }
    text += ')';
}

/// What a result of either dialect hands out instead of plain data; see docs/wire-format.md.
bool appendHandedOut(std::span<const std::byte> frame, const MsgpackReader &value, Lane lane, std::string &text)
{
    const auto appendObject = [&] {
        auto id = payloadElement(frame, 0);
        text += " #";
        if (const auto number = id ? id->number() : std::nullopt)
            appendNumber(text, number->integer);
    };
    MsgpackReader copy = value;
    if (const auto extension = copy.extension()) {
        MsgpackReader body(extension->body);
        if (extension->type == static_cast<std::int8_t>(ExtensionType::Callable)) {
            text += "method ";
            text += body.string().value_or("");
            return true;
        }
        if (extension->type != static_cast<std::int8_t>(ExtensionType::Proxy) || body.array() != 2U)
            return false;
        const auto level = body.number();
        text += "proxy ";
        text += body.string().value_or("");
        appendObject();
        text += ", level ";
        appendNumber(text, level ? level->integer : 0);
        return true;
    }
    copy = value;
    const std::string_view string = lane == Lane::Duck ? copy.string().value_or("") : "";
    if (string.starts_with(duckCallablePrefix)) {
        text += "method ";
        text += string.substr(duckCallablePrefix.size());
        return true;
    }
    if (!string.starts_with(duckProxyPrefix))
        return false;
    text += "proxy ";
    text += string.substr(duckProxyPrefix.size());
    appendObject();
    return true;
}

} // namespace

void appendValueText(const FrameEvent &event, std::span<const std::byte> frame, std::string &text)
{
    const bool isEvent = event.opcode == static_cast<int>(ProxyOpCode::Event);
    if (isEvent || event.opcode == static_cast<int>(ProxyOpCode::Execute))
        return appendArguments(frame, isEvent, text);
    visitValues(event, frame, [&](MsgpackReader &value) {
        const bool isResult = event.opcode == static_cast<int>(ProxyOpCode::ExecutionResult);
        if (!isResult || !appendHandedOut(frame, value, event.lane, text))
            value.appendText(text, true, longestText);
        return true;
    });
}

} // namespace decoy::ui
