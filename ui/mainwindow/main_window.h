// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

#include <QMainWindow>
#include <QPointer>

class QAction;
class QLabel;
class QMenu;
class QTabWidget;
class QToolBar;

namespace decoy::ui {

class CallHistoryView;
class ChainView;
class CommandPalette;
class ConversationView;
class CopyCallMenu;
class FilterBar;
class FrameDetailsView;
class HeldPanel;
class HoldBanner;
class InspectorPanel;
class InvokeDialog;
class InvokePanel;
class LearnPanel;
class LessonPlayer;
class MailboxView;
class ObjectPanel;
class Outline;
class ProblemsPanel;
class SequenceView;
class Session;
class StatisticsView;
class TextZoom;
class Theme;
class TimelineView;
class TrafficView;
class WindowActions;
class WorkerPanel;

/// The monitor's window: arranges the views and connects them with the session. Session and theme must outlive it.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(Session &session, Theme &theme, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// "traffic", "chains", "statistics": a tab's title; false if there is no such tab.
    bool showTab(const QString &name);
    /// Shows the Invoke panel, for the selected object if nothing else is said, and puts the cursor there.
    InvokePanel *invoke(const ObjectRef &object = {}, const QString &method = {});
    /// The same in a window of its own.
    InvokeDialog *invokeInWindow(const ObjectRef &object = {}, const QString &method = {});
    /// Opens the list of all commands.
    CommandPalette *showCommands();
    /// Says something in the status bar; it stays until something else is said.
    void announce(const QString &text);
    /// Holds requests that match; empty: every request. False, and nothing is held, if that cannot be a breakpoint.
    bool hold(const QString &breakpoint);
    void resetLayout();
    /// Opens the guided tour, and a lesson of it unless that is -1. False if the lesson cannot be started (yet).
    bool showLearn(int lesson = -1);

    [[nodiscard]] FilterBar *filterBar() const noexcept { return m_filterBar; }
    [[nodiscard]] TrafficView *traffic() const noexcept { return m_traffic; }
    [[nodiscard]] SequenceView *sequence() const noexcept { return m_sequence; }
    [[nodiscard]] TimelineView *timeline() const noexcept { return m_timeline; }
    [[nodiscard]] ChainView *chains() const noexcept { return m_chains; }
    [[nodiscard]] ObjectPanel *objects() const noexcept { return m_objects; }
    [[nodiscard]] WorkerPanel *workers() const noexcept { return m_workers; }
    [[nodiscard]] InspectorPanel *inspector() const noexcept { return m_inspector; }
    [[nodiscard]] InvokePanel *invokePanel() const noexcept { return m_invoke; }
    [[nodiscard]] FrameDetailsView *details() const noexcept { return m_details; }
    [[nodiscard]] ConversationView *conversation() const noexcept { return m_conversation; }
    [[nodiscard]] CallHistoryView *calls() const noexcept { return m_calls; }
    [[nodiscard]] CopyCallMenu *copyMenu() const noexcept { return m_copyFrame; }
    [[nodiscard]] TextZoom &textZoom() const noexcept { return *m_textZoom; }
    [[nodiscard]] StatisticsView *statistics() const noexcept { return m_statistics; }
    [[nodiscard]] ProblemsPanel *problems() const noexcept { return m_problems; }
    [[nodiscard]] HeldPanel *held() const noexcept { return m_held; }
    [[nodiscard]] HoldBanner *holdBanner() const noexcept { return m_holdBanner; }
    [[nodiscard]] LearnPanel *learn() const noexcept { return m_learn; }
    [[nodiscard]] LessonPlayer &lessons() const noexcept { return *m_player; }
    [[nodiscard]] MailboxView *mailbox() const noexcept { return m_mailbox; }
    [[nodiscard]] WindowActions &actions() const noexcept { return *m_actions; }

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void makeCentre();
    QWidget *withFilterBar(QTabWidget *tabs);
    QWidget *withWayBack(QWidget *bar);
    void linkFilter();
    void linkNavigation();
    void makeDocks();
    QDockWidget *makeDock(const QString &title, const QString &name, QWidget *content, Qt::DockWidgetArea area);
    void showDock(QLatin1String name);
    void makeToolBar();
    void makeMenus();
    void makeStatusBar();
    void makeCallPanels();
    void makeInvoke();
    void linkCalls();
    void makeHold();
    void makeRecordTool(QToolBar *bar);
    void showWhyEmpty();
    void addRecordAction(QMenu *menu, Row row);
    void makeHoldTools(QToolBar *bar);
    void addHoldActions(QMenu *menu, Row row, int column);
    void linkTextZoom();
    void selectFrame(Row row);
    QAction *panelCommand(QDockWidget *dock);
    void linkTraffic();
    void linkObjects();
    void makeStatistics();
    void makeSequence();
    template <typename View>
    void linkToTraffic(View *view);
    void makeProblems();
    void makeLearn();
    void prepareLesson();
    void showLessonPlace();
    void showMailbox();
    void goToFrame(Row row);
    void showFrame(Row row);
    void showChains();
    void showServerState();
    void attachToServer();
    void showShortcuts();
    void showAbout();

    Session &m_session;
    WindowActions *m_actions;
    QTabWidget *m_tabs = nullptr;
    FilterBar *m_filterBar = nullptr;
    TrafficView *m_traffic = nullptr;
    SequenceView *m_sequence = nullptr;
    TimelineView *m_timeline = nullptr;
    ChainView *m_chains = nullptr;
    ObjectPanel *m_objects = nullptr;
    WorkerPanel *m_workers = nullptr;
    InspectorPanel *m_inspector = nullptr;
    FrameDetailsView *m_details = nullptr;
    ConversationView *m_conversation = nullptr;
    CallHistoryView *m_calls = nullptr;
    CopyCallMenu *m_copyFrame = nullptr;
    TextZoom *m_textZoom = nullptr;
    StatisticsView *m_statistics = nullptr;
    ProblemsPanel *m_problems = nullptr;
    HeldPanel *m_held = nullptr;
    HoldBanner *m_holdBanner = nullptr;
    InvokePanel *m_invoke = nullptr;
    InvokeDialog *m_invokeDialog = nullptr;
    LessonPlayer *m_player = nullptr;
    LearnPanel *m_learn = nullptr;
    MailboxView *m_mailbox = nullptr;
    QPointer<Outline> m_outline; ///< goes with what it is around
    QLabel *m_message = nullptr;
    QLabel *m_serverState = nullptr;
    QByteArray m_firstLayout;
};

} // namespace decoy::ui
