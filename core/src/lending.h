// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"

#include <cstdint>
#include <vector>

namespace decoy::detail {

/// The references that one request gives its server. Takes them back when it goes, unless the request was sent.
class Lending {
public:
    explicit Lending(ClientLane &lane) noexcept : m_lane(lane) {}
    ~Lending()
    {
        for (const std::uint64_t object : m_objects)
            m_lane.takeBack(object);
    }
    Lending(const Lending &) = delete;
    Lending &operator=(const Lending &) = delete;

    /// Its id, for the request. Throws as ClientLane::lend().
    std::uint64_t add(const std::shared_ptr<Target> &target)
    {
        m_objects.reserve(m_objects.size() + 1);
        return m_objects.emplace_back(m_lane.lend(target));
    }
    /// From here on the server has them.
    void sent() noexcept { m_objects.clear(); }

private:
    ClientLane &m_lane; // the request's proxy keeps it
    std::vector<std::uint64_t> m_objects;
};

} // namespace decoy::detail
