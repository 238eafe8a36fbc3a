// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/published_object.h"

#include "session/call_record.h"
#include "session/handle_store.h"
#include "session/object_watcher.h"
#include "session/session.h"

#include <algorithm>

namespace decoy::ui {

namespace {

ObjectRef published(const ServerSnapshot *server, const std::string &name)
{
    if (!server)
        return {};
    const auto found = std::ranges::find(server->objects, name, &ObjectInfo::name);
    return found == server->objects.end() ? ObjectRef() : ObjectRef{server->name, found->id};
}

} // namespace

ObjectRef reachableObject(Session &session, const CallRecord &call)
{
    if (call.name.isEmpty()) {
        const ObjectRef handle = {call.server, call.objectId};
        return call.objectId != 0 && session.handles().find(handle) ? handle : ObjectRef();
    }
    const std::string name = call.name.toStdString();
    const ObjectRef there = published(session.objects().server(call.server), name);
    return there.isNull() ? published(session.objects().server(session.serverName()), name) : there;
}

} // namespace decoy::ui
