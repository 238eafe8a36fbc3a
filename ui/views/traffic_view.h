// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_store.h"

#include <QAbstractScrollArea>

#include <memory>

class QAction;

namespace decoy::ui {

class FrameNames;

/// The table of all frames, newest at the bottom. Paints only what is visible, from the store's memory; its cost does not
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

    /// The frames as this view shows them, for the views beside it: frozen with it.
    [[nodiscard]] const FrameSnapshot &frames() const noexcept;

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

    /// Column order, widths and what is hidden, to be kept between sessions.
    [[nodiscard]] QByteArray saveColumns() const;
    bool restoreColumns(const QByteArray &state);

Q_SIGNALS:
    /// The person, or setCurrentRow(), chose another frame; noRow if it is gone.
    void currentRowChanged(decoy::ui::Row row);
    /// The person wants to see the object of a frame (context menu).
    void objectRequested(quint64 objectId);
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
