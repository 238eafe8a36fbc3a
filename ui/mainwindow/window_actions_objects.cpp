// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with the selected object.
#include "mainwindow/window_actions.h"

#include "session/object_pins.h"
#include "session/pinned_object.h"
#include "session/session.h"

#include <QAction>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

void WindowActions::makePin(Session &session)
{
    pin = make("star"_L1, u"&Pin the selected object"_s, u"Keep the selected object on top of the list"_s, u"Ctrl+D"_s);
    pin->setCheckable(true);
    const auto follow = [this, &session] {
        const ObjectRef &object = session.selection().object();
        pin->setEnabled(canBePinned(session, object));
        pin->setChecked(isPinned(session, object));
    };
    connect(&session.selection(), &Selection::objectSelected, this, follow);
    connect(&session.pins(), &ObjectPins::changed, this, follow);
    connect(pin, &QAction::triggered, &session,
            [&session](bool isOn) { setPinned(session, session.selection().object(), isOn); });
    follow();
}

} // namespace decoy::ui
