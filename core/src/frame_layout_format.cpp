// SPDX-License-Identifier: BSD-3-Clause
#include "frame_layout_format.h"

#include "wire/lent.h"
#include "wire/utf8.h"

#include <decoy/error.h>
#include <decoy/frame_layout.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace decoy {

using wire::Token;
using wire::TokenType;

namespace {

constexpr std::string_view ellipsis = "…";

/// From 0xc0 to 0xdf; the others are ranges.
constexpr std::array<std::string_view, 32> namesFromC0 = {
    "nil",       "never used", "false",    "true",     "bin 8",    "bin 16",   "bin 32",   "ext 8",
    "ext 16",    "ext 32",     "float 32", "float 64", "uint 8",   "uint 16",  "uint 32",  "uint 64",
    "int 8",     "int 16",     "int 32",   "int 64",   "fixext 1", "fixext 2", "fixext 4", "fixext 8",
    "fixext 16", "str 8",      "str 16",   "str 32",   "array 16", "array 32", "map 16",   "map 32",
};

std::string counted(std::uint64_t count, std::string_view one, std::string_view many)
{
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string floatText(double value)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    std::string text(digits.data(), end);
    if (text.find_first_of(".e") == std::string::npos)
        text += ".0"; // so that it does not look like an integer
    return text;
}

std::string extensionText(const Token &token)
{
    return "extension " + std::to_string(token.extensionType) + ", " + counted(token.body.size(), "byte", "bytes");
}

} // namespace

std::string_view formatName(std::byte first) noexcept
{
    const auto code = std::to_integer<unsigned>(first);
    if (code < 0x80)
        return "positive fixint";
    if (code < 0x90)
        return "fixmap";
    if (code < 0xa0)
        return "fixarray";
    if (code < 0xc0)
        return "fixstr";
    if (code < 0xe0)
        return namesFromC0.at(code - 0xc0);
    return "negative fixint";
}

std::optional<FormatHeader> cutHeader(std::span<const std::byte> bytes) noexcept
{
    if (bytes.empty())
        return {};
    const auto code = std::to_integer<unsigned>(bytes[0]);
    if (code >= 0x80 && code < 0x90)
        return FormatHeader{TokenType::Map, 1, code & 0x0fU};
    if (code >= 0x90 && code < 0xa0)
        return FormatHeader{TokenType::Array, 1, code & 0x0fU};
    if (code >= 0xa0 && code < 0xc0)
        return FormatHeader{TokenType::String, 1, code & 0x1fU};

    struct Family {
        unsigned first;
        std::uint32_t narrowest;
        unsigned count;
        TokenType type;
    };
    static constexpr std::array<Family, 4> families = {{
        {0xc4, 1, 3, TokenType::Binary},
        {0xd9, 1, 3, TokenType::String},
        {0xdc, 2, 2, TokenType::Array},
        {0xde, 2, 2, TokenType::Map},
    }};
    for (const Family &family : families) {
        if (code < family.first || code >= family.first + family.count)
            continue;
        const std::uint32_t width = family.narrowest << (code - family.first);
        if (bytes.size() < 1 + std::size_t{width})
            return {};
        std::uint32_t length = 0;
        for (std::uint32_t i = 1; i <= width; ++i)
            length = length << 8U | std::to_integer<std::uint32_t>(bytes[i]);
        return FormatHeader{family.type, 1 + width, length};
    }
    return {};
}

std::string quotedText(std::string_view text, std::size_t maxText, bool isCut)
{
    static constexpr std::string_view hexDigits = "0123456789abcdef";
    const std::string_view kept = wire::cutUtf8(text, maxText);
    std::string quoted = "\"";
    for (const char c : wire::toUtf8(kept)) {
        switch (c) {
        case '"': quoted += "\\\""; break;
        case '\\': quoted += "\\\\"; break;
        case '\n': quoted += "\\n"; break;
        case '\r': quoted += "\\r"; break;
        case '\t': quoted += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
                quoted.append("\\u00").append({hexDigits[static_cast<unsigned char>(c) >> 4U], hexDigits[c & 0x0f]});
            else
                quoted += c;
        }
    }
    if (isCut || kept.size() < text.size())
        quoted += ellipsis;
    return quoted + "\"";
}

std::string tokenText(const Token &token, std::size_t maxText)
{
    switch (token.type) {
    case TokenType::Nil: return "null";
    case TokenType::Boolean: return token.boolean ? "true" : "false";
    case TokenType::Unsigned: return std::to_string(token.unsignedValue);
    case TokenType::Negative: return std::to_string(token.negativeValue);
    case TokenType::Float32:
    case TokenType::Float64: return floatText(token.floatValue);
    case TokenType::String: return quotedText(token.text(), maxText);
    case TokenType::Binary: return counted(token.body.size(), "byte", "bytes");
    case TokenType::Extension: return extensionText(token);
    case TokenType::Array: return "array of " + counted(token.count, "element", "elements");
    case TokenType::Map: return "map of " + counted(token.count, "pair", "pairs");
    }
    return {};
}

std::string lentName(std::uint64_t object, std::string_view typeName)
{
    const std::string type = typeName.empty() ? "lent" : typeName == "callable" ? "callback" : wire::toUtf8(typeName);
    return type + " " + std::to_string(object);
}

std::string lentText(std::span<const std::byte> body)
{
    try {
        const wire::LentView lent = wire::readLentBody(body, {});
        return lentName(lent.object, lent.typeName) + " of the client";
    } catch (const ProxyError &) {
        return "something of the client, not readable";
    }
}

} // namespace decoy
