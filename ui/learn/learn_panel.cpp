// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/learn_panel.h"

#include "learn/lesson_list.h"
#include "learn/lesson_player.h"
#include "learn/lesson_step_view.h"
#include "theme/metrics.h"

#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Wide enough for a line of text that is pleasant to read.
constexpr int preferredWidth = gridUnit * 45;

QScrollArea *scrolling(QWidget *page)
{
    auto *area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(page);
    return area;
}

} // namespace

LearnPanel::LearnPanel(LessonPlayer &player, QWidget *parent)
    : QWidget(parent), m_player(player), m_pages(new QStackedWidget), m_list(new LessonList(player)),
      m_step(new LessonStepView(player))
{
    setAccessibleName(u"Learn"_s);
    m_pages->addWidget(scrolling(m_list));
    m_pages->addWidget(scrolling(m_step));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_pages);
    connect(&m_player, &LessonPlayer::lessonChanged, this, &LearnPanel::follow);
}

QSize LearnPanel::sizeHint() const { return {preferredWidth, gridUnit * 60}; }

void LearnPanel::follow()
{
    const bool hadFocus = isAncestorOf(window()->focusWidget());
    m_pages->setCurrentIndex(m_player.lesson() < 0 ? 0 : 1);
    if (m_player.lesson() >= 0)
        return;
    m_list->refresh();
    if (hadFocus)
        m_list->focusNext();
}

void LearnPanel::activate()
{
    if (m_player.lesson() < 0)
        m_list->focusNext();
    else
        m_step->focusFirst();
}

} // namespace decoy::ui
