// SPDX-License-Identifier: GPL-3.0-or-later
// Held requests in the main window: the panel, the banner above all views, the tools, and the way from a frame to a breakpoint.
#include "mainwindow/main_window.h"

#include "filter/breakpoint.h"
#include "mainwindow/window_actions.h"
#include "mainwindow/window_layout.h"
#include "session/frame_request.h"
#include "session/session.h"
#include "session/traffic_hold.h"
#include "theme/icons.h"
#include "views/breakpoint_bar.h"
#include "views/filter_clause.h"
#include "views/held_panel.h"
#include "views/hold_banner.h"
#include "views/inspector_panel.h"
#include "views/traffic_view.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QMenu>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// What the calls of the same method (or reads of the same attribute) have in common. A chained object is another one each time:
/// its type stays.
QString breakpointLike(const FrameSnapshot &frames, Row row, const FrameNames &names)
{
    const Row request = requestRowOf(frames, row);
    if (request == noRow || frames.event(request).isOfCallback()) // requests to the server are held
        return {};
    QString object = filterClause(frames, request, names, TrafficColumn::Object);
    const std::uint64_t id = frames.event(request).object;
    if (id != 0 && names.knowsObject(id) && names.object(id).contains(u'#'))
        object = u"type == "_s + names.type(id);
    const QString member = filterClause(frames, request, names, TrafficColumn::Call);
    return member.isEmpty() ? object : mergedFilter(object, member, FilterMerge::And);
}

/// In the toolbar, where there is little room; menus and the palette have the whole text.
void abbreviate(const QToolBar &bar, QAction *action, const QString &text)
{
    auto *button = qobject_cast<QToolButton *>(bar.widgetForAction(action));
    const auto shorten = [button, text] { button->setText(text); };
    QObject::connect(action, &QAction::changed, button, shorten); // when the button has taken the whole text again
    shorten();
}

} // namespace

void MainWindow::makeHold()
{
    TrafficHold &held = m_session.hold();
    auto *start = new QAction(icon("hold"_L1), u"Hold requests"_s, this);
    connect(start, &QAction::triggered, this, [this] { hold(m_held->breakpoint()->typed()); });
    m_held = new HeldPanel(m_session, start);
    QDockWidget *dock = makeDock(m_held->title(), dockNames::held, m_held, Qt::BottomDockWidgetArea);
    connect(m_held, &HeldPanel::titleChanged, dock, &QWidget::setWindowTitle);
    connect(m_held, &HeldPanel::frameRequested, this, &MainWindow::selectFrame);
    connect(m_held, &HeldPanel::messageShown, this, &MainWindow::announce);
    connect(&held, &TrafficHold::failed, this, &MainWindow::announce);
    connect(m_actions->hold, &QAction::triggered, this, [this, &held](bool on) {
        if (on)
            hold(m_held->breakpoint()->typed());
        else
            held.setMode(HoldMode::Off);
    });

    auto *show = new QAction(u"Show held"_s, this);
    const auto raise = [dock] {
        dock->show();
        dock->raise();
    };
    connect(show, &QAction::triggered, dock, raise);
    connect(m_inspector, &InspectorPanel::heldRequested, dock, raise);
    connect(m_actions->step, &QAction::triggered, dock, raise);
    m_holdBanner = new HoldBanner(held, m_session.names(), {show, m_actions->releaseAll, m_actions->stopHolding});
    // Only where there is something to show; but not before the window is there, and not after.
    connect(dock, &QDockWidget::visibilityChanged, show, [show](bool visible) { show->setVisible(!visible); });
    qobject_cast<QVBoxLayout *>(centralWidget()->layout())->insertWidget(0, m_holdBanner);
    connect(m_traffic, &TrafficView::contextMenuOpening, this, &MainWindow::addHoldActions);
}

bool MainWindow::hold(const QString &breakpoint)
{
    auto *dock = findChild<QDockWidget *>(dockNames::held);
    dock->show();
    dock->raise();
    const bool isValid = m_held->breakpoint()->setBreakpoint(breakpoint);
    if (isValid)
        m_session.hold().setMode(HoldMode::Breakpoint);
    const HoldMode mode = m_session.hold().mode();
    m_actions->hold->setChecked(mode == HoldMode::Breakpoint
                                || mode == HoldMode::Step); // it may have been pressed in vain
    return isValid && mode == HoldMode::Breakpoint;
}

void MainWindow::makeHoldTools(QToolBar *bar)
{
    bar->addSeparator();
    bar->addActions({m_actions->hold, m_actions->step, m_actions->slowMotion});
    abbreviate(*bar, m_actions->freeze, u"Freeze"_s);
    abbreviate(*bar, m_actions->hold, u"Hold"_s);
    abbreviate(*bar, m_actions->slowMotion, u"Speed"_s);
    auto *paces = new QMenu(bar);
    paces->addActions(m_actions->paces->actions());
    auto *speed = qobject_cast<QToolButton *>(bar->widgetForAction(m_actions->slowMotion));
    speed->setMenu(paces);
    speed->setPopupMode(QToolButton::MenuButtonPopup);
}

void MainWindow::addHoldActions(QMenu *menu, Row row, int column)
{
    const QString like = breakpointLike(m_traffic->frames(), row, m_session.names());
    QStringList breakpoints = {like};
    if (column >= 0)
        breakpoints += filterClause(m_traffic->frames(), row, m_session.names(), static_cast<TrafficColumn>(column));
    breakpoints.removeDuplicates();
    breakpoints.removeIf([](const QString &text) { return text.isEmpty() || !Breakpoint::compile(text).isValid(); });
    if (breakpoints.isEmpty())
        return;
    menu->addSection(u"Hold"_s);
    for (const QString &breakpoint : breakpoints) {
        QString shown = breakpoint;
        shown.replace(u'&', "&&"_L1); // a menu takes one & for a mnemonic
        QAction *action = menu->addAction(breakpoint == like ? u"Hold calls like this: %1"_s.arg(shown)
                                                             : u"Hold: %1"_s.arg(shown),
                                          this, [this, breakpoint] { hold(breakpoint); });
        action->setData(breakpoint);
    }
}

} // namespace decoy::ui
