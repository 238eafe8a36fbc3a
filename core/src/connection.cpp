// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/connection.h>

#include "lane/native_client.h"
#include "lane/rendezvous.h"
#include "remote_object.h"

namespace decoy {

Proxy Connection::directory() const
{
    return Proxy(std::make_shared<detail::RemoteObject>(m_lane, 0, "Directory", 0, false, defaultCallTimeout));
}

Proxy Connection::operator[](std::string_view name) const { return directory().call<Proxy>("__getitem__", name); }

std::vector<PublishedObject> Connection::objects() const
{
    return directory().call<std::vector<PublishedObject>>("objects");
}

std::vector<HeldObjects> Connection::heldObjects() const { return directory().call<std::vector<HeldObjects>>("held"); }

std::vector<ClientCalls> Connection::clients() const { return directory().call<std::vector<ClientCalls>>("clients"); }

std::vector<SubscriptionInfo> Connection::subscriptions() const
{
    return directory().call<std::vector<SubscriptionInfo>>("subscriptions");
}

const std::string &Connection::serverName() const noexcept { return m_lane->server().name; }
int Connection::serverProcess() const noexcept { return m_lane->server().process; }
const Limits &Connection::limits() const noexcept { return m_lane->server().limits; }
int Connection::maxChainLevel() const noexcept { return m_lane->server().maxChainLevel; }
bool Connection::isAlive() const noexcept { return m_lane->isAlive(); }
bool Connection::process(std::chrono::milliseconds timeout) const { return m_lane->process(timeout); }
int Connection::descriptor() const { return m_lane->descriptor(); }
void Connection::bindClass(std::type_index type, std::shared_ptr<const detail::ClassInfo> info) const
{
    m_lane->bindClass(type, std::move(info));
}
std::shared_ptr<Target> Connection::wrap(std::type_index type, std::shared_ptr<void> object) const
{
    if (!object)
        throw ArgumentError("there is no object to lend");
    return m_lane->wrap(type, std::move(object));
}
void Connection::close() const { m_lane->close(); }

Connection connect(std::string_view server, const ConnectOptions &options)
{
    return Connection(lane::NativeClient::connect(server, options.timeout));
}

std::vector<std::string> liveServers() { return lane::findLiveServers(); }

} // namespace decoy
