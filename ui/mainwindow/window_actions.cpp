// SPDX-License-Identifier: GPL-3.0-or-later
#include "mainwindow/window_actions.h"

#include "session/session.h"
#include "session/worker_pool.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "trace/traffic_collector.h"
#include "views/traffic_view.h"

#include <QAction>
#include <QActionGroup>
#include <QWidget>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// The scenario that shows most with least: results, errors and chained proxies, at a speed that can be read.
constexpr auto gentleScenario = "teller"_L1;

} // namespace

WindowActions::WindowActions(Session &session, Theme &theme, QObject *parent)
    : QObject(parent), capture(make("capture-stop"_L1, u"Stop &capture"_s, {}, u"Ctrl+E"_s)),
      freeze(make("freeze"_L1, u"&Freeze view"_s, u"Keep the table as it is; the capture goes on"_s, u"Space"_s)),
      clear(make("clear"_L1, u"C&lear frames"_s, u"Forget all captured frames"_s, u"Ctrl+L"_s)),
      startWorker(
          make("worker-start"_L1, u"Start a worker"_s, u"Start a process that uses the objects of this server"_s)),
      stopWorkers(make("stop"_L1, u"&Stop all workers"_s, u"Ask every worker to end (SIGTERM)"_s)),
      invoke(make("invoke"_L1, u"&Invoke"_s, u"Call a method of the selected object by hand"_s, u"Ctrl+Return"_s)),
      invokeInWindow(make("float"_L1, u"Invoke in a &window"_s, u"Call a method in a window of its own"_s,
                          u"Ctrl+Shift+Return"_s)),
      attach(make("attach"_L1, u"&Attach to a server …"_s, u"Show the objects of another process's server"_s,
                  u"Ctrl+O"_s)),
      goToFrame(make({}, u"&Go to frame …"_s, {}, u"Ctrl+G"_s)),
      filter(make({}, u"&Filter frames"_s, u"Type which frames to show"_s, u"Ctrl+/"_s)),
      back(make("back"_L1, u"&Back"_s, u"Back to the selection and filter before"_s, u"Alt+Left"_s)),
      forward(make("forward"_L1, u"For&ward"_s, u"Forward again"_s, u"Alt+Right"_s)),
      nextInCall(make({}, u"&Next frame of this call"_s, {}, u"."_s)),
      previousInCall(make({}, u"&Previous frame of this call"_s, {}, u","_s)),
      mark(make({}, u"&Mark frame"_s, {}, u"M"_s)), nextMark(make({}, u"Next m&arked frame"_s, {}, u"Shift+M"_s)),
      copyAs(make("copy"_L1, u"Copy frame's call &as …"_s, u"As a command line, as C++ or as Python"_s,
                  u"Ctrl+Shift+C"_s)),
      commands(
          make("keyboard"_L1, u"Comman&ds …"_s, u"Find a command by a few letters of its name"_s, u"Ctrl+Shift+P"_s)),
      textLarger(make({}, u"Text &larger"_s, {}, QKeySequence::ZoomIn)),
      textSmaller(make({}, u"Text &smaller"_s, {}, QKeySequence::ZoomOut)),
      textUsual(make({}, u"Text as &usual"_s, {}, u"Ctrl+0"_s)),
      toggleTheme(make("theme"_L1, u"Theme"_s, u"Change between light and dark"_s)), themes(new QActionGroup(this)),
      resetLayout(make({}, u"&Reset layout"_s, u"Put every panel back to where it was at first"_s)),
      learn(make("learn"_L1, u"&Learn Decoy"_s, u"A guided tour in five short lessons, on the live server"_s)),
      shortcuts(make("keyboard"_L1, u"&Keyboard shortcuts"_s, {}, u"?"_s)), about(make({}, u"&About Decoy"_s, {})),
      quit(make({}, u"&Quit"_s, {}, u"Ctrl+Q"_s))
{
    shortcuts->setShortcuts({u"?"_s, u"F1"_s});
    invoke->setShortcuts({u"Ctrl+Return"_s, u"Ctrl+Enter"_s});
    invokeInWindow->setShortcuts({u"Ctrl+Shift+Return"_s, u"Ctrl+Shift+Enter"_s});
    // The plus is reached with Shift on some keyboards, and not on others.
    textLarger->setShortcuts({u"Ctrl++"_s, u"Ctrl+="_s});
    textSmaller->setShortcuts({u"Ctrl+-"_s});
    freeze->setCheckable(true);
    connect(clear, &QAction::triggered, &session, &Session::clearFrames);
    connect(stopWorkers, &QAction::triggered, &session.workers(), &WorkerPool::stopAll);
    if (session.scenarios().empty()) {
        startWorker->setEnabled(false);
    } else {
        const QString scenario = session.hasScenario(gentleScenario) ? QString(gentleScenario)
                                                                     : session.scenarios().front().name;
        startWorker->setText(u"Start a %1"_s.arg(scenario));
        connect(startWorker, &QAction::triggered, &session,
                [&session, scenario] { session.workers().start(scenario); });
    }
    makeThemes(theme);
    makeHold(session);
    makeRecord(session);
    makePin(session);
    followCapture(session);
}

QAction *WindowActions::make(QLatin1String iconName, const QString &text, const QString &toolTip,
                             const QKeySequence &key)
{
    auto *action = new QAction(text, this);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setShortcut(key);
    QString tip = toolTip.isEmpty() ? QString(text).remove(u'&') : toolTip;
    if (!key.isEmpty())
        tip += u" (%1)"_s.arg(key.toString(QKeySequence::NativeText));
    action->setToolTip(tip);
    return action;
}

void WindowActions::makeThemes(Theme &theme)
{
    const auto add = [this, &theme](const QString &text, ThemeChoice choice) {
        QAction *action = themes->addAction(text);
        action->setIconText(
            u"Theme: %1"_s.arg(QString(text).remove(u'&').toLower())); // where it stands without its menu
        action->setCheckable(true);
        action->setData(int(choice));
        connect(action, &QAction::triggered, &theme, [&theme, choice] { theme.choose(choice); });
    };
    add(u"As the &system"_s, ThemeChoice::System);
    add(u"&Light"_s, ThemeChoice::Light);
    add(u"&Dark"_s, ThemeChoice::Dark);
    const auto follow = [this, &theme] {
        for (QAction *action : themes->actions())
            action->setChecked(action->data().toInt() == int(theme.choice()));
    };
    connect(&theme, &Theme::changed, this, follow);
    follow();
    connect(toggleTheme, &QAction::triggered, &theme,
            [&theme] { theme.choose(theme.isDark() ? ThemeChoice::Light : ThemeChoice::Dark); });
}

void WindowActions::followCapture(Session &session)
{
    const auto follow = [this](bool capturing) {
        capture->setText(capturing ? u"Stop &capture"_s : u"Start &capture"_s);
        capture->setIcon(icon(capturing ? "capture-stop"_L1 : "capture-start"_L1));
        capture->setToolTip(capturing ? u"Stop taking frames (Ctrl+E)"_s
                                      : u"Take the server's frames again (Ctrl+E)"_s);
    };
    connect(&session.collector(), &TrafficCollector::capturingChanged, this, follow);
    connect(capture, &QAction::triggered, &session, [&session] {
        if (session.collector().isCapturing())
            session.stopCapture();
        else
            session.startCapture();
    });
    follow(session.collector().isCapturing());
}

void WindowActions::serve(TrafficView &view, QWidget *centre)
{
    // Plain keys work where frames are: elsewhere Space presses buttons and letters are typed.
    for (QAction *action : {freeze, nextInCall, previousInCall, mark, nextMark}) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        centre->addAction(action);
    }
    connect(freeze, &QAction::triggered, &view, &TrafficView::setFrozen);
    connect(&view, &TrafficView::frozenChanged, freeze, &QAction::setChecked);
    connect(goToFrame, &QAction::triggered, &view, &TrafficView::askForFrame);
    connect(nextInCall, &QAction::triggered, &view, &TrafficView::goToNextInCall);
    connect(previousInCall, &QAction::triggered, &view, &TrafficView::goToPreviousInCall);
    connect(mark, &QAction::triggered, &view, &TrafficView::toggleMark);
    connect(nextMark, &QAction::triggered, &view, &TrafficView::goToNextMark);
}

QList<QAction *> WindowActions::commandList() const
{
    QList<QAction *> list = findChildren<QAction *>(Qt::FindDirectChildrenOnly);
    list += themes->actions();
    list += paces->actions();
    list += records->actions();
    list.removeAll(commands);
    return list;
}

QList<QAction *> WindowActions::all() const
{
    return {capture,        record,         freeze,    clear,    hold,   step,     invoke,
            invokeInWindow, attach,         pin,       filter,   back,   forward,  goToFrame,
            nextInCall,     previousInCall, mark,      nextMark, copyAs, commands, textLarger,
            textSmaller,    textUsual,      shortcuts, quit};
}

} // namespace decoy::ui
