// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/timeline_builder.h"
#include "views/timeline_layout.h"
#include "views/timeline_view.h"
#include "views/traffic_painter.h"

#include <QFrame>

class QLabel;

namespace decoy::ui {

class EmptyState;
class JumpButton;

/// The state of a TimelineView, and what its gestures do.
class TimelineView::Private {
public:
    enum class Mode : quint8 { Following, Fitted, Still };
    enum class Drag : quint8 { None, Span, Pan, Overview };
    using Span = std::pair<std::int64_t, std::int64_t>;

    Private(TimelineView &view, const FrameStore &store, const FrameNames &names, TimelineBuilder &builder);

    void takeSnapshot();
    /// Asks for the calls of the frames that are shown.
    void follow();
    [[nodiscard]] TimelineBuilder &activeBuilder() const { return filtered ? *filtered : builder; }
    void layOut();
    void setMode(Mode mode);
    void updateJumpButton();
    void updateSpanBar();

    [[nodiscard]] std::int64_t newest() const noexcept { return timeline->newest - timeline->origin; }
    [[nodiscard]] std::size_t laneOf(Row row) const;
    [[nodiscard]] std::optional<FoundTimelineCall> callAt(QPoint position) const;
    /// Of the call's two ends, the frame that is nearer to `time`.
    [[nodiscard]] Row nearerFrame(const FoundTimelineCall &call, std::int64_t time) const;
    [[nodiscard]] Row openCallAt(std::size_t lane, std::int64_t time) const;
    [[nodiscard]] Row frameAt(QPoint position) const;
    [[nodiscard]] QString toolTip(QPoint position) const;
    void select(Row row);
    void bringIntoView(Row row);
    void moveInLane(int step);
    void moveToLane(int step);
    void moveOverviewTo(int x);
    void selectSpan(int x, int otherX);
    [[nodiscard]] QString spanFilter() const;
    [[nodiscard]] QString laneName(std::size_t lane) const;
    void paintSelection(class TimelinePainter &painter) const;

    TimelineView &q;
    const FrameStore &store;
    const FrameNames &names;
    TimelineBuilder &builder;
    FrameSnapshot frames;                  ///< none while hidden: a snapshot keeps memory that the store has given up
    std::shared_ptr<const RowSet> matches; ///< null: no filter
    std::unique_ptr<TimelineBuilder> filtered; ///< while there is one: `builder` serves others too
    std::uint64_t generation = 0;
    std::shared_ptr<const TimelineSnapshot> timeline;
    TimelineLayout layout;
    TrafficFonts fonts;
    int maxLevel = 8;

    Mode mode = Mode::Following;
    bool frozen = false;
    bool adjustingScrollBars = false;
    Row current = noRow;
    std::optional<Span> span;
    std::optional<std::int64_t> pointed; ///< the time below the mouse
    Drag drag = Drag::None;
    QPoint dragStart;
    int dragLast = 0;

    JumpButton *jump = nullptr;
    EmptyState *empty = nullptr;
    EmptyState *nothingMatches = nullptr;
    QFrame *spanBar = nullptr; ///< what can be done with the span
    QLabel *spanLabel = nullptr;

private:
    void makeSpanBar();
};

} // namespace decoy::ui
