// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/duck.h>

#include "lane/duck/client.h"
#include "remote_object.h"

namespace decoy {

namespace {

/// The lane of a proxy that came through a mailbox.
const lane::duck::Client &duckLane(const Proxy &proxy)
{
    if (!proxy.remote())
        throw ProxyObjectNotFound("this proxy stands for no object");
    const auto *lane = dynamic_cast<const lane::duck::Client *>(&proxy.remote()->lane());
    if (!lane)
        throw ProxyError("this proxy came over the native lane, which has no mailbox");
    return *lane;
}

} // namespace

Proxy openProxy(const DuckAddress &address, std::chrono::milliseconds timeout)
{
    return Proxy(std::make_shared<detail::RemoteObject>(lane::duck::Client::open(address), address.id, std::string(), 0,
                                                        false, timeout),
                 timeout);
}

const SharedMemory &Proxy::sharedMemory() const { return duckLane(*this).memory(); }

DuckAddress Proxy::address() const
{
    DuckAddress address = duckLane(*this).address();
    address.id = id();
    return address;
}

} // namespace decoy
