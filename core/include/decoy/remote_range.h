// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/proxy.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>

namespace decoy {

namespace detail {

/// One iteration, from its first item to its end. Not thread-safe.
class ItemStream {
public:
    ItemStream(Proxy container, std::uint32_t batch);
    /// Over the members of a list that came by value.
    explicit ItemStream(Value members);

    [[nodiscard]] bool isAtEnd() const noexcept { return m_isAtEnd; }
    /// The item where it is; not at the end.
    [[nodiscard]] const Value &item() const noexcept { return m_item; }
    void next();

private:
    /// Where items come from.
    enum class Source {
        Members, ///< m_items is all there is
        Batches, ///< what comes after m_items is where m_cursor points
        Places,  ///< each is asked for by its index: the server knows nothing of batches
    };
    void begin();
    void fetch();
    void take(const Value &answer);

    Source m_source = Source::Members;
    Proxy m_container;
    std::uint32_t m_batch = 0;
    Value m_items;
    Value m_cursor;
    std::size_t m_index = 0; ///< of the next item: in m_items, or in the container
    std::size_t m_count = 0; ///< the same
    Value m_item;
    bool m_isAtEnd = false;
};

} // namespace detail

/// The items of a container in another process, as an input range: `for (int number : p.range<int>())`, `p.range<Value>() |
/// std::views::take(3)`. T is a type that travels by value, Value, or Proxy where the items do not.
///
/// Fetches a batch when the one before is used up: at most as many items as were asked for, and half a frame. Each begin() is an
/// iteration of its own, which leaves nothing behind when it is given up. Both begin() and ++ throw ConcurrentModification if the
/// container was changed meanwhile, DataTooBigError if one item is larger than a frame, DataDecodeError if an item is no T, and
/// what every call throws; after that the iteration is over. Servers of the reference have no batches: each item costs a call, and
/// only what the object itself notices of a change is an error.
/// Cheap to copy; iterators are copies of one iteration, as with every input iterator. Not thread-safe.
template <class T>
class RemoteRange : public std::ranges::view_base {
public:
    class Iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using iterator_category = std::input_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using reference = T;
        using pointer = void;

        Iterator() = default;
        [[nodiscard]] T operator*() const
        {
            if constexpr (std::is_same_v<T, Proxy>)
                return m_items->item().proxy();
            else
                return m_items->item().template as<T>();
        }
        Iterator &operator++()
        {
            m_items->next();
            return *this;
        }
        void operator++(int) { ++*this; }
        [[nodiscard]] friend bool operator==(const Iterator &iterator, std::default_sentinel_t)
        {
            return !iterator.m_items || iterator.m_items->isAtEnd();
        }

    private:
        friend RemoteRange;
        explicit Iterator(std::shared_ptr<detail::ItemStream> items) : m_items(std::move(items)) {}
        std::shared_ptr<detail::ItemStream> m_items;
    };

    explicit RemoteRange(Proxy container, std::uint32_t batch = itemsPerBatch)
        : m_container(std::move(container)), m_batch(batch)
    {}
    /// Of a result: a proxy, or a list that came by value. begin() throws DataDecodeError for anything else.
    explicit RemoteRange(const Value &result) : m_isRemote(result.isProxy())
    {
        if (m_isRemote)
            m_container = result.proxy();
        else
            m_members = result;
    }
    /// Fetches the first batch.
    [[nodiscard]] Iterator begin() const
    {
        return Iterator(m_isRemote ? std::make_shared<detail::ItemStream>(m_container, m_batch)
                                   : std::make_shared<detail::ItemStream>(m_members));
    }
    [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

private:
    Proxy m_container;
    std::uint32_t m_batch = itemsPerBatch;
    Value m_members;
    bool m_isRemote = true;
};

template <class T>
RemoteRange<T> Proxy::range(std::uint32_t batch) const
{
    return RemoteRange<T>(*this, batch);
}

/// A proxy, and a result that is one or a list, is a range of its items: `for (Value entry : account.call("history"))`.
[[nodiscard]] inline auto begin(const Proxy &container) { return RemoteRange<Value>(container).begin(); }
[[nodiscard]] inline std::default_sentinel_t end(const Proxy &) noexcept { return {}; }
[[nodiscard]] inline auto begin(const Value &container) { return RemoteRange<Value>(container).begin(); }
[[nodiscard]] inline std::default_sentinel_t end(const Value &) noexcept { return {}; }

} // namespace decoy

/// size() of a proxy is a call: nobody should make it only to allocate in advance.
template <>
inline constexpr bool std::ranges::disable_sized_range<decoy::Proxy> = true;
template <>
inline constexpr bool std::ranges::disable_sized_range<decoy::Value> = true;
