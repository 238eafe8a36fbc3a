// SPDX-License-Identifier: GPL-3.0-or-later
// The menus and the toolbar of the main window: where its actions are offered.
#include "mainwindow/main_window.h"

#include "dialogs/worker_command_dialog.h"
#include "mainwindow/tool_bar_room.h"
#include "mainwindow/traffic_chips.h"
#include "mainwindow/window_actions.h"
#include "session/session.h"
#include "theme/icons.h"
#include "views/scenario_menu.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QMenuBar>
#include <QToolBar>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

ScenarioMenu *makeScenarioMenu(Session &session, QWidget *parent, QWidget *window)
{
    auto *menu = new ScenarioMenu(session, parent);
    QObject::connect(menu, &ScenarioMenu::commandRequested, window, [&session, window] {
        auto *dialog = new WorkerCommandDialog(session, window);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    return menu;
}

} // namespace

void MainWindow::makeToolBar()
{
    QToolBar *bar = addToolBar(u"Toolbar"_s);
    bar->setObjectName(u"toolbar"_s);
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);

    auto *start = new QToolButton;
    start->setIcon(icon("worker-start"_L1));
    start->setText(u"Start worker"_s);
    start->setToolTip(u"Start a process that uses the objects of this server"_s);
    start->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    start->setPopupMode(QToolButton::InstantPopup);
    start->setMenu(makeScenarioMenu(m_session, start, this));

    bar->addAction(m_actions->capture);
    makeRecordTool(bar);
    bar->addAction(m_actions->freeze);
    makeHoldTools(bar);
    bar->addSeparator();
    bar->addWidget(start);
    bar->addAction(m_actions->invoke);
    auto *chips = new TrafficChips(m_session, *m_traffic);
    connect(chips, &TrafficChips::framesGivenUp, this, &MainWindow::announce);
    connect(chips, &TrafficChips::skippedChanged, this, &MainWindow::showWhyEmpty);
    bar->addWidget(chips);
    bar->addAction(m_actions->toggleTheme);

    // "Stop capture" and "Start capture" differ in width; nothing beside them may move.
    for (QAction *action : {m_actions->capture, m_actions->toggleTheme}) {
        auto *button = qobject_cast<QToolButton *>(bar->widgetForAction(action));
        if (action == m_actions->toggleTheme)
            button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        else
            button->setMinimumWidth(button->sizeHint().width() + 2);
    }
    for (auto *button : bar->findChildren<QToolButton *>()) {
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(button->text().remove(u'&'));
    }
    std::vector<QToolButton *> leastFirst;
    for (QAction *action : {m_actions->freeze, m_actions->step, m_actions->slowMotion, m_actions->record,
                            m_actions->hold, m_actions->invoke, m_actions->capture})
        leastFirst.push_back(qobject_cast<QToolButton *>(bar->widgetForAction(action)));
    leastFirst.push_back(start);
    new ToolBarRoom(*bar, *chips, leastFirst);
}

void MainWindow::makeMenus()
{
    QMenu *file = menuBar()->addMenu(u"&File"_s);
    file->addAction(m_actions->attach);
    file->addSeparator();
    file->addAction(m_actions->quit);

    QMenu *capture = menuBar()->addMenu(u"&Capture"_s);
    capture->addActions({m_actions->capture, m_actions->freeze, m_actions->clear});
    QMenu *record = capture->addMenu(u"&Record"_s);
    record->addActions(m_actions->records->actions());
    record->addSeparator();
    record->addActions({m_actions->recordEverything, m_actions->sampleUnderLoad, m_actions->record});
    capture->addSeparator();
    capture->addActions({m_actions->hold, m_actions->step, m_actions->slowMotion});
    capture->addMenu(u"&Speed"_s)->addActions(m_actions->paces->actions());
    capture->addActions({m_actions->releaseAll, m_actions->stopHolding});

    QMenu *go = menuBar()->addMenu(u"&Go"_s);
    go->addActions({m_actions->filter, m_actions->back, m_actions->forward});
    go->addSeparator();
    go->addActions({m_actions->goToFrame, m_actions->nextInCall, m_actions->previousInCall});
    go->addSeparator();
    go->addActions({m_actions->mark, m_actions->nextMark});
    go->addSeparator();
    go->addActions({m_actions->copyAs, m_actions->commands});

    QMenu *objects = menuBar()->addMenu(u"&Objects"_s);
    objects->addActions({m_actions->invoke, m_actions->invokeInWindow, m_actions->pin});
    objects->addSeparator();
    objects->addMenu(makeScenarioMenu(m_session, objects, this));
    objects->addAction(m_actions->stopWorkers);

    QMenu *view = menuBar()->addMenu(u"&View"_s);
    QMenu *panels = view->addMenu(u"&Panels"_s);
    for (QDockWidget *dock : findChildren<QDockWidget *>())
        panels->addAction(dock->toggleViewAction());
    view->addMenu(u"&Theme"_s)->addActions(m_actions->themes->actions());
    view->addActions({m_actions->textLarger, m_actions->textSmaller, m_actions->textUsual});
    view->addSeparator();
    view->addAction(m_actions->resetLayout);

    QMenu *help = menuBar()->addMenu(u"&Help"_s);
    help->addAction(m_actions->learn);
    help->addSeparator();
    help->addActions({m_actions->shortcuts, m_actions->about});
}

} // namespace decoy::ui
