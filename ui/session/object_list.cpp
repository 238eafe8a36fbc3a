// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/object_list.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace decoy::ui {

ObjectList::ObjectList(std::vector<ObjectInfo> objects) : m_objects(std::move(objects))
{
    if (std::ranges::adjacent_find(m_objects, std::ranges::greater_equal(), &ObjectInfo::id) != m_objects.end()) {
        std::ranges::stable_sort(m_objects, {}, &ObjectInfo::id);
        const auto doubles = std::ranges::unique(m_objects, {}, &ObjectInfo::id);
        m_objects.erase(doubles.begin(), doubles.end());
    }
    findFamilies();
    for (const ObjectInfo &object : m_objects) {
        m_calls += object.calls;
        m_errors += object.errors;
    }
}

const ObjectInfo *ObjectList::find(quint64 id) const noexcept
{
    const auto found = std::ranges::lower_bound(m_objects, id, {}, &ObjectInfo::id);
    return found != m_objects.end() && found->id == id ? &*found : nullptr;
}

std::span<const std::uint32_t> ObjectList::below(quint64 id) const noexcept
{
    const auto found = std::ranges::equal_range(m_rows, id);
    const auto first = static_cast<std::size_t>(found.begin() - m_rows.begin());
    return std::span(m_members).subspan(first, found.size());
}

void ObjectList::findFamilies()
{
    struct Place {
        quint64 row = 0; // the object above; 0 for the server
        std::uint32_t depth = 0;
    };
    std::vector<Place> places;
    places.reserve(m_objects.size());
    for (const ObjectInfo &object : m_objects) {
        // A parent has a lower id, as ids are given in order. Anything else would be a loop; it goes below the server, as does an object whose
        // parent was released before it.
        const ObjectInfo *parent = object.parent != 0 && object.parent < object.id ? find(object.parent) : nullptr;
        if (!parent) {
            places.emplace_back();
            continue;
        }
        const Place above = places[static_cast<std::size_t>(parent - m_objects.data())];
        places.push_back(above.depth + 1 < mostDepth ? Place{object.parent, above.depth + 1} : above);
    }

    m_members.resize(places.size());
    for (std::size_t at = 0; at < places.size(); ++at)
        m_members[at] = static_cast<std::uint32_t>(at);
    std::ranges::stable_sort(m_members, {}, [&places](std::uint32_t at) { return places[at].row; });
    m_rows.reserve(places.size());
    for (const std::uint32_t at : m_members)
        m_rows.push_back(places[at].row);
}

std::vector<ObjectInfo> newsIn(const ObjectList &objects, std::vector<quint64> &known)
{
    std::vector<ObjectInfo> news;
    auto next = known.cbegin();
    for (const ObjectInfo &object : objects) {
        next = std::find_if(next, known.cend(), [&object](quint64 id) { return id >= object.id; });
        if (!object.name.empty() || next == known.cend() || *next != object.id)
            news.push_back(object);
    }
    known.clear();
    known.reserve(objects.size());
    for (const ObjectInfo &object : objects)
        known.push_back(object.id);
    return news;
}

} // namespace decoy::ui
