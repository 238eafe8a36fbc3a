// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "termination_signals.h"

#include "demo/demo_objects.h"

#include <decoy/proxy_server.h>

#include <QCoreApplication>
#include <QSocketNotifier>

#include <optional>
#include <string>

namespace decoy::cli {

/// The demo objects on a server, and the event loop that they need. One in a process.
class DemoHost {
public:
    /// Serves from here on; SIGINT and SIGTERM end exec(). Throws UsageError for a name or options that cannot be, NameTaken.
    DemoHost(const std::string &name, const ServerOptions &options);
    ~DemoHost();
    DemoHost(const DemoHost &) = delete;
    DemoHost &operator=(const DemoHost &) = delete;

    [[nodiscard]] ProxyServer &server() noexcept { return m_server; }

    /// Ends exec() once the descriptor can be read.
    void quitWhenReadable(int descriptor);
    /// Serves until quit().
    void exec();
    /// Ends exec(), or the next one if none runs. Thread-safe.
    static void quit();

private:
    // In the order in which they need each other; the signals before everything that starts threads.
    int m_argumentCount = 1;
    char m_programName[6] = "decoy";
    char *m_arguments[2] = {m_programName, nullptr};
    QCoreApplication m_application;
    TerminationSignals m_signals;
    demo::DemoObjects m_objects;
    ProxyServer m_server;
    std::optional<QSocketNotifier> m_end;
};

} // namespace decoy::cli
