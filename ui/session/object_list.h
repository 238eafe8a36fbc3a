// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/proxy_server.h>

#include <QtGlobal>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace decoy::ui {

/// The objects of a server, and what a tree of them needs: which stand below which, and their sums. Made where they are fetched, so that the
/// window does not walk through a million of them. A value; copies share what they hold.
class ObjectList {
public:
    /// Rows below one another. A client can chain without end, by reading a plain value at each step; what comes after the last row
    /// stands beside it.
    static constexpr std::uint32_t mostDepth = 24;

    ObjectList();
    /// `objects` may come in any order: they are put into that of their ids, of two with the same id the first one.
    ObjectList(std::vector<ObjectInfo> objects); // NOLINT(google-explicit-constructor): the same list, with more to ask

    [[nodiscard]] const std::vector<ObjectInfo> &all() const noexcept { return m_contents->objects; }
    [[nodiscard]] auto begin() const noexcept { return all().begin(); }
    [[nodiscard]] auto end() const noexcept { return all().end(); }
    [[nodiscard]] std::size_t size() const noexcept { return all().size(); }
    [[nodiscard]] bool empty() const noexcept { return all().empty(); }
    /// Whether this is an element of all().
    [[nodiscard]] bool contains(const ObjectInfo *object) const noexcept
    {
        return !std::less<>()(object, all().data()) && std::less<>()(object, all().data() + size());
    }
    /// Null if there is none with this id.
    [[nodiscard]] const ObjectInfo *find(quint64 id) const noexcept;

    /// Places in all() of those that stand below the object `id`, 0 for the server itself; in the order of ids.
    [[nodiscard]] std::span<const std::uint32_t> below(quint64 id) const noexcept;
    /// How many objects stand below the one at this place in all(), and below those, and so on.
    [[nodiscard]] std::uint32_t descendants(std::uint32_t place) const noexcept
    {
        return m_contents->descendants[place];
    }
    /// Of all objects together.
    [[nodiscard]] std::uint64_t calls() const noexcept { return m_contents->calls; }
    [[nodiscard]] std::uint64_t errors() const noexcept { return m_contents->errors; }

private:
    struct Contents {
        explicit Contents(std::vector<ObjectInfo> all);

        std::vector<ObjectInfo> objects;
        std::vector<quint64> rows;          ///< sorted: what each of `members` stands below
        std::vector<std::uint32_t> members; ///< places in `objects`
        std::vector<std::uint32_t> descendants;
        std::uint64_t calls = 0;
        std::uint64_t errors = 0;

    private:
        [[nodiscard]] const ObjectInfo *find(quint64 id) const noexcept;
        void findFamilies();
        friend class ObjectList;
    };

    std::shared_ptr<const Contents> m_contents;
};

/// Those objects of a list that are published, or that were not there when `known` was written. Writes it anew: the ids of the list.
[[nodiscard]] std::vector<ObjectInfo> newsIn(const ObjectList &objects, std::vector<quint64> &known);

} // namespace decoy::ui
