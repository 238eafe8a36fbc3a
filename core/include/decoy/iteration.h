// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/class.h>
#include <decoy/limits.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <ranges>
#include <type_traits>
#include <utility>

/// The server's side of an iteration: `__next_items__`, which every container has. Bindings made by containers.h include it; the
/// client's side is remote_range.h.
namespace decoy::detail {

/// Where an iteration goes on. It travels to the client and back, so the server keeps nothing for it, and trusts nothing in it.
struct Cursor {
    std::uint64_t changes = 0; ///< of the object, when the iteration began
    std::uint64_t size = 0;    ///< the same; changes out of the server's sight are noticed by it, if at all
    std::uint64_t index = 0;   ///< of the next item
    Value key;                 ///< of the next item, where that finds it faster; else None
    MSGPACK_DEFINE(changes, size, index, key)

    /// The beginning if `given` is null or None. Throws ConcurrentModification if the container is not any more what it was at the
    /// beginning, ArgumentError for what no server has made.
    [[nodiscard]] static Cursor from(const msgpack::object *given, std::uint64_t changes, std::uint64_t size);
};
[[noreturn]] void throwChanged();

/// The items of one answer, packed one after the other until there are enough.
class Batch {
public:
    /// At most `most` items, and no more of them than half of `bufsize` if there is more than one.
    Batch(const msgpack::object *most, std::size_t bufsize);

    /// False if `item` is for the next batch. Throws DataTooBigError that names `index` if it fits into none.
    template <class Item>
    bool add(const Item &item, std::uint64_t index)
    {
        if (m_count == m_most)
            return false;
        const std::size_t before = m_items.size();
        msgpack::pack(m_items, item);
        return keep(before, index);
    }
    /// `key`, or None if it would take too much room.
    template <class Key>
    [[nodiscard]] Value shortKey(const Key &key) const
    {
        PackBuffer packed(m_keyRoom);
        msgpack::pack(packed, key);
        return packed.overflowed() ? Value() : Value(key);
    }
    void answer(Reply &reply) const;
    void answer(Reply &reply, const Cursor &next) const;

private:
    [[nodiscard]] bool keep(std::size_t before, std::uint64_t index);

    std::size_t m_keyRoom;
    std::size_t m_overhead; // of the frame, around the items
    std::size_t m_half;
    std::uint32_t m_most;
    std::uint32_t m_count = 0;
    PackBuffer m_items;
};

template <class C>
concept KeyedContainer = requires(C &container, const typename C::key_type &key) {
    {
        container.find(key)
    } -> std::same_as<std::ranges::iterator_t<C>>;
};
/// Whether a key stands for one item only, and travels.
template <class C>
concept UniqueKeys = KeyedContainer<C> && ByValue<typename C::key_type>
    && requires(C &container, typename C::value_type item) {
           {
               container.insert(std::move(item)).second
           } -> std::convertible_to<bool>;
       };

template <class C, class Item>
[[nodiscard]] const auto &keyOf(const Item &item)
{
    if constexpr (requires { typename C::mapped_type; })
        return item.first;
    else
        return item;
}

/// The place of the next item. A cursor that nobody has made leads to some item, or to the end.
template <class C>
[[nodiscard]] auto placeOf(C &items, const Cursor &cursor)
{
    if constexpr (UniqueKeys<C>) {
        if (!cursor.key.isNone()) {
            const auto found = items.find(
                convertArgument<typename C::key_type>(cursor.key.object(), "__next_items__", "cursor"));
            if (found == std::ranges::end(items))
                throwChanged();
            return found;
        }
    }
    // At once where the range can, else step by step; never beyond the end.
    auto place = std::ranges::begin(items);
    using Difference = std::ranges::range_difference_t<C>;
    if (cursor.index > static_cast<std::uint64_t>(std::numeric_limits<Difference>::max()))
        throwChanged();
    std::ranges::advance(place, static_cast<Difference>(cursor.index), std::ranges::end(items));
    return place;
}

/// No range, but counted and indexed.
template <class C>
concept Indexed = !std::ranges::range<C> && requires(C &container, std::size_t index) {
    {
        container.size()
    } -> std::convertible_to<std::size_t>;
    container[index];
};

/// Whatever can be iterated over, as a range.
template <class C>
[[nodiscard]] decltype(auto) itemsOf(C &container)
{
    if constexpr (Indexed<C>)
        return std::views::iota(std::size_t{0}, static_cast<std::size_t>(container.size()))
            | std::views::transform([&container](std::size_t index) -> decltype(auto) { return container[index]; });
    else
        return (container);
}
template <class C>
using ItemsOf = std::remove_reference_t<decltype(itemsOf(std::declval<C &>()))>;
template <class C>
using ItemOf = std::ranges::range_value_t<ItemsOf<C>>;

/// Where the items of a container are: in itself. It changes only by calls.
struct InItself {
    template <class C>
    decltype(auto) operator()(C &container) const
    {
        return itemsOf(container);
    }
};
struct NoRevision {
    template <class T>
    std::uint64_t operator()(const T &) const noexcept
    {
        return 0;
    }
};

/// `__next_items__(cursor, most)`: some items of what `Source` gives, and where the next ones are; None at the end.
template <class T, class Source = InItself, class Revision = NoRevision>
class NextItems final : public MethodBinding {
    using Items = std::remove_cvref_t<std::invoke_result_t<const Source &, T &>>;
    using Item = std::ranges::range_value_t<Items>;

public:
    explicit NextItems(Source source = {}, Revision revision = {})
        : m_source(std::move(source)), m_revision(std::move(revision))
    {
        description.name = "__next_items__";
        description.doc = "The next items, and where to go on; None where that is the end.";
        description.parameters = {{"cursor", "any", false, {}}, {"most", "int", false, Value(itemsPerBatch)}};
        description.returns = "list";
        effect = Effect::Reads;
    }

    void invoke(const BoundObject &object, const Arguments &arguments, Reply &reply) const override
    {
        std::array<const msgpack::object *, 2> found{};
        arguments.bind(description.name, description.parameters, found);
        T &self = *static_cast<T *>(object.self.get());
        // Read before the items: whatever is changed meanwhile is noticed by the next batch.
        const std::uint64_t changes = object.changes.load(std::memory_order_acquire)
            + static_cast<std::uint64_t>(std::invoke(m_revision, self));
        auto &&items = std::invoke(m_source, self);
        std::uint64_t size = 0;
        if constexpr (std::ranges::sized_range<Items>)
            size = static_cast<std::uint64_t>(std::ranges::size(items));
        answerBatch(items, Cursor::from(found[0], changes, size), Batch(found[1], reply.bufsize()), reply);
    }

private:
    static void answerBatch(auto &items, Cursor cursor, Batch batch, Reply &reply)
    {
        const auto end = std::ranges::end(items);
        auto place = placeOf(items, cursor);
        while (place != end && batch.add(static_cast<const Item &>(*place), cursor.index)) {
            ++place;
            ++cursor.index;
        }
        if (place == end)
            return batch.answer(reply);
        if constexpr (UniqueKeys<Items>)
            cursor.key = batch.shortKey(keyOf<Items>(*place));
        batch.answer(reply, cursor);
    }

    Source m_source;
    Revision m_revision;
};

} // namespace decoy::detail
