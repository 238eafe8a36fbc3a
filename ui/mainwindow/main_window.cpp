// SPDX-License-Identifier: GPL-3.0-or-later
#include "mainwindow/main_window.h"

#include "dialogs/shortcuts_dialog.h"
#include "learn/lesson_player.h"
#include "learn/outline.h"
#include "mainwindow/centre_tabs.h"
#include "mainwindow/dock_cover.h"
#include "mainwindow/window_actions.h"
#include "mainwindow/window_layout.h"
#include "session/object_pins.h"
#include "session/object_watcher.h"
#include "session/record_settings.h"
#include "session/session.h"
#include "session/worker_pool.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "trace/traffic_collector.h"
#include "views/chain_view.h"
#include "views/conversation_view.h"
#include "views/flat_table.h"
#include "views/frame_details_view.h"
#include "views/inspector_panel.h"
#include "views/object_columns.h"
#include "views/object_panel.h"
#include "views/sequence_view.h"
#include "views/statistics_view.h"
#include "views/timeline_view.h"
#include "views/traffic_view.h"
#include "views/worker_panel.h"

#include <decoy/connection.h>

#include <QAction>
#include <QCloseEvent>
#include <QDockWidget>
#include <QInputDialog>
#include <QLabel>
#include <QMessageBox>
#include <QStatusBar>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

MainWindow::MainWindow(Session &session, Theme &theme, QWidget *parent)
    : QMainWindow(parent), m_session(session), m_actions(new WindowActions(session, theme, this))
{
    setWindowTitle(u"%1 – Decoy monitor"_s.arg(m_session.serverName()));
    setWindowIcon(applicationIcon());
    resize(firstWindowSize());
    makeCentre();
    makeDocks();
    makeCallPanels();
    makeHold();
    makeToolBar();
    makeMenus();
    makeStatusBar();
    linkTraffic();
    linkObjects();
    linkCalls();
    arrangeDocks(*this);
    m_firstLayout = saveState(layoutVersion);
    linkTextZoom(); // before: the widths of columns are those at the size of text that was chosen
    restoreLayout(*this, *m_traffic, *m_objects, *m_statistics);
    m_traffic->setFocus();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeCentre()
{
    m_traffic = new TrafficView(m_session.frames(), m_session.names());
    m_traffic->setFrameShape(QFrame::NoFrame);
    if (auto *start = m_traffic->findChild<QToolButton *>())
        makePrimary(start);
    m_chains = new ChainView;
    m_chains->setFrameShape(QFrame::NoFrame);
    m_tabs = new CentreTabs;
    m_tabs->addTab(m_traffic, icon("traffic"_L1), u"Traffic"_s);
    makeSequence();
    m_tabs->addTab(m_chains, icon("chained"_L1), u"Chains"_s);
    makeStatistics();
    setCentralWidget(withFilterBar(m_tabs));
    m_actions->serve(*m_traffic, m_tabs);
}

QDockWidget *MainWindow::makeDock(const QString &title, const QString &name, QWidget *content, Qt::DockWidgetArea area)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(content);
    addDockWidget(area, dock);
    return dock;
}

void MainWindow::showDock(QLatin1String name)
{
    auto *dock = findChild<QDockWidget *>(name);
    dock->show();
    dock->raise();
}

void MainWindow::makeDocks()
{
    setDockNestingEnabled(true);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    m_objects = new ObjectPanel(m_session);
    m_inspector = new InspectorPanel(m_session);
    m_details = new FrameDetailsView(m_session.names());
    m_workers = new WorkerPanel(m_session, m_actions->startWorker);
    makeDock(u"Objects"_s, dockNames::objects, m_objects, Qt::LeftDockWidgetArea);
    tellWhenCovered(m_inspector, makeDock(u"Inspector"_s, dockNames::inspector, m_inspector, Qt::RightDockWidgetArea));
    makeDock(u"Frame"_s, dockNames::details, m_details, Qt::BottomDockWidgetArea);
    makeDock(u"Workers"_s, dockNames::workers, m_workers, Qt::BottomDockWidgetArea);
    makeInvoke();
    makeProblems();
    makeLearn();
}

void MainWindow::makeStatusBar()
{
    m_message = new QLabel;
    m_serverState = new QLabel;
    m_serverState->setForegroundRole(QPalette::PlaceholderText);
    statusBar()->setSizeGripEnabled(false);
    for (QLabel *label : {m_message, m_serverState})
        label->setContentsMargins(gridUnit, 0, gridUnit, 0);
    statusBar()->addWidget(m_message, 1);
    statusBar()->addPermanentWidget(m_serverState);
    announce(u"Ready"_s);
    showServerState();
}

void MainWindow::linkTraffic()
{
    connect(&m_session.collector(), &TrafficCollector::updated, m_traffic, &TrafficView::refresh);
    connect(&m_session.collector(), &TrafficCollector::updated, m_details,
            [this] { m_details->refresh(m_traffic->frames()); }); // the result may come after its request was selected
    connect(&m_session, &Session::namesChanged, m_traffic, &TrafficView::refresh);
    connect(m_traffic, &TrafficView::currentRowChanged, this, [this](Row row) {
        m_session.selection().selectFrame(row);
        // Not over the conversation, which shows the frame too.
        if (row != noRow && !m_conversation->isInView())
            findChild<QDockWidget *>(dockNames::details)->raise();
    });
    connect(m_details, &FrameDetailsView::frameRequested, &m_session.selection(), &Selection::selectFrame);
    connect(&m_session.selection(), &Selection::frameSelected, this, &MainWindow::showFrame);
    const auto selectObject = [this](quint64 id) { m_session.selection().selectObject({m_session.serverName(), id}); };
    connect(m_traffic, &TrafficView::objectRequested, this, selectObject);
    connect(m_chains, &ChainView::objectSelected, this, selectObject);
    m_traffic->refresh();
}

void MainWindow::linkObjects()
{
    connect(m_objects, &ObjectPanel::invokeRequested, this, &MainWindow::invoke);
    connect(m_objects, &ObjectPanel::attributeRequested, this, [this](const QString &attribute) {
        showDock(dockNames::inspector);
        m_inspector->showAttribute(attribute);
    });
    connect(m_objects, &ObjectPanel::workerRequested, this, [this](const QString &title) {
        showDock(dockNames::workers);
        m_workers->selectWorker(title);
    });
    connect(m_inspector, &InspectorPanel::invokeRequested, this, &MainWindow::invoke);
    connect(m_inspector, &InspectorPanel::announced, this, &MainWindow::announce);
    connect(m_actions->invoke, &QAction::triggered, this, [this] { invoke(); });
    connect(m_actions->invokeInWindow, &QAction::triggered, this, [this] { invokeInWindow(); });
    connect(m_actions->attach, &QAction::triggered, this, &MainWindow::attachToServer);
    connect(m_actions->resetLayout, &QAction::triggered, this, &MainWindow::resetLayout);
    connect(m_actions->shortcuts, &QAction::triggered, this, &MainWindow::showShortcuts);
    connect(m_actions->about, &QAction::triggered, this, &MainWindow::showAbout);
    connect(m_actions->quit, &QAction::triggered, this, &QWidget::close);
    connect(&m_session.objects(), &ObjectWatcher::updated, this, &MainWindow::showChains);
    connect(m_tabs, &QTabWidget::currentChanged, this, &MainWindow::showChains);
    connect(&m_session.objects(), &ObjectWatcher::updated, this, &MainWindow::showServerState);
    connect(&m_session.objects(), &ObjectWatcher::serverGone, this,
            [this](const QString &server, const QString &problem) {
                announce(problem.isEmpty() ? u"The server %1 is gone."_s.arg(server)
                                           : u"The server %1 is gone: %2"_s.arg(server, problem));
            });
    connect(&m_session.selection(), &Selection::objectSelected, this, [this](const ObjectRef &object) {
        m_chains->setCurrentObject(object.server == m_session.serverName() ? object.id : 0);
    });
    connect(&m_session.workers(), &WorkerPool::workerEnded, this,
            [this](const Worker *worker) { announce(u"%1: %2"_s.arg(worker->title(), worker->ending())); });
}

void MainWindow::showFrame(Row row)
{
    if (row != m_traffic->currentRow())
        m_traffic->setCurrentRow(row);
    m_details->showFrame(m_traffic->frames(), row);
    if (m_traffic->frames().contains(row)) {
        const FrameEvent &event = m_traffic->frames().event(row);
        const quint64 object = event.isOfCallback() ? 0 : event.object; // the client's numbers are not the server's
        if (object != 0 && m_session.objects().object({m_session.serverName(), object}))
            m_session.selection().selectObject({m_session.serverName(), object});
    }
}

void MainWindow::showChains()
{
    if (!m_chains->isVisible())
        return; // it compares all objects, which may be many
    m_chains->setObjects(m_session.objects().servers().front().objects, m_session.maxChainLevel());
}

void MainWindow::showServerState()
{
    const ServerSnapshot &local = m_session.objects().servers().front();
    const auto clients = local.connections.size();
    m_serverState->setText(
        u"%1 · %2 objects · %3"_s.arg(local.name, groupedNumber(local.objects.size()),
                                      clients == 1 ? u"1 client"_s : u"%1 clients"_s.arg(groupedNumber(clients))));
}

bool MainWindow::showTab(const QString &name)
{
    for (int index = 0; index < m_tabs->count(); ++index) {
        if (m_tabs->tabText(index).compare(name, Qt::CaseInsensitive) == 0) {
            m_tabs->setCurrentIndex(index);
            return true;
        }
    }
    return false;
}

void MainWindow::announce(const QString &text) { m_message->setText(text); }

void MainWindow::attachToServer()
{
    QStringList names;
    for (const std::string &name : liveServers()) {
        if (name != m_session.serverName().toStdString())
            names += QString::fromStdString(name);
    }
    bool accepted = false;
    const QString name = QInputDialog::getItem(this, u"Attach to a server"_s,
                                               names.isEmpty()
                                                   ? u"No other server runs. Name of a server to wait for:"_s
                                                   : u"Servers that run, or a name to wait for:"_s,
                                               names, 0, true, &accepted);
    if (accepted && !name.trimmed().isEmpty())
        m_session.objects().attach(name.trimmed());
}

void MainWindow::resetLayout()
{
    for (QDockWidget *dock : findChildren<QDockWidget *>())
        dock->setFloating(false);
    restoreState(m_firstLayout, layoutVersion);
    m_session.record().recordEverything();
    m_session.record().setSamplesUnderLoad(true);
    m_session.pins().clear();
    m_objects->columns()->reset();
    for (FlatTable *table : m_statistics->tables())
        table->resetColumns();
    for (QDockWidget *dock : findChildren<QDockWidget *>())
        dock->setVisible(dock->objectName() != dockNames::learn || m_player->lesson() >= 0);
    arrangeDocks(*this);
    announce(u"The layout is as it was at first."_s);
}

void MainWindow::showShortcuts()
{
    auto *dialog = new ShortcutsDialog(
        m_actions->all(), {TrafficView::keyHelp(), SequenceView::keyHelp(), TimelineView::keyHelp()}, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
}

void MainWindow::showAbout()
{
    QMessageBox::about(
        this, u"About Decoy"_s,
        u"<h3>Decoy monitor</h3><p>Shows live objects that processes share, every proxy that is chained from "
        "them and every frame between them, and calls their methods by hand.</p>"
        "<p>The library is under BSD-3-Clause, this monitor under GPL-3.0-or-later.</p>"_s);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveLayout(*this, *m_traffic, *m_objects, *m_statistics);
    QMainWindow::closeEvent(event);
}

} // namespace decoy::ui
