// SPDX-License-Identifier: BSD-3-Clause
#include "reader.h"

#include "big_endian.h"

#include <decoy/error.h>

#include <array>
#include <bit>
#include <string>
#include <utility>

namespace decoy::wire {

namespace {

/// msgpack's first bytes that are followed by a length, a number or nothing; the fix* ranges are handled in next().
enum Format : unsigned {
    // clang-format off
    FixMap = 0x80, FixArray = 0x90, FixString = 0xa0,
    Nil = 0xc0, NeverUsed = 0xc1, False = 0xc2, True = 0xc3,
    Binary8 = 0xc4, Binary16, Binary32, Extension8, Extension16, Extension32,
    Float32 = 0xca, Float64, Unsigned8, Unsigned16, Unsigned32, Unsigned64,
    Signed8 = 0xd0, Signed16, Signed32, Signed64,
    FixExtension1 = 0xd4, FixExtension2, FixExtension4, FixExtension8, FixExtension16,
    String8 = 0xd9, String16, String32, Array16, Array32, Map16, Map32,
    // clang-format on
    FixNegative = 0xe0,
};

/// The width of the n-th member of a family of formats: 1, 2, 4, 8 ... bytes.
constexpr std::size_t width(unsigned format, unsigned firstOfFamily) noexcept
{
    return std::size_t{1} << (format - firstOfFamily);
}

} // namespace

std::string_view tokenTypeName(TokenType type) noexcept
{
    static constexpr std::array<std::string_view, 11> names = {
        "nil",      "a boolean", "an unsigned integer", "a negative integer", "a float", "a float",
        "a string", "bytes",     "an extension",        "an array",           "a map",
    };
    return names.at(static_cast<std::size_t>(type));
}

void Reader::fail(std::size_t offset, std::string_view message)
{
    throw DataDecodeError("at byte " + std::to_string(offset) + ": " + std::string(message));
}

void Reader::reject(const Token &token, std::string_view message)
{
    m_cursor = m_begin + token.begin;
    fail(token.begin, message);
}

Token Reader::next()
{
    Token token;
    token.begin = offset();
    if (atEnd()) [[unlikely]]
        reject(token, "expected a value, found the end");

    const auto first = std::to_integer<unsigned>(*m_cursor++);
    if (first < FixMap) {
        token.type = TokenType::Unsigned;
        token.unsignedValue = first;
    } else if (first >= FixNegative) {
        token.type = TokenType::Negative;
        token.negativeValue = static_cast<std::int8_t>(first);
    } else if (first < FixArray) {
        takeCount(token, TokenType::Map, first & 0x0f);
    } else if (first < FixString) {
        takeCount(token, TokenType::Array, first & 0x0f);
    } else if (first < Nil) {
        takeBody(token, TokenType::String, first & 0x1f);
    } else {
        readWide(token, first);
    }
    token.end = offset();
    return token;
}

void Reader::readWide(Token &token, unsigned first)
{
    switch (first) {
    case Nil: token.type = TokenType::Nil; return;
    case False:
    case True:
        token.type = TokenType::Boolean;
        token.boolean = first == True;
        return;
    case Binary8:
    case Binary16:
    case Binary32: return takeBody(token, TokenType::Binary, takeNumber(token, width(first, Binary8)));
    case Extension8:
    case Extension16:
    case Extension32: return readExtension(token, takeNumber(token, width(first, Extension8)));
    case FixExtension1:
    case FixExtension2:
    case FixExtension4:
    case FixExtension8:
    case FixExtension16: return readExtension(token, width(first, FixExtension1));
    case Float32:
        token.type = TokenType::Float32;
        token.floatValue = std::bit_cast<float>(static_cast<std::uint32_t>(takeNumber(token, 4)));
        return;
    case Float64:
        token.type = TokenType::Float64;
        token.floatValue = std::bit_cast<double>(takeNumber(token, 8));
        return;
    case Unsigned8:
    case Unsigned16:
    case Unsigned32:
    case Unsigned64:
        token.type = TokenType::Unsigned;
        token.unsignedValue = takeNumber(token, width(first, Unsigned8));
        return;
    case Signed8:
    case Signed16:
    case Signed32:
    case Signed64: return readSigned(token, width(first, Signed8));
    case String8:
    case String16:
    case String32: return takeBody(token, TokenType::String, takeNumber(token, width(first, String8)));
    case Array16:
    case Array32: return takeCount(token, TokenType::Array, takeNumber(token, 2 * width(first, Array16)));
    case Map16:
    case Map32: return takeCount(token, TokenType::Map, takeNumber(token, 2 * width(first, Map16)));
    default: reject(token, "0xc1 never begins a value");
    }
}

void Reader::readSigned(Token &token, std::size_t width)
{
    const std::uint64_t bits = takeNumber(token, width);
    const auto unusedBits = static_cast<int>(64 - width * 8);
    const std::int64_t value = static_cast<std::int64_t>(bits << unusedBits) >> unusedBits;
    if (value < 0) {
        token.type = TokenType::Negative;
        token.negativeValue = value;
    } else {
        token.type = TokenType::Unsigned;
        token.unsignedValue = static_cast<std::uint64_t>(value);
    }
}

void Reader::readExtension(Token &token, std::uint64_t size)
{
    token.extensionType = static_cast<std::int8_t>(takeNumber(token, 1));
    takeBody(token, TokenType::Extension, size);
}

std::uint64_t Reader::takeNumber(const Token &token, std::size_t width)
{
    if (width > remaining())
        reject(token, "the value is cut off: " + std::to_string(width - remaining()) + " more bytes were expected");
    const std::byte *number = std::exchange(m_cursor, m_cursor + width);
    switch (width) {
    case 1: return loadBigEndian<std::uint8_t>(number);
    case 2: return loadBigEndian<std::uint16_t>(number);
    case 4: return loadBigEndian<std::uint32_t>(number);
    default: return loadBigEndian<std::uint64_t>(number);
    }
}

void Reader::takeBody(Token &token, TokenType type, std::uint64_t size)
{
    if (size > remaining()) [[unlikely]]
        reject(token,
               std::string(tokenTypeName(type)) + " of " + std::to_string(size) + " bytes is announced, but "
                   + std::to_string(remaining()) + " are left");
    token.type = type;
    token.body = {m_cursor, static_cast<std::size_t>(size)};
    m_cursor += size;
}

void Reader::takeCount(Token &token, TokenType type, std::uint64_t count)
{
    token.type = type;
    token.count = static_cast<std::uint32_t>(count);
    if (takeMembers(token.members())) [[likely]]
        return;
    if (token.members() > remaining())
        reject(token,
               std::string(tokenTypeName(type)) + " of " + std::to_string(count) + " members is announced, but "
                   + std::to_string(remaining()) + " bytes are left");
    reject(token, "the frame holds more values than Limits::elements allows");
}

void Reader::skip()
{
    // Members that are still to come are counted, not nested: no depth can hurt here.
    for (std::uint64_t left = 1; left > 0; --left)
        left += next().members();
}

Token Reader::expect(TokenType type, std::string_view what)
{
    const Token token = next();
    if (token.type != type) [[unlikely]]
        reject(token,
               "expected " + std::string(what) + ", " + std::string(tokenTypeName(type)) + "; found "
                   + std::string(tokenTypeName(token.type)));
    return token;
}

std::uint64_t Reader::readAnyUnsigned(std::string_view what) { return expect(TokenType::Unsigned, what).unsignedValue; }

std::int64_t Reader::readAnyInteger(std::string_view what)
{
    const Token token = next();
    if (token.type == TokenType::Negative)
        return token.negativeValue;
    if (token.type != TokenType::Unsigned || token.unsignedValue > INT64_MAX)
        reject(token,
               "expected " + std::string(what) + ", a 64-bit integer; found " + std::string(tokenTypeName(token.type)));
    return static_cast<std::int64_t>(token.unsignedValue);
}

std::string_view Reader::readAnyString(int first, std::string_view what)
{
    m_cursor -= first >= 0;
    return expect(TokenType::String, what).text();
}

std::uint32_t Reader::readAnyHeader(int first, TokenType type, std::string_view what)
{
    m_cursor -= first >= 0;
    return expect(type, what).count;
}

void Reader::expectEnd() const
{
    if (!atEnd())
        fail(offset(), "expected the end, found " + std::to_string(remaining()) + " more bytes");
}

} // namespace decoy::wire
