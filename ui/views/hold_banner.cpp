// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/hold_banner.h"

#include "session/traffic_hold.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "trace/frame_names.h"
#include "views/elided_label.h"
#include "views/number_pace.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QSet>
#include <QToolButton>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int mostNames = 3;

/// The colour of what changes something; the tint is one that text can stand on.
const OpcodeStyle &bannerStyle(const QPalette &palette) { return opcodeStyle(FrameRole::Set, palette); }

} // namespace

HoldBanner::HoldBanner(const TrafficHold &hold, const FrameNames &names, const QList<QAction *> &actions,
                       QWidget *parent)
    : QWidget(parent), m_hold(hold), m_names(names), m_sign(new QLabel), m_title(new QLabel), m_who(new ElidedLabel)
{
    setAccessibleName(u"Requests are held"_s);
    m_title->setTextFormat(Qt::PlainText);
    QFont strong = m_title->font();
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_who->setAccessibleName(u"Who waits, and what is held"_s);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(doubleUnit, halfUnit, gridUnit, halfUnit);
    layout->setSpacing(gridUnit);
    layout->addWidget(m_sign);
    layout->addWidget(m_title);
    layout->addWidget(m_who, 1);
    for (QAction *action : actions) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(action->text().remove(u'&'));
        layout->addWidget(button);
        const auto follow = [button, action] { button->setVisible(action->isVisible()); };
        connect(action, &QAction::changed, button, follow);
        follow();
    }
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
    if (!m_hold.isOn())
        return;
    m_title->setText(what());
    m_who->setText(whoWaits() + u"  ·  "_s + which());
    m_sign->setPixmap(icon(m_hold.mode() == HoldMode::SlowMotion ? "speed"_L1 : "hold"_L1)
                          .pixmap(QSize(doubleUnit, doubleUnit), devicePixelRatioF()));
}

QString HoldBanner::text() const { return m_title->text() + u": "_s + m_who->text(); }

void HoldBanner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), bannerStyle(palette()).tint);
    painter.fillRect(QRect(0, 0, halfUnit, height()), bannerStyle(palette()).colour);
}

void HoldBanner::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

} // namespace decoy::ui
