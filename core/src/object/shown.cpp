// SPDX-License-Identifier: BSD-3-Clause
#include "shown.h"

#include "wire/utf8.h"

#include <array>
#include <charconv>

namespace decoy::object {

namespace {

constexpr std::string_view ellipsis = "…";

/// Long enough to notice that something was left out, so that hostile sizes cost nothing.
bool isFull(const std::string &out) { return out.size() > shownBytes; }

void appendText(std::string &out, std::string_view text)
{
    for (const char character : wire::toUtf8(wire::cutUtf8(text, shownBytes + 1))) {
        const auto code = static_cast<unsigned char>(character);
        out += code < 0x20 || code == 0x7f ? ' ' : character;
    }
    if (text.size() > shownBytes + 1)
        out += ellipsis;
}

template <class Number>
void appendNumber(std::string &out, Number number)
{
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append(std::string &out, const msgpack::object &value);

void appendList(std::string &out, const msgpack::object_array &list)
{
    out += '[';
    for (std::uint32_t index = 0; index < list.size && !isFull(out); ++index) {
        out += index ? ", " : "";
        append(out, list.ptr[index]);
    }
    out += ']';
}

void appendDictionary(std::string &out, const msgpack::object_map &map)
{
    out += '{';
    for (std::uint32_t index = 0; index < map.size && !isFull(out); ++index) {
        out += index ? ", " : "";
        append(out, map.ptr[index].key);
        out += ": ";
        append(out, map.ptr[index].val);
    }
    out += '}';
}

/// Recursion ends with the output: each level writes at least one byte.
void append(std::string &out, const msgpack::object &value)
{
    if (isFull(out))
        return;
    switch (value.type) {
    case msgpack::type::NIL: out += "None"; break;
    case msgpack::type::BOOLEAN: out += value.via.boolean ? "true" : "false"; break;
    case msgpack::type::POSITIVE_INTEGER: appendNumber(out, value.via.u64); break;
    case msgpack::type::NEGATIVE_INTEGER: appendNumber(out, value.via.i64); break;
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64: appendNumber(out, value.via.f64); break;
    case msgpack::type::STR:
        out += '"';
        appendText(out, {value.via.str.ptr, value.via.str.size});
        out += '"';
        break;
    case msgpack::type::BIN:
        appendNumber(out, value.via.bin.size);
        out += " bytes";
        break;
    case msgpack::type::ARRAY: appendList(out, value.via.array); break;
    case msgpack::type::MAP: appendDictionary(out, value.via.map); break;
    case msgpack::type::EXT: out += "ext"; break;
    }
}

std::string cut(std::string text)
{
    if (text.size() <= shownBytes)
        return text;
    text.resize(wire::cutUtf8(text, shownBytes).size());
    return text.append(ellipsis);
}

} // namespace

std::string shownName(std::string_view name)
{
    std::string text;
    appendText(text, name);
    return "'" + cut(std::move(text)) + "'";
}

std::string shownValue(const msgpack::object &value)
{
    std::string text;
    append(text, value);
    return cut(std::move(text));
}

std::string_view typeWord(const msgpack::object &value) noexcept
{
    switch (value.type) {
    case msgpack::type::NIL: return "None";
    case msgpack::type::BOOLEAN: return "bool";
    case msgpack::type::POSITIVE_INTEGER:
    case msgpack::type::NEGATIVE_INTEGER: return "int";
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64: return "float";
    case msgpack::type::STR: return "str";
    case msgpack::type::BIN: return "bytes";
    case msgpack::type::ARRAY: return "list";
    case msgpack::type::MAP: return "dict";
    case msgpack::type::EXT: return "ext";
    }
    return "any";
}

} // namespace decoy::object
