// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"
#include "object/promised_results.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace decoy::lane {

/// The asynchronous calls of one channel that were not answered yet, by call id. An id has one place, its number modulo the
/// table's size, so nothing is searched. Not thread-safe.
class CallTable {
public:
    /// `most` calls at the same time, as the server takes them; so the server has the same table of results, in which none takes the
    /// place of another one that may still be referred to.
    explicit CallTable(std::uint32_t most)
        : m_places(object::PromisedResults::sizeFor(most)), m_most(std::clamp<std::size_t>(most, 1, m_places.size()))
    {}

    [[nodiscard]] std::size_t count() const noexcept { return m_count; }
    [[nodiscard]] bool isFull() const noexcept { return m_count >= m_most; }

    /// The first id from `id` on whose place is free; the table must not be full.
    [[nodiscard]] std::uint64_t freeFrom(std::uint64_t id) const noexcept
    {
        while (place(id).id != 0)
            ++id;
        return id;
    }
    void add(std::shared_ptr<detail::AsyncCall> call)
    {
        Place &free = place(call->id);
        free = {call->id, call->expiry, std::move(call)};
        ++m_count;
    }
    [[nodiscard]] bool contains(std::uint64_t id) const noexcept { return id != 0 && place(id).id == id; }
    /// Takes a call out, null if nobody wants it any more.
    [[nodiscard]] std::shared_ptr<detail::AsyncCall> take(std::uint64_t id) noexcept
    {
        --m_count;
        place(id).id = 0;
        return std::move(place(id).call);
    }
    /// Nobody wants it any more, but it still counts, because its answer is still to come.
    [[nodiscard]] std::shared_ptr<detail::AsyncCall> abandon(std::uint64_t id) noexcept
    {
        return contains(id) ? std::move(place(id).call) : nullptr;
    }
    /// The ids of the calls that have expired, and in `next` when another one will.
    [[nodiscard]] std::vector<std::uint64_t> expired(detail::TimePoint now, detail::TimePoint &next) const
    {
        std::vector<std::uint64_t> ids;
        next = detail::TimePoint::max();
        for (const Place &one : m_places) {
            if (one.id == 0)
                continue;
            if (one.expiry <= now)
                ids.push_back(one.id);
            else
                next = std::min(next, one.expiry);
        }
        return ids;
    }

private:
    struct Place {
        std::uint64_t id = 0;
        detail::TimePoint expiry;
        std::shared_ptr<detail::AsyncCall> call;
    };
    [[nodiscard]] const Place &place(std::uint64_t id) const noexcept { return m_places[id & (m_places.size() - 1)]; }
    [[nodiscard]] Place &place(std::uint64_t id) noexcept { return m_places[id & (m_places.size() - 1)]; }

    std::vector<Place> m_places;
    const std::size_t m_most;
    std::size_t m_count = 0;
};

} // namespace decoy::lane
