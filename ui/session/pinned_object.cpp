// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/pinned_object.h"

#include "session/object_pins.h"
#include "session/object_watcher.h"
#include "session/session.h"

namespace decoy::ui {

namespace {

/// Empty for a chained object, and for one that is gone.
QString publishedName(Session &session, const ObjectRef &object)
{
    const ObjectInfo *info = session.objects().object(object);
    return info ? QString::fromStdString(info->name) : QString();
}

} // namespace

bool isPinned(Session &session, const ObjectRef &object)
{
    const QString name = publishedName(session, object);
    return name.isEmpty() ? session.pins().isPinned(object) : session.pins().isPinned(name);
}

bool canBePinned(Session &session, const ObjectRef &object)
{
    return session.objects().object(object) || session.pins().isPinned(object);
}

void setPinned(Session &session, const ObjectRef &object, bool isPinned)
{
    if (!canBePinned(session, object))
        return;
    const ObjectInfo *info = session.objects().object(object);
    if (const QString name = publishedName(session, object); !name.isEmpty())
        session.pins().setPinned(name, isPinned);
    else
        session.pins().setPinned(ChainedPin{object, info ? QString::fromStdString(info->type) : QString()}, isPinned);
}

} // namespace decoy::ui
