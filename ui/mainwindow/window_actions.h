// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QList>
#include <QObject>

class QAction;
class QActionGroup;

namespace decoy::ui {

class Session;
class Theme;
class TrafficView;

/// What the window can do, apart from where it is offered: menus, toolbar and the list of shortcuts are made from these.
class WindowActions : public QObject {
    Q_OBJECT

public:
    WindowActions(Session &session, Theme &theme, QObject *parent);

    QAction *capture; ///< start and stop
    QAction *freeze;
    QAction *clear;
    QAction *startWorker; ///< the gentlest scenario at once
    QAction *stopWorkers;
    QAction *invoke;
    QAction *invokeInWindow;
    QAction *attach;
    QAction *pin = nullptr; ///< the selected object to the top, or no longer; made in window_actions_objects.cpp
    QAction *goToFrame;
    QAction *filter; ///< puts the cursor into the filter
    QAction *back;
    QAction *forward;
    QAction *nextInCall;
    QAction *previousInCall;
    QAction *mark;
    QAction *nextMark;
    QAction *copyAs;   ///< the current frame's call as text
    QAction *commands; ///< the palette
    QAction *textLarger;
    QAction *textSmaller;
    QAction *textUsual;
    // Holding requests; made in window_actions_hold.cpp.
    QAction *hold = nullptr;       ///< what matches the breakpoint waits, or no longer
    QAction *step = nullptr;       ///< lets one through
    QAction *slowMotion = nullptr; ///< at the pace of last time, or no longer
    QActionGroup *paces = nullptr;
    QAction *releaseAll = nullptr;
    QAction *stopHolding = nullptr;
    // What is recorded; made in window_actions_record.cpp.
    QAction *record = nullptr; ///< opens the choice
    QActionGroup *records = nullptr;
    QAction *recordEverything = nullptr;
    QAction *recordAll = nullptr;       ///< no sample, even under load
    QAction *sampleUnderLoad = nullptr; ///< or a sample, as a choice
    QAction *toggleTheme;
    QActionGroup *themes;
    QAction *resetLayout;
    QAction *learn; ///< the guided tour
    QAction *shortcuts;
    QAction *about;
    QAction *quit;

    /// Those that the shortcuts window lists, in its order.
    [[nodiscard]] QList<QAction *> all() const;
    /// Every command, for the palette.
    [[nodiscard]] QList<QAction *> commandList() const;
    /// Connects what belongs to the table of frames, and makes its keys work there.
    void serve(TrafficView &view, QWidget *centre);

private:
    QAction *make(QLatin1String iconName, const QString &text, const QString &toolTip, const QKeySequence &key = {});
    void makeThemes(Theme &theme);
    void followCapture(Session &session);
    void makeHold(Session &session);
    void makePaces(Session &session);
    void makeRecord(Session &session);
    void makePin(Session &session);
};

} // namespace decoy::ui
