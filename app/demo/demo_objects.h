// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "account.h"
#include "counter.h"
#include "duck_mailboxes.h"
#include "lab.h"
#include "node.h"
#include "thermostat.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace decoy {
class ProxyServer;
}

namespace decoy::demo {

/// The objects that the demonstrations, the documentation and many tests use.
///
/// Create it in a thread with an event loop, which the thermostat and the mailboxes need, and before the server, which it must
/// outlive. That loop must not run on without the server.
class DemoObjects {
public:
    /// Publishes, in this order, counter, account, numbers, settings, node, lab and thermostat: ids 1 to 7 of a new server.
    void publish(ProxyServer &server);

    /// Ends the calls that only wait, so that the server can stop at once. Thread-safe.
    void close() { m_lab.close(); }

private:
    Counter m_counter;
    Account m_account;
    std::vector<std::int64_t> m_numbers{1, 2, 3};
    std::map<std::string, Value> m_settings{{"theme", "dark"}, {"volume", 7}, {"ratio", 0.5}, {"muted", false}};
    Node m_node;
    Lab m_lab;
    Thermostat m_thermostat;
    DuckMailboxes m_mailboxes;
};

} // namespace decoy::demo
