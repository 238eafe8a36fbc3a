// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_record.h"

#include <QWidget>

class QAction;
class QLabel;
class QListView;

namespace decoy::ui {

class EmptyState;
class SavedCallModel;
class SavedCalls;

/// The saved calls: Enter loads one, F2 renames it, Del forgets it.
class SavedCallList : public QWidget {
    Q_OBJECT

public:
    explicit SavedCallList(SavedCalls &calls, QWidget *parent = nullptr);

    /// Asks for a name and keeps the call under it.
    void save(const CallRecord &call);
    void showProblem(const QString &problem);

    [[nodiscard]] QListView *list() const noexcept { return m_list; }
    [[nodiscard]] QAction *removeAction() const noexcept { return m_remove; }

Q_SIGNALS:
    void loadRequested(const decoy::ui::CallRecord &call);

private:
    QWidget *makeTitleLine();
    void load();
    void remove();
    void updateActions();

    SavedCalls &m_calls;
    SavedCallModel *m_model;
    QListView *m_list;
    QLabel *m_problem;
    EmptyState *m_empty = nullptr;
    QAction *m_load = nullptr;
    QAction *m_rename = nullptr;
    QAction *m_remove = nullptr;
};

} // namespace decoy::ui
