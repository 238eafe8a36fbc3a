// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/class.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

// clang-format off: the bindings read as tables
namespace decoy {

namespace detail {
/// Python's index rule: -1 is the last. Throws ArgumentError ("index 7 is out of range, the size is 3").
[[nodiscard]] std::size_t checkedIndex(std::int64_t index, std::size_t size);
[[noreturn]] void throwMissingKey(const Value &key);

template <class C>
concept Growable = requires(C &container, typename C::value_type value) { container.push_back(std::move(value)); };

/// What reading a member of a container gives: a copy, or the member itself, which becomes a chained proxy.
template <class Item>
using ItemResult = std::conditional_t<ByValue<Item>, Item, Item &>;

template <class C>
[[nodiscard]] auto itemPosition(C &list, std::int64_t index);
template <class C>
[[nodiscard]] auto insertPosition(C &list, std::int64_t index);
template <class C>
[[nodiscard]] auto &itemOf(C &map, const typename C::key_type &key);
template <class C>
[[nodiscard]] auto keysOf(const C &map);
template <class C>
[[nodiscard]] auto valuesOf(const C &map);

template <class C>
[[nodiscard]] Class<C> withItems(Class<C> binding);
template <class C>
[[nodiscard]] Class<C> withSearch(Class<C> binding);
template <class C>
[[nodiscard]] Class<C> withGrowth(Class<C> binding);
template <class C>
[[nodiscard]] Class<C> withValues(Class<C> binding);
} // namespace detail

/// Binds a random-access sequence, such as `std::vector<int>` or `std::deque<std::string>`, as a list: the dunder names of the
/// wire (`__len__`, `__getitem__`, `__setitem__`, `__delitem__`, `__contains__`, `__iter__`) and Python's list methods.
/// `server.bind(decoy::list<std::vector<int>>())`, then publish the vector itself.
///
/// Items that do not travel by value can be looked at, not sent: `__getitem__` gives a chained proxy to the item in its place,
/// so do not let the container move its items while clients use them (std::deque, or std::vector<std::shared_ptr<T>>).
template <class C>
[[nodiscard]] Class<C> list(std::string name = "list")
{
    using Item = typename C::value_type;
    auto binding = Class<C>(std::move(name), "A list that stays in its own process.")
                       .method(
                           "__len__", [](C &list) { return static_cast<std::int64_t>(list.size()); },
                           "How many items there are.")
                       .method(
                           "__getitem__",
                           [](C &list, std::int64_t index) -> detail::ItemResult<Item> {
                               return *detail::itemPosition(list, index);
                           },
                           arg("index"), "The item at an index; -1 is the last.");
    if constexpr (ByValue<Item>)
        binding = detail::withItems<C>(std::move(binding));
    if constexpr (ByValue<Item> && std::equality_comparable<Item>)
        binding = detail::withSearch<C>(std::move(binding));
    if constexpr (ByValue<Item> && detail::Growable<C>)
        binding = detail::withGrowth<C>(std::move(binding));
    return binding;
}

/// Binds an associative container, such as `std::map<std::string, int>`, as a dictionary. Values that do not travel by value
/// can be looked at, not sent.
template <class C>
[[nodiscard]] Class<C> dictionary(std::string name = "dict")
{
    using Key = typename C::key_type;
    using Item = typename C::mapped_type;
    static_assert(ByValue<Key>, "the keys of a dictionary have to travel by value");
    auto binding = Class<C>(std::move(name), "A dictionary that stays in its own process.")
                       .method(
                           "__len__", [](C &map) { return static_cast<std::int64_t>(map.size()); },
                           "How many entries there are.")
                       .method(
                           "__getitem__",
                           [](C &map, const Key &key) -> detail::ItemResult<Item> { return detail::itemOf(map, key); },
                           arg("key"), "The value of a key.")
                       .method(
                           "__delitem__",
                           [](C &map, const Key &key) {
                               if (!map.erase(key))
                                   detail::throwMissingKey(Value(key));
                           },
                           arg("key"), "Removes a key.")
                       .method(
                           "__contains__", [](C &map, const Key &key) { return map.contains(key); }, arg("key"),
                           "Whether a key is there.")
                       .method("__iter__", &detail::keysOf<C>, "All keys, as a copy.")
                       .method("keys", &detail::keysOf<C>, "All keys, as a copy.")
                       .method(
                           "clear", [](C &map) { map.clear(); }, "Removes all entries.");
    if constexpr (ByValue<Item>)
        binding = detail::withValues<C>(std::move(binding));
    return binding;
}

// ---- implementation ----

namespace detail {

template <class C>
auto itemPosition(C &list, std::int64_t index)
{
    return list.begin() + static_cast<std::ptrdiff_t>(checkedIndex(index, list.size()));
}

/// Never fails, as in Python: what is beyond an end is put at that end.
template <class C>
auto insertPosition(C &list, std::int64_t index)
{
    const auto size = static_cast<std::int64_t>(list.size());
    return list.begin()
        + static_cast<std::ptrdiff_t>(std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size));
}

template <class C>
auto &itemOf(C &map, const typename C::key_type &key)
{
    const auto found = map.find(key);
    if (found == map.end())
        throwMissingKey(Value(key));
    return found->second;
}

template <class C>
auto keysOf(const C &map)
{
    std::vector<typename C::key_type> keys;
    keys.reserve(map.size());
    for (const auto &entry : map)
        keys.push_back(entry.first);
    return keys;
}

template <class C>
auto valuesOf(const C &map)
{
    std::vector<typename C::mapped_type> values;
    values.reserve(map.size());
    for (const auto &entry : map)
        values.push_back(entry.second);
    return values;
}

template <class C>
Class<C> withItems(Class<C> binding)
{
    using Item = typename C::value_type;
    return std::move(binding)
        .method(
            "__iter__", [](C &list) { return std::vector<Item>(list.begin(), list.end()); }, "All items, as a copy.")
        .method(
            "__setitem__", [](C &list, std::int64_t index, Item item) { *itemPosition(list, index) = std::move(item); },
            arg("index"), arg("item"), "Replaces an item.");
}

template <class C>
Class<C> withSearch(Class<C> binding)
{
    using Item = typename C::value_type;
    return std::move(binding).method(
        "__contains__", [](C &list, const Item &item) { return std::ranges::find(list, item) != list.end(); },
        arg("item"), "Whether an equal item is there.");
}

template <class C>
Class<C> withGrowth(Class<C> binding)
{
    using Item = typename C::value_type;
    return std::move(binding)
        .method(
            "append", [](C &list, Item item) { list.push_back(std::move(item)); }, arg("item"),
            "Adds an item at the end.")
        .method(
            "insert",
            [](C &list, std::int64_t index, Item item) { list.insert(insertPosition(list, index), std::move(item)); },
            arg("index"), arg("item"), "Adds an item before an index.")
        .method(
            "pop",
            [](C &list, std::int64_t index) {
                const auto place = itemPosition(list, index);
                Item item = std::move(*place);
                list.erase(place);
                return item;
            },
            arg("index") = -1, "Takes an item out and returns it.")
        .method(
            "__delitem__", [](C &list, std::int64_t index) { list.erase(itemPosition(list, index)); }, arg("index"),
            "Removes an item.")
        .method(
            "clear", [](C &list) { list.clear(); }, "Removes all items.");
}

template <class C>
Class<C> withValues(Class<C> binding)
{
    using Key = typename C::key_type;
    using Item = typename C::mapped_type;
    return std::move(binding)
        .method(
            "__setitem__", [](C &map, Key key, Item item) { map.insert_or_assign(std::move(key), std::move(item)); },
            arg("key"), arg("value"), "Sets the value of a key.")
        .method(
            "get",
            [](C &map, const Key &key, Value otherwise) {
                const auto found = map.find(key);
                return found == map.end() ? std::move(otherwise) : Value(found->second);
            },
            arg("key"), arg("default") = Value(), "The value of a key, or a default.")
        .method("values", &valuesOf<C>, "All values, as a copy.")
        .method(
            "items", [](C &map) { return C(map); }, "A copy of the whole dictionary.");
}

} // namespace detail
} // namespace decoy
// clang-format on
