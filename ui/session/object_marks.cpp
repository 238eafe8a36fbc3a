// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/object_marks.h"

#include "session/handle_store.h"
#include "session/object_pins.h"
#include "session/record_settings.h"
#include "session/session.h"
#include "session/traffic_hold.h"

#include <decoy/proxy_server.h>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

QStringList ObjectMarks::words() const
{
    QStringList words;
    if (isPinned)
        words += u"pinned"_s;
    if (isGone)
        words += u"gone"_s;
    if (isHeld)
        words += u"held"_s;
    if (isSkipped)
        words += u"not recorded"_s;
    return words;
}

MarkedObjects MarkedObjects::of(Session &session)
{
    MarkedObjects marked;
    marked.server = session.serverName();
    for (const QString &name : session.pins().names())
        marked.pinned.insert(name);
    for (const ChainedPin &pin : session.pins().chained())
        marked.chainedPins[pin.object.server].insert(pin.object.id, pin.type);
    for (const Handle &handle : session.handles().handles())
        marked.opened[handle.object.server].insert(handle.object.id);
    for (const HeldRequest &request : session.hold().waiting())
        marked.held.insert(request.event.object);
    for (const RecordSettings::SkippedObject &object : session.record().skippedObjects())
        marked.skipped.insert(object.id);
    return marked;
}

ObjectMarks MarkedObjects::marks(const QString &ofServer, const ObjectInfo &object) const
{
    ObjectMarks marks;
    marks.isPinned = object.name.empty() ? chainedPins.value(ofServer).contains(object.id)
                                         : pinned.contains(QString::fromStdString(object.name));
    marks.canBeAsked = !object.name.empty() || opened.value(ofServer).contains(object.id);
    if (ofServer == server) {
        marks.isHeld = held.contains(object.id);
        marks.isSkipped = skipped.contains(object.id);
    }
    return marks;
}

} // namespace decoy::ui
