// SPDX-License-Identifier: BSD-3-Clause
#include "lent_objects.h"

#include "remote_object.h"
#include "wire/lent.h"

#include <algorithm>
#include <string>

namespace decoy {

std::shared_ptr<const LentObjects> LentObjects::of(const wire::RequestView &request,
                                                   const std::shared_ptr<detail::ClientLane> &client,
                                                   const Limits &limits)
{
    auto lent = std::make_shared<LentObjects>();
    const auto add = [&](const msgpack::object &argument) {
        const auto view = wire::readLent(argument, limits);
        if (!view)
            return;
        if (!client)
            throw ProxyError("the system has no room to call this client back");
        lent->m_proxies.emplace_back(std::make_shared<detail::RemoteObject>(
            client, view->object, std::string(view->typeName), 0, true, defaultCallTimeout));
    };
    if (request.opcode == ProxyOpCode::Set)
        add(request.value);
    std::ranges::for_each(request.positional, add);
    for (const msgpack::object_kv &keyword : request.keywords)
        add(keyword.val);
    return lent;
}

Proxy LentObjects::find(const msgpack::object &argument, const Limits &limits) const
{
    const auto view = wire::readLent(argument, limits);
    if (!view)
        return {};
    const auto found = std::ranges::find(m_proxies, view->object, &Proxy::id);
    return found == m_proxies.end() ? Proxy() : *found;
}

} // namespace decoy
