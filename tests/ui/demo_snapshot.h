// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/object_watcher.h"

#include <string>
#include <utility>
#include <vector>

/// An object of the type Node: chained from `parent`, or published under a name.
inline decoy::ObjectInfo nodeInfo(quint64 id, quint64 parent = 0, std::string name = {})
{
    decoy::ObjectInfo info;
    info.id = id;
    info.parent = parent;
    info.name = std::move(name);
    info.type = "Node";
    return info;
}

/// The demo's server, alive and in this process, as a look at it would find it.
inline decoy::ui::ServerSnapshot demoSnapshot(std::vector<decoy::ObjectInfo> objects)
{
    decoy::ui::ServerSnapshot server;
    server.name = QStringLiteral("demo");
    server.isLocal = true;
    server.state = decoy::ui::ServerSnapshot::State::Live;
    server.objects = std::move(objects);
    return server;
}
