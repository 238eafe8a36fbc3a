// SPDX-License-Identifier: GPL-3.0-or-later
#include "mainwindow/tool_bar_room.h"

#include "mainwindow/traffic_chips.h"

#include <QEvent>
#include <QLayout>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>

namespace decoy::ui {

ToolBarRoom::ToolBarRoom(QToolBar &bar, const TrafficChips &chips, const std::vector<QToolButton *> &leastFirst)
    : QObject(&bar), m_bar(bar), m_chips(chips)
{
    for (QToolButton *button : leastFirst)
        m_buttons.push_back({button, button->minimumWidth()});
    measure();
    connect(&m_chips, &TrafficChips::roomChanged, this, &ToolBarRoom::fit);
    m_bar.installEventFilter(this);
}

void ToolBarRoom::measure()
{
    for (Button &entry : m_buttons) {
        entry.button->setMinimumWidth(0);
        entry.button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        const int withText = std::max(entry.button->sizeHint().width(), entry.minimumWidth);
        entry.button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        entry.textWidth = withText - entry.button->sizeHint().width();
    }
    m_bar.layout()->invalidate();
    m_othersWidth = m_bar.sizeHint().width() - m_chips.sizeHint().width();
    fit();
}

void ToolBarRoom::fit()
{
    int needed = m_othersWidth + m_chips.roomForAll();
    for (const Button &entry : m_buttons)
        needed += entry.textWidth;
    for (const Button &entry : m_buttons) {
        const bool hasText = needed <= m_bar.width();
        if (!hasText)
            needed -= entry.textWidth;
        entry.button->setToolButtonStyle(hasText ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
        entry.button->setMinimumWidth(hasText ? entry.minimumWidth : 0);
    }
}

bool ToolBarRoom::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        fit();
    else if (event->type() == QEvent::FontChange)
        QMetaObject::invokeMethod(this, &ToolBarRoom::measure, Qt::QueuedConnection); // when the buttons have followed
    return QObject::eventFilter(watched, event);
}

} // namespace decoy::ui
