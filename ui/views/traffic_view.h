// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/matching_rows.h"
#include "trace/frame_store.h"
#include "views/filter_clause.h"
#include "views/shown_rows.h"

#include "views/key_help.h"

#include <QAbstractScrollArea>

#include <memory>

class QAction;
class QMenu;

namespace decoy::ui {

class FrameNames;

/// The table of all frames, or of those that a filter leaves, newest at the bottom. Paints only what is visible, from the store's memory; its cost does not
/// depend on how many frames there are. Belongs to the UI thread; store and names must outlive it.
///
/// Follows the newest frame until the person scrolls up or selects a frame; End, or followLatest(), follows again.
class TrafficView : public QAbstractScrollArea {
    Q_OBJECT

public:
    TrafficView(const FrameStore &store, const FrameNames &names, QWidget *parent = nullptr);
    ~TrafficView() override;

    /// Shows what the store has now, unless frozen. Call it when TrafficCollector::updated, or when names changed.
    void refresh();

    [[nodiscard]] bool isFollowing() const noexcept;
    void setFollowing(bool follow);
    /// A frozen view stays as it is, although the capture goes on.
    [[nodiscard]] bool isFrozen() const noexcept;
    void setFrozen(bool frozen);

    /// The frames as this view has them, for the views beside it: frozen with it.
    [[nodiscard]] const FrameSnapshot &frames() const noexcept;

    /// Shows only these rows; null: all. Rows keep their numbers. Call it whenever a filter's rows have changed.
    void setMatches(std::shared_ptr<const MatchingRows> matches);
    /// Which of frames() are shown.
    [[nodiscard]] const ShownRows &shownRows() const noexcept;
    /// The first row on the screen; noRow while the newest are followed.
    [[nodiscard]] Row viewedRow() const noexcept;
    /// Whether there is a current row, but the filter hides it. The view says so.
    [[nodiscard]] bool isCurrentHidden() const;

    /// noRow if there is none.
    [[nodiscard]] Row currentRow() const noexcept;
    /// Selects a frame and brings it into view. Ignored if the frame is not there (any more).
    void setCurrentRow(Row row);
    /// Asks for a frame number and goes there.
    void askForFrame();
    /// The next (or previous) frame of the current frame's call.
    void goToNextInCall();
    void goToPreviousInCall();

    [[nodiscard]] bool isMarked(Row row) const;
    void toggleMark();
    void goToNextMark();

    /// The selected rows as text: one line a frame, columns separated by tabs, as shown.
    [[nodiscard]] QString selectedText() const;
    void copySelection() const;

    /// What is shown while there are no frames: why, and what to do about it. `action` may be null; it becomes a button.
    void setEmptyState(const QString &cause, const QString &advice, QAction *action = nullptr);

    /// A quieter thing to do below that.
    void setEmptyStateLink(const QString &text, QAction *action);

    /// Column order, widths and what is hidden, to be kept between sessions.
    [[nodiscard]] QByteArray saveColumns() const;
    bool restoreColumns(const QByteArray &state);

    [[nodiscard]] static KeyHelp keyHelp();

Q_SIGNALS:
    /// The person, or setCurrentRow(), chose another frame; noRow if it is gone.
    void currentRowChanged(decoy::ui::Row row);
    /// The person wants to see the object of a frame (context menu).
    void objectRequested(quint64 objectId);
    /// The context menu of a frame is about to be shown: others may add to it now. `column` is the cell's, or -1.
    void contextMenuOpening(QMenu *menu, decoy::ui::Row row, int column);
    /// The person wants to see what a cell says, or no longer (context menu).
    void filterRequested(const QString &clause, decoy::ui::FilterMerge merge);
    /// The person wants to see all frames again.
    void filterClearRequested();
    void followingChanged(bool following);
    void frozenChanged(bool frozen);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace decoy::ui
