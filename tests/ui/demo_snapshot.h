// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/object_watcher.h"

#include <utility>
#include <vector>

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
