// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/own_server.h"

#include "session/session.h"

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

bool saysReady(const QString &line) { return line.contains("\"ready\":true"_L1); }

} // namespace decoy::ui
