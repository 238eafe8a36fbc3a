// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

#include <QMainWindow>

class QLabel;
class QTabWidget;

namespace decoy::ui {

class ChainView;
class FrameDetailsView;
class InspectorPanel;
class InvokeDialog;
class ObjectPanel;
class Session;
class Theme;
class TrafficView;
class WindowActions;
class WorkerPanel;

/// The monitor's window: arranges the views and connects them with the session. Session and theme must outlive it.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(Session &session, Theme &theme, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// "traffic" or "chains"; false if there is no such tab.
    bool showTab(const QString &name);
    /// Opens the Invoke dialog, for the selected object if nothing else is said.
    InvokeDialog *invoke(const ObjectRef &object = {}, const QString &method = {});
    /// Says something in the status bar; it stays until something else is said.
    void announce(const QString &text);
    void resetLayout();

    [[nodiscard]] TrafficView *traffic() const noexcept { return m_traffic; }
    [[nodiscard]] ChainView *chains() const noexcept { return m_chains; }
    [[nodiscard]] ObjectPanel *objects() const noexcept { return m_objects; }
    [[nodiscard]] WorkerPanel *workers() const noexcept { return m_workers; }
    [[nodiscard]] InspectorPanel *inspector() const noexcept { return m_inspector; }
    [[nodiscard]] FrameDetailsView *details() const noexcept { return m_details; }
    [[nodiscard]] WindowActions &actions() const noexcept { return *m_actions; }

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void makeCentre();
    void makeDocks();
    QDockWidget *makeDock(const QString &title, const QString &name, QWidget *content, Qt::DockWidgetArea area);
    void makeToolBar();
    void makeMenus();
    void makeStatusBar();
    void linkTraffic();
    void linkObjects();
    void showFrame(Row row);
    void showChains();
    void showServerState();
    void attachToServer();
    void showShortcuts();
    void showAbout();

    Session &m_session;
    WindowActions *m_actions;
    QTabWidget *m_tabs = nullptr;
    TrafficView *m_traffic = nullptr;
    ChainView *m_chains = nullptr;
    ObjectPanel *m_objects = nullptr;
    WorkerPanel *m_workers = nullptr;
    InspectorPanel *m_inspector = nullptr;
    FrameDetailsView *m_details = nullptr;
    InvokeDialog *m_invoke = nullptr;
    QLabel *m_message = nullptr;
    QLabel *m_serverState = nullptr;
    QByteArray m_firstLayout;
};

} // namespace decoy::ui
