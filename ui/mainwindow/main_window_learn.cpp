// SPDX-License-Identifier: GPL-3.0-or-later
// The guided tour in the main window: its panel, the mailbox it opens, and where it tells one to look.
#include "mainwindow/main_window.h"

#include "learn/learn_panel.h"
#include "learn/lesson_list.h"
#include "learn/lesson_player.h"
#include "learn/mailbox_view.h"
#include "learn/outline.h"
#include "mainwindow/window_actions.h"
#include "mainwindow/window_layout.h"
#include "session/frame_filter.h"
#include "session/object_watcher.h"
#include "session/session.h"
#include "theme/icons.h"
#include "views/chain_view.h"
#include "views/frame_details_view.h"
#include "views/traffic_view.h"
#include "views/worker_panel.h"

#include <QAction>
#include <QDockWidget>
#include <QTabWidget>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

void MainWindow::makeLearn()
{
    m_player = new LessonPlayer(m_session, this);
    m_learn = new LearnPanel(*m_player);
    QDockWidget *dock = makeDock(u"Learn"_s, dockNames::learn, m_learn, Qt::RightDockWidgetArea);
    m_mailbox = new MailboxView(this);
    m_mailbox->hide(); // a tab while there is a mailbox

    connect(m_actions->learn, &QAction::triggered, this, [this] { showLearn(); });
    // Later: a reset of the layout hides every panel for a moment. With the player, which goes before the dock does.
    connect(
        dock, &QDockWidget::visibilityChanged, m_player,
        [player = m_player, dock] {
            if (dock->isHidden()) // closed, and not only behind another tab
                player->leave();
        },
        Qt::QueuedConnection);
    dock->hide();
    connect(&m_session.objects(), &ObjectWatcher::updated, m_learn->list(), &LessonList::refresh);
    connect(m_player, &LessonPlayer::lessonChanged, this, &MainWindow::prepareLesson);
    connect(m_player, &LessonPlayer::stepChanged, this, &MainWindow::showLessonPlace);
    connect(m_player, &LessonPlayer::stateChanged, this, [this] {
        if (m_player->lesson() >= 0 && m_player->isDone())
            showLessonPlace(); // what the action has made may be elsewhere than the eye is
    });
    connect(m_player, &LessonPlayer::mailboxChanged, this, &MainWindow::showMailbox);
    connect(m_player, &LessonPlayer::elementWanted, m_details, &FrameDetailsView::selectElement);
    connect(m_details, &FrameDetailsView::elementSelected, m_player, &LessonPlayer::noteElement);
    m_traffic->setEmptyStateLink(u"New here? Take the tour"_s, m_actions->learn);
}

bool MainWindow::showLearn(int lesson)
{
    auto *dock = findChild<QDockWidget *>(dockNames::learn);
    const bool wasHidden = dock->isHidden();
    dock->show();
    dock->raise();
    if (wasHidden)
        resizeDocks({dock}, {m_learn->sizeHint().width()}, Qt::Horizontal);
    if (lesson >= 0)
        m_player->start(lesson);
    m_learn->activate();
    return lesson < 0 || m_player->lesson() == lesson;
}

void MainWindow::prepareLesson()
{
    delete m_outline;
    const int tab = m_tabs->indexOf(m_mailbox);
    if (tab >= 0) {
        m_tabs->removeTab(tab);
        m_mailbox->setParent(this);
        m_mailbox->hide();
    }
    if (m_player->lesson() < 0)
        return;
    // What the lesson is about must not be hidden from those who learn.
    m_traffic->setFrozen(false);
    if (!m_session.filter().text().isEmpty() && m_session.filter().apply({}))
        announce(u"The filter was cleared for the lesson; “Back” brings it back."_s);
}

void MainWindow::showMailbox()
{
    const MailboxHistory *history = m_player->scene() ? m_player->scene()->mailbox() : nullptr;
    if (!history || history->isEmpty())
        return;
    m_mailbox->showHistory(*history);
    if (m_tabs->indexOf(m_mailbox) < 0)
        m_tabs->setCurrentIndex(m_tabs->addTab(m_mailbox, icon("learn"_L1), u"Mailbox"_s));
}

void MainWindow::showLessonPlace()
{
    const auto showDock = [this](QLatin1String name) {
        auto *dock = findChild<QDockWidget *>(name);
        dock->show();
        dock->raise();
    };
    delete m_outline;
    QWidget *target = nullptr;
    switch (m_player->currentStep().place) {
    case LessonPlace::Traffic: target = m_traffic; break;
    case LessonPlace::Chains: target = m_chains; break;
    case LessonPlace::Mailbox: target = m_tabs->indexOf(m_mailbox) >= 0 ? m_mailbox : nullptr; break;
    case LessonPlace::Frame:
        target = m_details;
        m_tabs->setCurrentWidget(m_traffic);
        showDock(dockNames::details);
        break;
    case LessonPlace::Workers:
        target = m_workers;
        showDock(dockNames::workers);
        break;
    case LessonPlace::None: break;
    }
    if (!target)
        return;
    if (m_tabs->indexOf(target) >= 0)
        m_tabs->setCurrentWidget(target);
    m_outline = new Outline(target);
}

} // namespace decoy::ui
