// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/connection.h>

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace decoy::ui {

/// The monitor's own channels to servers, one each, opened when first needed and again after the old one died. Calls by
/// hand go through them, over the real lane, so that they are traffic like any other. Thread-safe; may block: never use it
/// in the UI thread.
class ServerLinks {
public:
    /// Throws what decoy::connect() throws; PeerDied after closeAll().
    [[nodiscard]] Connection connection(const std::string &server);

    /// The proxy of a published object, asked for once and kept. Throws ProxyObjectNotFound, PeerDied.
    [[nodiscard]] Proxy published(const std::string &server, const std::string &object);
    /// Forgets a kept proxy, for example because its object was withdrawn.
    void forget(const std::string &server, const std::string &object);

    /// Closes the channel to a server that is not wanted any more; calls that wait there end with PeerDied. Never waits.
    void forget(const std::string &server);

    /// Ends every call that waits, with PeerDied, and lets no new one begin.
    void closeAll();

private:
    using ObjectKey = std::pair<std::string, std::string>;

    std::mutex m_mutex;
    std::map<std::string, Connection> m_connections;
    std::map<ObjectKey, Proxy> m_published;
    bool m_closed = false;
};

} // namespace decoy::ui
