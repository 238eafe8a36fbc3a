// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_record.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <chrono>
#include <cstdint>
#include <map>

class QAction;
class QDialog;
class QMenu;
class QTableView;

namespace decoy {
struct HeldRequest;
}

namespace decoy::ui {

class AnswerDialog;
class BreakpointBar;
class EditRequestDialog;
class EmptyState;
class FlatTable;
class HeldModel;
class Session;

/// Requests that wait, and what a person can do with each: forward, edit, answer, delay, drop. Above them the breakpoint.
class HeldPanel : public QWidget {
    Q_OBJECT

public:
    /// `startHolding` becomes the button of the empty panel; it must outlive this or be destroyed first.
    HeldPanel(Session &session, QAction *startHolding, QWidget *parent = nullptr);

    [[nodiscard]] BreakpointBar *breakpoint() const noexcept { return m_breakpoint; }
    [[nodiscard]] QTableView *table() const noexcept;
    /// "Held", "Held (3)".
    [[nodiscard]] QString title() const;

    [[nodiscard]] QAction *forwardAction() const noexcept { return m_forward; }
    [[nodiscard]] QAction *editAction() const noexcept { return m_edit; }
    [[nodiscard]] QAction *answerAction() const noexcept { return m_answer; }
    [[nodiscard]] QAction *dropAction() const noexcept { return m_drop; }
    [[nodiscard]] QMenu *delayMenu() const noexcept { return m_delay; }

    /// Open the dialogs for the selected request. One request has one dialog at a time: that one comes to the front instead. Null if no
    /// request is selected, or if its dialog is the other one.
    EditRequestDialog *edit();
    AnswerDialog *answer();

Q_SIGNALS:
    void titleChanged(const QString &title);
    /// The person wants to see the frame of a request that waits.
    void frameRequested(decoy::ui::Row row);
    /// Says in a sentence what was done.
    void messageShown(const QString &text);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QAction *makeAction(QLatin1String iconName, const QString &text, const QString &toolTip, const QKeySequence &key);
    QWidget *makeTools();
    void makeDelays();
    void refresh();
    void showEmptyState();
    void forward();
    void drop();
    void delay(std::uint64_t id, std::chrono::milliseconds time);
    void askForDelay();
    void requestFrame();
    [[nodiscard]] const HeldRequest *selected() const;
    template <class Dialog>
    Dialog *openDialog();
    [[nodiscard]] QString titleOf(const HeldRequest &request) const;

    Session &m_session;
    HeldModel *m_model;
    BreakpointBar *m_breakpoint;
    FlatTable *m_table = nullptr;
    QWidget *m_content = nullptr;
    EmptyState *m_empty = nullptr;
    QAction *m_startHolding;
    QAction *m_forward = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_answer = nullptr;
    QAction *m_drop = nullptr;
    QMenu *m_delay = nullptr;
    std::map<std::uint64_t, QPointer<QDialog>> m_dialogs; ///< by request
    QTimer m_counting;                                    ///< runs while the panel is seen and something waits
};

} // namespace decoy::ui
