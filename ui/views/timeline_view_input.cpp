// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does to the timeline: mouse, wheel, keys, tooltips.
#include "views/timeline_view_private.h"

#include "views/frame_essentials.h"

#include <QApplication>
#include <QClipboard>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <cmath>
#include <utility>

namespace decoy::ui {

namespace {

constexpr double zoomStep = 1.5;
constexpr double panStep = 0.2;
constexpr double wheelNotch = 120;

} // namespace

bool TimelineView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        showPlainToolTip(help->globalPos(), d->toolTip(help->pos()), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TimelineView::mousePressEvent(QMouseEvent *event)
{
    const QPoint position = event->position().toPoint();
    const bool wantsPan = event->button() == Qt::MiddleButton || event->modifiers().testFlag(Qt::ShiftModifier);
    d->dragStart = position;
    d->dragLast = position.x();
    if (d->layout.overviewRect().contains(position)) {
        d->drag = Private::Drag::Overview;
        d->moveOverviewTo(position.x());
    } else if (wantsPan || d->layout.rulerRect().contains(position)) {
        d->drag = Private::Drag::Pan;
        viewport()->setCursor(Qt::ClosedHandCursor);
    } else if (event->button() == Qt::LeftButton && position.x() >= d->layout.scale.left()) {
        d->drag = Private::Drag::Span;
    }
}

void TimelineView::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint position = event->position().toPoint();
    switch (d->drag) {
    case Private::Drag::Overview: d->moveOverviewTo(position.x()); break;
    case Private::Drag::Pan:
        pan(static_cast<double>(d->dragLast - position.x()) / d->layout.scale.width());
        d->dragLast = position.x();
        break;
    case Private::Drag::Span:
        if (std::abs(position.x() - d->dragStart.x()) >= QApplication::startDragDistance()) {
            if (isFollowing())
                d->setMode(Private::Mode::Still); // what is being measured must not run away
            d->selectSpan(d->dragStart.x(), position.x());
            d->updateSpanBar();
        }
        break;
    case Private::Drag::None: break;
    }
    d->pointed.reset();
    if (position.x() >= d->layout.scale.left())
        d->pointed = d->layout.scale.time(position.x());
    viewport()->update();
}

void TimelineView::mouseReleaseEvent(QMouseEvent *event)
{
    const Private::Drag drag = std::exchange(d->drag, Private::Drag::None);
    const QPoint position = event->position().toPoint();
    viewport()->unsetCursor();
    if (drag != Private::Drag::Span)
        return;
    if (std::abs(position.x() - d->dragStart.x()) >= QApplication::startDragDistance()) {
        d->selectSpan(d->dragStart.x(), position.x());
        d->updateSpanBar();
        viewport()->update();
        Q_EMIT spanSelected(d->span->first, d->span->second);
        return;
    }
    if (d->span)
        clearSpan();
    d->select(d->frameAt(position));
}

void TimelineView::leaveEvent(QEvent *event)
{
    QAbstractScrollArea::leaveEvent(event);
    d->pointed.reset();
    viewport()->update();
}

void TimelineView::wheelEvent(QWheelEvent *event)
{
    const QPoint delta = event->angleDelta();
    const int x = event->position().toPoint().x();
    if (x < d->layout.scale.left()) // over the names: the lanes scroll
        return QAbstractScrollArea::wheelEvent(event);
    const bool isSideways = std::abs(delta.x()) > std::abs(delta.y());
    if (isSideways || event->modifiers().testFlag(Qt::ShiftModifier))
        pan(-(isSideways ? delta.x() : delta.y()) / wheelNotch * panStep / 2);
    else if (delta.y() != 0)
        zoom(std::pow(zoomStep, delta.y() / wheelNotch), x);
    event->accept();
}

void TimelineView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void TimelineView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

KeyHelp TimelineView::keyHelp()
{
    return {tr("Timeline"),
            {{tr("W, S"), tr("Closer, farther")},
             {tr("A, D"), tr("Earlier, later")},
             {tr("F"), tr("All of it")},
             {tr("Left, Right"), tr("The call before, behind")},
             {tr("Up, Down"), tr("Another client")},
             {tr("Home, End"), tr("The beginning, the newest")},
             {tr("Enter, Escape"), tr("Zoom into the span, forget it")}}};
}

void TimelineView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        if (d->frames.contains(d->current))
            QGuiApplication::clipboard()->setText(frameEssentials(d->frames, d->current, d->names));
        return;
    }
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return QAbstractScrollArea::keyPressEvent(event);
    // Zooming keeps what the mouse points at, else the middle.
    const int x = d->pointed ? static_cast<int>(d->layout.scale.x(*d->pointed))
                             : d->layout.scale.left() + d->layout.scale.width() / 2;
    switch (event->key()) {
    case Qt::Key_W:
    case Qt::Key_Plus: return zoom(zoomStep, x);
    case Qt::Key_S:
    case Qt::Key_Minus: return zoom(1 / zoomStep, x);
    case Qt::Key_A: return pan(-panStep);
    case Qt::Key_D: return pan(panStep);
    case Qt::Key_F: return fit();
    case Qt::Key_Home: return showSpan(0, d->layout.scale.span());
    case Qt::Key_End: return d->setMode(Private::Mode::Following);
    case Qt::Key_Left: return d->moveInLane(-1);
    case Qt::Key_Right: return d->moveInLane(1);
    case Qt::Key_Up: return d->moveToLane(-1);
    case Qt::Key_Down: return d->moveToLane(1);
    case Qt::Key_PageUp: return verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepSub);
    case Qt::Key_PageDown: return verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepAdd);
    case Qt::Key_Period: return goToNextInCall();
    case Qt::Key_Comma: return goToPreviousInCall();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (const auto span = d->span) {
            clearSpan();
            return showSpan(span->first, span->second);
        }
        break;
    case Qt::Key_Escape: return clearSpan();
    default: break;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

} // namespace decoy::ui
