// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/timeline_view_private.h"

#include "theme/fonts.h"
#include "trace/frame_names.h"
#include "views/empty_state.h"
#include "views/frame_essentials.h"
#include "views/jump_button.h"
#include "views/timeline_painter.h"
#include "views/traffic_columns.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Room behind the newest frame, so that it does not stick to the edge.
constexpr double roomAtTheEnd = 0.04;
/// How far from a call, in pixels, a click still means it.
constexpr int reach = gridUnit;

QString secondsText(std::int64_t nanoseconds)
{
    QString text = QString::number(static_cast<double>(nanoseconds) / 1e9, 'f', 9);
    while (text.endsWith(u'0'))
        text.chop(1);
    if (text.endsWith(u'.'))
        text.chop(1);
    return text + u's';
}

} // namespace

TimelineView::Private::Private(TimelineView &view, const FrameStore &frameStore, const FrameNames &frameNames,
                               TimelineBuilder &timelineBuilder)
    : q(view), store(frameStore), names(frameNames), builder(timelineBuilder), timeline(builder.current()),
      fonts(view.font())
{
    empty = new EmptyState(q.viewport());
    nothingMatches = new EmptyState(q.viewport());
    nothingMatches->setTexts(tr("No call matches the filter"), tr("Change it above, or clear it, to see calls again."));
    nothingMatches->hide();
    jump = new JumpButton(q.viewport());
    makeSpanBar();
    QObject::connect(jump, &QPushButton::clicked, &q, [this] {
        setMode(Mode::Following);
        if (frozen)
            Q_EMIT q.goOnRequested();
    });
    QObject::connect(&builder, &TimelineBuilder::advanced, &q, [this] { layOut(); });
}

void TimelineView::Private::makeSpanBar()
{
    spanBar = new QFrame(q.viewport());
    spanBar->setAutoFillBackground(true);
    spanBar->setFrameShape(QFrame::StyledPanel);
    spanLabel = new QLabel;
    auto *zoomIn = new QPushButton(tr("Zoom in"));
    zoomIn->setToolTip(tr("Show the span alone (Enter)"));
    auto *filter = new QPushButton(tr("Filter frames"));
    filter->setToolTip(tr("Show only the frames of this span"));
    auto *close = new QPushButton(tr("Clear"));
    close->setToolTip(tr("Forget the span (Escape)"));
    auto *row = new QHBoxLayout(spanBar);
    row->setContentsMargins(gridUnit, halfUnit, gridUnit, halfUnit);
    row->setSpacing(gridUnit);
    for (QWidget *widget : std::initializer_list<QWidget *>{spanLabel, zoomIn, filter, close})
        row->addWidget(widget);
    QObject::connect(zoomIn, &QPushButton::clicked, &q, [this] {
        const Span wanted = *span;
        q.clearSpan();
        q.showSpan(wanted.first, wanted.second);
    });
    QObject::connect(filter, &QPushButton::clicked, &q, [this] { Q_EMIT q.filterRequested(spanFilter()); });
    QObject::connect(close, &QPushButton::clicked, &q, &TimelineView::clearSpan);
    spanBar->hide();
}

void TimelineView::Private::takeSnapshot()
{
    frames = store.snapshot();
    if (std::exchange(generation, frames.generation()) == frames.generation())
        return;
    span.reset();
    updateSpanBar();
    setMode(Mode::Following);
    if (std::exchange(current, noRow) != noRow)
        Q_EMIT q.currentRowChanged(noRow);
}

void TimelineView::Private::follow() { activeBuilder().follow(frames, matches); }

void TimelineView::Private::layOut()
{
    if (!q.isVisible())
        return; // showEvent() looks
    if (!frozen || filtered
        || timeline->endRow < frames.endRow()) // a view that was just frozen may wait for the last frames
        timeline = activeBuilder().current();
    if (timeline->generation != frames.generation()) // the builder has not come to what was cleared yet
        timeline = std::make_shared<const TimelineSnapshot>();
    layout.width = q.viewport()->width();
    layout.height = q.viewport()->height();
    layout.scale.setPixels(TimelineLayout::nameWidth, layout.width - TimelineLayout::nameWidth);
    layout.setLanes(*timeline);
    TimelineScale &scale = layout.scale;
    if (mode == Mode::Fitted) {
        const std::int64_t oldest = std::max<std::int64_t>(0, timeline->oldest - timeline->origin);
        const auto room = static_cast<std::int64_t>(static_cast<double>(newest() - oldest) * roomAtTheEnd);
        scale.setSpan(oldest - room / 4, newest() + std::max<std::int64_t>(room, TimelineScale::shortest));
    } else if (mode == Mode::Following) {
        const auto room = static_cast<std::int64_t>(static_cast<double>(scale.span()) * roomAtTheEnd);
        const std::int64_t end = std::max(newest() + room, scale.span());
        scale.setSpan(end - scale.span(), end);
    }
    adjustingScrollBars = true;
    q.verticalScrollBar()->setPageStep(std::max(0, layout.height - TimelineLayout::headHeight));
    q.verticalScrollBar()->setSingleStep(gridUnit * 3);
    q.verticalScrollBar()->setRange(0, std::max(0, layout.lanesHeight() + TimelineLayout::headHeight - layout.height));
    layout.offset = q.verticalScrollBar()->value();
    adjustingScrollBars = false;
    empty->setVisible(timeline->isEmpty() && !matches);
    nothingMatches->setVisible(timeline->isEmpty() && matches);
    updateJumpButton();
    updateSpanBar();
    q.viewport()->update();
}

void TimelineView::Private::setMode(Mode wanted)
{
    const bool wasFollowing = q.isFollowing();
    mode = wanted;
    layOut();
    if (wasFollowing != q.isFollowing())
        Q_EMIT q.followingChanged(q.isFollowing());
}

void TimelineView::Private::updateJumpButton()
{
    const bool isBehind = mode == Mode::Still && newest() > layout.scale.to();
    if (!timeline->isEmpty() && (frozen || isBehind))
        jump->offer(0, frozen);
    else
        jump->withdraw();
}

void TimelineView::Private::updateSpanBar()
{
    spanBar->setVisible(span.has_value() && drag == Drag::None);
    if (!spanBar->isVisible())
        return;
    spanLabel->setText(tr("%1 selected").arg(durationText(span->second - span->first)));
    spanBar->adjustSize();
    const int middle = static_cast<int>(std::clamp((layout.scale.x(span->first) + layout.scale.x(span->second)) / 2,
                                                   0.0, static_cast<double>(layout.width)));
    const int left = std::max(layout.scale.left(), layout.width - spanBar->width() - gridUnit);
    spanBar->move(std::clamp(middle - spanBar->width() / 2, layout.scale.left(), left),
                  TimelineLayout::headHeight + gridUnit);
}

QString TimelineView::Private::spanFilter() const
{
    return u"time >= %1 && time <= %2"_s.arg(secondsText(span->first), secondsText(span->second));
}

QString TimelineView::Private::laneName(std::size_t lane) const
{
    const TimelineLaneKey &key = timeline->lanes[lane].key();
    const QString process = names.process(key.process);
    const auto sameProcess = std::ranges::count_if(
        timeline->lanes, [&key](const TimelineLane &other) { return other.key().process == key.process; });
    // A process usually has one channel; only where there are more do they need telling apart.
    return sameProcess == 1 ? process : tr("%1 · channel %2").arg(process).arg(key.connection);
}

std::size_t TimelineView::Private::laneOf(Row row) const
{
    if (!frames.contains(row))
        return timeline->lanes.size();
    const FrameEvent &event = frames.event(row);
    const TimelineLaneKey key{event.connection, event.process, event.lane};
    const auto found = std::ranges::find(timeline->lanes, key, &TimelineLane::key);
    return static_cast<std::size_t>(found - timeline->lanes.begin());
}

std::optional<FoundTimelineCall> TimelineView::Private::callAt(QPoint position) const
{
    const std::size_t lane = layout.laneAt(position.y());
    if (lane >= timeline->lanes.size() || position.x() < layout.scale.left())
        return {};
    const std::int64_t time = layout.scale.time(position.x() + 0.5) + timeline->origin;
    std::optional<FoundTimelineCall> call = timeline->lanes[lane].nearest(time);
    if (!call)
        return {};
    const double left = layout.scale.x(call->start - timeline->origin) - reach;
    const double right = layout.scale.x(call->end - timeline->origin) + reach;
    return position.x() >= left && position.x() <= right ? call : std::nullopt;
}

Row TimelineView::Private::nearerFrame(const FoundTimelineCall &call, std::int64_t time) const
{
    const Row request = frames.partner(call.row);
    const bool isNearStart = std::abs(time - call.start) < std::abs(call.end - time);
    return isNearStart && request != noRow ? request : call.row;
}

Row TimelineView::Private::openCallAt(std::size_t lane, std::int64_t time) const
{
    Row row = noRow;
    for (const OpenTimelineCall &call : timeline->lanes[lane].open()) {
        if (call.start <= time && time <= timeline->newest)
            row = call.row; // the youngest that waits there
    }
    return row;
}

Row TimelineView::Private::frameAt(QPoint position) const
{
    const std::size_t lane = layout.laneAt(position.y());
    if (lane >= timeline->lanes.size() || position.x() < layout.scale.left())
        return noRow;
    const std::int64_t time = layout.scale.time(position.x() + 0.5) + timeline->origin;
    if (const auto call = callAt(position))
        return nearerFrame(*call, time);
    if (const Row open = openCallAt(lane, time); open != noRow)
        return open;
    const auto nearest = timeline->lanes[lane].nearest(time);
    return nearest ? nearerFrame(*nearest, time) : noRow;
}

QString TimelineView::Private::toolTip(QPoint position) const
{
    const std::size_t lane = layout.laneAt(position.y());
    if (lane >= timeline->lanes.size())
        return {};
    if (position.x() < layout.scale.left())
        return tr("%1\n%2 calls, %3 errors")
            .arg(laneName(lane), groupedNumber(timeline->lanes[lane].total().count),
                 groupedNumber(timeline->lanes[lane].total().errors));
    const std::int64_t time = layout.scale.time(position.x()) + timeline->origin;
    const std::int64_t next = layout.scale.time(position.x() + 1) + timeline->origin;
    const CallSummary sum = timeline->lanes[lane].summary(time, next);
    if (sum.count > 1) {
        return tr("%1\n%2 calls, %3 errors\nlatency %4 to %5\nlevel %6 to %7")
            .arg(laneName(lane), groupedNumber(sum.count), groupedNumber(sum.errors), durationText(sum.minLatency),
                 durationText(sum.maxLatency))
            .arg(sum.minLevel)
            .arg(sum.maxLevel);
    }
    const auto call = callAt(position);
    const Row row = call ? call->row : openCallAt(lane, time);
    return frames.contains(row) ? frameEssentials(frames, row, names) : QString();
}

void TimelineView::Private::bringIntoView(Row row)
{
    const std::int64_t time = frames.event(row).time - frames.origin();
    TimelineScale &scale = layout.scale;
    if (time < scale.from() || time > scale.to()) {
        scale.moveBy(time - (scale.from() + scale.span() / 2));
        setMode(Mode::Still);
    } else if (mode == Mode::Following) {
        setMode(Mode::Still); // what was chosen must not run away
    }
    const std::size_t lane = laneOf(row);
    if (lane >= layout.lanes.size())
        return;
    const QRect rect = layout.laneRect(lane);
    if (rect.top() < TimelineLayout::headHeight || rect.bottom() > layout.height)
        q.verticalScrollBar()->setValue(layout.lanes[lane].top);
}

void TimelineView::Private::select(Row row)
{
    if (!frames.contains(row))
        return;
    const bool changed = std::exchange(current, row) != row;
    bringIntoView(row);
    q.viewport()->update();
    if (!changed)
        return;
    q.setAccessibleDescription(TrafficRow(frames, row, names).spoken());
    QAccessibleEvent event(&q, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
    Q_EMIT q.currentRowChanged(row);
}

void TimelineView::Private::moveInLane(int step)
{
    if (timeline->isEmpty())
        return;
    const std::size_t lane = laneOf(current);
    const std::int64_t middle = layout.scale.from() + layout.scale.span() / 2 + timeline->origin;
    if (lane >= timeline->lanes.size()) { // the first key press goes to where the person looks
        const auto nearest = timeline->lanes[layout.laneAt(TimelineLayout::headHeight)].nearest(middle);
        return nearest ? select(nearest->row) : void();
    }
    const bool isResult = frames.event(current).isAnswer();
    const Row result = isResult ? current : frames.partner(current);
    if (result == noRow)
        return;
    if (const auto next = timeline->lanes[lane].neighbour(result, frames.event(result).time, step))
        select(next->row);
}

void TimelineView::Private::moveToLane(int step)
{
    const auto count = static_cast<int>(timeline->lanes.size());
    const std::size_t lane = laneOf(current);
    if (lane >= timeline->lanes.size())
        return moveInLane(step);
    const std::int64_t time = frames.event(current).time;
    for (int next = static_cast<int>(lane) + step; next >= 0 && next < count; next += step) {
        if (const auto nearest = timeline->lanes[static_cast<std::size_t>(next)].nearest(time))
            return select(nearest->row);
    }
}

void TimelineView::Private::moveOverviewTo(int x)
{
    const QRect area = layout.overviewRect();
    const double part = std::clamp(static_cast<double>(x - area.left()) / std::max(1, area.width()), 0.0, 1.0);
    const auto middle = static_cast<std::int64_t>(part * static_cast<double>(newest()));
    layout.scale.moveBy(middle - (layout.scale.from() + layout.scale.span() / 2));
    setMode(Mode::Still);
}

void TimelineView::Private::selectSpan(int x, int otherX)
{
    const auto timeAt = [this](int pixel) {
        return std::max<std::int64_t>(0,
                                      layout.scale.time(std::clamp(pixel, layout.scale.left(), layout.scale.right())));
    };
    span = std::minmax(timeAt(x), timeAt(otherX));
}

void TimelineView::Private::paintSelection(TimelinePainter &painter) const
{
    if (!frames.contains(current))
        return;
    const FrameEvent &event = frames.event(current);
    const Row partner = frames.partner(current);
    const std::size_t lane = laneOf(current);
    if (lane < timeline->lanes.size() && partner != noRow) {
        const FrameEvent &result = event.isAnswer() ? event : frames.event(partner);
        painter.paintSelectedCall(lane, result.time - result.latency, result.time);
    }
    painter.paintSelectedTime(event.time);
}

} // namespace decoy::ui
