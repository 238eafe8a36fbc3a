// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/traffic_view_private.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "trace/frame_names.h"
#include "views/empty_state.h"

#include <QAccessible>
#include <QScrollBar>

#include <algorithm>
#include <limits>
#include <utility>

namespace decoy::ui {

namespace {

/// A call's frames are few; a peer that sends more PENDINGs than this does not get them all highlighted.
constexpr std::size_t mostFramesOfCall = 16;

int clampToInt(std::uint64_t number)
{
    return static_cast<int>(std::min<std::uint64_t>(number, std::numeric_limits<int>::max()));
}

} // namespace

TrafficView::Private::Private(TrafficView &view, const FrameStore &frameStore, const FrameNames &frameNames)
    : q(view), store(frameStore), names(frameNames), fonts(view.font())
{
    lineHeight = std::max(rowHeight, fonts.text.metrics.height() + halfUnit);
    makeHeader();
    empty = new EmptyState(q.viewport());
    jump = new QPushButton(q.viewport());
    jump->setFocusPolicy(Qt::NoFocus); // End does the same
    makePrimary(jump);
    jump->hide();
    QObject::connect(jump, &QPushButton::clicked, &q, [this] {
        q.setFrozen(false);
        q.setFollowing(true);
    });
    jumpTextAge.start();
}

int TrafficView::Private::gapHeight(Row row) const
{
    const bool discardedBefore = row == frames.firstRow() && row != 0;
    return discardedBefore || frames.record(row).lostBefore != 0 ? lineHeight : 0;
}

QString TrafficView::Private::gapText(Row row) const
{
    const std::uint32_t lost = frames.record(row).lostBefore;
    if (row == frames.firstRow() && row != 0)
        return tr("%1 older frames were discarded to stay below the memory cap").arg(groupedNumber(row));
    return tr("%1 frames lost here: they came faster than they could be captured").arg(groupedNumber(lost));
}

std::vector<TrafficView::Private::VisibleRow> TrafficView::Private::visibleRows() const
{
    std::vector<VisibleRow> rows;
    const int bottom = q.viewport()->height();
    int y = 0;
    for (Row row = std::max(top, frames.firstRow()); row < frames.endRow() && y < bottom; ++row) {
        const int gap = gapHeight(row);
        rows.push_back({row, y + gap, gap});
        y += gap + lineHeight;
    }
    return rows;
}

std::optional<TrafficView::Private::VisibleRow> TrafficView::Private::visibleRowAt(int y) const
{
    for (const VisibleRow &visible : visibleRows()) {
        if (y >= visible.top - visible.gapHeight && y < visible.top + lineHeight)
            return visible;
    }
    return {};
}

int TrafficView::Private::rowsPerPage() const { return std::max(1, q.viewport()->height() / lineHeight); }

Row TrafficView::Private::topFor(Row bottom) const
{
    int room = q.viewport()->height() - lineHeight - gapHeight(bottom);
    Row row = bottom;
    while (row > frames.firstRow()) {
        room -= lineHeight + gapHeight(row - 1);
        if (room < 0)
            break;
        --row;
    }
    return row;
}

Row TrafficView::Private::lastTop() const { return frames.isEmpty() ? frames.firstRow() : topFor(frames.endRow() - 1); }

void TrafficView::Private::takeSnapshot()
{
    const std::uint64_t generation = frames.generation();
    frames = store.snapshot();
    if (frames.generation() != generation) {
        marks.clear();
        call.clear();
        anchor = hovered = noRow;
        top = 0;
        if (std::exchange(current, noRow) != noRow)
            Q_EMIT q.currentRowChanged(noRow);
    }
    marks.erase(marks.begin(), marks.lower_bound(frames.firstRow()));
    updateCall();
}

void TrafficView::Private::layOut()
{
    growNumberColumns();
    const Row last = lastTop();
    top = following ? last : std::clamp(top, frames.firstRow(), std::max(last, frames.firstRow()));
    adjustingScrollBars = true;
    q.verticalScrollBar()->setPageStep(rowsPerPage());
    q.verticalScrollBar()->setRange(0, clampToInt(last - frames.firstRow()));
    q.verticalScrollBar()->setValue(clampToInt(top - frames.firstRow()));
    q.horizontalScrollBar()->setPageStep(q.viewport()->width());
    q.horizontalScrollBar()->setSingleStep(doubleUnit);
    q.horizontalScrollBar()->setRange(0, std::max(0, header->length() - q.viewport()->width()));
    adjustingScrollBars = false;
    empty->setVisible(frames.isEmpty());
    updateJumpButton(false);
    q.viewport()->update();
}

void TrafficView::Private::updateJumpButton(bool now)
{
    const std::vector<VisibleRow> rows = visibleRows();
    const Row seen = rows.empty() ? frames.endRow() : rows.back().row + 1;
    const std::uint64_t newer = store.generation() == frames.generation()
        ? store.endRow() - std::min(store.endRow(), seen)
        : 0;
    const bool wanted = frozen || (!following && top < lastTop());
    // A number that changes 30 times a second cannot be read.
    if (wanted && (now || !jump->isVisible() || jumpTextAge.hasExpired(numbersIntervalMs))) {
        jump->setText(frozen ? tr("Frozen · %1 newer · Go on").arg(groupedNumber(newer))
                             : tr("%1 newer · Jump to latest").arg(groupedNumber(newer)));
        jump->resize(jump->sizeHint() + QSize(doubleUnit, 0));
        jump->move(q.viewport()->width() - jump->width() - doubleUnit,
                   q.viewport()->height() - jump->height() - doubleUnit);
        jumpTextAge.restart();
    }
    jump->setVisible(wanted);
}

void TrafficView::Private::scrollTo(Row row)
{
    const std::vector<VisibleRow> rows = visibleRows();
    const bool isWholeRow = std::ranges::any_of(rows, [&](const VisibleRow &visible) {
        return visible.row == row && visible.top + lineHeight <= q.viewport()->height();
    });
    if (!isWholeRow) {
        const auto page = static_cast<Row>(rowsPerPage());
        if (row < top && top - row <= page)
            top = row;
        else if (row >= top && row - top < 2 * page)
            top = topFor(row);
        else
            top = row - std::min(row, page / 2); // far away: show what stands around it
    }
    layOut();
}

void TrafficView::Private::select(Row row, bool extend)
{
    if (!frames.contains(row))
        return;
    q.setFollowing(false);
    const bool changed = row != current;
    current = row;
    if (!extend || anchor == noRow)
        anchor = row;
    updateCall();
    scrollTo(row);
    if (changed) {
        announceCurrent();
        Q_EMIT q.currentRowChanged(row);
    }
}

void TrafficView::Private::moveBy(std::int64_t rows, bool extend)
{
    if (frames.isEmpty())
        return;
    Row from = current;
    if (!frames.contains(from)) {
        // The first key press goes to where the person looks.
        const std::vector<VisibleRow> visible = visibleRows();
        from = visible.empty() ? frames.firstRow() : rows < 0 ? visible.back().row : visible.front().row;
        rows = 0;
    }
    const Row last = frames.endRow() - 1;
    Row to = 0;
    if (rows < 0)
        to = from - std::min<Row>(static_cast<Row>(-rows), from - frames.firstRow());
    else
        to = from + std::min<Row>(static_cast<Row>(rows), last - from);
    select(to, extend);
}

TrafficView::Private::RowRange TrafficView::Private::selection() const
{
    if (!frames.contains(current))
        return {};
    const Row other = frames.contains(anchor) ? anchor : current;
    return {std::min(current, other), std::max(current, other)};
}

void TrafficView::Private::updateCall()
{
    call.clear();
    if (!frames.contains(current))
        return;
    for (Row row = current; row != noRow && call.size() < mostFramesOfCall; row = frames.previousInCall(row))
        call.push_back(row);
    for (Row row = frames.nextInCall(current); row != noRow && call.size() < mostFramesOfCall;
         row = frames.nextInCall(row))
        call.push_back(row);
}

bool TrafficView::Private::isInCurrentCall(Row row) const { return std::ranges::find(call, row) != call.end(); }

void TrafficView::Private::announceCurrent()
{
    q.setAccessibleDescription(TrafficRow(frames, current, names).spoken());
    QAccessibleEvent event(&q, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

} // namespace decoy::ui
