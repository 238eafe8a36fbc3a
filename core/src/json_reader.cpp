// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/json.h>

#include <decoy/limits.h>

#include "wire/base64.h"
#include "wire/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace decoy {

namespace {

/// Everything that toJson() can write about a value that a server accepts: a map with odd keys takes three levels of JSON.
constexpr std::size_t deepestNesting = std::size_t{3} * Limits().nesting;
constexpr std::size_t longestMessage = 300;
constexpr std::size_t zoneBlockSize = 1024;

/// An iterator that leaves a trace of how far the parser has come: its events do not say where they happened.
class TracedIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char *;
    using reference = const char &;

    TracedIterator(const char *position, const char **trace) noexcept : m_position(position), m_trace(trace) {}
    reference operator*() const noexcept { return *m_position; }
    TracedIterator &operator++() noexcept
    {
        *m_trace = ++m_position;
        return *this;
    }
    bool operator==(const TracedIterator &other) const noexcept { return m_position == other.m_position; }

private:
    const char *m_position;
    const char **m_trace;
};

/// Builds msgpack data from the parser's events. No event recurses; containers that are open are on a stack with a limit.
class JsonBuilder : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit JsonBuilder(std::string_view text) : m_text(text), m_position(text.data()) {}

    [[nodiscard]] Value build()
    {
        const TracedIterator begin(m_text.data(), &m_position);
        const TracedIterator end(m_text.data() + m_text.size(), &m_position);
        nlohmann::json::sax_parse(begin, end, this);
        return {m_values.front(), m_zone};
    }

    bool null() override { return add(msgpack::object()); }
    bool boolean(bool value) override { return add(msgpack::object(value)); }
    bool number_integer(number_integer_t value) override { return add(msgpack::object(value)); }
    bool number_unsigned(number_unsigned_t value) override { return add(msgpack::object(value)); }
    bool number_float(number_float_t value, const string_t &digits) override
    {
        if (digits.find_first_of(".eE") == string_t::npos)
            fail("the integer " + digits + " does not fit into 64 bits");
        return add(msgpack::object(value));
    }
    bool string(string_t &text) override { return add(stringObject(text)); }
    bool binary(binary_t & /*bytes*/) override { return false; } // JSON text has none
    bool start_object(std::size_t /*unknown*/) override { return openContainer(); }
    bool key(string_t &text) override { return add(stringObject(text)); }
    bool end_object() override
    {
        const std::span<const msgpack::object> members = closeContainer();
        const bool isSpecial = members.size() == 2 && textOf(members[0]).starts_with('$');
        const msgpack::object object = isSpecial ? special(textOf(members[0]), members[1]) : mapObject(members);
        return replaceMembers(object);
    }
    bool start_array(std::size_t /*unknown*/) override { return openContainer(); }
    bool end_array() override { return replaceMembers(arrayObject(closeContainer())); }

    bool parse_error(std::size_t /*position*/, const std::string & /*token*/,
                     const nlohmann::detail::exception &error) override
    {
        std::string_view message =
            error.what(); // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
        if (const auto end = message.find("] "); message.starts_with('[') && end != std::string_view::npos)
            message.remove_prefix(end + 2);
        throwError(message);
    }

private:
    static std::string_view textOf(const msgpack::object &object) noexcept
    {
        return {object.via.str.ptr, object.via.str.size};
    }

    [[noreturn]] static void throwError(std::string_view message)
    {
        throw ArgumentError(
            "JSON: " + std::string(wire::cutUtf8(wire::toUtf8(message.substr(0, longestMessage)), longestMessage)));
    }

    /// For what is JSON but not a value of ours; worded as the parser words its own.
    [[noreturn]] void fail(const std::string &message) const
    {
        const std::string_view read = m_text.substr(0, static_cast<std::size_t>(m_position - m_text.data()));
        const auto line = std::ranges::count(read, '\n') + 1;
        const std::size_t column = read.size() - (read.rfind('\n') + 1);
        throwError("error at line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + message);
    }

    bool add(const msgpack::object &object)
    {
        m_values.push_back(object);
        return true;
    }
    bool openContainer()
    {
        if (m_open.size() == deepestNesting)
            fail("nested deeper than " + std::to_string(deepestNesting) + " levels");
        m_open.push_back(m_values.size());
        return true;
    }
    /// The members of the innermost container: values, or keys and values in turn.
    std::span<const msgpack::object> closeContainer() { return std::span(m_values).subspan(m_open.back()); }
    bool replaceMembers(const msgpack::object &object)
    {
        m_values.resize(m_open.back());
        m_open.pop_back();
        return add(object);
    }

    template <class T>
    T *allocate(std::size_t count)
    {
        return static_cast<T *>(m_zone->allocate_align(count * sizeof(T), alignof(T)));
    }
    /// A copy of `count` Ts; memcpy because msgpack-c's objects are plain data.
    const char *copyBytes(const void *bytes, std::size_t size)
    {
        if (size > std::numeric_limits<std::uint32_t>::max())
            fail("a value of " + std::to_string(size) + " bytes is too long for msgpack");
        char *copy = allocate<char>(size);
        if (size > 0)
            std::memcpy(copy, bytes, size);
        return copy;
    }

    msgpack::object stringObject(std::string_view text)
    {
        msgpack::object object;
        object.type = msgpack::type::STR;
        object.via.str.ptr = copyBytes(text.data(), text.size());
        object.via.str.size = static_cast<std::uint32_t>(text.size());
        return object;
    }
    msgpack::object arrayObject(std::span<const msgpack::object> members)
    {
        msgpack::object object;
        object.type = msgpack::type::ARRAY;
        object.via.array.size = static_cast<std::uint32_t>(members.size());
        object.via.array.ptr = allocate<msgpack::object>(members.size());
        std::ranges::copy(members, object.via.array.ptr);
        return object;
    }
    msgpack::object mapObject(std::span<const msgpack::object> keysAndValues)
    {
        msgpack::object object;
        object.type = msgpack::type::MAP;
        object.via.map.size = static_cast<std::uint32_t>(keysAndValues.size() / 2);
        object.via.map.ptr = allocate<msgpack::object_kv>(object.via.map.size);
        for (std::uint32_t i = 0; i < object.via.map.size; ++i)
            object.via.map.ptr[i] = {keysAndValues[2 * i], keysAndValues[2 * i + 1]};
        return object;
    }

    msgpack::object special(std::string_view key, const msgpack::object &value)
    {
        if (key == "$bytes")
            return bytesObject(value);
        if (key == "$float")
            return floatObject(value);
        if (key == "$ext")
            return extensionObject(value);
        if (key == "$map")
            return pairsObject(value);
        if (key == "$proxy" || key == "$callable")
            fail("a proxy or a callable cannot be given as JSON");
        fail("unknown \"" + std::string(key) + "\"; for a map with just this key write {\"$map\":[[key,value]]}");
    }

    std::vector<std::byte> decodeBase64(const msgpack::object &value) const
    {
        auto bytes = value.type == msgpack::type::STR ? wire::fromBase64(textOf(value)) : std::nullopt;
        if (!bytes)
            fail("expected base64, padded and without spaces");
        return std::move(*bytes);
    }
    msgpack::object bytesObject(const msgpack::object &value)
    {
        const std::vector<std::byte> bytes = decodeBase64(value);
        msgpack::object object;
        object.type = msgpack::type::BIN;
        object.via.bin.ptr = copyBytes(bytes.data(), bytes.size());
        object.via.bin.size = static_cast<std::uint32_t>(bytes.size());
        return object;
    }
    msgpack::object floatObject(const msgpack::object &value) const
    {
        using Float = std::numeric_limits<double>;
        const std::string_view name = value.type == msgpack::type::STR ? textOf(value) : std::string_view();
        if (name == "nan")
            return msgpack::object(Float::quiet_NaN());
        if (name == "inf")
            return msgpack::object(Float::infinity());
        if (name == "-inf")
            return msgpack::object(-Float::infinity());
        fail("expected \"nan\", \"inf\" or \"-inf\"");
    }
    msgpack::object extensionObject(const msgpack::object &value)
    {
        if (!isPair(value) || !isExtensionType(*begin(value)))
            fail("expected [type, \"base64\"] with a type of -128 to 127");
        std::vector<std::byte> bytes = decodeBase64(begin(value)[1]);
        bytes.insert(bytes.begin(), static_cast<std::byte>(begin(value)->via.u64)); // msgpack-c keeps the type in front
        msgpack::object object;
        object.type = msgpack::type::EXT;
        object.via.ext.ptr = copyBytes(bytes.data(), bytes.size());
        object.via.ext.size = static_cast<std::uint32_t>(bytes.size() - 1);
        return object;
    }
    msgpack::object pairsObject(const msgpack::object &value)
    {
        std::vector<msgpack::object> keysAndValues;
        if (value.type != msgpack::type::ARRAY || !std::all_of(begin(value), end(value), isPair))
            fail("expected a list of [key, value] pairs");
        for (const msgpack::object &pair : std::span(begin(value), end(value)))
            keysAndValues.insert(keysAndValues.end(), begin(pair), end(pair));
        return mapObject(keysAndValues);
    }
    static bool isPair(const msgpack::object &value) noexcept
    {
        return value.type == msgpack::type::ARRAY && value.via.array.size == 2;
    }
    static bool isExtensionType(const msgpack::object &value) noexcept
    {
        return (value.type == msgpack::type::POSITIVE_INTEGER && value.via.u64 <= 127)
            || (value.type == msgpack::type::NEGATIVE_INTEGER && value.via.i64 >= -128);
    }
    static const msgpack::object *begin(const msgpack::object &array) noexcept { return array.via.array.ptr; }
    static const msgpack::object *end(const msgpack::object &array) noexcept
    {
        return begin(array) + array.via.array.size;
    }

    std::string_view m_text;
    const char *m_position;
    std::shared_ptr<msgpack::zone> m_zone = std::make_shared<msgpack::zone>(zoneBlockSize);
    std::vector<msgpack::object> m_values;
    std::vector<std::size_t> m_open; ///< for each open container, where its members begin in m_values
};

} // namespace

Value fromJson(std::string_view text) { return JsonBuilder(text).build(); }

} // namespace decoy
