// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/class.h>
#include <decoy/iteration.h>
#include <decoy/operators.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// The methods of containers, in groups that containers.h puts together. Each adds to a binding what the class can do. (A binding is
/// its own builder: what its methods return is itself.)
namespace decoy::detail {

/// Python's index rule: -1 is the last. Throws ArgumentError ("index 7 is out of range, the size is 3").
[[nodiscard]] std::size_t checkedIndex(std::int64_t index, std::size_t size);
[[noreturn]] void throwMissingKey(const Value &key);

/// Whether == compiles, not only exists: that of a container exists whatever its items are.
template <class T>
inline constexpr bool isEquatable = std::equality_comparable<T>;
template <std::ranges::range T>
    requires requires { typename T::value_type; }
inline constexpr bool isEquatable<T> = isEquatable<typename T::value_type>;
template <class A, class B>
inline constexpr bool isEquatable<std::pair<A, B>> = isEquatable<std::remove_cv_t<A>>
    && isEquatable<std::remove_cv_t<B>>;
template <class... Ts>
inline constexpr bool isEquatable<std::tuple<Ts...>> = (isEquatable<Ts> && ...);
template <class T>
inline constexpr bool isEquatable<std::optional<T>> = isEquatable<T>;

/// Whether clients may take such items out: nobody may be left with a proxy to one that is gone.
template <class Item>
concept Removable = ByValue<Item> || isSharedPointer<Item>;

/// Whether an item can be assigned where it stands; not to a copy of it. (std::vector<bool> gives neither, but stands for the item.)
template <class Items, class Reference = std::ranges::range_reference_t<Items>,
          class Item = std::ranges::range_value_t<Items>>
concept Replaceable = std::assignable_from<Item &, Item> && std::is_assignable_v<Reference, Item>
    && (std::is_lvalue_reference_v<Reference> || !std::same_as<std::remove_cvref_t<Reference>, Item>);

/// What reading an item gives: a copy, or the item itself, which becomes a chained proxy.
template <class C>
using ItemResult = std::conditional_t<ByValue<ItemOf<C>>, ItemOf<C>, std::ranges::range_reference_t<ItemsOf<C>>>;

template <class C>
[[nodiscard]] std::int64_t lengthOf(C &container)
{
    return static_cast<std::int64_t>(std::ranges::size(itemsOf(container)));
}

template <class C>
[[nodiscard]] auto itemPosition(C &list, std::int64_t index)
{
    const std::size_t checked = checkedIndex(index, std::ranges::size(list));
    return std::ranges::next(std::ranges::begin(list), static_cast<std::ptrdiff_t>(checked));
}

template <class C>
[[nodiscard]] decltype(auto) itemAt(C &container, std::int64_t index)
{
    if constexpr (Indexed<C>)
        return container[checkedIndex(index, static_cast<std::size_t>(container.size()))];
    else
        return *itemPosition(container, index);
}

/// Never fails, as in Python: what is beyond an end is put at that end.
template <class C>
[[nodiscard]] auto insertPosition(C &list, std::int64_t index)
{
    const auto size = static_cast<std::int64_t>(std::ranges::size(list));
    return std::ranges::next(std::ranges::begin(list),
                             std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size));
}

template <class C, class Key>
[[nodiscard]] auto keyPosition(C &container, const Key &key)
{
    const auto found = container.find(key);
    if (found == container.end())
        throwMissingKey(Value(key));
    return found;
}

template <class C>
struct Mapped {
    using Type = typename C::key_type;
};
template <class C>
    requires requires { typename C::mapped_type; }
struct Mapped<C> {
    using Type = typename C::mapped_type;
};
/// What a key stands for; in a set, the key.
template <class C>
using MappedOf = typename Mapped<C>::Type;

/// How many there are, and all of them: as a copy for Python, in batches for us.
template <class C>
Class<C> withIteration(Class<C> binding)
{
    if constexpr (std::ranges::sized_range<ItemsOf<C>>)
        std::move(binding).method("__len__", &lengthOf<C>, Effect::Reads, "How many items there are.");
    if constexpr (ByValue<ItemOf<C>>) {
        const auto all = [](C &container) {
            std::vector<ItemOf<C>> copies;
            for (auto &&item : itemsOf(container))
                copies.push_back(item);
            return copies;
        };
        std::move(binding)
            .method("__iter__", all, Effect::Reads, "All items, as a copy.")
            .method(std::make_unique<NextItems<C>>())
            .iterable();
    }
    return binding;
}

template <class C>
Class<C> withSearch(Class<C> binding)
{
    using Item = ItemOf<C>;
    if constexpr (ByValue<Item> && isEquatable<Item>) {
        const auto contains = [](C &container, const Item &item) {
            auto &&items = itemsOf(container);
            return std::ranges::find(items, item) != std::ranges::end(items);
        };
        std::move(binding).method("__contains__", contains, arg("item"), Effect::Reads,
                                  "Whether an equal item is there.");
    }
    return binding;
}

/// Whole containers.
template <class C>
Class<C> withEquality(Class<C> binding)
{
    if constexpr (ByValue<C> && isEquatable<C>) {
        addOperator<std::equal_to<>, C>(binding, "__eq__", "Whether it has equal items.");
        addOperator<std::not_equal_to<>, C>(binding, "__ne__", "Whether it has other items.");
    }
    return binding;
}

/// Items by their places.
template <class C>
Class<C> withPlaces(Class<C> binding)
{
    using Items = ItemsOf<C>;
    using Item = ItemOf<C>;
    if constexpr (std::ranges::bidirectional_range<Items> && std::ranges::sized_range<Items>) {
        const auto item = [](C &container, std::int64_t index) -> ItemResult<C> { return itemAt(container, index); };
        std::move(binding).method("__getitem__", item, arg("index"), Effect::Reads,
                                  "The item at an index; -1 is the last.");
        if constexpr (ByValue<Item> && Replaceable<Items>)
            std::move(binding).method(
                "__setitem__",
                [](C &container, std::int64_t index, Item value) { itemAt(container, index) = std::move(value); },
                arg("index"), arg("item"), "Replaces an item.");
    }
    return binding;
}

/// Lists that grow and shrink.
template <class C>
Class<C> withGrowth(Class<C> binding)
{
    using Item = ItemOf<C>;
    constexpr bool hasPlaces = std::ranges::bidirectional_range<C> && std::ranges::sized_range<C>;
    if constexpr (ByValue<Item> && requires(C &list, Item item) { list.push_back(std::move(item)); }) {
        const auto extend = [](C &list, std::vector<Item> items) {
            for (auto &&item : items)
                list.push_back(std::move(item));
        };
        std::move(binding)
            .method(
                "append", [](C &list, Item item) { list.push_back(std::move(item)); }, arg("item"),
                "Adds an item at the end.")
            .method("extend", extend, arg("items"), "Adds all these items at the end.");
    }
    if constexpr (hasPlaces
                  && ByValue<Item> && requires(C &list, Item item) { list.insert(list.begin(), std::move(item)); })
        std::move(binding).method(
            "insert",
            [](C &list, std::int64_t index, Item item) { list.insert(insertPosition(list, index), std::move(item)); },
            arg("index"), arg("item"), "Adds an item before an index.");
    if constexpr (hasPlaces && Removable<Item> && requires(C &list) { list.erase(list.begin()); }) {
        std::move(binding).method(
            "__delitem__", [](C &list, std::int64_t index) { list.erase(itemPosition(list, index)); }, arg("index"),
            "Removes an item.");
        if constexpr (ByValue<Item>)
            std::move(binding).method(
                "pop",
                [](C &list, std::int64_t index) {
                    const auto place = itemPosition(list, index);
                    Item item = std::move(*place);
                    list.erase(place);
                    return item;
                },
                arg("index") = -1, "Takes an item out and returns it.");
    }
    if constexpr (Removable<Item> && requires(C &list) { list.clear(); })
        std::move(binding).method(
            "clear", [](C &list) { list.clear(); }, "Removes all items.");
    return binding;
}

/// What sets and dictionaries have in common.
template <class C>
Class<C> withKeys(Class<C> binding)
{
    using Key = typename C::key_type;
    static_assert(ByValue<Key>, "the keys of a container have to travel by value");
    std::move(binding).method(
        "__contains__", [](const C &container, const Key &key) { return container.find(key) != container.end(); },
        arg("key"), "Whether a key is there.");
    if constexpr (Removable<MappedOf<C>> && requires(C &container, const Key &key) {
                      {
                          container.erase(key)
                      } -> std::convertible_to<bool>;
                      container.clear();
                  }) {
        const auto remove = [](C &container, const Key &key) {
            if (!container.erase(key))
                throwMissingKey(Value(key));
        };
        std::move(binding)
            .method("__delitem__", remove, arg("key"), "Removes a key.")
            .method(
                "clear", [](C &container) { container.clear(); }, "Removes all entries.");
    }
    return binding;
}

/// Values by their keys, whatever they are.
template <class C>
Class<C> withEntries(Class<C> binding)
{
    using Key = typename C::key_type;
    using Item = typename C::mapped_type;
    using Result = std::conditional_t<ByValue<Item>, Item, Item &>;
    const auto keys = [](const C &map) {
        std::vector<Key> all;
        for (const auto &entry : map)
            all.push_back(entry.first);
        return all;
    };
    if constexpr (!ByValue<Item>) {
        const auto onlyKeys = [](C &map) { return map | std::views::keys; };
        std::move(binding).method(std::make_unique<NextItems<C, decltype(onlyKeys)>>(onlyKeys)).iterable();
    }
    return std::move(binding)
        .method(
            "__getitem__", [](C &map, const Key &key) -> Result { return keyPosition(map, key)->second; }, arg("key"),
            Effect::Reads, "The value of a key.")
        .method("__iter__", keys, "All keys, as a copy.")
        .method("keys", keys, "All keys, as a copy.");
}

template <class C>
Class<C> withValues(Class<C> binding)
{
    using Key = typename C::key_type;
    using Item = typename C::mapped_type;
    if constexpr (ByValue<Item>) {
        const auto values = [](const C &map) {
            std::vector<Item> all;
            for (const auto &entry : map)
                all.push_back(entry.second);
            return all;
        };
        const auto get = [](const C &map, const Key &key, Value otherwise) {
            const auto found = map.find(key);
            return found == map.end() ? std::move(otherwise) : Value(found->second);
        };
        const auto pop = [](C &map, const Key &key) {
            const auto place = keyPosition(map, key);
            Item item = std::move(place->second);
            map.erase(place);
            return item;
        };
        std::move(binding)
            .method(
                "__setitem__",
                [](C &map, Key key, Item item) { map.insert_or_assign(std::move(key), std::move(item)); }, arg("key"),
                arg("value"), "Sets the value of a key.")
            .method("get", get, arg("key"), arg("default") = Value(), "The value of a key, or a default.")
            .method("pop", pop, arg("key"), "Takes an entry out and returns its value.")
            .method("values", values, "All values, as a copy.")
            .method(
                "items", [](const C &map) { return C(map); }, "A copy of the whole dictionary.");
    }
    return binding;
}

/// Sets that take new members.
template <class C>
Class<C> withMembers(Class<C> binding)
{
    using Key = typename C::key_type;
    if constexpr (std::same_as<ItemOf<C>, Key> && requires(C &set, Key key) {
                      set.insert(std::move(key));
                      set.erase(key);
                      set.size();
                  }) {
        const auto add = [](C &set, Key key) {
            const std::size_t before = set.size();
            set.insert(std::move(key));
            return set.size() > before;
        };
        std::move(binding)
            .method("add", add, arg("key"), "Adds a key; whether it is new.")
            .method(
                "discard", [](C &set, const Key &key) { return set.erase(key) != 0; }, arg("key"),
                "Removes a key; whether it was there.");
    }
    return binding;
}

} // namespace decoy::detail
