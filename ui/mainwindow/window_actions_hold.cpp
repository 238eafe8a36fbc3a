// SPDX-License-Identifier: GPL-3.0-or-later
// Hold, Step and Speed: what holds requests back, and how they go on.
#include "mainwindow/window_actions.h"

#include "session/session.h"
#include "session/traffic_hold.h"

#include <QAction>
#include <QActionGroup>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QString paceText(int callsPerSecond)
{
    return callsPerSecond == 1 ? u"1 call a second"_s : u"%1 calls a second"_s.arg(callsPerSecond);
}

} // namespace

void WindowActions::makeHold(Session &session)
{
    TrafficHold &held = session.hold();
    hold = make("hold"_L1, u"&Hold requests"_s,
                u"Requests that match the breakpoint wait, to be looked at and changed"_s, u"F9"_s);
    hold->setCheckable(true);
    step = make("step"_L1, u"&Step"_s,
                u"Let the oldest request that waits go on; holds everything if nothing is held"_s, u"F10"_s);
    slowMotion = make("speed"_L1, u"Slow &motion"_s, {});
    slowMotion->setCheckable(true);
    releaseAll = make({}, u"&Release all"_s, u"Let everything that waits go on; what comes next waits again"_s);
    stopHolding = make({}, u"S&top holding"_s, u"Let everything go on"_s);
    makePaces(session);

    connect(step, &QAction::triggered, &held, &TrafficHold::step);
    connect(releaseAll, &QAction::triggered, &held, &TrafficHold::forwardAll);
    connect(stopHolding, &QAction::triggered, &held, [&held] { held.setMode(HoldMode::Off); });
    connect(slowMotion, &QAction::triggered, &held,
            [&held](bool on) { held.setMode(on ? HoldMode::SlowMotion : HoldMode::Off); });
    const auto follow = [this, &held] {
        hold->setChecked(held.mode() == HoldMode::Breakpoint || held.mode() == HoldMode::Step);
        slowMotion->setChecked(held.mode() == HoldMode::SlowMotion);
        slowMotion->setToolTip(u"Slow motion: every request waits, and %1 go on, the oldest first"_s.arg(
            paceText(held.pace()).replace(u"1 call "_s, u"one "_s)));
        stopHolding->setEnabled(held.isOn());
        releaseAll->setEnabled(held.isOn());
    };
    connect(&held, &TrafficHold::settingsChanged, this, follow);
    follow();
}

void WindowActions::makePaces(Session &session)
{
    TrafficHold &held = session.hold();
    paces = new QActionGroup(this);
    const auto add = [this](const QString &text, const QString &alone) {
        QAction *action = paces->addAction(text);
        action->setIconText(alone); // where it stands without its menu
        action->setCheckable(true);
        return action;
    };
    QAction *full = add(u"&Full speed"_s, u"Speed: full"_s);
    connect(full, &QAction::triggered, &held, [&held] {
        if (held.mode() == HoldMode::SlowMotion)
            held.setMode(HoldMode::Off);
    });
    QList<std::pair<int, QAction *>> slow;
    for (auto pace = TrafficHold::paces.rbegin(); pace != TrafficHold::paces.rend(); ++pace) {
        QAction *action = add(paceText(*pace), u"Speed: %1"_s.arg(paceText(*pace)));
        connect(action, &QAction::triggered, &held, [&held, pace = *pace] {
            held.setPace(pace);
            held.setMode(HoldMode::SlowMotion);
        });
        slow.emplace_back(*pace, action);
    }
    const auto follow = [&held, full, slow] {
        const bool isSlow = held.mode() == HoldMode::SlowMotion;
        full->setChecked(!isSlow);
        for (const auto &[pace, action] : slow)
            action->setChecked(isSlow && pace == held.pace());
    };
    connect(&held, &TrafficHold::settingsChanged, this, follow);
    follow();
}

} // namespace decoy::ui
