// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does to the traffic table: mouse, keys, context menu, tooltips.
#include "views/traffic_view_private.h"

#include "theme/fonts.h"
#include "trace/frame_names.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Characters of a value that a tooltip shows: the whole value where that is sensible.
constexpr qsizetype longestToolTip = 4000;

QString timeToolTip(const FrameSnapshot &frames, Row row)
{
    const FrameEvent &event = frames.event(row);
    QString text = TrafficView::tr("%1 ns since the first frame")
                       .arg(groupedNumber(static_cast<quint64>(event.time - frames.origin())));
    if (frames.contains(row - 1) && row != frames.firstRow())
        text += TrafficView::tr("\n%1 after the frame before it")
                    .arg(durationText(event.time - frames.event(row - 1).time));
    if (const Row previous = frames.previousInCall(row); previous != noRow)
        text += TrafficView::tr("\n%1 after frame %2 of the same call")
                    .arg(durationText(event.time - frames.event(previous).time), groupedNumber(previous + 1));
    return text;
}

} // namespace

QString TrafficView::Private::toolTip(QPoint position) const
{
    const std::optional<VisibleRow> visible = visibleRowAt(position.y());
    if (!visible || position.y() < visible->top)
        return {};
    const int column = header->logicalIndexAt(position.x());
    if (column < 0)
        return {};
    const TrafficRow row(frames, visible->row, names, longestToolTip);
    switch (static_cast<TrafficColumn>(column)) {
    case TrafficColumn::Time: return timeToolTip(frames, visible->row);
    case TrafficColumn::Size:
        return tr("%1 bytes, %2 of them kept")
            .arg(groupedNumber(row.event().size), groupedNumber(row.event().captured));
    case TrafficColumn::Latency:
        return row.event().isAnswer() ? tr("%1 ns").arg(groupedNumber(static_cast<quint64>(row.event().latency)))
                                      : QString();
    case TrafficColumn::Object:
        if (row.event().isOfCallback())
            return tr("%1 of %2, lent to the server, which calls it")
                .arg(row.objectText(), row.text(TrafficColumn::Process));
        return tr("%1, id %2").arg(names.object(row.object()), groupedNumber(row.object()));
    default: return row.text(static_cast<TrafficColumn>(column));
    }
}

bool TrafficView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString text = d->toolTip(help->pos());
        // Values come from other processes: as plain text they cannot pretend to be ours.
        QToolTip::showText(help->globalPos(),
                           text.isEmpty() ? text
                                          : u"<p style='white-space:pre-wrap'>"_s + text.toHtmlEscaped() + u"</p>"_s,
                           viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TrafficView::mousePressEvent(QMouseEvent *event)
{
    const auto visible = d->visibleRowAt(event->position().toPoint().y());
    if (!visible)
        return;
    const bool keepsSelection = event->button() == Qt::RightButton && d->selection().contains(visible->row);
    if (!keepsSelection)
        d->select(visible->row, event->modifiers().testFlag(Qt::ShiftModifier));
}

void TrafficView::mouseMoveEvent(QMouseEvent *event)
{
    const auto visible = d->visibleRowAt(event->position().toPoint().y());
    if (visible && event->buttons().testFlag(Qt::LeftButton))
        d->select(visible->row, true);
    const Row hovered = visible ? visible->row : noRow;
    if (std::exchange(d->hovered, hovered) != hovered)
        viewport()->update();
}

void TrafficView::leaveEvent(QEvent *event)
{
    QAbstractScrollArea::leaveEvent(event);
    d->hovered = noRow;
    viewport()->update();
}

void TrafficView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void TrafficView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

KeyHelp TrafficView::keyHelp()
{
    return {tr("Traffic"),
            {{tr("Up, Down"), tr("The frame above, below; with Shift, more of them")},
             {tr("Home, End"), tr("The first frame, the newest")}}};
}

void TrafficView::keyPressEvent(QKeyEvent *event)
{
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    const std::int64_t page = std::max(1, d->rowsPerPage() - 1);
    const auto all = static_cast<std::int64_t>(d->shown.size());
    if (event->matches(QKeySequence::Copy))
        return copySelection();
    if (event->matches(QKeySequence::SelectAll)) {
        d->anchor = d->shown.first();
        return d->select(d->shown.last(), true);
    }
    if (event->modifiers().testFlag(Qt::ControlModifier) && event->key() == Qt::Key_G)
        return askForFrame();
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return QAbstractScrollArea::keyPressEvent(event);

    switch (event->key()) {
    case Qt::Key_Up: return d->moveBy(-1, extend);
    case Qt::Key_Down: return d->moveBy(1, extend);
    case Qt::Key_PageUp: return d->moveBy(-page, extend);
    case Qt::Key_PageDown: return d->moveBy(page, extend);
    case Qt::Key_Home: return d->select(d->shown.first(), extend);
    case Qt::Key_End:
        d->moveBy(0, extend);
        d->moveBy(all, extend);
        return extend ? void() : setFollowing(true);
    case Qt::Key_Period: return goToNextInCall();
    case Qt::Key_Comma: return goToPreviousInCall();
    case Qt::Key_M: return extend ? goToNextMark() : toggleMark();
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void TrafficView::Private::addFilterActions(QMenu &menu, Row row, TrafficColumn column)
{
    const QString clause = filterClause(frames, row, names, column);
    if (clause.isEmpty())
        return;
    const auto add = [&](const QString &text, FilterMerge merge) {
        menu.addAction(text, &q, [this, clause, merge] { Q_EMIT q.filterRequested(clause, merge); });
    };
    QString shownClause = clause;
    shownClause.replace(u'&', "&&"_L1); // a menu takes one & for a mnemonic
    menu.addSection(tr("Filter"));
    add(tr("Apply as filter: %1").arg(shownClause), FilterMerge::Replace);
    add(tr("Exclude"), FilterMerge::Exclude);
    add(tr("And…"), FilterMerge::And);
}

void TrafficView::contextMenuEvent(QContextMenuEvent *event)
{
    const Row row = d->current;
    if (!d->frames.contains(row))
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool several = d->selection().first != d->selection().last;
    menu->addAction(several ? tr("Copy rows") : tr("Copy row"), QKeySequence::Copy, this, &TrafficView::copySelection);
    const int column = d->header->logicalIndexAt(viewport()->mapFromGlobal(event->globalPos()).x());
    if (column >= 0 && !several) {
        const QString cell =
            TrafficRow(d->frames, row, d->names, longestToolTip).text(static_cast<TrafficColumn>(column));
        const QString title = trafficColumns()[static_cast<std::size_t>(column)].title;
        menu->addAction(tr("Copy “%1”").arg(title), this, [cell] { QGuiApplication::clipboard()->setText(cell); });
    }
    if (column >= 0)
        d->addFilterActions(*menu, row, static_cast<TrafficColumn>(column));
    menu->addSeparator();
    QAction *next = menu->addAction(tr("Next frame of this call"), QKeySequence(Qt::Key_Period), this,
                                    &TrafficView::goToNextInCall);
    next->setEnabled(d->frames.nextInCall(row) != noRow);
    QAction *previous = menu->addAction(tr("Previous frame of this call"), QKeySequence(Qt::Key_Comma), this,
                                        &TrafficView::goToPreviousInCall);
    previous->setEnabled(d->frames.previousInCall(row) != noRow);
    const quint64 object = TrafficRow(d->frames, row, d->names).object();
    if (!d->frames.event(row).isOfCallback()) {
        menu->addAction(tr("Show object %1").arg(d->names.object(object)), this,
                        [this, object] { Q_EMIT objectRequested(object); });
    }
    menu->addSeparator();
    menu->addAction(isMarked(row) ? tr("Remove mark") : tr("Mark"), QKeySequence(Qt::Key_M), this,
                    &TrafficView::toggleMark);
    menu->addAction(tr("Go to frame…"), QKeySequence(Qt::CTRL | Qt::Key_G), this, &TrafficView::askForFrame);
    Q_EMIT contextMenuOpening(menu, row, column);
    menu->popup(event->globalPos());
}

} // namespace decoy::ui
