// SPDX-License-Identifier: GPL-3.0-or-later
// What is recorded at all: the tool, the way there from a frame, and what the empty table says about it.
#include "mainwindow/main_window.h"

#include "mainwindow/window_actions.h"
#include "session/frame_request.h"
#include "session/object_watcher.h"
#include "session/record_settings.h"
#include "session/session.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "trace/traffic_collector.h"
#include "views/record_popover.h"
#include "views/sampling_banner.h"
#include "views/traffic_view.h"

#include <decoy/proxy_server.h>

#include <QAction>
#include <QMenu>
#include <QToolBar>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

void MainWindow::makeRecordTool(QToolBar *bar)
{
    bar->addAction(m_actions->record);
    auto *popover = new RecordPopover(m_session, this);
    connect(m_actions->record, &QAction::triggered, popover,
            [bar, popover, this] { popover->openBelow(*bar->widgetForAction(m_actions->record)); });
    RecordSettings &record = m_session.record();
    connect(&record, &RecordSettings::changed, this, [this, &record] {
        announce(record.recordsEverything() ? u"Everything is recorded."_s
                                            : u"Not recorded from now on: %1"_s.arg(record.exceptions()));
        showWhyEmpty();
    });
    connect(&record, &RecordSettings::samplesUnderLoadChanged, this, [this](bool samples) {
        announce(samples ? u"Under load a sample of the calls is recorded."_s
                         : u"All that can be recorded is, even under load. “Sample under load” is under Record."_s);
    });
    auto *banner = new SamplingBanner(m_session.collector());
    banner->addButton(m_actions->recordAll);
    qobject_cast<QVBoxLayout *>(centralWidget()->layout())->insertWidget(0, banner);
    connect(&m_session.collector(), &TrafficCollector::capturingChanged, this, &MainWindow::showWhyEmpty);
    connect(m_traffic, &TrafficView::contextMenuOpening, this, &MainWindow::addRecordAction);
    showWhyEmpty();
}

void MainWindow::showWhyEmpty()
{
    const RecordSettings &record = m_session.record();
    const std::uint64_t skipped = m_session.collector().counts().skipped;
    const QString advice = skipped == 0 ? u"Switched off under Record: %1."_s.arg(record.exceptions())
                                        : u"%1 frames came and were not recorded. Switched off under Record: %2."_s.arg(
                                            groupedNumber(skipped), record.exceptions());
    if (!m_session.collector().isCapturing())
        m_traffic->setEmptyState(u"The capture is stopped"_s, u"No frames are taken from the server."_s,
                                 m_actions->capture);
    else if (record.recordsNothing())
        m_traffic->setEmptyState(u"Nothing is recorded"_s, advice, m_actions->recordEverything);
    else if (skipped > 0 && !record.recordsEverything())
        m_traffic->setEmptyState(u"Nothing that is recorded has come yet"_s, advice, m_actions->recordEverything);
    else
        m_traffic->setEmptyState(u"See what processes say to each other"_s,
                                 u"This window serves objects under the name “%1”. A worker is a process that "
                                 "uses them; every frame between the two appears here."_s.arg(m_session.serverName()),
                                 m_actions->startWorker);
}

void MainWindow::addRecordAction(QMenu *menu, Row row)
{
    const quint64 id = m_traffic->frames().event(row).object;
    if (id == 0 || m_traffic->frames().event(row).isOfCallback())
        return;
    RecordSettings &record = m_session.record();
    const QString title = m_session.names().object(id);
    menu->addSection(u"Record"_s);
    if (!record.recordsObject(id)) {
        menu->addAction(u"Record %1 again"_s.arg(title), &record, [&record, id] { record.recordObject(id); });
        return;
    }
    const ObjectInfo *info = m_session.objects().object({m_session.serverName(), id});
    const bool isPublished = info && !info->name.empty();
    menu->addAction(icon("record-partial"_L1), u"Do not record %1"_s.arg(title), &record,
                    [&record, id, title, isPublished] { record.skipObject(id, title, isPublished); });
}

} // namespace decoy::ui
