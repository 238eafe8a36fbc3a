// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/class.h>
#include <decoy/container_methods.h>

#include <concepts>
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace decoy {

/// What can be a target as a container: everything of the standard library that has an end and can be gone through more than once,
/// and every class with begin() and end(), or with size() and operator[]. A text is one value, not a list of characters.
template <class C>
concept Container = !std::is_convertible_v<const C &, std::string_view>
    && (detail::Indexed<C>
        || (std::ranges::forward_range<C> && !std::same_as<std::ranges::sentinel_t<C>, std::unreachable_sentinel_t>));

/// Binds a sequence, such as `std::vector<int>` or `std::list<std::string>`, as a list: the dunder names of the wire (`__len__`,
/// `__getitem__`, `__setitem__`, `__delitem__`, `__contains__`, `__iter__`, `__next_items__`) and Python's list methods, as far as
/// the class can do them. An index of -1 is the last.
///
/// Items that do not travel by value can be looked at, not sent: `__getitem__` gives a chained proxy to the item in its place, so do
/// not let the container move its items while clients use them (std::deque, or std::vector<std::shared_ptr<T>>).
template <Container C>
[[nodiscard]] Class<C> list(std::string name = "list")
{
    Class<C> binding(std::move(name), "A list that stays in its own process.");
    return detail::withGrowth(
        detail::withPlaces(detail::withSearch(detail::withEquality(detail::withIteration(std::move(binding))))));
}

/// Binds an associative container, such as `std::map<std::string, int>`, as a dictionary. To go through it is to go through its
/// entries, as pairs; `__iter__` gives the keys, as in Python. Values that do not travel by value can be looked at, not sent; to go
/// through such a dictionary is to go through its keys.
template <Container C>
    requires detail::UniqueKeys<C> && requires { typename C::mapped_type; }
[[nodiscard]] Class<C> dictionary(std::string name = "dict")
{
    Class<C> binding(std::move(name), "A dictionary that stays in its own process.");
    return detail::withValues(
        detail::withEntries(detail::withKeys(detail::withEquality(detail::withIteration(std::move(binding))))));
}

/// Binds a container of keys, such as `std::set<int>` or `std::unordered_multiset<std::string>`, as a set.
template <Container C>
    requires detail::KeyedContainer<C>
[[nodiscard]] Class<C> set(std::string name = "set")
{
    Class<C> binding(std::move(name), "A set that stays in its own process.");
    return detail::withMembers(detail::withKeys(detail::withEquality(detail::withIteration(std::move(binding)))));
}

/// Binds any container as what it is: a dictionary, a set or a list. ProxyServer::publish() does it for containers that were not bound.
template <Container C>
[[nodiscard]] Class<C> container()
{
    if constexpr (detail::UniqueKeys<C> && requires { typename C::mapped_type; })
        return dictionary<C>();
    else if constexpr (detail::KeyedContainer<C>)
        return set<C>();
    else
        return list<C>();
}

/// The same for a class of yours that has more to it: adds what a container can be asked for, and leaves what you have bound alone.
/// `server.bind(decoy::container(decoy::Class<Playlist>("Playlist").method("shuffle", &Playlist::shuffle)))`.
///
/// Every bound method that is not const ends iterations of clients, and so does an attribute that is set (see Effect). What changes
/// the object without a call of a client is noticed only if its size changes. An object that is used from several threads has to take
/// the default threading, in which no call meets a batch, or give copies: see iterable().
template <Container C>
[[nodiscard]] Class<C> container(Class<C> binding)
{
    return std::move(binding).complete(container<C>());
}

/// Lets clients go in batches through items that a class gives in its own way: `items` is a member function or a lambda that gives a range,
/// perhaps a copy, and is called for each batch; `revision`, if there is one, gives a number that is another one after each change
/// that happens without a call of a client.
/// `decoy::iterable(decoy::Class<Log>("Log"), &Log::latest, &Log::written)`.
template <class T, class Items, class Revision = detail::NoRevision>
[[nodiscard]] Class<T> iterable(Class<T> binding, Items items, Revision revision = {})
{
    using Next = detail::NextItems<T, Items, Revision>;
    std::move(binding).method(std::make_unique<Next>(std::move(items), std::move(revision))).iterable();
    return binding;
}

} // namespace decoy
