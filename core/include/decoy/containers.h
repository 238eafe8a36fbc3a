// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/class.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace decoy {

namespace detail {
/// Python's index rule: -1 is the last. Throws ArgumentError ("index 7 is out of range, the size is 3").
[[nodiscard]] std::size_t checkedIndex(std::int64_t index, std::size_t size);
[[noreturn]] void throwMissingKey(const Value &key);

template <class C>
concept Growable = requires(C &container, typename C::value_type value) { container.push_back(std::move(value)); };
} // namespace detail

/// Binds a random-access sequence, such as `std::vector<int>` or `std::deque<std::string>`, as a list: the dunder names of the
/// wire (`__len__`, `__getitem__`, `__setitem__`, `__delitem__`, `__contains__`, `__iter__`) and Python's list methods.
/// `server.bind(decoy::list<std::vector<int>>())`, then publish the vector itself.
template <class C>
[[nodiscard]] Class<C> list(std::string name = "list")
{
    using Item = typename C::value_type;
    auto binding = Class<C>(std::move(name), "A list that stays in its own process.")
        .method("__len__", [](C &list) { return static_cast<std::int64_t>(list.size()); }, "How many items there are.")
        .method("__getitem__", [](C &list, std::int64_t index) -> Item & { return list[detail::checkedIndex(index, list.size())]; },
                arg("index"), "The item at an index; -1 is the last.")
        .method("__contains__", [](C &list, const Item &item) { return std::ranges::find(list, item) != list.end(); },
                arg("item"), "Whether an equal item is there.")
        .method("__iter__", [](C &list) { return std::vector<Item>(list.begin(), list.end()); }, "All items, as a copy.")
        .method("__setitem__", [](C &list, std::int64_t index, Item item) {
            list[detail::checkedIndex(index, list.size())] = std::move(item);
        }, arg("index"), arg("item"), "Replaces an item.");
    if constexpr (detail::Growable<C>) {
        binding = std::move(binding)
            .method("append", [](C &list, Item item) { list.push_back(std::move(item)); }, arg("item"), "Adds an item at the end.")
            .method("insert", [](C &list, std::int64_t index, Item item) {
                const auto size = static_cast<std::int64_t>(list.size());
                const std::int64_t place = std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
                list.insert(list.begin() + place, std::move(item));
            }, arg("index"), arg("item"), "Adds an item before an index.")
            .method("pop", [](C &list, std::int64_t index) {
                const auto place = list.begin() + static_cast<std::ptrdiff_t>(detail::checkedIndex(index, list.size()));
                Item item = std::move(*place);
                list.erase(place);
                return item;
            }, arg("index") = -1, "Takes an item out and returns it.")
            .method("__delitem__", [](C &list, std::int64_t index) {
                list.erase(list.begin() + static_cast<std::ptrdiff_t>(detail::checkedIndex(index, list.size())));
            }, arg("index"), "Removes an item.")
            .method("clear", [](C &list) { list.clear(); }, "Removes all items.");
    }
    return binding;
}

/// Binds an associative container, such as `std::map<std::string, int>`, as a dictionary.
template <class C>
[[nodiscard]] Class<C> dictionary(std::string name = "dict")
{
    using Key = typename C::key_type;
    using Item = typename C::mapped_type;
    return Class<C>(std::move(name), "A dictionary that stays in its own process.")
        .method("__len__", [](C &map) { return static_cast<std::int64_t>(map.size()); }, "How many entries there are.")
        .method("__getitem__", [](C &map, const Key &key) -> Item & {
            const auto found = map.find(key);
            if (found == map.end())
                detail::throwMissingKey(Value(key));
            return found->second;
        }, arg("key"), "The value of a key.")
        .method("__setitem__", [](C &map, Key key, Item item) { map.insert_or_assign(std::move(key), std::move(item)); },
                arg("key"), arg("value"), "Sets the value of a key.")
        .method("__delitem__", [](C &map, const Key &key) {
            if (!map.erase(key))
                detail::throwMissingKey(Value(key));
        }, arg("key"), "Removes a key.")
        .method("__contains__", [](C &map, const Key &key) { return map.contains(key); }, arg("key"), "Whether a key is there.")
        .method("__iter__", [](C &map) {
            std::vector<Key> keys;
            for (const auto &entry : map)
                keys.push_back(entry.first);
            return keys;
        }, "All keys, as a copy.")
        .method("keys", [](C &map) {
            std::vector<Key> keys;
            for (const auto &entry : map)
                keys.push_back(entry.first);
            return keys;
        }, "All keys.")
        .method("items", [](C &map) { return C(map); }, "A copy of the whole dictionary.")
        .method("clear", [](C &map) { map.clear(); }, "Removes all entries.");
}

} // namespace decoy
