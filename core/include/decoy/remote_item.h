// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/proxy.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace decoy {

/// `p[0]` and `p.at("key")`: an item of a container in another process, read and written where it stands.
///
/// Every use is a call, with the errors of Proxy. Keeps its container's reference; a key that is text must outlive the expression.
template <class Key>
class RemoteItem {
public:
    RemoteItem(Proxy container, Key key) : m_container(std::move(container)), m_key(std::move(key)) {}
    RemoteItem(const RemoteItem &) = default;
    /// `p[0] = p[1]` copies the item's value.
    RemoteItem &operator=(const RemoteItem &other)
    {
        *this = other.get();
        return *this;
    }
    template <ByValue T>
    const RemoteItem &operator=(const T &value) const // NOLINT(misc-unconventional-assign-operator)
    {
        m_container.call<void>("__setitem__", m_key, value);
        return *this;
    }

    template <class T = Value>
    [[nodiscard]] T get() const
    {
        return m_container.call<T>("__getitem__", m_key);
    }
    template <class T>
        requires ByValue<T> || std::same_as<T, Proxy>
    operator T() const // NOLINT(google-explicit-constructor)
    {
        return get<T>();
    }

private:
    Proxy m_container;
    Key m_key;
};

template <ByValue Key>
RemoteItem<detail::StoredKey<Key>> Proxy::at(const Key &key) const
{
    return {*this, detail::StoredKey<Key>(key)};
}

} // namespace decoy
