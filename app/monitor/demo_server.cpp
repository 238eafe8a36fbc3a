// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_server.h"

#include <unistd.h>

namespace decoy::monitor {

namespace {

constexpr auto usualName = "demo";

} // namespace

DemoServer::DemoServer(const std::string &name)
{
    try {
        run(name.empty() ? usualName : name);
    } catch (const NameTaken &) {
        if (!name.empty())
            throw; // that name was asked for
        m_renamed = true;
        run(std::string(usualName) + "-" + std::to_string(::getpid()));
    }
}

DemoServer::~DemoServer()
{
    // Calls that only wait would hold up the server's end.
    m_objects.close();
    m_server->stop();
}

void DemoServer::run(const std::string &name)
{
    m_server = std::make_unique<ProxyServer>(name);
    m_objects.publish(*m_server);
    m_server->run();
}

} // namespace decoy::monitor
