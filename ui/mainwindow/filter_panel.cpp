// SPDX-License-Identifier: GPL-3.0-or-later
// The filter above the tabs, and the way back and forward: where they meet the views.
#include "mainwindow/main_window.h"

#include "mainwindow/window_actions.h"
#include "session/frame_filter.h"
#include "session/navigation_stack.h"
#include "session/session.h"
#include "theme/metrics.h"
#include "views/filter_bar.h"
#include "views/sequence_view.h"
#include "views/traffic_view.h"

#include <QAction>
#include <QHBoxLayout>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace decoy::ui {

QWidget *MainWindow::withFilterBar(QTabWidget *tabs)
{
    m_filterBar = new FilterBar(m_session.filter(), m_session.frames(), m_session.names());
    m_filterBar->setViewedRow([this] { return m_traffic->viewedRow(); });
    auto *centre = new QWidget;
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(withWayBack(m_filterBar));
    layout->addWidget(tabs, 1);
    linkFilter();
    linkNavigation();
    return centre;
}

QWidget *MainWindow::withWayBack(QWidget *bar)
{
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(gridUnit, 0, 0, 0);
    layout->setSpacing(0);
    for (QAction *action : {m_actions->back, m_actions->forward}) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(button->text().remove(u'&'));
        layout->addWidget(button);
    }
    layout->addWidget(bar, 1);
    return row;
}

void MainWindow::linkFilter()
{
    FrameFilter &filter = m_session.filter();
    connect(&filter, &FrameFilter::rowsChanged, m_traffic, [this, &filter] { m_traffic->setMatches(filter.rows()); });
    connect(m_traffic, &TrafficView::frozenChanged, &filter, [this, &filter](bool frozen) {
        if (frozen)
            filter.freeze(m_traffic->frames());
        else
            filter.thaw();
    });
    connect(m_traffic, &TrafficView::filterRequested, m_filterBar, &FilterBar::merge);
    connect(m_sequence, &SequenceView::filterRequested, m_filterBar, &FilterBar::merge);
    connect(m_traffic, &TrafficView::filterClearRequested, m_filterBar, &FilterBar::clear);
    connect(m_filterBar, &FilterBar::left, m_tabs, [this] { m_tabs->currentWidget()->setFocus(); });
    connect(m_actions->filter, &QAction::triggered, m_filterBar, &FilterBar::activate);
    m_traffic->setMatches(filter.rows());
}

void MainWindow::linkNavigation()
{
    NavigationStack &navigation = m_session.navigation();
    connect(m_actions->back, &QAction::triggered, &navigation, &NavigationStack::back);
    connect(m_actions->forward, &QAction::triggered, &navigation, &NavigationStack::forward);
    const auto follow = [this, &navigation] {
        m_actions->back->setEnabled(navigation.canGoBack());
        m_actions->forward->setEnabled(navigation.canGoForward());
    };
    connect(&navigation, &NavigationStack::changed, this, follow);
    follow();
}

} // namespace decoy::ui
