// SPDX-License-Identifier: BSD-3-Clause
#include "demo_host.h"

#include "errors.h"

#include <decoy/error.h>

#include <QMetaObject>

namespace decoy::cli {

namespace {

/// Name and options come from the command line, so what is wrong with them is wrong usage.
ProxyServer makeServer(const std::string &name, const ServerOptions &options)
{
    try {
        return ProxyServer(name, options);
    } catch (const ArgumentError &error) {
        throw UsageError(error.what());
    }
}

} // namespace

DemoHost::DemoHost(const std::string &name, const ServerOptions &options)
    : m_application(m_argumentCount, m_arguments), m_signals(&DemoHost::quit), m_server(makeServer(name, options))
{
    m_objects.publish(m_server);
    m_server.run();
}

DemoHost::~DemoHost()
{
    m_objects.close();
    m_server.stop();
}

void DemoHost::quitWhenReadable(int descriptor)
{
    m_end.emplace(descriptor, QSocketNotifier::Read);
    QObject::connect(&*m_end, &QSocketNotifier::activated, &DemoHost::quit);
}

void DemoHost::exec() { QCoreApplication::exec(); }

void DemoHost::quit()
{
    // Queued, so that it also counts when exec() is yet to come.
    QMetaObject::invokeMethod(QCoreApplication::instance(), &QCoreApplication::quit, Qt::QueuedConnection);
}

} // namespace decoy::cli
