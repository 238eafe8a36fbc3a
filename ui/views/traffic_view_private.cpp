// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/traffic_view_private.h"

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "trace/frame_names.h"
#include "views/empty_state.h"

#include <QAccessible>
#include <QAction>
#include <QScrollBar>

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::Literals::StringLiterals;

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
    makeEmptyStates();
    jump = new QPushButton(q.viewport());
    jump->setFocusPolicy(Qt::NoFocus); // End does the same
    makePrimary(jump);
    jump->hide();
    QObject::connect(jump, &QPushButton::clicked, &q, [this] {
        q.setFrozen(false);
        q.setFollowing(true);
    });
    jumpTextAge.start();
    makeNotice();
}

void TrafficView::Private::makeEmptyStates()
{
    empty = new EmptyState(q.viewport());
    nothingMatches = new EmptyState(q.viewport());
    auto *clear = new QAction(icon("clear"_L1), tr("Clear the filter"), &q);
    QObject::connect(clear, &QAction::triggered, &q, &TrafficView::filterClearRequested);
    nothingMatches->setTexts(tr("No frame matches the filter"),
                             tr("Frames are captured, but the filter above hides all of them."), clear);
    nothingMatches->hide();
}

void TrafficView::Private::makeNotice()
{
    notice = new QPushButton(q.viewport());
    notice->setFocusPolicy(Qt::NoFocus); // the filter bar can be cleared by keyboard
    notice->setToolTip(tr("Clear the filter"));
    notice->hide();
    QObject::connect(notice, &QPushButton::clicked, &q, &TrafficView::filterClearRequested);
}

void TrafficView::Private::updateNotice()
{
    notice->setVisible(q.isCurrentHidden());
    if (!notice->isVisible())
        return;
    notice->setText(tr("≠ Frame %1 is selected, but the filter hides it · Show all").arg(groupedNumber(current + 1)));
    notice->resize(notice->sizeHint() + QSize(doubleUnit, 0));
    notice->move(doubleUnit, q.viewport()->height() - notice->height() - doubleUnit);
    notice->raise();
}

bool TrafficView::Private::isVisible(Row row) const
{
    return std::ranges::any_of(visibleRows(), [&](const VisibleRow &visible) {
        return visible.row == row && visible.top + lineHeight <= q.viewport()->height();
    });
}

int TrafficView::Private::gapHeight(Row row) const
{
    const bool discardedBefore = frames.firstRow() != 0 && row == shown.first();
    return discardedBefore || frames.record(row).lostBefore != 0 ? lineHeight : 0;
}

QString TrafficView::Private::gapText(Row row) const
{
    const std::uint32_t lost = frames.record(row).lostBefore;
    if (frames.firstRow() != 0 && row == shown.first())
        return tr("%1 older frames were given up to make room for newer ones").arg(groupedNumber(frames.firstRow()));
    return tr("%1 frames lost here: they came faster than they could be captured").arg(groupedNumber(lost));
}

std::vector<TrafficView::Private::VisibleRow> TrafficView::Private::visibleRows() const
{
    std::vector<VisibleRow> rows;
    const int bottom = q.viewport()->height();
    int y = 0;
    for (std::uint64_t index = shown.indexOf(top); index < shown.size() && y < bottom; ++index) {
        const Row row = shown.at(index);
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
    int height = q.viewport()->height() - lineHeight - gapHeight(bottom);
    std::uint64_t index = shown.indexOf(bottom);
    while (index > 0) {
        height -= lineHeight + gapHeight(shown.at(index - 1));
        if (height < 0)
            break;
        --index;
    }
    return shown.at(index);
}

Row TrafficView::Private::lastTop() const { return shown.isEmpty() ? frames.firstRow() : topFor(shown.last()); }

void TrafficView::Private::takeSnapshot()
{
    const std::uint64_t generation = frames.generation();
    frames = store.snapshot();
    shown = ShownRows(frames, matches);
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
    const std::uint64_t lastIndex = shown.indexOf(last);
    adjustingScrollBars = true;
    q.verticalScrollBar()->setPageStep(rowsPerPage());
    q.verticalScrollBar()->setRange(0, clampToInt(lastIndex));
    q.verticalScrollBar()->setValue(clampToInt(shown.indexOf(top)));
    q.horizontalScrollBar()->setPageStep(q.viewport()->width());
    q.horizontalScrollBar()->setSingleStep(doubleUnit);
    q.horizontalScrollBar()->setRange(0, std::max(0, header->length() - q.viewport()->width()));
    adjustingScrollBars = false;
    empty->setVisible(frames.isEmpty());
    nothingMatches->setVisible(!frames.isEmpty() && shown.isEmpty());
    updateJumpButton(false);
    updateNotice();
    q.viewport()->update();
}

std::uint64_t TrafficView::Private::newerThan(Row row) const
{
    if (shown.isFiltered()) // of those that come while the view is frozen nobody knows yet whether they match
        return row == noRow ? 0 : shown.size() - 1 - shown.indexOf(row);
    const Row seen = row == noRow ? frames.endRow() : row + 1;
    return store.generation() == frames.generation() ? store.endRow() - std::min(store.endRow(), seen) : 0;
}

void TrafficView::Private::updateJumpButton(bool now)
{
    const std::vector<VisibleRow> rows = visibleRows();
    const std::uint64_t newer = newerThan(rows.empty() ? noRow : rows.back().row);
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
    // A row that is hidden is shown by its place: between those that are above and below it.
    if (!shown.isEmpty() && !isVisible(row)) {
        const auto page = static_cast<std::uint64_t>(rowsPerPage());
        const std::uint64_t index = std::min(shown.indexOf(row), shown.size() - 1);
        const std::uint64_t topIndex = shown.indexOf(top);
        if (index < topIndex && topIndex - index <= page)
            top = shown.at(index);
        else if (index >= topIndex && index - topIndex < 2 * page)
            top = topFor(shown.at(index));
        else
            top = shown.at(index - std::min(index, page / 2)); // far away: show what stands around it
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
    if (shown.isEmpty())
        return;
    Row from = current;
    if (!frames.contains(from)) {
        // The first key press goes to where the person looks.
        const std::vector<VisibleRow> visible = visibleRows();
        from = visible.empty() ? shown.first() : rows < 0 ? visible.back().row : visible.front().row;
        rows = 0;
    }
    const std::uint64_t index = shown.indexOf(from); // of a hidden row: the one below it
    const auto steps = static_cast<std::uint64_t>(rows < 0 ? -rows : rows);
    if (rows < 0)
        return select(shown.at(index - std::min(steps, index)), extend);
    const std::uint64_t down = steps > 0 && !shown.contains(from) ? steps - 1 : steps;
    select(shown.at(std::min(index + down, shown.size() - 1)), extend);
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
    const QString hidden = q.isCurrentHidden() ? tr(", does not match the filter") : QString();
    q.setAccessibleDescription(TrafficRow(frames, current, names).spoken() + hidden);
    QAccessibleEvent event(&q, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

} // namespace decoy::ui
