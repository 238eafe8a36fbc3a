// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/timeline_view_private.h"

#include "views/empty_state.h"
#include "views/jump_button.h"
#include "views/timeline_painter.h"
#include "views/traffic_columns.h"

#include <QEvent>
#include <QPainter>
#include <QScrollBar>

#include <utility>

namespace decoy::ui {

TimelineView::TimelineView(const FrameStore &store, const FrameNames &names, TimelineBuilder &builder, QWidget *parent)
    : QAbstractScrollArea(parent), d(std::make_unique<Private>(*this, store, names, builder))
{
    setAccessibleName(tr("Timeline"));
    setAccessibleDescription(tr("When each client called, for how long, and how deep in a chain"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // the overview does it
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    viewport()->setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::Base);
    setEmptyState(tr("No calls yet"), tr("As soon as a client uses an object, its calls appear here over time."));
}

TimelineView::~TimelineView() = default;

void TimelineView::refresh()
{
    if (!isVisible())
        return; // showEvent() looks
    if (d->frozen)
        return d->updateJumpButton();
    d->takeSnapshot();
    d->follow();
    d->layOut();
}

void TimelineView::setMaxChainLevel(int level)
{
    d->maxLevel = level;
    viewport()->update();
}

void TimelineView::setMatches(std::shared_ptr<const RowSet> matches)
{
    d->matches = std::move(matches);
    if (!d->matches) {
        d->filtered.reset();
    } else if (!d->filtered) {
        d->filtered = std::make_unique<TimelineBuilder>();
        connect(d->filtered.get(), &TimelineBuilder::advanced, this, [this] { d->layOut(); });
    }
    if (!isVisible())
        return; // showEvent() looks
    d->follow();
    d->timeline = d->activeBuilder().current();
    d->layOut();
}

void TimelineView::setEmptyState(const QString &cause, const QString &advice, QAction *action)
{
    d->empty->setTexts(cause, advice, action);
}

bool TimelineView::isFollowing() const noexcept { return d->mode != Private::Mode::Still; }

void TimelineView::setFollowing(bool follow)
{
    if (follow != isFollowing())
        d->setMode(follow ? Private::Mode::Following : Private::Mode::Still);
}

void TimelineView::setFrozen(bool frozen)
{
    if (std::exchange(d->frozen, frozen) == frozen)
        return;
    if (frozen && d->frames.isEmpty()) { // frozen while hidden: show what there is now
        d->takeSnapshot();
        d->follow();
    }
    refresh();
    d->updateJumpButton();
}

std::int64_t TimelineView::from() const noexcept { return d->layout.scale.from(); }

std::int64_t TimelineView::to() const noexcept { return d->layout.scale.to(); }

void TimelineView::showSpan(std::int64_t from, std::int64_t to)
{
    d->layout.scale.setSpan(from, to);
    d->setMode(Private::Mode::Still);
}

void TimelineView::fit() { d->setMode(Private::Mode::Fitted); }

void TimelineView::zoom(double factor, int x)
{
    // At the newest frame one stays there: only the span changes.
    const bool keepsFollowing = d->mode == Private::Mode::Following;
    d->layout.scale.zoomAt(x, factor);
    d->setMode(keepsFollowing ? Private::Mode::Following : Private::Mode::Still);
}

void TimelineView::pan(double part)
{
    d->layout.scale.moveBy(static_cast<std::int64_t>(part * static_cast<double>(d->layout.scale.span())));
    d->setMode(Private::Mode::Still);
}

std::optional<std::pair<std::int64_t, std::int64_t>> TimelineView::selectedSpan() const { return d->span; }

void TimelineView::clearSpan()
{
    d->span.reset();
    d->updateSpanBar();
    viewport()->update();
    setFocus();
}

Row TimelineView::currentRow() const noexcept { return d->current; }

void TimelineView::setCurrentRow(Row row)
{
    if (row == d->current)
        return;
    if (row == noRow) {
        d->current = noRow;
        viewport()->update();
        Q_EMIT currentRowChanged(noRow);
        return;
    }
    if (!isVisible()) { // showEvent() brings it into view
        d->current = row;
        d->mode = Private::Mode::Still;
        Q_EMIT currentRowChanged(row);
        return;
    }
    if (!d->frames.contains(row) && !d->frozen)
        d->takeSnapshot(); // it may be newer than what is shown
    d->select(row);
}

void TimelineView::goToNextInCall() { d->select(d->frames.nextInCall(d->current)); }

void TimelineView::goToPreviousInCall() { d->select(d->frames.previousInCall(d->current)); }

const TimelineSnapshot &TimelineView::timeline() const noexcept { return *d->timeline; }

QRect TimelineView::latencyRect(std::size_t lane) const { return d->layout.latencyRect(lane); }

QRect TimelineView::levelRect(std::size_t lane, int level) const { return d->layout.levelRect(lane, level); }

void TimelineView::paintEvent(QPaintEvent *)
{
    if (d->timeline->isEmpty())
        return;
    QPainter painter(viewport());
    TimelinePainter timeline(painter, d->layout, *d->timeline, palette(), d->fonts, d->maxLevel);
    timeline.paintGrid();
    for (std::size_t lane = 0; lane < d->layout.lanes.size(); ++lane) {
        const QRect rect = d->layout.laneRect(lane);
        if (rect.bottom() >= TimelineLayout::headHeight && rect.top() < d->layout.height)
            timeline.paintLane(lane, d->laneName(lane), laneText(d->timeline->lanes[lane].key().way));
    }
    if (d->span)
        timeline.paintSpan(d->span->first, d->span->second);
    d->paintSelection(timeline);
    timeline.paintRuler(d->pointed);
    timeline.paintOverview();
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Link));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
}

void TimelineView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    d->layOut();
}

void TimelineView::showEvent(QShowEvent *event)
{
    QAbstractScrollArea::showEvent(event);
    refresh();
    d->layOut(); // also if it is frozen
    if (d->frames.contains(d->current) && !isFollowing())
        d->bringIntoView(d->current);
}

void TimelineView::hideEvent(QHideEvent *event)
{
    QAbstractScrollArea::hideEvent(event);
    if (!d->frozen)
        d->frames = {};
}

void TimelineView::scrollContentsBy(int, int)
{
    if (d->adjustingScrollBars)
        return;
    d->layout.offset = verticalScrollBar()->value();
    viewport()->update();
}

void TimelineView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        d->fonts = TrafficFonts(font());
        d->layOut();
    }
}

} // namespace decoy::ui
