// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_store.h"

#include <QElapsedTimer>
#include <QWidget>

class QTableView;

namespace decoy::ui {

class ConversationModel;
class ElidedLabel;
class EmptyState;
class FrameNames;

/// The call that the selected frame belongs to, with what its client asked the same object before and after.
/// Store and names must outlive it.
class ConversationView : public QWidget {
    Q_OBJECT

public:
    ConversationView(const FrameStore &store, const FrameNames &names, QWidget *parent = nullptr);

    /// noRow, or a frame that is not there, shows the empty state.
    void showFrame(Row row);
    /// Looks whether more of it has come. Costs nothing once nothing more can come, and while this is hidden.
    void refresh();

    /// Says that another tab covers it, which a widget does not notice by itself: then it looks at nothing.
    void setCovered(bool covered);
    /// Whether a person can see it.
    [[nodiscard]] bool isInView() const { return isVisible() && !m_isCovered; }

    [[nodiscard]] QTableView *table() const noexcept { return m_table; }
    [[nodiscard]] ConversationModel *model() const noexcept { return m_model; }

Q_SIGNALS:
    /// The person wants to see this frame.
    void frameRequested(decoy::ui::Row row);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void makeTable();
    void look(const FrameSnapshot &frames);

    const FrameStore &m_store;
    ConversationModel *m_model;
    ElidedLabel *m_summary = nullptr;
    QTableView *m_table = nullptr;
    QWidget *m_content = nullptr;
    EmptyState *m_empty = nullptr;
    Row m_row = noRow;
    std::uint64_t m_generation = 0;
    QElapsedTimer m_sinceLook;
    bool m_isWaiting = false; ///< hidden: it looks when it is shown
    bool m_isCovered = false;
    bool m_isShowing = false;
};

} // namespace decoy::ui
