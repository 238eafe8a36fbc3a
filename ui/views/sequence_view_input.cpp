// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does to the sequence diagram: mouse, wheel, keys, tooltips.
#include "views/sequence_view_private.h"

#include "trace/frame_names.h"
#include "views/frame_essentials.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

int SequenceView::rowHeight() const noexcept { return d->layout.rowHeight; }

void SequenceView::zoomBy(int steps, int y)
{
    const int step = static_cast<int>(d->zoomStep) + steps;
    d->zoomTo(static_cast<std::size_t>(std::max(0, step)), y);
}

void SequenceView::resetZoom() { d->zoomTo(Private::usualZoom, SequenceLayout::headHeight); }

bool SequenceView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const Row row = d->rowAt(help->pos().y());
        showPlainToolTip(help->globalPos(), row == noRow ? QString() : frameEssentials(d->frames, row, d->names),
                         viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void SequenceView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        d->select(d->rowAt(event->position().toPoint().y()));
}

void SequenceView::mouseMoveEvent(QMouseEvent *event)
{
    const Row row = d->rowAt(event->position().toPoint().y());
    if (std::exchange(d->hovered, row) != row)
        viewport()->update();
}

void SequenceView::leaveEvent(QEvent *event)
{
    QAbstractScrollArea::leaveEvent(event);
    d->hovered = noRow;
    viewport()->update();
}

void SequenceView::wheelEvent(QWheelEvent *event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier))
        return QAbstractScrollArea::wheelEvent(event);
    if (event->angleDelta().y() != 0)
        zoomBy(event->angleDelta().y() > 0 ? 1 : -1, event->position().toPoint().y());
    event->accept();
}

void SequenceView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void SequenceView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void SequenceView::Private::addFilterMenu(QMenu &menu, const QString &title, FilterMerge merge)
{
    QMenu *clauses = menu.addMenu(title);
    for (const TrafficColumn column : {TrafficColumn::Process, TrafficColumn::Opcode, TrafficColumn::Object,
                                       TrafficColumn::Call, TrafficColumn::Level, TrafficColumn::Latency}) {
        const QString clause = filterClause(frames, current, names, column);
        if (clause.isEmpty())
            continue;
        QString text = clause;
        text.replace(u'&', u"&&"_s); // a menu takes one & for a mnemonic
        clauses->addAction(text, &q, [this, clause, merge] { Q_EMIT q.filterRequested(clause, merge); });
    }
}

void SequenceView::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Mouse)
        d->select(d->rowAt(event->pos().y()));
    if (!d->frames.contains(d->current))
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString essentials = frameEssentials(d->frames, d->current, d->names);
    menu->addAction(tr("Copy frame"), QKeySequence::Copy, this,
                    [essentials] { QGuiApplication::clipboard()->setText(essentials); });
    menu->addSeparator();
    d->addFilterMenu(*menu, tr("Show only"), FilterMerge::And);
    d->addFilterMenu(*menu, tr("Hide"), FilterMerge::Exclude);
    menu->addSeparator();
    menu->addAction(tr("Next frame of this call"), QKeySequence(Qt::Key_Period), this, &SequenceView::goToNextInCall)
        ->setEnabled(d->frames.nextInCall(d->current) != noRow);
    menu->addAction(tr("Previous frame of this call"), QKeySequence(Qt::Key_Comma), this,
                    &SequenceView::goToPreviousInCall)
        ->setEnabled(d->frames.previousInCall(d->current) != noRow);
    Q_EMIT contextMenuOpening(menu, d->current);
    const bool isByKey = event->reason() != QContextMenuEvent::Mouse;
    menu->popup(isByKey ? viewport()->mapToGlobal(arrow(d->current).p1()) : event->globalPos());
}

KeyHelp SequenceView::keyHelp()
{
    return {tr("Sequence"),
            {{tr("Up, Down"), tr("The frame above, below")},
             {tr("Left, Right"), tr("More lifelines")},
             {tr("Home, End"), tr("The first frame, the newest")},
             {tr("+, −, 0"), tr("Taller rows, denser ones, the usual")}}};
}

void SequenceView::keyPressEvent(QKeyEvent *event)
{
    const std::int64_t page = std::max(1, d->layout.rowsPerPage() - 1);
    const int middle = viewport()->height() / 2;
    if (event->matches(QKeySequence::Copy)) {
        if (d->frames.contains(d->current))
            QGuiApplication::clipboard()->setText(frameEssentials(d->frames, d->current, d->names));
        return;
    }
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoomBy(1, middle);
    case Qt::Key_Minus: return zoomBy(-1, middle);
    case Qt::Key_0: return resetZoom();
    default: break;
    }
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return QAbstractScrollArea::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Up: return d->moveBy(-1);
    case Qt::Key_Down: return d->moveBy(1);
    case Qt::Key_PageUp: return d->moveBy(-page);
    case Qt::Key_PageDown: return d->moveBy(page);
    case Qt::Key_Home:
        if (!d->shown.isEmpty())
            d->select(d->shown.first());
        return;
    case Qt::Key_End:
        if (!d->shown.isEmpty())
            d->select(d->shown.last());
        return setFollowing(true);
    case Qt::Key_Left: return horizontalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepSub);
    case Qt::Key_Right: return horizontalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepAdd);
    case Qt::Key_Period: return goToNextInCall();
    case Qt::Key_Comma: return goToPreviousInCall();
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

} // namespace decoy::ui
