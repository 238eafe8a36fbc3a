// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/isolated_server.h>

#include "isolation/lifeline.h"
#include "lane/socket.h"

#include <decoy/error.h>

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>

namespace decoy {

bool isIsolatedChild() noexcept
try {
    return isolation::inheritedServerName().has_value();
} catch (const std::bad_alloc &) {
    return false;
}

IsolatedChild::IsolatedChild()
{
    auto name = isolation::inheritedServerName();
    if (!name)
        throw ProxyError("this process was not started by an IsolatedServer, or has an IsolatedChild already");
    m_serverName = std::move(*name);
    m_lifeline = FileDescriptor(isolation::lifelineDescriptor);
    unsetenv(isolation::lifelineVariable);
    if (fcntl(m_lifeline.get(), F_SETFD, FD_CLOEXEC) != 0) // what this process starts has no part in it
        throw ProxyError("the socket to the IsolatedServer was closed before there was an IsolatedChild");
}

void IsolatedChild::announceServing() { isolation::announce(m_lifeline.get(), true); }

void IsolatedChild::announceFailure(std::string_view reason) noexcept
{
    isolation::announce(m_lifeline.get(), false, reason);
}

void IsolatedChild::waitForStop() const { (void)lane::waitReadable(m_lifeline, std::nullopt); }

int serveIsolated(const std::function<void(ProxyServer &)> &fill, const ServerOptions &options)
{
    IsolatedChild child;
    try {
        ProxyServer server(child.serverName(), options);
        fill(server);
        server.run();
        child.announceServing();
        child.waitForStop();
        server.stop();
        return EXIT_SUCCESS;
    } catch (const std::exception &error) {
        child.announceFailure(error.what());
    } catch (...) {
        child.announceFailure("something that is no exception was thrown");
    }
    return EXIT_FAILURE;
}

} // namespace decoy
