// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/worker_panel.h"

#include "models/worker_model.h"
#include "session/session.h"
#include "session/worker_pool.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "views/empty_state.h"
#include "views/flat_table.h"

#include <QAction>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int mostLogLines = 2000;

} // namespace

WorkerPanel::WorkerPanel(Session &session, QAction *startWorker, QWidget *parent)
    : QWidget(parent), m_session(session), m_model(new WorkerModel(session.workers(), this))
{
    auto *left = new QWidget;
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins({});
    leftLayout->setSpacing(0);
    leftLayout->addWidget(makeTools());
    leftLayout->addWidget(makeTable());

    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(left);
    splitter->addWidget(makeLog());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    m_content = splitter;

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_content);

    m_empty = new EmptyState(this);
    m_empty->setTexts(u"No workers yet"_s, u"A worker is a process of its own that uses the objects of this server."_s,
                      startWorker);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &WorkerPanel::showSelectedWorker);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &WorkerPanel::updateActions);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, &WorkerPanel::showSelectedWorker);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int, int last) {
        m_table->setCurrentIndex(m_model->index(last, 0));
        showSelectedWorker();
    });
    showSelectedWorker();
}

QAction *WorkerPanel::makeAction(QLatin1String iconName, const QString &text, const QString &toolTip)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setToolTip(toolTip);
    return action;
}

QWidget *WorkerPanel::makeTools()
{
    m_stop = makeAction("stop"_L1, u"Stop"_s, u"Ask the worker to end (SIGTERM)"_s);
    m_kill = makeAction("kill"_L1, u"Kill"_s, u"End the worker at once (SIGKILL), in the middle of whatever it does"_s);
    m_restart = makeAction("restart"_L1, u"Restart"_s, u"Start the worker again"_s);
    m_clear = makeAction("clear"_L1, u"Clear ended"_s, u"Remove the rows of workers that have ended"_s);
    const auto onSelected = [this](QAction *action, void (Worker::*order)()) {
        connect(action, &QAction::triggered, this, [this, order] {
            if (Worker *worker = selectedWorker())
                (worker->*order)();
        });
    };
    onSelected(m_stop, &Worker::stop);
    onSelected(m_kill, &Worker::kill);
    onSelected(m_restart, &Worker::restart);
    connect(m_clear, &QAction::triggered, &m_session.workers(), &WorkerPool::clearEnded);

    auto *tools = new QWidget;
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins(halfUnit, halfUnit, halfUnit, halfUnit);
    layout->setSpacing(halfUnit);
    for (QAction *action : {m_stop, m_kill, m_restart, m_clear}) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(action->text() + u" worker"_s);
        layout->addWidget(button);
    }
    layout->addStretch();
    return tools;
}

QWidget *WorkerPanel::makeTable()
{
    auto *table = new FlatTable(m_model, u"Workers"_s, {96, 112, 72, 72, 96, 80, 80, 240});
    table->fitColumns({.stretched = WorkerModel::Ending,
                       .narrowest = 208, // "killed by signal 9 (SIGKILL)"
                       .leastFirst = {WorkerModel::Calls, WorkerModel::Load, WorkerModel::Rate, WorkerModel::InFlight,
                                      WorkerModel::Process},
                       .hidden = {}});
    m_table = table;
    return m_table;
}

QWidget *WorkerPanel::makeLog()
{
    m_logTitle = new QLabel;
    m_logTitle->setForegroundRole(QPalette::PlaceholderText);
    m_logTitle->setContentsMargins(gridUnit, 0, gridUnit, 0);
    m_log = new QPlainTextEdit;
    m_log->setReadOnly(true);
    m_log->setAccessibleName(u"Log of the selected worker"_s);
    m_log->setFont(monospaceFont());
    m_log->setFrameShape(QFrame::NoFrame);
    m_log->setWordWrapMode(
        QTextOption::WrapAtWordBoundaryOrAnywhere); // what failed, and why, stands at the end of a line
    m_log->setMaximumBlockCount(mostLogLines);
    m_log->setTabChangesFocus(true);

    auto *pane = new QWidget;
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, halfUnit, 0, 0);
    layout->setSpacing(halfUnit);
    layout->addWidget(m_logTitle);
    layout->addWidget(m_log);
    return pane;
}

void WorkerPanel::selectWorker(const QString &title)
{
    for (int row = 0; row < m_session.workers().count(); ++row) {
        if (m_session.workers().at(row)->title() == title)
            m_table->setCurrentIndex(m_model->index(row, 0));
    }
}

Worker *WorkerPanel::selectedWorker() const
{
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() ? m_session.workers().at(current.row()) : nullptr;
}

void WorkerPanel::showSelectedWorker()
{
    const bool any = m_model->rowCount() > 0;
    m_content->setVisible(any);
    m_empty->setVisible(!any);
    showLogOf(selectedWorker());
    updateActions();
}

void WorkerPanel::showLogOf(Worker *worker)
{
    if (worker == m_shown)
        return;
    m_shown = worker;
    disconnect(m_logConnection);
    m_log->clear();
    m_logTitle->setText(worker ? u"Log of %1"_s.arg(worker->title()) : u"Log"_s);
    if (!worker)
        return;
    for (const QString &line : worker->log())
        m_log->appendPlainText(line);
    m_logConnection = connect(worker, &Worker::logged, m_log, &QPlainTextEdit::appendPlainText);
}

void WorkerPanel::updateActions()
{
    const Worker *worker = selectedWorker();
    const bool alive = worker && worker->isAlive();
    m_stop->setEnabled(alive && worker->state() != WorkerState::Stopping);
    m_kill->setEnabled(alive);
    m_restart->setEnabled(worker != nullptr);
    m_clear->setEnabled(m_session.workers().aliveCount() < m_session.workers().count());
}

} // namespace decoy::ui
