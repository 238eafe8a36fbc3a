// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/proxy.h>

#include <concepts>
#include <string>
#include <type_traits>
#include <typeinfo>

namespace decoy {

namespace detail {
[[nodiscard]] std::string callableTypeName(const std::type_info &type);
[[nodiscard]] std::string functionName(const void *function, const std::type_info &type);
} // namespace detail

/// A readable name of something that can be called: of a remote method its name; of a function its symbol, where the linker has kept
/// one, else its type; of any other callable object (a lambda, std::bind, std::function) the type.
/// Source: the reference's get_callable_name.
[[nodiscard]] std::string callableName(const RemoteCallable &callable);
/// The same for a result. Throws DataDecodeError if it is no callable.
[[nodiscard]] std::string callableName(const Value &value);
template <class F>
    requires(!std::convertible_to<F, Value>)
[[nodiscard]] std::string callableName(const F &callable)
{
    if constexpr (std::is_function_v<F>)
        return detail::functionName(reinterpret_cast<const void *>(&callable), typeid(F));
    else if constexpr (std::is_function_v<std::remove_pointer_t<F>>)
        return detail::functionName(reinterpret_cast<const void *>(callable), typeid(F));
    else
        return detail::callableTypeName(typeid(callable));
}

/// Whether `callable` is a method of the object that `proxy` stands for: bound to it, or bound to another object of the same type at
/// the same server, which has that method too. The second asks the server. Throws what Proxy::describe() throws.
/// Source: the reference's is_method_of.
[[nodiscard]] bool isMethodOf(const RemoteCallable &callable, const Proxy &proxy);
/// The same here: whether the member function of a class can be called on `object`.
template <class Member, class C, class T>
    requires std::is_function_v<Member>
[[nodiscard]] constexpr bool isMethodOf(Member C::*, const T &) noexcept
{
    return std::is_base_of_v<C, T>;
}

} // namespace decoy
