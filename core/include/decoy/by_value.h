// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <msgpack.hpp>

#include <array>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace decoy {

class Value;

namespace detail {

template <class T>
concept HasMsgpackDefine = requires(const T &value, msgpack::packer<msgpack::sbuffer> &packer) {
    value.msgpack_pack(packer);
};

template <class T>
struct IsByValue : std::bool_constant<std::is_arithmetic_v<T> || std::is_enum_v<T> || HasMsgpackDefine<T>> {};

template <class... Ts>
inline constexpr bool allByValue = (IsByValue<std::remove_cv_t<Ts>>::value && ...);

// clang-format off
template <> struct IsByValue<std::nullptr_t> : std::false_type {};
template <> struct IsByValue<std::byte> : std::false_type {};
template <> struct IsByValue<Value> : std::true_type {};
template <> struct IsByValue<std::string> : std::true_type {};
template <> struct IsByValue<std::string_view> : std::true_type {};
template <> struct IsByValue<const char *> : std::true_type {};
template <> struct IsByValue<char *> : std::true_type {};
template <std::size_t N> struct IsByValue<char[N]> : std::true_type {};
template <> struct IsByValue<msgpack::object> : std::true_type {};
template <> struct IsByValue<msgpack::type::nil_t> : std::true_type {};
template <> struct IsByValue<msgpack::type::raw_ref> : std::true_type {};
template <> struct IsByValue<std::vector<std::byte>> : std::true_type {};
template <> struct IsByValue<std::span<const std::byte>> : std::true_type {};
template <class T> struct IsByValue<std::optional<T>> : IsByValue<T> {};
template <class T, class A> struct IsByValue<std::vector<T, A>> : IsByValue<T> {};
template <class T, class A> struct IsByValue<std::deque<T, A>> : IsByValue<T> {};
template <class T, class A> struct IsByValue<std::list<T, A>> : IsByValue<T> {};
template <class T, std::size_t N> struct IsByValue<std::array<T, N>> : IsByValue<T> {};
template <class T, class C, class A> struct IsByValue<std::set<T, C, A>> : IsByValue<T> {};
template <class T, class H, class E, class A> struct IsByValue<std::unordered_set<T, H, E, A>> : IsByValue<T> {};
template <class K, class V, class C, class A>
struct IsByValue<std::map<K, V, C, A>> : std::bool_constant<allByValue<K, V>> {};
template <class K, class V, class H, class E, class A>
struct IsByValue<std::unordered_map<K, V, H, E, A>> : std::bool_constant<allByValue<K, V>> {};
template <class A, class B> struct IsByValue<std::pair<A, B>> : std::bool_constant<allByValue<A, B>> {};
template <class... Ts> struct IsByValue<std::tuple<Ts...>> : std::bool_constant<allByValue<Ts...>> {};
// clang-format on

} // namespace detail

/// Whether values of T travel as copies. True for what msgpack-c can pack: numbers, strings, byte vectors, standard
/// containers of such, enums (each needs MSGPACK_ADD_ENUM), and every struct with MSGPACK_DEFINE. Everything else travels by reference and comes back as a
/// chained proxy. Specialise it as true for a type of yours that has msgpack-c adaptors of its own.
template <class T>
inline constexpr bool byValue = detail::IsByValue<T>::value;

template <class T>
concept ByValue = byValue<std::remove_cvref_t<T>>;

} // namespace decoy
