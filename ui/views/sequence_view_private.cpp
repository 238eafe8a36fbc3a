// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/sequence_view_private.h"

#include "theme/fonts.h"
#include "trace/frame_names.h"
#include "views/empty_state.h"
#include "views/frame_essentials.h"
#include "views/jump_button.h"

#include <QAccessible>
#include <QScrollBar>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// A call's frames are few; a peer that sends more PENDINGs than this does not get them all highlighted.
constexpr std::size_t mostFramesOfCall = 16;

/// Heights of a row, from "the shape of a second" to comfortable.
constexpr std::array rowHeights = {4, 8, 12, 16, 20, 24, 28, 32, 40};
constexpr int usualTextHeight = 18;

/// Silence that is worth a break in the picture.
constexpr std::int64_t longGap = 250'000'000;
/// Widest viewport that leaves out the column of gaps.
constexpr int narrowView = gridUnit * 88;

int clampToInt(std::uint64_t number)
{
    return static_cast<int>(std::min<std::uint64_t>(number, std::numeric_limits<int>::max()));
}

bool isProblem(const FrameEvent &event) { return event.isFailed() || event.isLost(); }

} // namespace

SequenceView::Private::Private(SequenceView &view, const FrameStore &frameStore, const FrameNames &frameNames,
                               TimelineBuilder &timelineBuilder)
    : q(view), store(frameStore), names(frameNames), builder(timelineBuilder), timeline(builder.current()),
      fonts(view.font()), serverName(tr("server"))
{
    updateRowHeight();
    empty = new EmptyState(q.viewport());
    nothingMatches = new EmptyState(q.viewport());
    nothingMatches->setTexts(tr("No frame matches the filter"),
                             tr("Change it above, or clear it, to see arrows again."));
    nothingMatches->hide();
    jump = new JumpButton(q.viewport());
    QObject::connect(jump, &QPushButton::clicked, &q, [this] {
        q.setFollowing(true);
        if (frozen)
            Q_EMIT q.goOnRequested();
    });
    QObject::connect(&builder, &TimelineBuilder::advanced, &q, [this] {
        if (!frozen && q.isVisible()) {
            takeLanes();
            layOut();
        }
    });
}

void SequenceView::Private::takeSnapshot()
{
    frames = store.snapshot();
    shown = ShownRows(frames, matches);
    if (std::exchange(generation, frames.generation()) != frames.generation()) {
        call.clear();
        hovered = noRow;
        top = 0;
        layout.numberWidth = layout.timeWidth = 0;
        if (std::exchange(current, noRow) != noRow)
            Q_EMIT q.currentRowChanged(noRow);
    }
    updateCall();
}

void SequenceView::Private::takeLanes()
{
    timeline = builder.current();
    layout.clients.clear();
    if (timeline->generation == frames.generation())
        layout.clients = timeline->processes();
    // Frames that the builder has not seen yet: whoever is not known comes last, as it does there.
    for (std::uint64_t index = std::max(topIndex(), shown.indexOf(timeline->endRow)); index < endIndex(); ++index) {
        const std::int32_t process = frames.event(shown.at(index)).process;
        if (layout.clientOf(process) == layout.clients.size())
            layout.clients.push_back(process);
    }
}

void SequenceView::Private::updateGutter()
{
    // Numbers grow; columns that shrank with them would jump about.
    const auto column = [](const TrafficFonts::Face &face, const QString &text) {
        return face.widthOf(text) + 2 * gridUnit;
    };
    const std::int64_t newest = frames.isEmpty() ? 0 : frames.event(frames.endRow() - 1).time - frames.origin();
    layout.numberWidth = std::max({layout.numberWidth, column(fonts.tabular, groupedNumber(frames.endRow())),
                                   column(fonts.tabular, groupedNumber(8888))});
    layout.timeWidth = std::max(
        {layout.timeWidth, column(fonts.tabular, relativeTimeText(newest)), column(fonts.tabular, u"88.888888 s"_s)});
    layout.gapWidth = layout.width > narrowView ? column(fonts.tabular, u"+888 ms"_s) + gridUnit : 0;
}

void SequenceView::Private::layOut()
{
    if (!q.isVisible())
        return; // showEvent() looks; the place where the person was is kept until then
    layout.width = q.viewport()->width();
    layout.height = q.viewport()->height();
    updateGutter();
    const Row last = lastTop();
    top = following ? last : std::clamp(top, frames.firstRow(), std::max(last, frames.firstRow()));
    takeLanes();
    updateScrollBars();
    empty->setVisible(frames.isEmpty());
    nothingMatches->setVisible(!frames.isEmpty() && shown.isEmpty());
    updateJumpButton();
    q.viewport()->update();
}

void SequenceView::Private::updateScrollBars()
{
    adjustingScrollBars = true;
    q.verticalScrollBar()->setPageStep(layout.rowsPerPage());
    q.verticalScrollBar()->setRange(0, clampToInt(shown.indexOf(lastTop())));
    q.verticalScrollBar()->setValue(clampToInt(topIndex()));
    const int room = std::max(0, layout.width - layout.clientsLeft());
    q.horizontalScrollBar()->setPageStep(room);
    q.horizontalScrollBar()->setSingleStep(layout.laneWidth() / 2);
    q.horizontalScrollBar()->setRange(0, std::max(0, layout.clientsWidth() - room));
    layout.offset = q.horizontalScrollBar()->value();
    adjustingScrollBars = false;
}

void SequenceView::Private::updateJumpButton()
{
    std::uint64_t newer = shown.size() - endIndex();
    if (!shown.isFiltered()
        && store.generation() == frames.generation()) // of others nobody knows yet whether they match
        newer += store.endRow() - std::min(store.endRow(), frames.endRow());
    if (frozen || (!following && top < lastTop()))
        jump->offer(newer, frozen);
    else
        jump->withdraw();
}

std::uint64_t SequenceView::Private::endIndex() const
{
    return std::min(shown.size(), topIndex() + static_cast<std::uint64_t>(layout.rowsVisible()));
}

Row SequenceView::Private::lastTop() const
{
    if (shown.isEmpty())
        return frames.firstRow();
    return shown.at(shown.size() - std::min(shown.size(), static_cast<std::uint64_t>(layout.rowsPerPage())));
}

Row SequenceView::Private::rowAt(int y) const
{
    if (y < SequenceLayout::headHeight)
        return noRow;
    const std::uint64_t index = topIndex()
        + static_cast<std::uint64_t>((y - SequenceLayout::headHeight) / layout.rowHeight);
    return index < shown.size() ? shown.at(index) : noRow;
}

int SequenceView::Private::arrowY(Row row) const
{
    const int y = topOf(shown.indexOf(row));
    return shown.contains(row) ? layout.arrowY(y) : y;
}

void SequenceView::Private::scrollTo(Row row)
{
    if (!shown.isEmpty()) { // a hidden frame is shown by its place
        const auto page = static_cast<std::uint64_t>(layout.rowsPerPage());
        const std::uint64_t index = std::min(shown.indexOf(row), shown.size() - 1);
        const std::uint64_t first = topIndex();
        if (index < first && first - index <= page)
            top = shown.at(index);
        else if (index >= first + page && index < first + 2 * page)
            top = shown.at(index + 1 - page);
        else if (index < first || index >= first + page)
            top = shown.at(index - std::min(index, page / 2)); // far away: show what stands around it
    }
    layOut();
    const std::size_t client = layout.clientOf(frames.event(row).process);
    if (client == layout.clients.size())
        return;
    const int x = layout.clientX(client);
    if (x < layout.clientsLeft() || x >= layout.width)
        q.horizontalScrollBar()->setValue(layout.offset + x - (layout.clientsLeft() + layout.width) / 2);
}

void SequenceView::Private::select(Row row)
{
    if (!frames.contains(row))
        return;
    q.setFollowing(false);
    const bool changed = std::exchange(current, row) != row;
    updateCall();
    scrollTo(row);
    if (changed) {
        announceCurrent();
        Q_EMIT q.currentRowChanged(row);
    }
}

void SequenceView::Private::moveBy(std::int64_t rows)
{
    if (shown.isEmpty())
        return;
    if (!frames.contains(current)) // the first key press goes to where the person looks
        return select(shown.at(rows < 0 ? endIndex() - 1 : topIndex()));
    const std::uint64_t index = shown.indexOf(current);
    const auto up = static_cast<std::uint64_t>(-rows);
    auto down = static_cast<std::uint64_t>(rows);
    if (rows > 0 && !shown.contains(current))
        --down; // the next shown one stands where the hidden one would
    select(shown.at(rows < 0 ? index - std::min(up, index) : std::min(index + down, shown.size() - 1)));
}

void SequenceView::Private::updateCall()
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

bool SequenceView::Private::isInCurrentCall(Row row) const { return std::ranges::find(call, row) != call.end(); }

void SequenceView::Private::announceCurrent()
{
    q.setAccessibleDescription(TrafficRow(frames, current, names).spoken());
    QAccessibleEvent event(&q, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

void SequenceView::Private::updateRowHeight()
{
    // Larger text needs taller rows; dense ones have none.
    const double factor = std::max(1.0, static_cast<double>(fonts.text.metrics.height()) / usualTextHeight);
    const int height = rowHeights[zoomStep];
    layout.rowHeight = height < 2 * gridUnit ? height : static_cast<int>(height * factor);
}

void SequenceView::Private::zoomTo(std::size_t step, int y)
{
    const Row anchor = rowAt(y);
    zoomStep = std::min(step, rowHeights.size() - 1);
    updateRowHeight();
    if (!following && anchor != noRow) {
        const auto above = static_cast<std::uint64_t>((y - SequenceLayout::headHeight) / layout.rowHeight);
        const std::uint64_t index = shown.indexOf(anchor);
        top = shown.at(index - std::min(index, above));
    }
    layOut();
}

SequenceRowState SequenceView::Private::stateOf(Row row) const
{
    return {.isCurrent = row == current,
            .hasFocus = q.hasFocus(),
            .isHovered = row == hovered,
            .isInCall = isInCurrentCall(row),
            .isOpen = isOpenCall(frames, row)};
}

SequenceGutter SequenceView::Private::gutterOf(std::uint64_t index, bool hasText) const
{
    SequenceGutter gutter;
    const Row row = shown.at(index);
    const FrameRecord &record = frames.record(row);
    if (row == frames.firstRow() && row != 0)
        gutter.missing = tr("⋯ %1 older frames were given up to make room for newer ones").arg(groupedNumber(row));
    else if (record.lostBefore != 0)
        gutter.missing = tr("⋯ %1 frames lost here").arg(groupedNumber(record.lostBefore));
    std::int64_t since = 0;
    if (index != 0)
        since = std::max<std::int64_t>(0, record.event.time - frames.event(shown.at(index - 1)).time);
    gutter.isLongGap = since >= longGap;
    if (!hasText)
        return gutter;
    gutter.number = groupedNumber(row + 1);
    gutter.time = relativeTimeText(record.event.time - frames.origin());
    if (layout.gapWidth > 0 && index != 0)
        gutter.gap = u"+"_s + durationText(since);
    return gutter;
}

/// Bars of calls that neither begin nor end in sight.
void SequenceView::Private::paintLongWaits(SequencePainter &painter, int bottom) const
{
    if (timeline->generation != frames.generation())
        return;
    const std::int64_t from = frames.event(shown.at(topIndex())).time;
    const std::int64_t to = frames.event(shown.at(endIndex() - 1)).time;
    for (const TimelineLane &lane : timeline->lanes) {
        std::size_t client = layout.firstClientInSight();
        while (client < layout.endClientInSight() && layout.clients[client] != lane.key().process)
            ++client;
        if (client < layout.endClientInSight() && lane.isBusyThroughout(from, to))
            painter.paintWaiting(client, SequenceLayout::headHeight, bottom, lane.isOpenSince(from));
    }
}

void SequenceView::Private::paintWaiting(SequencePainter &painter) const
{
    const std::uint64_t end = endIndex();
    const int bottom = topOf(end);
    paintLongWaits(painter, bottom);
    for (std::uint64_t index = topIndex(); index < end; ++index) {
        const Row row = shown.at(index);
        const FrameEvent &event = frames.event(row);
        const std::size_t client = layout.clientOf(event.process);
        if (client == layout.clients.size() || event.flags & FrameEvent::OneWay)
            continue;
        const Row partner = frames.partner(row);
        const int y = layout.arrowY(topOf(index));
        const bool isPartnerInSight = partner != noRow && shown.contains(partner) && partner >= top;
        const auto paintWait = [&](int from, int to, bool isOpen) { // who has asked waits
            if (event.isOfCallback())
                painter.paintServerWaiting(from, to, isOpen);
            else
                painter.paintWaiting(client, from, to, isOpen);
        };
        if (event.isRequest()) {
            const bool isOpen = isOpenCall(frames, row);
            paintWait(y, isOpen ? bottom : std::min(bottom, arrowY(partner)), isOpen);
        } else if (partner != noRow && !isPartnerInSight && !isOpenCall(frames, partner)) {
            paintWait(std::max(SequenceLayout::headHeight, arrowY(partner)), y, false);
        }
    }
}

void SequenceView::Private::paintRows(SequencePainter &painter)
{
    const std::uint64_t first = topIndex();
    const std::uint64_t end = endIndex();
    for (std::uint64_t index = first; index < end; ++index)
        painter.paintBackground(stateOf(shown.at(index)), isProblem(frames.event(shown.at(index))), topOf(index));
    painter.paintLifelines(topOf(end));
    paintWaiting(painter);
    // In dense rows a number stands at every few of them only.
    const auto every = static_cast<std::uint64_t>((gridUnit * 2 + layout.rowHeight - 1) / layout.rowHeight);
    for (std::uint64_t index = first; index < end; ++index) {
        const Row row = shown.at(index);
        const int y = topOf(index);
        const SequenceRowState state = stateOf(row);
        painter.paintGutter(gutterOf(index, index % every == 0), y);
        painter.paintArrow(frames.event(row), state, y);
        if (layout.hasLabels()) {
            ++decoded;
            painter.paintLabel(TrafficRow(frames, row, names), names.process(frames.event(row).process), state, y);
        }
    }
}

void SequenceView::Private::paintHead(SequencePainter &painter) const
{
    std::vector<QString> titles(layout.clients.size());
    std::vector<QString> ways(layout.clients.size());
    for (std::size_t client = layout.firstClientInSight(); client < layout.endClientInSight(); ++client) {
        const std::int32_t process = layout.clients[client];
        titles[client] = names.process(process);
        const auto lane = std::ranges::find(timeline->lanes, process,
                                            [](const TimelineLane &candidate) { return candidate.key().process; });
        ways[client] = lane == timeline->lanes.end() ? tr("client") : tr("client · %1").arg(laneText(lane->key().way));
    }
    painter.paintHead(serverName, titles, ways);
}

} // namespace decoy::ui
