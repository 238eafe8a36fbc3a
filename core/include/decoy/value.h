// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/by_value.h>
#include <decoy/error.h>
#include <decoy/pack_buffer.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace decoy {

class Proxy;
class RemoteCallable;

namespace detail {
class RemoteObject;
/// Turns msgpack-c's exceptions into ours; `expected` is the C++ side's idea of the type.
[[noreturn]] void throwTypeMismatch(const msgpack::object &object, std::string_view expected);
} // namespace detail

/// The name that descriptions and messages use for a C++ type: int, float, bool, str, bytes, list, dict, None or any.
template <class T>
[[nodiscard]] constexpr std::string_view typeNameOf() noexcept;

/// Anything that a call can give or take: plain msgpack data, a proxy to an object of the server, or a method of one.
///
/// An immutable value: copies share their data, and may be used from several threads.
class Value {
public:
    enum class Kind : std::uint8_t { Data, Proxy, Callable };

    /// None.
    Value() noexcept = default;

    /// A copy of `value`.
    template <ByValue T>
        requires(!std::same_as<std::remove_cvref_t<T>, Value>)
    Value(const T &value); // NOLINT(google-explicit-constructor): arguments are written as plain values

    Value(const Proxy &proxy);             // NOLINT(google-explicit-constructor)
    Value(const RemoteCallable &callable); // NOLINT(google-explicit-constructor)

    /// Takes over parsed data; `owner` keeps what `object` points to.
    Value(const msgpack::object &object, std::shared_ptr<const void> owner) noexcept
        : m_object(object), m_owner(std::move(owner))
    {}

    [[nodiscard]] Kind kind() const noexcept { return m_kind; }
    [[nodiscard]] bool isProxy() const noexcept { return m_kind == Kind::Proxy; }
    [[nodiscard]] bool isCallable() const noexcept { return m_kind == Kind::Callable; }
    [[nodiscard]] bool isNone() const noexcept { return m_kind == Kind::Data && m_object.is_nil(); }

    /// The data as a C++ value. Throws DataDecodeError that names both types if it does not fit; never truncates.
    template <class T>
    [[nodiscard]] T as() const;

    template <class T>
        requires ByValue<T> && (!std::is_same_v<T, Value>)
    operator T() const
    {
        return as<T>();
    } // NOLINT(google-explicit-constructor): `double b = p.get("balance")`

    /// The parsed data; lives as long as this value or a copy of it. nil where the value is a proxy or a callable.
    [[nodiscard]] const msgpack::object &object() const noexcept { return m_object; }

    /// The proxy that this value is. Throws DataDecodeError if it is none.
    [[nodiscard]] Proxy proxy() const;
    /// The method that this value is. Throws DataDecodeError if it is none.
    [[nodiscard]] RemoteCallable callable() const;

    /// Members of an array or pairs of a map; 0 for everything else.
    [[nodiscard]] std::size_t size() const noexcept;
    /// Member `index` of an array. Throws DataDecodeError if there is none.
    [[nodiscard]] Value at(std::size_t index) const;
    /// The value of string key `key` in a map. Throws DataDecodeError if there is none.
    [[nodiscard]] Value at(std::string_view key) const;

    /// JSON text; see json.h for what JSON cannot say.
    [[nodiscard]] std::string toString() const;

    /// msgpack-c's adaptor: a Value inside user structs and containers. Throws DataEncodeError for proxies and callables.
    template <class Packer>
    void msgpack_pack(Packer &packer) const
    {
        requireEncodable();
        packer.pack(m_object);
    }
    void msgpack_unpack(const msgpack::object &object);

private:
    void requireData() const;      // throws DataDecodeError
    void requireEncodable() const; // throws DataEncodeError
    [[nodiscard]] std::string remoteName() const;

    msgpack::object m_object;
    std::shared_ptr<const void> m_owner;
    std::shared_ptr<detail::RemoteObject> m_remote;
    std::string m_callableName;
    Kind m_kind = Kind::Data;
};

// ---- implementation ----

namespace detail {
// clang-format off
template <class T> struct TypeName { static constexpr std::string_view value = "any"; };
template <class T> requires std::integral<T> struct TypeName<T> { static constexpr std::string_view value = "int"; };
template <class T> requires std::floating_point<T> struct TypeName<T> { static constexpr std::string_view value = "float"; };
template <class T> requires HasMsgpackDefine<T> struct TypeName<T> { static constexpr std::string_view value = "list"; };
template <class T> requires std::is_enum_v<T> struct TypeName<T> { static constexpr std::string_view value = "int"; };
template <> struct TypeName<bool> { static constexpr std::string_view value = "bool"; };
template <> struct TypeName<void> { static constexpr std::string_view value = "None"; };
template <> struct TypeName<Value> { static constexpr std::string_view value = "any"; };
template <> struct TypeName<std::string> { static constexpr std::string_view value = "str"; };
template <> struct TypeName<std::string_view> { static constexpr std::string_view value = "str"; };
template <> struct TypeName<const char *> { static constexpr std::string_view value = "str"; };
template <> struct TypeName<std::vector<char>> { static constexpr std::string_view value = "bytes"; };
template <> struct TypeName<std::vector<unsigned char>> { static constexpr std::string_view value = "bytes"; };
template <> struct TypeName<std::vector<std::byte>> { static constexpr std::string_view value = "bytes"; };
template <> struct TypeName<std::span<const std::byte>> { static constexpr std::string_view value = "bytes"; };
template <class T> struct TypeName<std::optional<T>> : TypeName<T> {};
template <class A, class B> struct TypeName<std::pair<A, B>> { static constexpr std::string_view value = "list"; };
template <class... Ts> struct TypeName<std::tuple<Ts...>> { static constexpr std::string_view value = "list"; };
template <class T> concept Sequence = ByValue<T> && requires { typename T::value_type; } && !std::is_same_v<T, std::string>
    && !std::is_same_v<T, std::string_view> && !HasMsgpackDefine<T>;
template <Sequence T> struct TypeName<T> { static constexpr std::string_view value = "list"; };
template <Sequence T> requires requires { typename T::mapped_type; }
struct TypeName<T> { static constexpr std::string_view value = "dict"; };
// clang-format on

template <class T>
inline constexpr bool isByteVector = false;
template <class Byte>
    requires(std::is_same_v<Byte, std::byte> || std::is_same_v<Byte, char> || std::is_same_v<Byte, unsigned char>)
inline constexpr bool isByteVector<std::vector<Byte>> = true;

/// msgpack-c leaves members alone that a too short array does not give: they must have a value before.
template <class T>
[[nodiscard]] T convertWhole(const msgpack::object &object)
{
    if constexpr (std::is_default_constructible_v<T> && HasMsgpackDefine<T>) {
        T value{};
        object.convert(value);
        return value;
    } else if constexpr (isByteVector<T>) {
        if (object.type != msgpack::type::BIN)
            return object.as<T>();
        T bytes;
        assignBytes(
            bytes,
            std::span(reinterpret_cast<const typename T::value_type *>(object.via.bin.ptr), object.via.bin.size));
        return bytes;
    } else {
        return object.as<T>();
    }
}

/// `object` as a T, or a DataDecodeError that names both types.
template <class T>
[[nodiscard]] T convert(const msgpack::object &object)
{
    try {
        if constexpr (std::is_same_v<T, Value>) {
            Value value;
            value.msgpack_unpack(object);
            return value;
        } else {
            return convertWhole<T>(object);
        }
    } catch (const msgpack::type_error &) {
        throwTypeMismatch(object, TypeName<T>::value);
    }
}
} // namespace detail

template <class T>
constexpr std::string_view typeNameOf() noexcept
{
    return detail::TypeName<std::remove_cvref_t<T>>::value;
}

template <ByValue T>
    requires(!std::same_as<std::remove_cvref_t<T>, Value>)
Value::Value(const T &value)
{
    if constexpr (std::is_arithmetic_v<T>) {
        m_object = msgpack::object(value);
    } else {
        // Through bytes: the one way that every adaptor, MSGPACK_DEFINE included, supports.
        PackBuffer buffer(UINT32_MAX);
        msgpack::pack(buffer, value);
        auto zone = std::make_shared<msgpack::zone>();
        m_object = msgpack::unpack(*zone, reinterpret_cast<const char *>(buffer.bytes().data()), buffer.size());
        m_owner = std::move(zone);
    }
}

template <class T>
T Value::as() const
{
    if constexpr (std::is_same_v<T, Value>) {
        return *this;
    } else {
        requireData();
        return detail::convert<T>(m_object);
    }
}

} // namespace decoy
