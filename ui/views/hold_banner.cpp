// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/hold_banner.h"

#include "session/traffic_hold.h"
#include "theme/fonts.h"
#include "trace/frame_names.h"
#include "views/number_pace.h"

#include <QAction>
#include <QSet>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int mostNames = 3;

} // namespace

HoldBanner::HoldBanner(const TrafficHold &hold, const FrameNames &names, const QList<QAction *> &actions,
                       QWidget *parent)
    : Banner(parent), m_hold(hold), m_names(names)
{
    setAccessibleName(u"Requests are held"_s);
    setTextName(u"Who waits, and what is held"_s);
    for (QAction *action : actions)
        addButton(action);
    connect(&m_hold, &TrafficHold::settingsChanged, this, &HoldBanner::refresh);
    auto *pace = new NumberPace(this);
    connect(&m_hold, &TrafficHold::waitingChanged, pace, &NumberPace::noteChange);
    connect(pace, &NumberPace::due, this, &HoldBanner::refresh);
    refresh();
}

QString HoldBanner::what() const
{
    switch (m_hold.mode()) {
    case HoldMode::Breakpoint: return u"Holding"_s;
    case HoldMode::Step: return u"Stepping"_s;
    case HoldMode::SlowMotion: return u"Slow motion, %1/s"_s.arg(m_hold.pace());
    case HoldMode::Off: break;
    }
    return {};
}

QString HoldBanner::which() const
{
    if (m_hold.mode() != HoldMode::Breakpoint || m_hold.breakpoint().isEmpty())
        return u"every request is held"_s;
    return m_hold.breakpoint();
}

QString HoldBanner::whoWaits() const
{
    const auto &waiting = m_hold.waiting();
    if (waiting.empty())
        return m_hold.isStepDue() ? u"nothing waits; the next request goes through"_s : u"nothing waits"_s;
    QSet<std::int32_t> processes;
    QStringList names;
    for (const HeldRequest &request : waiting) {
        if (processes.contains(request.event.process))
            continue;
        processes.insert(request.event.process);
        if (processes.size() <= mostNames)
            names += m_names.process(request.event.process);
    }
    const bool areMore = processes.size() > mostNames;
    const QString who = names.join(u", "_s) + (areMore ? u", …"_s : QString());
    return waiting.size() == 1 ? u"1 request waits: %1 is blocked"_s.arg(who)
                               : u"%1 requests wait; blocked: %2"_s.arg(groupedNumber(waiting.size()), who);
}

void HoldBanner::refresh()
{
    setVisible(m_hold.isOn());
    if (m_hold.isOn())
        say(m_hold.mode() == HoldMode::SlowMotion ? "speed"_L1 : "hold"_L1, what(), whoWaits() + u"  ·  "_s + which());
}

} // namespace decoy::ui
