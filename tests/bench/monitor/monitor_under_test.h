// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "options.h"
#include "stall_watchdog.h"

#include "mainwindow/main_window.h"
#include "session/session.h"
#include "theme/theme.h"

#include <demo/demo_objects.h>

#include <decoy/proxy_server.h>

#include <memory>

namespace decoy::bench {

/// The demo's server, as the monitor has it in its process, under a name that nobody else has.
class BenchServer {
public:
    BenchServer();
    ~BenchServer();
    ProxyServer &operator*() noexcept { return m_server; }
    ProxyServer *operator->() noexcept { return &m_server; }

private:
    demo::DemoObjects m_objects;
    ProxyServer m_server;
};

/// What the monitor's main() wires: session and window over a server.
class MonitorUnderTest {
public:
    MonitorUnderTest(ProxyServer &server, const MonitorOptions &options, bool hasWindow = true);

    [[nodiscard]] ui::Session &session() noexcept { return *m_session; }
    [[nodiscard]] ui::MainWindow &window() noexcept { return *m_window; }

private:
    std::unique_ptr<ui::Theme> m_theme;
    std::unique_ptr<ui::Session> m_session;
    std::unique_ptr<ui::MainWindow> m_window;
};

void runFloodCase(const MonitorOptions &options);
void runHeldCase(const MonitorOptions &options);
void runThroughputCase(const MonitorOptions &options);

} // namespace decoy::bench
