// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/sequence_view_private.h"

#include "views/empty_state.h"
#include "views/jump_button.h"

#include <QEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace decoy::ui {

SequenceView::SequenceView(const FrameStore &store, const FrameNames &names, TimelineBuilder &builder, QWidget *parent)
    : QAbstractScrollArea(parent), d(std::make_unique<Private>(*this, store, names, builder))
{
    setAccessibleName(tr("Sequence"));
    setAccessibleDescription(tr("Frames as arrows between the server and its clients"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // so that the lanes do not jump when the first page is full
    viewport()->setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::Base);
    setEmptyState(tr("No frames yet"), tr("As soon as a client uses an object, its calls appear here as arrows."));
}

SequenceView::~SequenceView() = default;

void SequenceView::refresh()
{
    if (!isVisible())
        return; // showEvent() looks
    if (d->frozen)
        return d->updateJumpButton();
    d->takeSnapshot();
    d->builder.follow(d->frames);
    d->layOut();
}

void SequenceView::setServerName(const QString &name)
{
    d->serverName = name;
    viewport()->update();
}

void SequenceView::setEmptyState(const QString &cause, const QString &advice, QAction *action)
{
    d->empty->setTexts(cause, advice, action);
}

bool SequenceView::isFollowing() const noexcept { return d->following; }

void SequenceView::setFollowing(bool follow)
{
    if (std::exchange(d->following, follow) == follow)
        return;
    d->layOut();
    Q_EMIT followingChanged(follow);
}

void SequenceView::setFrozen(bool frozen)
{
    if (std::exchange(d->frozen, frozen) == frozen)
        return;
    if (frozen && d->frames.isEmpty())
        d->takeSnapshot(); // frozen before it was ever looked at: show what there is now
    refresh();
    d->updateJumpButton();
}

Row SequenceView::currentRow() const noexcept { return d->current; }

void SequenceView::setCurrentRow(Row row)
{
    if (row == d->current)
        return;
    if (row == noRow) {
        d->current = noRow;
        d->updateCall();
        viewport()->update();
        Q_EMIT currentRowChanged(noRow);
        return;
    }
    if (!isVisible()) { // showEvent() brings it into view
        d->current = row;
        d->following = false;
        Q_EMIT currentRowChanged(row);
        return;
    }
    if (!d->frames.contains(row) && !d->frozen)
        d->takeSnapshot(); // it may be newer than what is shown
    d->select(row);
}

void SequenceView::goToNextInCall()
{
    if (const Row next = d->frames.nextInCall(d->current); next != noRow)
        d->select(next);
}

void SequenceView::goToPreviousInCall()
{
    if (const Row previous = d->frames.previousInCall(d->current); previous != noRow)
        d->select(previous);
}

void SequenceView::setMatches(std::shared_ptr<const MatchingRows> matches)
{
    const bool keepsCurrent = !d->following && !arrow(d->current).isNull();
    d->matches = std::move(matches);
    d->shown = ShownRows(d->frames, d->matches);
    d->layOut();
    if (keepsCurrent && isVisible() && d->shown.contains(d->current))
        d->scrollTo(d->current);
}

const std::vector<std::int32_t> &SequenceView::clients() const noexcept { return d->layout.clients; }

QLine SequenceView::arrow(Row row) const
{
    if (!d->frames.contains(row) || !d->shown.contains(row))
        return {};
    const std::uint64_t index = d->shown.indexOf(row);
    if (index < d->topIndex() || index >= d->endIndex())
        return {};
    return SequencePainter::arrowLine(d->layout, d->frames.event(row), d->topOf(index));
}

quint64 SequenceView::rowsDecoded() const noexcept { return d->decoded; }

void SequenceView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    if (d->shown.isEmpty())
        return;
    SequencePainter sequence(painter, d->layout, palette(), d->fonts);
    d->paintRows(sequence);
    d->paintHead(sequence);
    if (hasFocus() && !d->frames.contains(d->current)) {
        // Without a current row nothing else says that the keys go here.
        painter.setPen(palette().color(QPalette::Link));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
}

void SequenceView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    d->layOut();
}

void SequenceView::showEvent(QShowEvent *event)
{
    QAbstractScrollArea::showEvent(event);
    refresh();
    d->layOut(); // also if it is frozen
    if (d->frames.contains(d->current) && !d->following)
        d->scrollTo(d->current);
}

void SequenceView::hideEvent(QHideEvent *event)
{
    QAbstractScrollArea::hideEvent(event);
    if (d->frozen)
        return;
    d->frames = {};
    d->shown = {};
}

void SequenceView::scrollContentsBy(int, int)
{
    if (d->adjustingScrollBars)
        return;
    d->layout.offset = horizontalScrollBar()->value();
    if (d->shown.isEmpty())
        return;
    const auto index = static_cast<std::uint64_t>(verticalScrollBar()->value());
    const Row top = d->shown.at(std::min(index, d->shown.size() - 1));
    if (std::exchange(d->top, top) != top) // who scrolls up wants to read; who scrolls to the end wants to follow
        setFollowing(verticalScrollBar()->value() == verticalScrollBar()->maximum());
    d->takeLanes();
    d->updateJumpButton();
    viewport()->update();
}

void SequenceView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        d->fonts = TrafficFonts(font());
        d->updateRowHeight();
        d->layout.numberWidth = d->layout.timeWidth = 0;
        d->layOut();
    }
}

} // namespace decoy::ui
