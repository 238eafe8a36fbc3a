// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with the selected object.
#include "mainwindow/window_actions.h"

#include "session/object_pins.h"
#include "session/object_watcher.h"
#include "session/session.h"

#include <QAction>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Of a published object that is selected; empty otherwise.
QString selectedName(Session &session)
{
    const ObjectInfo *info = session.objects().object(session.selection().object());
    return info ? QString::fromStdString(info->name) : QString();
}

} // namespace

void WindowActions::makePin(Session &session)
{
    pin = make("star"_L1, u"&Pin the selected object"_s, u"Keep the selected object on top of the list"_s, u"Ctrl+D"_s);
    pin->setCheckable(true);
    const auto follow = [this, &session] {
        const QString name = selectedName(session);
        pin->setEnabled(!name.isEmpty());
        pin->setChecked(session.pins().isPinned(name));
    };
    connect(&session.selection(), &Selection::objectSelected, this, follow);
    connect(&session.pins(), &ObjectPins::changed, this, follow);
    connect(pin, &QAction::triggered, &session,
            [&session](bool isOn) { session.pins().setPinned(selectedName(session), isOn); });
    follow();
}

} // namespace decoy::ui
