// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/server_links.h"

namespace decoy::ui {

Connection ServerLinks::connection(const std::string &server)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_closed)
            throw PeerDied("the monitor is closing");
        const auto known = m_connections.find(server);
        if (known != m_connections.end() && known->second.isAlive())
            return known->second;
        // What came through a dead channel is of no more use.
        m_connections.erase(server);
        std::erase_if(m_published, [&server](const auto &entry) { return entry.first.first == server; });
    }
    Connection opened = connect(server); // may take seconds, so not under the lock
    const std::scoped_lock lock(m_mutex);
    if (m_closed)
        throw PeerDied("the monitor is closing");
    return m_connections.emplace(server, std::move(opened)).first->second;
}

Proxy ServerLinks::published(const std::string &server, const std::string &object)
{
    const Connection link = connection(server);
    const ObjectKey key(server, object);
    {
        const std::scoped_lock lock(m_mutex);
        if (const auto known = m_published.find(key); known != m_published.end())
            return known->second;
    }
    Proxy proxy = link[object];
    const std::scoped_lock lock(m_mutex);
    return m_published.emplace(key, std::move(proxy)).first->second;
}

void ServerLinks::forget(const std::string &server, const std::string &object)
{
    const std::scoped_lock lock(m_mutex);
    m_published.erase({server, object});
}

void ServerLinks::forget(const std::string &server)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto known = m_connections.find(server); known != m_connections.end()) {
        known->second.close();
        m_connections.erase(known);
    }
    std::erase_if(m_published, [&server](const auto &entry) { return entry.first.first == server; });
}

void ServerLinks::closeAll()
{
    const std::scoped_lock lock(m_mutex);
    m_closed = true;
    for (const auto &[name, connection] : m_connections)
        connection.close();
    m_published.clear();
    m_connections.clear();
}

} // namespace decoy::ui
