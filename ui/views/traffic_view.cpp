// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/traffic_view_private.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "trace/frame_names.h"
#include "views/empty_state.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QInputDialog>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Rows that one copy takes along: more than anybody pastes, and still done at once.
constexpr Row mostRowsCopied = 20'000;

} // namespace

TrafficView::TrafficView(const FrameStore &store, const FrameNames &names, QWidget *parent)
    : QAbstractScrollArea(parent), d(std::make_unique<Private>(*this, store, names))
{
    setAccessibleName(tr("Traffic"));
    setAccessibleDescription(tr("Table of all captured frames"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // so that the columns do not jump when the first page is full
    viewport()->setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::Base);
    setEmptyState(tr("No frames yet"), tr("As soon as a client uses an object, its frames appear here."));
    refresh();
}

TrafficView::~TrafficView() = default;

void TrafficView::refresh()
{
    if (d->frozen) {
        d->updateJumpButton(false);
        return;
    }
    d->takeSnapshot();
    d->layOut();
}

bool TrafficView::isFollowing() const noexcept { return d->following; }

void TrafficView::setFollowing(bool follow)
{
    if (std::exchange(d->following, follow) == follow)
        return;
    d->layOut();
    Q_EMIT followingChanged(follow);
}

bool TrafficView::isFrozen() const noexcept { return d->frozen; }

void TrafficView::setFrozen(bool frozen)
{
    if (std::exchange(d->frozen, frozen) == frozen)
        return;
    refresh();
    d->updateJumpButton(true);
    Q_EMIT frozenChanged(frozen);
}

const FrameSnapshot &TrafficView::frames() const noexcept { return d->frames; }

void TrafficView::setMatches(std::shared_ptr<const MatchingRows> matches)
{
    const bool keepsCurrent = !d->following && d->isVisible(d->current);
    d->matches = std::move(matches);
    d->shown = ShownRows(d->frames, d->matches);
    d->layOut();
    if (keepsCurrent && d->shown.contains(d->current))
        d->scrollTo(d->current);
}

const ShownRows &TrafficView::shownRows() const noexcept { return d->shown; }

Row TrafficView::viewedRow() const noexcept { return d->following ? noRow : d->top; }

bool TrafficView::isCurrentHidden() const { return d->frames.contains(d->current) && !d->shown.contains(d->current); }

Row TrafficView::currentRow() const noexcept { return d->current; }

void TrafficView::setCurrentRow(Row row)
{
    if (!d->frames.contains(row))
        refresh(); // it may be newer than what is shown
    d->select(row, false);
}

void TrafficView::askForFrame()
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Go to frame"));
    dialog->setLabelText(d->frames.isEmpty()
                             ? tr("There are no frames yet.")
                             : tr("Frame number, %1 to %2:")
                                   .arg(groupedNumber(d->frames.firstRow() + 1), groupedNumber(d->frames.endRow())));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &text) {
        bool isNumber = false;
        const qulonglong number = text.simplified().remove(u' ').toULongLong(&isNumber);
        if (isNumber && number > 0)
            setCurrentRow(std::clamp<Row>(number - 1, d->frames.firstRow(), std::max(d->frames.endRow(), Row(1)) - 1));
    });
    dialog->open();
}

void TrafficView::goToNextInCall()
{
    if (const Row next = d->frames.nextInCall(d->current); next != noRow)
        d->select(next, false);
}

void TrafficView::goToPreviousInCall()
{
    if (const Row previous = d->frames.previousInCall(d->current); previous != noRow)
        d->select(previous, false);
}

bool TrafficView::isMarked(Row row) const { return d->marks.contains(row); }

void TrafficView::toggleMark()
{
    if (!d->frames.contains(d->current))
        return;
    if (d->marks.erase(d->current) == 0)
        d->marks.insert(d->current);
    viewport()->update();
}

void TrafficView::goToNextMark()
{
    if (d->marks.empty())
        return;
    const auto next = d->current == noRow ? d->marks.begin() : d->marks.upper_bound(d->current);
    d->select(next == d->marks.end() ? *d->marks.begin() : *next, false);
}

QString TrafficView::selectedText() const
{
    const Private::RowRange range = d->selection();
    if (range.first == noRow)
        return {};
    QString text;
    const std::uint64_t first = d->shown.indexOf(range.first);
    const std::uint64_t last = d->shown.indexOf(range.last + 1);
    const std::uint64_t end = std::min(last, first + mostRowsCopied);
    for (std::uint64_t index = first; index < end; ++index) {
        const Row row = d->shown.at(index);
        const TrafficRow shown(d->frames, row, d->names, 4096);
        QStringList cells;
        for (int visual = 0; visual < trafficColumnCount; ++visual) {
            const int column = d->header->logicalIndex(visual);
            if (!d->header->isSectionHidden(column))
                cells.append(shown.text(static_cast<TrafficColumn>(column)));
        }
        text += cells.join(u'\t') + u'\n';
    }
    if (end < last)
        text += tr("… %1 more frames were not copied\n").arg(groupedNumber(last - end));
    return text;
}

void TrafficView::copySelection() const
{
    if (const QString text = selectedText(); !text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void TrafficView::setEmptyState(const QString &cause, const QString &advice, QAction *action)
{
    d->empty->setTexts(cause, advice, action);
}

void TrafficView::setEmptyStateLink(const QString &text, QAction *action) { d->empty->setLink(text, action); }

void TrafficView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    TrafficPainter rows(painter, *d->header, palette(), d->fonts, viewport()->width());
    const Private::RowRange selection = d->selection();
    for (const Private::VisibleRow &visible : d->visibleRows()) {
        if (visible.gapHeight > 0)
            rows.paintGap(d->gapText(visible.row), visible.top - visible.gapHeight, visible.gapHeight);
        const TrafficRowState state{.isSelected = selection.contains(visible.row),
                                    .isCurrent = visible.row == d->current,
                                    .hasFocus = hasFocus(),
                                    .isHovered = visible.row == d->hovered,
                                    .isInCall = d->isInCurrentCall(visible.row),
                                    .isMarked = d->marks.contains(visible.row)};
        rows.paintRow(TrafficRow(d->frames, visible.row, d->names), state, visible.top, d->lineHeight);
    }
}

void TrafficView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    const int height = std::max(rowHeight, d->header->sizeHint().height());
    if (viewportMargins().top() != height)
        setViewportMargins(0, height, 0, 0);
    const QRect area = viewport()->geometry();
    d->header->setGeometry(area.left(), area.top() - height, area.width(), height);
    d->fitColumns();
    d->layOut();
}

void TrafficView::scrollContentsBy(int, int)
{
    d->header->setOffset(horizontalScrollBar()->value());
    if (!d->adjustingScrollBars) {
        const auto value = static_cast<std::uint64_t>(verticalScrollBar()->value());
        const bool moved = d->shown.indexOf(d->top) != value;
        d->top = value < d->shown.size() ? d->shown.at(value) : d->frames.firstRow();
        if (moved) // who scrolls up wants to read; who scrolls to the end wants to follow
            setFollowing(verticalScrollBar()->value() == verticalScrollBar()->maximum());
        d->updateJumpButton(false);
    }
    viewport()->update();
}

void TrafficView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        d->fonts = TrafficFonts(font());
        d->lineHeight = std::max(rowHeight, d->fonts.text.metrics.height() + halfUnit);
        d->layOut();
    }
}

} // namespace decoy::ui
