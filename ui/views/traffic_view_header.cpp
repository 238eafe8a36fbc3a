// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the traffic table: widths, order, what is hidden, and how that is kept.
#include "views/traffic_view_private.h"

#include "theme/metrics.h"
#include "views/column_menu.h"

#include <QFontMetrics>
#include <QMenu>
#include <QPainter>
#include <QStyleOptionHeader>

#include <algorithm>

namespace decoy::ui {

namespace {

constexpr int callColumn = static_cast<int>(TrafficColumn::Call);
constexpr int narrowestCall = gridUnit * 20;

ColumnRoom::Plan plan()
{
    const auto number = [](TrafficColumn column) { return static_cast<int>(column); };
    ColumnRoom::Plan plan{.stretched = callColumn, .narrowest = narrowestCall, .leastFirst = {}, .hidden = {}};
    for (const TrafficColumn column :
         {TrafficColumn::CallId, TrafficColumn::Lane, TrafficColumn::Size, TrafficColumn::Level, TrafficColumn::Number,
          TrafficColumn::Time, TrafficColumn::Latency})
        plan.leastFirst.push_back(number(column));
    for (int column = 0; column < trafficColumnCount; ++column) {
        if (trafficColumns()[static_cast<std::size_t>(column)].isHidden)
            plan.hidden.push_back(column);
    }
    return plan;
}

/// A header whose titles stand exactly above the cells' text.
class TrafficHeader final : public QHeaderView {
public:
    explicit TrafficHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent) {}

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override
    {
        QStyleOptionHeader option;
        initStyleOption(&option);
        option.rect = rect;
        style()->drawControl(QStyle::CE_HeaderSection, &option, painter, this);
        const TrafficColumnInfo &info = trafficColumns()[static_cast<std::size_t>(section)];
        const QRect text = rect.adjusted(gridUnit, 0, -gridUnit, 0);
        painter->setPen(palette().color(QPalette::WindowText));
        painter->drawText(text, static_cast<int>((info.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter),
                          fontMetrics().elidedText(info.title, Qt::ElideRight, text.width()));
    }
};

} // namespace

void TrafficView::Private::makeHeader()
{
    columns = new QStandardItemModel(0, trafficColumnCount, &q);
    header = new TrafficHeader(&q);
    header->setModel(columns);
    header->setAccessibleName(tr("Columns of the traffic table"));
    header->setSectionsMovable(true);
    header->setHighlightSections(false);
    header->setMinimumSectionSize(gridUnit * 4);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    for (int i = 0; i < trafficColumnCount; ++i) {
        const TrafficColumnInfo &info = trafficColumns()[static_cast<std::size_t>(i)];
        columns->setHeaderData(i, Qt::Horizontal, info.title);
        columns->setHeaderData(i, Qt::Horizontal, info.explanation, Qt::ToolTipRole);
    }
    room.emplace(*header, plan());
    resetColumns();
    QObject::connect(header, &QHeaderView::customContextMenuRequested, &q,
                     [this](QPoint position) { showColumnMenu(position); });
    QObject::connect(header, &QHeaderView::sectionMoved, &q, [this] { q.viewport()->update(); });
    QObject::connect(header, &QHeaderView::sectionResized, &q, [this](int column) {
        if (!room->noteResize(column))
            return;
        fitColumns();
        layOut();
    });
}

void TrafficView::Private::resetColumns()
{
    const QFontMetrics titleMetrics(header->font());
    std::vector<int> order;
    for (int i = 0; i < trafficColumnCount; ++i) {
        const TrafficColumnInfo &info = trafficColumns()[static_cast<std::size_t>(i)];
        const int text = fonts.tabular.widthOf(info.widestText);
        room->widen(i, std::max(text, titleMetrics.horizontalAdvance(info.title)) + 2 * gridUnit + halfUnit);
        order.push_back(i);
    }
    room->reset(order);
    fitColumns();
}

void TrafficView::Private::fitColumns() { room->fit(q.viewport()->width()); }

void TrafficView::Private::growNumberColumns()
{
    if (frames.isEmpty())
        return;
    const TrafficRow newest(frames, frames.endRow() - 1, names, 1);
    bool grown = false;
    for (const TrafficColumn column : {TrafficColumn::Number, TrafficColumn::Time}) {
        const int section = static_cast<int>(column);
        const int needed = fonts.tabular.widthOf(newest.text(column)) + 2 * gridUnit + halfUnit;
        if (header->isSectionHidden(section) || header->sectionSize(section) >= needed)
            continue;
        room->widen(section, needed);
        grown = true;
    }
    if (grown)
        fitColumns();
}

void TrafficView::Private::showColumnMenu(QPoint position)
{
    auto *menu = new QMenu(header);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto laidOut = [this] {
        fitColumns();
        layOut();
    };
    addColumnActions(*menu, *header,
                     {.choose =
                          [this, laidOut](int column, bool isShown) {
                              room->choose(column, isShown);
                              laidOut();
                          },
                      .reset =
                          [this, laidOut] {
                              resetColumns();
                              laidOut();
                          }});
    menu->popup(header->mapToGlobal(position));
}

QByteArray TrafficView::saveColumns() const { return d->room->save(); }

bool TrafficView::restoreColumns(const QByteArray &state)
{
    const bool isRestored = d->room->restore(state);
    d->fitColumns();
    d->layOut();
    return isRestored;
}

} // namespace decoy::ui
