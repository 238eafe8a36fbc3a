// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/object_list.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace decoy::ui {

ObjectList::ObjectList() : ObjectList(std::vector<ObjectInfo>()) {}

ObjectList::ObjectList(std::vector<ObjectInfo> objects) : m_contents(std::make_shared<Contents>(std::move(objects))) {}

const ObjectInfo *ObjectList::find(quint64 id) const noexcept { return m_contents->find(id); }

std::span<const std::uint32_t> ObjectList::below(quint64 id) const noexcept
{
    const auto found = std::ranges::equal_range(m_contents->rows, id);
    const auto first = static_cast<std::size_t>(found.begin() - m_contents->rows.begin());
    return std::span(m_contents->members).subspan(first, found.size());
}

ObjectList::Contents::Contents(std::vector<ObjectInfo> all) : objects(std::move(all))
{
    if (std::ranges::adjacent_find(objects, std::ranges::greater_equal(), &ObjectInfo::id) != objects.end()) {
        std::ranges::stable_sort(objects, {}, &ObjectInfo::id);
        const auto doubles = std::ranges::unique(objects, {}, &ObjectInfo::id);
        objects.erase(doubles.begin(), doubles.end());
    }
    findFamilies();
    for (const ObjectInfo &object : objects) {
        calls += object.calls;
        errors += object.errors;
    }
}

const ObjectInfo *ObjectList::Contents::find(quint64 id) const noexcept
{
    const auto found = std::ranges::lower_bound(objects, id, {}, &ObjectInfo::id);
    return found != objects.end() && found->id == id ? &*found : nullptr;
}

void ObjectList::Contents::findFamilies()
{
    struct Place {
        quint64 row = 0;             // the object above; 0 for the server
        std::uint32_t rowsPlace = 0; // that object's place
        std::uint32_t depth = 0;
    };
    std::vector<Place> places;
    places.reserve(objects.size());
    for (const ObjectInfo &object : objects) {
        // A parent has a lower id, as ids are given in order. Anything else would be a loop; it goes below the server, as does an object whose
        // parent was released before it.
        const ObjectInfo *parent = object.parent != 0 && object.parent < object.id ? find(object.parent) : nullptr;
        if (!parent) {
            places.emplace_back();
            continue;
        }
        const auto parentsPlace = static_cast<std::uint32_t>(parent - objects.data());
        const Place above = places[parentsPlace];
        places.push_back(above.depth + 1 < mostDepth ? Place{object.parent, parentsPlace, above.depth + 1} : above);
    }

    descendants.resize(places.size());
    for (std::size_t at = places.size(); at-- > 0;) {
        if (places[at].row != 0)
            descendants[places[at].rowsPlace] += 1 + descendants[at];
    }

    members.resize(places.size());
    for (std::size_t at = 0; at < places.size(); ++at)
        members[at] = static_cast<std::uint32_t>(at);
    std::ranges::stable_sort(members, {}, [&places](std::uint32_t at) { return places[at].row; });
    rows.reserve(places.size());
    for (const std::uint32_t at : members)
        rows.push_back(places[at].row);
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
