// SPDX-License-Identifier: GPL-3.0-or-later
// The sequence diagram and the timeline in the main window: the same frames, selection and freezing as the table's.
#include "mainwindow/main_window.h"

#include "mainwindow/window_actions.h"
#include "session/frame_filter.h"
#include "session/session.h"
#include "theme/icons.h"
#include "trace/timeline_builder.h"
#include "trace/traffic_collector.h"
#include "views/sequence_view.h"
#include "views/timeline_view.h"
#include "views/traffic_view.h"

#include <QTabWidget>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

void MainWindow::makeSequence()
{
    auto *builder = new TimelineBuilder(this);
    m_sequence = new SequenceView(m_session.frames(), m_session.names(), *builder);
    m_sequence->setServerName(m_session.serverName());
    m_sequence->setEmptyState(u"No arrows yet"_s,
                              u"Each process gets a lifeline, and each frame an arrow between two of them."_s,
                              m_actions->startWorker);
    m_timeline = new TimelineView(m_session.frames(), m_session.names(), *builder);
    m_timeline->setMaxChainLevel(m_session.maxChainLevel());
    m_timeline->setEmptyState(u"No calls yet"_s,
                              u"Each client gets a lane: how long its calls take, and how deep in a chain they go."_s,
                              m_actions->startWorker);
    m_tabs->addTab(m_sequence, icon("sequence"_L1), u"Sequence"_s);
    m_tabs->addTab(m_timeline, icon("timeline"_L1), u"Timeline"_s);
    linkToTraffic(m_sequence);
    linkToTraffic(m_timeline);
    const auto narrow = [this] {
        m_sequence->setMatches(m_session.filter().rows());
        m_timeline->setMatches(m_session.filter().rows());
    };
    connect(&m_session.filter(), &FrameFilter::rowsChanged, m_sequence, narrow);
    narrow();
    // A view that is hidden looks when it is shown; until then, calls of frames that were cleared would keep their memory.
    connect(&m_session.collector(), &TrafficCollector::updated, builder, [this, builder] {
        const FrameStore &frames = m_session.frames();
        if (!m_traffic->isFrozen() && builder->current()->generation != frames.generation())
            builder->follow(frames.snapshot());
    });
    connect(m_timeline, &TimelineView::filterRequested, this, [this](const QString &filter) {
        if (m_session.filter().apply(filter))
            m_tabs->setCurrentWidget(m_traffic);
    });
}

template <typename View>
void MainWindow::linkToTraffic(View *view)
{
    connect(&m_session.collector(), &TrafficCollector::updated, view, &View::refresh);
    connect(&m_session, &Session::namesChanged, view, &View::refresh);
    connect(view, &View::currentRowChanged, &m_session.selection(), &Selection::selectFrame);
    connect(&m_session.selection(), &Selection::frameSelected, view, &View::setCurrentRow);
    connect(m_traffic, &TrafficView::frozenChanged, view, &View::setFrozen);
    connect(view, &View::goOnRequested, m_traffic, [this] { m_traffic->setFrozen(false); });
}

} // namespace decoy::ui
