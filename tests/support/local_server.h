// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/process.h"
#include "support/served_objects.h"

#include <decoy/proxy_server.h>

#include <memory>
#include <string>
#include <utility>

namespace decoy::test {

/// A server in this process with the objects of served_objects.h, and a runtime directory of its own; it runs. Ends the server
/// first, then what it serves.
struct LocalServer {
    explicit LocalServer(std::string name = "local", ServerOptions options = {})
        : server(std::make_unique<ProxyServer>(std::move(name), std::move(options)))
    {
        objects = std::make_unique<ServedTestObjects>(*server);
        server->run();
    }

    RuntimeDirectory runtime;
    std::unique_ptr<ServedTestObjects> objects;
    std::unique_ptr<ProxyServer> server;
};

} // namespace decoy::test
