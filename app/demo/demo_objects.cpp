// SPDX-License-Identifier: BSD-3-Clause
#include "demo_objects.h"

#include "bindings.h"

#include <decoy/proxy_server.h>
#include <decoy/qt/qobject_target.h>

namespace decoy::demo {

void DemoObjects::publish(ProxyServer &server)
{
    m_mailboxes.attach(server);
    bindClasses(server, m_mailboxes);
    server.publish("counter", m_counter);
    server.publish("account", m_account);
    server.publish("numbers", m_numbers);
    server.publish("settings", m_settings);
    server.publish("node", m_node);
    server.publish("lab", m_lab);
    decoy::publish(server, "thermostat", &m_thermostat);
}

} // namespace decoy::demo
