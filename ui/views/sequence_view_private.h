// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/timeline_builder.h"
#include "views/sequence_layout.h"
#include "views/sequence_painter.h"
#include "views/sequence_view.h"
#include "views/shown_rows.h"

#include <QHash>

namespace decoy::ui {

class EmptyState;
class JumpButton;

/// The state of a SequenceView and the arithmetic of its rows.
class SequenceView::Private {
public:
    static constexpr std::size_t usualZoom = 6; ///< rows of 28 pixels

    Private(SequenceView &view, const FrameStore &store, const FrameNames &names, TimelineBuilder &builder);

    void takeSnapshot();
    void takeLanes();
    void layOut(); ///< after anything that changes sizes or rows
    void updateGutter();
    void updateScrollBars();
    void updateJumpButton();

    [[nodiscard]] std::uint64_t topIndex() const noexcept { return shown.indexOf(top); }
    [[nodiscard]] std::uint64_t endIndex() const; ///< of the row after the last one that is at least partly visible
    [[nodiscard]] int topOf(std::uint64_t index) const { return layout.rowTop(index, topIndex()); }
    /// Where a frame's arrow is; for one that the filter hides, the border between its neighbours.
    [[nodiscard]] int arrowY(Row row) const;
    [[nodiscard]] Row lastTop() const; ///< the top row that shows the newest frame at the bottom
    [[nodiscard]] Row rowAt(int y) const;
    void select(Row row);
    void moveBy(std::int64_t rows);
    void scrollTo(Row row);
    void updateCall();
    [[nodiscard]] bool isInCurrentCall(Row row) const;
    void announceCurrent();
    void addFilterMenu(QMenu &menu, const QString &title, FilterMerge merge);
    void updateRowHeight();
    /// One of the row heights; the row at `y` stays where it is.
    void zoomTo(std::size_t step, int y);

    void paintWaiting(SequencePainter &painter) const;
    void paintLongWaits(SequencePainter &painter, int bottom) const;
    void paintRows(SequencePainter &painter);
    void paintHead(SequencePainter &painter) const;
    [[nodiscard]] SequenceGutter gutterOf(std::uint64_t index, bool hasText) const;
    [[nodiscard]] SequenceRowState stateOf(Row row) const;

    SequenceView &q;
    const FrameStore &store;
    const FrameNames &names;
    TimelineBuilder &builder;
    FrameSnapshot frames; ///< none while hidden: a snapshot keeps memory that the store has given up
    std::shared_ptr<const MatchingRows> matches; ///< null: no filter
    ShownRows shown;
    std::uint64_t generation = 0;
    std::shared_ptr<const TimelineSnapshot> timeline; ///< lanes, and the calls that run through the whole view
    SequenceLayout layout;
    TrafficFonts fonts;
    QString serverName;

    Row top = 0;
    std::size_t zoomStep = usualZoom;
    bool following = true;
    bool frozen = false;
    bool adjustingScrollBars = false;

    Row current = noRow;
    Row hovered = noRow;
    std::vector<Row> call; ///< rows of the current row's call
    quint64 decoded = 0;

    JumpButton *jump = nullptr;
    EmptyState *empty = nullptr;
    EmptyState *nothingMatches = nullptr;
};

} // namespace decoy::ui
