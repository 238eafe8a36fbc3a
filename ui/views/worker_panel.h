// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QPlainTextEdit;
class QTableView;

namespace decoy::ui {

class EmptyState;
class Session;
class Worker;
class WorkerModel;

/// The worker processes, what can be done to them, and the log of the selected one.
class WorkerPanel : public QWidget {
    Q_OBJECT

public:
    /// `startWorker` is offered while there are no workers.
    WorkerPanel(Session &session, QAction *startWorker, QWidget *parent = nullptr);

    /// Selects the worker of this title, if there is one.
    void selectWorker(const QString &title);

    [[nodiscard]] QTableView *table() const noexcept { return m_table; }
    [[nodiscard]] QPlainTextEdit *log() const noexcept { return m_log; }

private:
    QWidget *makeTools();
    QWidget *makeTable();
    QWidget *makeLog();
    QAction *makeAction(QLatin1String iconName, const QString &text, const QString &toolTip);
    [[nodiscard]] Worker *selectedWorker() const;
    void showSelectedWorker();
    void showLogOf(Worker *worker);
    void updateActions();

    Session &m_session;
    WorkerModel *m_model;
    QTableView *m_table = nullptr;
    QLabel *m_logTitle = nullptr;
    QPlainTextEdit *m_log = nullptr;
    QWidget *m_content = nullptr;
    EmptyState *m_empty = nullptr;
    QAction *m_stop = nullptr;
    QAction *m_kill = nullptr;
    QAction *m_restart = nullptr;
    QAction *m_clear = nullptr;
    Worker *m_shown = nullptr; ///< whose log is shown; only compared, never followed
    QMetaObject::Connection m_logConnection;
};

} // namespace decoy::ui
