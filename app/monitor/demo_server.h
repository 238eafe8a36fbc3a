// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <demo/demo_objects.h>

#include <decoy/proxy_server.h>

#include <memory>
#include <string>

namespace decoy::monitor {

/// The server that the monitor brings along, with the demo objects in it.
class DemoServer {
public:
    /// Runs under `name`. If that is empty, under "demo", or under a name made from the process id if another monitor or
    /// `decoy host` has that one. Throws NameTaken, ArgumentError.
    explicit DemoServer(const std::string &name);
    ~DemoServer();

    [[nodiscard]] ProxyServer &server() noexcept { return *m_server; }
    /// Whether it had to take another name than "demo".
    [[nodiscard]] bool isRenamed() const noexcept { return m_renamed; }

private:
    void run(const std::string &name);

    demo::DemoObjects m_objects; // the server uses them to the end
    std::unique_ptr<ProxyServer> m_server;
    bool m_renamed = false;
};

} // namespace decoy::monitor
