// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/proxy.h>
#include <decoy/value.h>

#include <concepts>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

/// How an argument that a client has lent arrives in a bound method: as a Proxy, a RemoteCallable, or a std::function that calls it.
namespace decoy::detail {

template <class T>
inline constexpr bool isFunction = false;
template <class R, class... Args>
inline constexpr bool isFunction<std::function<R(Args...)>> = true;

/// Parameters for objects and callbacks of the client's. None makes an empty one.
template <class T>
concept LentParameter = std::same_as<T, Proxy> || std::same_as<T, RemoteCallable> || isFunction<T>;

template <>
struct TypeName<Proxy> {
    static constexpr std::string_view value = "object";
};
template <>
struct TypeName<RemoteCallable> {
    static constexpr std::string_view value = "callable";
};
template <class R, class... Args>
struct TypeName<std::function<R(Args...)>> {
    static constexpr std::string_view value = "callable";
};

template <class F>
struct RemoteFunction;
template <class R, class... Args>
struct RemoteFunction<std::function<R(Args...)>> {
    Proxy callable;
    R operator()(Args... args) const { return callable.template call<R>("__call__", args...); }
};

/// What a parameter of type T gets for a client's object.
template <LentParameter T>
[[nodiscard]] T standIn(Proxy proxy)
{
    if constexpr (std::is_same_v<T, Proxy>)
        return proxy;
    else if constexpr (std::is_same_v<T, RemoteCallable>)
        return RemoteCallable(std::move(proxy), "__call__");
    else if (proxy)
        return T(RemoteFunction<T>{std::move(proxy)});
    else
        return T();
}

} // namespace decoy::detail
