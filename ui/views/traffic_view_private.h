// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_store.h"
#include "views/column_room.h"
#include "views/traffic_columns.h"
#include "views/traffic_painter.h"
#include "views/traffic_view.h"

#include <QElapsedTimer>
#include <QHeaderView>
#include <QPushButton>
#include <QStandardItemModel>

#include <optional>
#include <set>
#include <vector>

class QMenu;

namespace decoy::ui {

class EmptyState;

/// The state of a TrafficView and the arithmetic of its rows.
class TrafficView::Private {
public:
    /// A row on the screen; its gap, if it has one, stands above it.
    struct VisibleRow {
        Row row = noRow;
        int top = 0; ///< of the row itself
        int gapHeight = 0;
    };
    /// Rows first to last, both included.
    struct RowRange {
        Row first = noRow;
        Row last = noRow;
        [[nodiscard]] bool contains(Row row) const noexcept { return first != noRow && row >= first && row <= last; }
    };

    Private(TrafficView &view, const FrameStore &store, const FrameNames &names);

    void makeHeader();
    void resetColumns();
    void fitColumns();
    /// Numbers and times of a long capture need more room than those of a short one: their columns grow, and never shrink.
    void growNumberColumns();
    void showColumnMenu(QPoint position);

    [[nodiscard]] int gapHeight(Row row) const;
    [[nodiscard]] QString gapText(Row row) const;
    [[nodiscard]] std::vector<VisibleRow> visibleRows() const;
    [[nodiscard]] std::optional<VisibleRow> visibleRowAt(int y) const;
    [[nodiscard]] int rowsPerPage() const;
    [[nodiscard]] Row topFor(Row bottom) const; ///< the top row that shows `bottom` as the last
    [[nodiscard]] Row lastTop() const;          ///< the top row that shows the newest frame at the bottom

    void makeEmptyStates();
    void makeNotice();
    void takeSnapshot();
    void layOut(); ///< after anything that changes sizes or rows
    [[nodiscard]] std::uint64_t newerThan(Row row) const;
    void updateJumpButton(bool now);
    void updateNotice(); ///< that the current row is hidden by the filter
    [[nodiscard]] bool isVisible(Row row) const;
    void addFilterActions(QMenu &menu, Row row, TrafficColumn column);
    void scrollTo(Row row);
    /// Moves the selection, as a person does; `extend` keeps its other end.
    void select(Row row, bool extend);
    void moveBy(std::int64_t rows, bool extend);
    [[nodiscard]] RowRange selection() const;
    [[nodiscard]] bool isInCurrentCall(Row row) const;
    void updateCall();
    void announceCurrent();
    [[nodiscard]] QString toolTip(QPoint position) const;

    TrafficView &q;
    const FrameStore &store;
    const FrameNames &names;
    FrameSnapshot frames;
    std::shared_ptr<const MatchingRows> matches; ///< null: no filter
    ShownRows shown;
    TrafficFonts fonts;
    int lineHeight = 0;

    Row top = 0;
    bool following = true;
    bool frozen = false;
    bool adjustingScrollBars = false;

    Row current = noRow;
    Row anchor = noRow; ///< the other end of the selection
    Row hovered = noRow;
    std::vector<Row> call; ///< rows of the current row's call
    std::set<Row> marks;

    QHeaderView *header = nullptr;
    QStandardItemModel *columns = nullptr;
    std::optional<ColumnRoom> room;
    QPushButton *jump = nullptr;
    QElapsedTimer jumpTextAge;
    EmptyState *empty = nullptr;
    EmptyState *nothingMatches = nullptr;
    QPushButton *notice = nullptr;
};

} // namespace decoy::ui
