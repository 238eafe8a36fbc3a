// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/proxy.h>

#include <concepts>

/// Operators of an object in another process, as calls of its dunder methods: `account == 5`, `vector * 2.5`, `vector += other`.
/// The object must have them: see operators.h for those of a class of yours. Throw what every call throws, AttributeNotFound where
/// there is no such operator, ArgumentError for an operand that it does not take. None of them converts anything to a Proxy.
namespace decoy {

template <std::same_as<Proxy> P, ByValue T>
[[nodiscard]] bool operator==(const P &object, const T &other)
{
    return object.template call<bool>("__eq__", other);
}
template <std::same_as<Proxy> P, ByValue T>
[[nodiscard]] bool operator<(const P &object, const T &other)
{
    return object.template call<bool>("__lt__", other);
}
template <std::same_as<Proxy> P, ByValue T>
[[nodiscard]] bool operator<=(const P &object, const T &other)
{
    return object.template call<bool>("__le__", other);
}
template <std::same_as<Proxy> P, ByValue T>
[[nodiscard]] bool operator>(const P &object, const T &other)
{
    return object.template call<bool>("__gt__", other);
}
template <std::same_as<Proxy> P, ByValue T>
[[nodiscard]] bool operator>=(const P &object, const T &other)
{
    return object.template call<bool>("__ge__", other);
}

template <std::same_as<Proxy> P, ByValue T>
[[nodiscard]] Value operator+(const P &object, const T &other)
{
    return object.call("__add__", other);
}
template <std::same_as<Proxy> P, ByValue T>
[[nodiscard]] Value operator-(const P &object, const T &other)
{
    return object.call("__sub__", other);
}
template <std::same_as<Proxy> P, ByValue T>
[[nodiscard]] Value operator*(const P &object, const T &other)
{
    return object.call("__mul__", other);
}
template <std::same_as<Proxy> P, ByValue T>
[[nodiscard]] Value operator/(const P &object, const T &other)
{
    return object.call("__truediv__", other);
}
template <std::same_as<Proxy> P, ByValue T>
[[nodiscard]] Value operator%(const P &object, const T &other)
{
    return object.call("__mod__", other);
}
template <ByValue T, std::same_as<Proxy> P>
[[nodiscard]] Value operator+(const T &other, const P &object)
{
    return object.call("__radd__", other);
}
template <ByValue T, std::same_as<Proxy> P>
[[nodiscard]] Value operator-(const T &other, const P &object)
{
    return object.call("__rsub__", other);
}
template <ByValue T, std::same_as<Proxy> P>
[[nodiscard]] Value operator*(const T &other, const P &object)
{
    return object.call("__rmul__", other);
}
template <ByValue T, std::same_as<Proxy> P>
[[nodiscard]] Value operator/(const T &other, const P &object)
{
    return object.call("__rtruediv__", other);
}
template <std::same_as<Proxy> P>
[[nodiscard]] Value operator-(const P &object)
{
    return object.call("__neg__");
}

// The object changes where it is; the proxy stays a proxy of it.
template <std::same_as<Proxy> P, ByValue T>
const P &operator+=(const P &object, const T &other)
{
    object.template call<void>("__iadd__", other);
    return object;
}
template <std::same_as<Proxy> P, ByValue T>
const P &operator-=(const P &object, const T &other)
{
    object.template call<void>("__isub__", other);
    return object;
}
template <std::same_as<Proxy> P, ByValue T>
const P &operator*=(const P &object, const T &other)
{
    object.template call<void>("__imul__", other);
    return object;
}
template <std::same_as<Proxy> P, ByValue T>
const P &operator/=(const P &object, const T &other)
{
    object.template call<void>("__itruediv__", other);
    return object;
}

} // namespace decoy
