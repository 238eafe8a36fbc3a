// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/json.h>

#include <decoy/proxy.h>

#include "wire/base64.h"
#include "wire/utf8.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace decoy {

namespace {

std::string_view textOf(const msgpack::object &object) noexcept { return {object.via.str.ptr, object.via.str.size}; }

std::span<const std::byte> bytesOf(const char *begin, std::size_t size) noexcept
{
    return {reinterpret_cast<const std::byte *>(begin), size};
}

/// Whether a map can be a JSON object: string keys only, and not the look of one of our own one-key objects.
bool isPlainObject(std::span<const msgpack::object_kv> pairs) noexcept
{
    for (const msgpack::object_kv &pair : pairs) {
        if (pair.key.type != msgpack::type::STR)
            return false;
    }
    return pairs.size() != 1 || !textOf(pairs[0].key).starts_with('$');
}

/// Writes msgpack data as JSON text. Recursion is bounded: parsed data by Limits::nesting, other data by its C++ type.
class JsonWriter {
public:
    explicit JsonWriter(int indent) noexcept : m_indent(indent) {}

    void write(const msgpack::object &object)
    {
        switch (object.type) {
        case msgpack::type::NIL: m_text += "null"; return;
        case msgpack::type::BOOLEAN: m_text += object.via.boolean ? "true" : "false"; return;
        case msgpack::type::POSITIVE_INTEGER: m_text += std::to_string(object.via.u64); return;
        case msgpack::type::NEGATIVE_INTEGER: m_text += std::to_string(object.via.i64); return;
        case msgpack::type::FLOAT32:
        case msgpack::type::FLOAT64: return writeFloat(object.via.f64);
        case msgpack::type::STR: return writeString(textOf(object));
        case msgpack::type::BIN: return writeBytes(object.via.bin);
        case msgpack::type::EXT: return writeExtension(object.via.ext);
        case msgpack::type::ARRAY: return writeArray({object.via.array.ptr, object.via.array.size});
        case msgpack::type::MAP: return writeMap({object.via.map.ptr, object.via.map.size});
        }
    }

    void writeProxy(const Proxy &proxy)
    {
        writeSpecial("$proxy", [&] {
            open('{');
            writeMember("id", true, [&] { m_text += std::to_string(proxy.id()); });
            writeMember("type", false, [&] { writeString(proxy.typeName()); });
            writeMember("level", false, [&] { m_text += std::to_string(proxy.level()); });
            close('}', false);
        });
    }
    void writeCallable(std::string_view name)
    {
        writeSpecial("$callable", [&] { writeString(name); });
    }

    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    void writeFloat(double number)
    {
        if (!std::isfinite(number)) {
            const std::string_view name = std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
            return writeSpecial("$float", [&] { writeString(name); });
        }
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
        m_text += text;
        if (text.find_first_of(".e") == std::string_view::npos)
            m_text += ".0"; // a float stays a float
    }

    void writeString(std::string_view text)
    {
        m_text += '"';
        for (const char letter : wire::toUtf8(text))
            writeLetter(letter);
        m_text += '"';
    }

    void writeLetter(char letter)
    {
        static constexpr std::string_view special = "\"\\\b\f\n\r\t";
        static constexpr std::string_view shortForms = "\"\\bfnrt";
        static constexpr std::string_view hexDigits = "0123456789abcdef";
        const auto code = static_cast<unsigned char>(letter);
        if (const auto found = special.find(letter); found != std::string_view::npos) {
            m_text += '\\';
            m_text += shortForms[found];
        } else if (code < 0x20 || code == 0x7f) {
            m_text += "\\u00";
            m_text += hexDigits[code >> 4];
            m_text += hexDigits[code & 15];
        } else {
            m_text += letter;
        }
    }

    void writeBytes(const msgpack::object_bin &bytes)
    {
        writeSpecial("$bytes", [&] { writeString(wire::toBase64(bytesOf(bytes.ptr, bytes.size))); });
    }

    void writeExtension(const msgpack::object_ext &extension)
    {
        writeSpecial("$ext", [&] {
            open('[');
            nextMember(true);
            m_text += std::to_string(extension.type());
            nextMember(false);
            writeString(wire::toBase64(bytesOf(extension.data(), extension.size)));
            close(']', false);
        });
    }

    void writeArray(std::span<const msgpack::object> members)
    {
        open('[');
        for (const msgpack::object &member : members) {
            nextMember(&member == members.data());
            write(member);
        }
        close(']', members.empty());
    }

    void writeMap(std::span<const msgpack::object_kv> pairs)
    {
        if (!isPlainObject(pairs))
            return writeSpecial("$map", [&] { writePairs(pairs); });
        open('{');
        for (const msgpack::object_kv &pair : pairs)
            writeMember(textOf(pair.key), &pair == pairs.data(), [&] { write(pair.val); });
        close('}', pairs.empty());
    }

    void writePairs(std::span<const msgpack::object_kv> pairs)
    {
        open('[');
        for (const msgpack::object_kv &pair : pairs) {
            nextMember(&pair == pairs.data());
            const std::array<msgpack::object, 2> keyAndValue = {pair.key, pair.val};
            writeArray(keyAndValue);
        }
        close(']', pairs.empty());
    }

    /// `{"$key":...}`
    template <class WriteValue>
    void writeSpecial(std::string_view key, const WriteValue &writeValue)
    {
        open('{');
        writeMember(key, true, writeValue);
        close('}', false);
    }

    template <class WriteValue>
    void writeMember(std::string_view key, bool isFirst, const WriteValue &writeValue)
    {
        nextMember(isFirst);
        writeString(key);
        m_text += m_indent < 0 ? ":" : ": ";
        writeValue();
    }

    void open(char bracket)
    {
        m_text += bracket;
        ++m_level;
    }
    void nextMember(bool isFirst)
    {
        if (!isFirst)
            m_text += ',';
        newLine();
    }
    void close(char bracket, bool isEmpty)
    {
        --m_level;
        if (!isEmpty)
            newLine();
        m_text += bracket;
    }
    void newLine()
    {
        if (m_indent < 0)
            return;
        m_text += '\n';
        m_text.append(static_cast<std::size_t>(m_indent) * m_level, ' ');
    }

    std::string m_text;
    int m_indent;
    std::size_t m_level = 0;
};

} // namespace

std::string toJson(const Value &value, int indent)
{
    JsonWriter writer(indent);
    if (value.isProxy())
        writer.writeProxy(value.proxy());
    else if (value.isCallable())
        writer.writeCallable(value.callable().name());
    else
        writer.write(value.object());
    return writer.take();
}

} // namespace decoy
