// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/batch.h>

#include "remote_object.h"

#include <algorithm>

namespace decoy {

void Batch::addServerOf(const Proxy &proxy)
{
    const std::shared_ptr<detail::ClientLane> &server = proxy.remote()->sharedLane();
    if (std::ranges::find(m_servers, server) == m_servers.end())
        m_servers.push_back(server);
}

void Batch::send() noexcept
{
    for (const auto &server : m_servers)
        server->publish();
    m_servers.clear();
}

} // namespace decoy
