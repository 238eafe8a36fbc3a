// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_store.h"
#include "views/key_help.h"

#include <QAbstractScrollArea>

#include <memory>
#include <optional>
#include <utility>

class QAction;

namespace decoy::ui {

class FrameNames;
class RowSet;
class TimelineBuilder;
struct TimelineSnapshot;

/// When each client called, for how long, and how deep in a chain: latency bars with an icicle of chain levels below them.
/// Painting costs pixels, not calls. Belongs to the UI thread; what it is given must outlive it.
///
/// Follows the newest frame until the person moves or zooms away from it; End follows again. F shows everything, and goes
/// on doing so while traffic flows. Times in and out are ns since the first frame.
class TimelineView : public QAbstractScrollArea {
    Q_OBJECT

public:
    TimelineView(const FrameStore &store, const FrameNames &names, TimelineBuilder &builder, QWidget *parent = nullptr);
    ~TimelineView() override;

    /// Shows what the store has now, unless frozen or hidden. Call it when TrafficCollector::updated, or names changed.
    void refresh();
    /// The level up to which proxies can be chained: the end of the colours' scale.
    void setMaxChainLevel(int level);
    /// Shows only the calls that have one of these frames; null: all.
    void setMatches(std::shared_ptr<const RowSet> matches);
    /// What is shown while there are no frames; `action` may be null.
    void setEmptyState(const QString &cause, const QString &advice, QAction *action = nullptr);

    [[nodiscard]] bool isFollowing() const noexcept;
    void setFollowing(bool follow);
    void setFrozen(bool frozen);

    [[nodiscard]] std::int64_t from() const noexcept;
    [[nodiscard]] std::int64_t to() const noexcept;
    /// Shows exactly this, and does not follow.
    void showSpan(std::int64_t from, std::int64_t to);
    /// Shows everything.
    void fit();
    /// A factor above 1 shows less time, larger; what is at `x` stays there.
    void zoom(double factor, int x);
    /// Moves by a part of what is visible; positive: later.
    void pan(double part);

    /// The span that the person has dragged, if any.
    [[nodiscard]] std::optional<std::pair<std::int64_t, std::int64_t>> selectedSpan() const;
    void clearSpan();

    /// noRow if there is none.
    [[nodiscard]] Row currentRow() const noexcept;
    /// Selects a frame and brings its time into view; noRow selects none.
    void setCurrentRow(Row row);
    void goToNextInCall();
    void goToPreviousInCall();

    /// What is painted.
    [[nodiscard]] const TimelineSnapshot &timeline() const noexcept;
    /// Where a lane's latency bars are, in the viewport.
    [[nodiscard]] QRect latencyRect(std::size_t lane) const;
    /// Where a chain level of a lane is, in the viewport.
    [[nodiscard]] QRect levelRect(std::size_t lane, int level) const;

    [[nodiscard]] static KeyHelp keyHelp();

Q_SIGNALS:
    void currentRowChanged(decoy::ui::Row row);
    /// The person dragged over a span of time.
    void spanSelected(qint64 from, qint64 to);
    /// The person wants to see only the frames that this filter lets through.
    void filterRequested(const QString &filter);
    void followingChanged(bool following);
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
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace decoy::ui
