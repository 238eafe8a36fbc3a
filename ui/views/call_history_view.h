// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_record.h"

#include <QWidget>

class QAction;
class QTableView;

namespace decoy::ui {

class CallHistoryModel;
class CopyCallMenu;
class EmptyState;
class Session;
struct FrameRequest;

/// The calls by hand, newest first: what came of each, its frames, and the call itself to be made again.
class CallHistoryView : public QWidget {
    Q_OBJECT

public:
    /// `invoke` is what the empty state offers.
    CallHistoryView(Session &session, QAction *invoke, QWidget *parent = nullptr);

    [[nodiscard]] QTableView *table() const noexcept { return m_table; }
    [[nodiscard]] CopyCallMenu *copyMenu() const noexcept { return m_copy; }

Q_SIGNALS:
    /// The person wants to change it and make it again, in the Invoke dialog.
    void loadRequested(const decoy::ui::CallRecord &call);
    void frameRequested(decoy::ui::Row row);
    void messageShown(const QString &message);

private:
    QWidget *makeTools();
    void makeTable();
    void makeMenu();
    QAction *makeAction(QLatin1String iconName, const QString &text, const QString &toolTip);
    void load();
    void sendAgain();
    void showFrames();
    void saveCall();
    void updateActions();
    [[nodiscard]] const CallRecord *selected() const;
    [[nodiscard]] bool hasFrames(const CallRecord &call) const;
    [[nodiscard]] FrameRequest selectedRequest() const;

    Session &m_session;
    CallHistoryModel *m_model;
    QTableView *m_table = nullptr;
    QWidget *m_content = nullptr;
    EmptyState *m_empty = nullptr;
    CopyCallMenu *m_copy = nullptr;
    QAction *m_load = nullptr;
    QAction *m_again = nullptr;
    QAction *m_frames = nullptr;
    QAction *m_save = nullptr;
    QAction *m_remove = nullptr;
    QAction *m_clear = nullptr;
};

} // namespace decoy::ui
