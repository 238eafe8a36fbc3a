// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/call_text_literals.h"

#include <decoy/json.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace decoy::ui {

namespace {

constexpr std::string_view replacementCharacter = "\xef\xbf\xbd";

bool isSafeInShell(char letter)
{
    constexpr std::string_view others = "_-./:,+=@%";
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9')
        || others.find(letter) != std::string_view::npos;
}

std::size_t countOf(std::string_view text, std::string_view wanted)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + wanted.size()))
        ++count;
    return count;
}

/// A delimiter that the text does not hold, so that the text cannot end the literal.
std::string rawLiteral(const std::string &text)
{
    std::string delimiter = "json";
    while (text.find(")" + delimiter + "\"") != std::string::npos)
        delimiter += "_";
    return "R\"" + delimiter + "(" + text + ")" + delimiter + "\"";
}

std::string octal(unsigned char code)
{
    // Always three digits: what follows cannot become part of it.
    return {'\\', static_cast<char>('0' + (code >> 6)), static_cast<char>('0' + ((code >> 3) & 7)),
            static_cast<char>('0' + (code & 7))};
}

std::string cppQuoted(std::string_view text)
{
    std::string literal = "\"";
    for (const char letter : text) {
        const auto code = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\' || letter == '?') // two question marks may begin a trigraph
            (literal += '\\') += letter;
        else if (letter == '\n')
            literal += "\\n";
        else if (code < 0x20 || code == 0x7f)
            literal += octal(code);
        else
            literal += letter;
    }
    return literal + "\"";
}

std::string cppInteger(const Value &value, const std::string &digits)
{
    if (value.object().type == msgpack::type::POSITIVE_INTEGER) {
        const std::uint64_t number = value.object().via.u64;
        if (number > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
            return "std::uint64_t{" + digits + "U}";
        return number > std::uint64_t(std::numeric_limits<std::int32_t>::max()) ? "std::int64_t{" + digits + "}"
                                                                                : digits;
    }
    const std::int64_t number = value.object().via.i64;
    if (number == std::numeric_limits<std::int64_t>::min())
        return "std::numeric_limits<std::int64_t>::min()"; // its digits alone are too large before the sign
    return number <= std::numeric_limits<std::int32_t>::min() ? "std::int64_t{" + digits + "}" : digits;
}

} // namespace

std::string shellWord(std::string_view text)
{
    if (!text.empty() && std::ranges::all_of(text, isSafeInShell))
        return std::string(text);
    std::string word = "'";
    for (const char letter : text) {
        if (letter == '\'')
            word += R"('\'')";
        else
            word += letter;
    }
    return word + "'";
}

std::string cppString(std::string_view text)
{
    if (text.find('\0') == std::string_view::npos)
        return cppQuoted(text);
    return "std::string(" + cppQuoted(text) + ", " + std::to_string(text.size()) + ")";
}

std::string cppValue(const Value &value)
{
    const std::string json = toJson(value);
    const msgpack::object &object = value.object();
    switch (object.type) {
    case msgpack::type::NIL: return "decoy::Value()";
    case msgpack::type::BOOLEAN: return json;
    case msgpack::type::POSITIVE_INTEGER:
    case msgpack::type::NEGATIVE_INTEGER: return cppInteger(value, json);
    case msgpack::type::STR: return cppString({object.via.str.ptr, object.via.str.size});
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64:
        if (std::isfinite(object.via.f64))
            return json;
        break;
    default: break;
    }
    return "decoy::fromJson(" + rawLiteral(json) + ")";
}

std::string pythonString(std::string_view text) { return toJson(Value(std::string(text))); }

std::string pythonValue(const Value &value)
{
    // JSON is Python but for three words. Its strings are too: no escape in them means anything else in Python.
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> words = {
        {{"null", "None"}, {"true", "True"}, {"false", "False"}}};
    const std::string json = toJson(value);
    std::string text;
    bool inString = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const auto word = inString ? words.end() : std::ranges::find_if(words, [&](const auto &candidate) {
            return std::string_view(json).substr(at).starts_with(candidate.first);
        });
        if (word != words.end()) {
            text += word->second;
            at += word->first.size() - 1;
            continue;
        }
        text += json[at];
        if (json[at] == '"')
            inString = !inString;
        else if (inString && json[at] == '\\')
            text += json[++at];
    }
    return text;
}

bool isExactAsJson(const Value &value)
{
    msgpack::sbuffer bytes;
    msgpack::pack(bytes, value.object());
    return countOf(toJson(value), replacementCharacter) == countOf({bytes.data(), bytes.size()}, replacementCharacter);
}

} // namespace decoy::ui
