// SPDX-License-Identifier: GPL-3.0-or-later
// Statistics and problems in the main window: what was counted, what stands out, and the way from there to the frames.
#include "mainwindow/main_window.h"

#include "mainwindow/window_actions.h"
#include "mainwindow/window_layout.h"
#include "session/frame_filter.h"
#include "session/session.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "trace/traffic_collector.h"
#include "views/problems_panel.h"
#include "views/statistics_view.h"
#include "views/traffic_view.h"

#include <QDockWidget>
#include <QTabWidget>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

void MainWindow::makeStatistics()
{
    m_statistics = new StatisticsView(m_session.statistics(), m_session.names());
    m_statistics->setEmptyState(
        u"Nothing to count yet"_s,
        u"As soon as a client uses an object, its calls are counted here: how many, how long, how many "
        "failed."_s,
        m_actions->startWorker);
    m_statistics->setFilterAvailable(true);
    m_statistics->setCapturing(m_session.collector().isCapturing());
    m_tabs->addTab(m_statistics, icon("statistics"_L1), u"Statistics"_s);
    connect(&m_session.collector(), &TrafficCollector::capturingChanged, m_statistics, &StatisticsView::setCapturing);
    const auto narrow = [this] { m_statistics->setMatches(m_session.frames(), m_session.filter().rows()); };
    connect(&m_session.filter(), &FrameFilter::rowsChanged, m_statistics, narrow);
    narrow();
    connect(m_statistics, &StatisticsView::frameRequested, this, &MainWindow::goToFrame);
    connect(m_statistics, &StatisticsView::filterRequested, this, [this](const QString &filter) {
        if (m_session.filter().apply(filter))
            m_tabs->setCurrentWidget(m_traffic);
    });
}

void MainWindow::makeProblems()
{
    m_problems = new ProblemsPanel(m_session.problems(), m_session.names());
    QDockWidget *dock = makeDock(m_problems->title(), dockNames::problems, m_problems, Qt::BottomDockWidgetArea);
    connect(m_problems, &ProblemsPanel::titleChanged, dock, &QWidget::setWindowTitle);
    connect(m_problems, &ProblemsPanel::frameRequested, this, &MainWindow::goToFrame);
    connect(m_problems, &ProblemsPanel::objectRequested, this, [this](quint64 id) {
        m_session.selection().selectObject({m_session.serverName(), id});
    });
    connect(&m_session, &Session::namesChanged, m_problems, &ProblemsPanel::refresh);
}

void MainWindow::goToFrame(Row row)
{
    if (row < m_session.frames().firstRow()) {
        announce(u"Frame %1 was given up to make room for newer ones."_s.arg(groupedNumber(row + 1)));
        return;
    }
    selectFrame(row);
}

} // namespace decoy::ui
