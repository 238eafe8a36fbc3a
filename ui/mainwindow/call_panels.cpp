// SPDX-License-Identifier: GPL-3.0-or-later
// The main window's panels of calls and conversations, its command palette and the size of its text.
#include "mainwindow/main_window.h"

#include "dialogs/command_palette.h"
#include "dialogs/invoke_dialog.h"
#include "dialogs/invoke_panel.h"
#include "mainwindow/dock_cover.h"
#include "mainwindow/window_actions.h"
#include "mainwindow/window_layout.h"
#include "session/object_watcher.h"
#include "session/session.h"
#include "theme/metrics.h"
#include "theme/text_zoom.h"
#include "trace/traffic_collector.h"
#include "views/call_history_view.h"
#include "views/conversation_view.h"
#include "views/copy_call_menu.h"
#include "views/sequence_view.h"
#include "views/traffic_view.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QScrollArea>
#include <QTabWidget>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// What is taller than the window can be scrolled; what is wider makes itself narrow.
QScrollArea *scrolledDown(QWidget *content)
{
    auto *area = new QScrollArea;
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setMinimumWidth(content->minimumSizeHint().width());
    return area;
}

} // namespace

void MainWindow::makeInvoke()
{
    m_invoke = new InvokePanel(m_session);
    m_invoke->addTool(m_actions->invokeInWindow);
    m_invoke->followSelection();
    m_invoke->setCovered(true); // by the inspector, until the dock says otherwise
    const auto *dock = makeDock(u"Invoke"_s, dockNames::invoke, scrolledDown(m_invoke), Qt::RightDockWidgetArea);
    tellWhenCovered(m_invoke, dock);
    connect(m_invoke, &InvokePanel::frameRequested, this, &MainWindow::selectFrame);
}

InvokePanel *MainWindow::invoke(const ObjectRef &object, const QString &method)
{
    showDock(dockNames::invoke);
    m_invoke->setObject(object.isNull() ? m_session.selection().object() : object, method);
    m_invoke->focusForm();
    return m_invoke;
}

InvokeDialog *MainWindow::invokeInWindow(const ObjectRef &object, const QString &method)
{
    if (!m_invokeDialog) {
        m_invokeDialog = new InvokeDialog(m_session, this);
        connect(m_invokeDialog->panel(), &InvokePanel::frameRequested, this, &MainWindow::selectFrame);
    }
    m_invokeDialog->show();
    m_invokeDialog->raise();
    m_invokeDialog->activateWindow();
    m_invokeDialog->panel()->setObject(object.isNull() ? m_session.selection().object() : object, method);
    m_invokeDialog->panel()->focusForm();
    return m_invokeDialog;
}

void MainWindow::makeCallPanels()
{
    m_conversation = new ConversationView(m_session.frames(), m_session.names());
    m_calls = new CallHistoryView(m_session, m_actions->invoke);
    tellWhenCovered(m_conversation,
                    makeDock(u"Conversation"_s, dockNames::conversation, m_conversation, Qt::BottomDockWidgetArea));
    makeDock(u"Calls"_s, dockNames::calls, m_calls, Qt::BottomDockWidgetArea);
    m_copyFrame = new CopyCallMenu(
        [this] {
            return callOfFrame(m_traffic->frames(), m_traffic->currentRow(), m_session.objects(),
                               m_session.serverName());
        },
        this);
}

void MainWindow::linkCalls()
{
    connect(&m_session.selection(), &Selection::frameSelected, m_conversation, &ConversationView::showFrame);
    connect(&m_session.collector(), &TrafficCollector::updated, m_conversation, &ConversationView::refresh);
    connect(m_conversation, &ConversationView::frameRequested, &m_session.selection(), &Selection::selectFrame);
    connect(m_calls, &CallHistoryView::frameRequested, this, &MainWindow::selectFrame);
    connect(m_calls, &CallHistoryView::messageShown, this, &MainWindow::announce);
    connect(m_calls, &CallHistoryView::loadRequested, this, [this](const CallRecord &call) { invoke()->load(call); });

    const auto offerCopy = [this](QMenu *menu) {
        menu->addSeparator();
        menu->addMenu(m_copyFrame);
    };
    connect(m_traffic, &TrafficView::contextMenuOpening, this, offerCopy);
    connect(m_sequence, &SequenceView::contextMenuOpening, this, offerCopy);
    connect(m_copyFrame, &CopyCallMenu::copied, this, &MainWindow::announce);
    connect(m_actions->copyAs, &QAction::triggered, this, [this] {
        m_copyFrame->popup(
            m_traffic->mapToGlobal(m_traffic->rect().center() - QPoint(m_copyFrame->sizeHint().width() / 2, 0)));
    });
    connect(m_actions->commands, &QAction::triggered, this, &MainWindow::showCommands);
}

void MainWindow::selectFrame(Row row)
{
    m_tabs->setCurrentWidget(m_traffic);
    m_session.selection().selectFrame(row);
    m_traffic->setCurrentRow(row);
}

CommandPalette *MainWindow::showCommands()
{
    QList<QAction *> commands = m_actions->commandList();
    for (QDockWidget *dock : findChildren<QDockWidget *>())
        commands += panelCommand(dock);
    auto *palette = new CommandPalette(commands, this);
    palette->setAttribute(Qt::WA_DeleteOnClose);
    palette->move(mapToGlobal(QPoint((width() - palette->width()) / 2, gridUnit * 10)));
    palette->open();
    return palette;
}

QAction *MainWindow::panelCommand(QDockWidget *dock)
{
    const QString name = u"show-"_s + dock->objectName();
    if (auto *made = findChild<QAction *>(name, Qt::FindDirectChildrenOnly))
        return made;
    // "Calls" alone is no command; in the menu it stands under "Panels".
    auto *show = new QAction(u"Show panel: %1"_s.arg(dock->windowTitle()), this);
    show->setObjectName(name);
    connect(show, &QAction::triggered, dock, [dock] {
        dock->show();
        dock->raise();
    });
    return show;
}

void MainWindow::linkTextZoom()
{
    m_textZoom = new TextZoom(*qApp, this);
    connect(m_actions->textLarger, &QAction::triggered, m_textZoom, &TextZoom::grow);
    connect(m_actions->textSmaller, &QAction::triggered, m_textZoom, &TextZoom::shrink);
    connect(m_actions->textUsual, &QAction::triggered, m_textZoom, &TextZoom::reset);
    connect(m_textZoom, &TextZoom::changed, this, [this](int steps) {
        announce(steps == 0 ? u"Text in its usual size"_s
                            : u"Text %1%2 pt"_s.arg(steps > 0 ? u"+"_s : u"−"_s).arg(std::abs(steps)));
    });
}

} // namespace decoy::ui
