// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor_under_test.h"

#include <QApplication>

#include <unistd.h>

namespace decoy::bench {

namespace {

constexpr QSize fullHd{1920, 1080};

std::string freshName()
{
    static int number = 0;
    return "monitor-bench-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
}

ui::SessionOptions sessionOptions(const MonitorOptions &options)
{
    ui::SessionOptions result;
    result.frames.memoryCap = options.memoryMiB * 1024 * 1024;
    result.frames.spillFolder = options.folder;
    return result;
}

} // namespace

BenchServer::BenchServer() : m_server(freshName())
{
    m_objects.publish(m_server);
    m_server.run();
}

BenchServer::~BenchServer()
{
    m_objects.close();
    m_server.stop();
}

MonitorUnderTest::MonitorUnderTest(ProxyServer &server, const MonitorOptions &options, bool hasWindow)
    : m_theme(std::make_unique<ui::Theme>(*qApp)),
      m_session(std::make_unique<ui::Session>(server, sessionOptions(options)))
{
    if (!hasWindow)
        return;
    m_window = std::make_unique<ui::MainWindow>(*m_session, *m_theme);
    m_window->resize(fullHd);
    m_window->show();
}

} // namespace decoy::bench
