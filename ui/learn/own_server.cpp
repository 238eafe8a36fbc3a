// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/own_server.h"

#include "session/session.h"

#include <decoy/error.h>
#include <decoy/proxy_server.h>

#include <QCoreApplication>
#include <QRandomGenerator>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

QString ownServerName()
{
    return u"lesson-%1-%2"_s.arg(QCoreApplication::applicationPid())
        .arg(QRandomGenerator::global()->generate(), 8, 16, '0'_L1);
}

std::unique_ptr<Worker> startOwnServer(const Session &session, const QString &name)
{
    auto server = std::make_unique<Worker>(u"host"_s, u"server %1"_s.arg(name), session.workerProgram(),
                                           QStringList{u"host"_s, u"--name"_s, name});
    server->start();
    return server;
}

void retire(std::unique_ptr<Worker> server)
{
    if (!server || !server->isAlive()) {
        if (server)
            server.release()->deleteLater(); // the signal that brought us here may be its own
        return;
    }
    Worker *worker = server.release();
    worker->disconnect(); // its end is nobody's news any more
    worker->setParent(QCoreApplication::instance());
    QObject::connect(worker, &Worker::ended, worker, &QObject::deleteLater);
    worker->stop();
}

void clearUpAfter(const QString &name)
{
    try {
        ProxyServer heir(name.toStdString()); // the next server of a name takes over its files, and takes them along
        heir.run();
    } catch (const ProxyError &) {
        // They stay until somebody takes the name.
    }
}

bool saysReady(const QString &line) { return line.contains("\"ready\":true"_L1); }

} // namespace decoy::ui
