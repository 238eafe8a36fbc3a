// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/proxy_server.h>

#include <QtGlobal>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace decoy::ui {

/// The objects of a server, and what a tree of them needs: which stand below which, and their sums. Made where they are fetched, so that the
/// window does not walk through a million of them. A value.
class ObjectList {
public:
    /// Rows below one another. A client can chain without end, by reading a plain value at each step; what comes after the last row
    /// stands beside it.
    static constexpr std::uint32_t mostDepth = 24;

    ObjectList() = default;
    /// `objects` may come in any order: they are put into that of their ids, of two with the same id the first one.
    ObjectList(std::vector<ObjectInfo> objects); // NOLINT(google-explicit-constructor): the same list, with more to ask

    [[nodiscard]] const std::vector<ObjectInfo> &all() const noexcept { return m_objects; }
    [[nodiscard]] auto begin() const noexcept { return m_objects.begin(); }
    [[nodiscard]] auto end() const noexcept { return m_objects.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return m_objects.size(); }
    [[nodiscard]] bool empty() const noexcept { return m_objects.empty(); }
    /// Whether this is an element of all().
    [[nodiscard]] bool contains(const ObjectInfo *object) const noexcept
    {
        return !std::less<>()(object, m_objects.data()) && std::less<>()(object, m_objects.data() + m_objects.size());
    }
    /// Null if there is none with this id.
    [[nodiscard]] const ObjectInfo *find(quint64 id) const noexcept;

    /// Places in all() of those that stand below the object `id`, 0 for the server itself; in the order of ids.
    [[nodiscard]] std::span<const std::uint32_t> below(quint64 id) const noexcept;
    /// Of all objects together.
    [[nodiscard]] std::uint64_t calls() const noexcept { return m_calls; }
    [[nodiscard]] std::uint64_t errors() const noexcept { return m_errors; }

private:
    void findFamilies();

    std::vector<ObjectInfo> m_objects;
    std::vector<quint64> m_rows;          ///< sorted: what each of m_members stands below
    std::vector<std::uint32_t> m_members; ///< places in m_objects
    std::uint64_t m_calls = 0;
    std::uint64_t m_errors = 0;
};

/// Those objects of a list that are published, or that were not there when `known` was written. Writes it anew: the ids of the list.
[[nodiscard]] std::vector<ObjectInfo> newsIn(const ObjectList &objects, std::vector<quint64> &known);

} // namespace decoy::ui
