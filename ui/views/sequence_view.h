// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_store.h"
#include "views/filter_clause.h"
#include "views/key_help.h"

#include <QAbstractScrollArea>
#include <QLine>

#include <memory>
#include <vector>

class QAction;
class QMenu;

namespace decoy::ui {

class FrameNames;
class MatchingRows;
class TimelineBuilder;

/// Frames as arrows between the lifelines of the server and its clients; time runs down, one row a frame. Paints only what
/// is visible; its cost does not depend on how many frames there are. Belongs to the UI thread; what it is given must
/// outlive it.
///
/// Follows the newest frame until the person scrolls up or selects a frame; End follows again.
class SequenceView : public QAbstractScrollArea {
    Q_OBJECT

public:
    SequenceView(const FrameStore &store, const FrameNames &names, TimelineBuilder &builder, QWidget *parent = nullptr);
    ~SequenceView() override;

    /// Shows what the store has now, unless frozen or hidden. Call it when TrafficCollector::updated, or names changed.
    void refresh();
    void setServerName(const QString &name);
    /// What is shown while there are no frames; `action` may be null.
    void setEmptyState(const QString &cause, const QString &advice, QAction *action = nullptr);

    [[nodiscard]] bool isFollowing() const noexcept;
    void setFollowing(bool follow);
    /// A frozen view stays as it is, although the capture goes on.
    void setFrozen(bool frozen);

    /// Shows only these frames; null: all.
    void setMatches(std::shared_ptr<const MatchingRows> matches);

    /// noRow if there is none.
    [[nodiscard]] Row currentRow() const noexcept;
    /// Selects a frame and brings it into view; noRow selects none.
    void setCurrentRow(Row row);
    void goToNextInCall();
    void goToPreviousInCall();

    /// Makes rows taller (positive) or denser; the row at `y` stays where it is.
    void zoomBy(int steps, int y);
    void resetZoom();
    [[nodiscard]] int rowHeight() const noexcept;

    /// The processes that have a lane, in the order of the lanes; the server's comes before them.
    [[nodiscard]] const std::vector<std::int32_t> &clients() const noexcept;
    /// Where the arrow of a frame is, in the viewport, from its sender on; a null line if the frame is out of sight.
    [[nodiscard]] QLine arrow(Row row) const;
    /// Frames decoded for painting since the view exists: grows with what was visible, never with what is stored.
    [[nodiscard]] quint64 rowsDecoded() const noexcept;

    [[nodiscard]] static KeyHelp keyHelp();

Q_SIGNALS:
    /// The person, or setCurrentRow(), chose another frame; noRow if it is gone.
    void currentRowChanged(decoy::ui::Row row);
    void followingChanged(bool following);
    /// The person wants the filter changed by what this frame says.
    void filterRequested(const QString &clause, decoy::ui::FilterMerge merge);
    /// The menu of a frame is about to open: what belongs to other views can be added.
    void contextMenuOpening(QMenu *menu, decoy::ui::Row row);
    /// The person asked a frozen view to go on.
    void goOnRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace decoy::ui
