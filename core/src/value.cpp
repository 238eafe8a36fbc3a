// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/value.h>

#include <decoy/copy_bytes.h>
#include <decoy/json.h>

#include "wire/object_reader.h"

#include <algorithm>
#include <string>

namespace decoy {

namespace {

constexpr std::size_t zoneOverhead = 64;

/// What a message calls the type of parsed data: the names of typeNameOf().
std::string_view dataTypeName(const msgpack::object &object) noexcept
{
    switch (object.type) {
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
    case msgpack::type::EXT: return "extension";
    }
    return "any";
}

/// Makes deep copies in a zone. msgpack-c's own copying passes null pointers of empty strings to memcpy.
class DeepCopy {
public:
    explicit DeepCopy(msgpack::zone &zone) noexcept : m_zone(zone) {}

    msgpack::object operator()(const msgpack::object &original)
    {
        msgpack::object copy = original;
        if (original.type == msgpack::type::STR)
            copy.via.str.ptr = copyBytes(original.via.str.ptr, original.via.str.size);
        else if (original.type == msgpack::type::BIN)
            copy.via.bin.ptr = copyBytes(original.via.bin.ptr, original.via.bin.size);
        else if (original.type == msgpack::type::EXT)
            copy.via.ext.ptr = copyBytes(original.via.ext.ptr,
                                         std::size_t{original.via.ext.size} + 1); // the type in front
        else if (original.type == msgpack::type::ARRAY)
            copyArray(original.via.array, copy.via.array);
        else if (original.type == msgpack::type::MAP)
            copyMap(original.via.map, copy.via.map);
        return copy;
    }

private:
    template <class T>
    T *allocate(std::size_t count)
    {
        return static_cast<T *>(m_zone.allocate_align(count * sizeof(T), alignof(T)));
    }
    const char *copyBytes(const char *bytes, std::size_t size)
    {
        char *copy = allocate<char>(size);
        detail::copyBytes(copy, bytes, size);
        return copy;
    }
    void copyArray(const msgpack::object_array &original, msgpack::object_array &copy)
    {
        copy.ptr = allocate<msgpack::object>(original.size);
        std::transform(original.ptr, original.ptr + original.size, copy.ptr, *this);
    }
    void copyMap(const msgpack::object_map &original, msgpack::object_map &copy)
    {
        copy.ptr = allocate<msgpack::object_kv>(original.size);
        for (std::uint32_t i = 0; i < original.size; ++i)
            copy.ptr[i] = {(*this)(original.ptr[i].key), (*this)(original.ptr[i].val)};
    }

    msgpack::zone &m_zone;
};

bool isKey(const msgpack::object &key, std::string_view text) noexcept
{
    return key.type == msgpack::type::STR && std::string_view(key.via.str.ptr, key.via.str.size) == text;
}

} // namespace

void detail::throwTypeMismatch(const msgpack::object &object, std::string_view expected)
{
    const std::string_view found = dataTypeName(object);
    if (found == expected) // a number outside of the range of the C++ type, a list with members of other types
        throw DataDecodeError("the value, a " + std::string(found) + ", does not fit into the expected C++ type");
    throw DataDecodeError("expected " + std::string(expected) + ", found " + std::string(found));
}

std::size_t Value::size() const noexcept
{
    if (m_object.type == msgpack::type::ARRAY)
        return m_object.via.array.size;
    return m_object.type == msgpack::type::MAP ? m_object.via.map.size : 0;
}

Value Value::at(std::size_t index) const
{
    requireData();
    if (m_object.type != msgpack::type::ARRAY)
        detail::throwTypeMismatch(m_object, "list");
    if (index >= size())
        throw DataDecodeError("there is no item " + std::to_string(index) + " in a list of " + std::to_string(size()));
    return Value(m_object.via.array.ptr[index], m_owner);
}

Value Value::at(std::string_view key) const
{
    requireData();
    if (m_object.type != msgpack::type::MAP)
        detail::throwTypeMismatch(m_object, "dict");
    for (const msgpack::object_kv &entry : std::span(m_object.via.map.ptr, m_object.via.map.size)) {
        if (isKey(entry.key, key))
            return Value(entry.val, m_owner);
    }
    throw DataDecodeError("there is no key '" + std::string(key) + "' in the dict");
}

std::string Value::toString() const { return toJson(*this); }

void Value::msgpack_unpack(const msgpack::object &object)
{
    *this = Value(object, nullptr);
    if (wire::isScalar(object))
        return;
    // The given object refers to memory that may be gone tomorrow. The zone's block is made to measure.
    auto zone = std::make_shared<msgpack::zone>(msgpack::aligned_zone_size(object) + zoneOverhead);
    m_object = DeepCopy(*zone)(object);
    m_owner = std::move(zone);
}

void Value::requireData() const
{
    if (m_kind != Kind::Data)
        throw DataDecodeError("expected data, found " + remoteName());
}

void Value::requireEncodable() const
{
    if (m_kind != Kind::Data)
        throw DataEncodeError("a value on its way to a peer has to be data, but this is " + remoteName());
}

std::string Value::remoteName() const
{
    return m_kind == Kind::Proxy ? "a proxy" : "the callable '" + m_callableName + "'";
}

} // namespace decoy
