// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the traffic table: widths, order, what is hidden, and how that is kept.
#include "views/traffic_view_private.h"

#include "theme/metrics.h"
#include "views/column_menu.h"

#include <QDataStream>
#include <QFontMetrics>
#include <QIODevice>
#include <QMenu>
#include <QPainter>
#include <QScopedValueRollback>
#include <QStyleOptionHeader>

#include <algorithm>

namespace decoy::ui {

namespace {

constexpr int callColumn = static_cast<int>(TrafficColumn::Call);
constexpr int narrowestCall = gridUnit * 30;
constexpr quint8 columnStateVersion = 1;

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
    resetColumns();
    QObject::connect(header, &QHeaderView::customContextMenuRequested, &q,
                     [this](QPoint position) { showColumnMenu(position); });
    QObject::connect(header, &QHeaderView::sectionMoved, &q, [this] { q.viewport()->update(); });
    QObject::connect(header, &QHeaderView::sectionResized, &q, [this](int column) {
        if (stretching)
            return;
        if (column == callColumn)
            stretchesCall = false;
        stretchCallColumn();
        layOut();
    });
}

void TrafficView::Private::resetColumns()
{
    const QScopedValueRollback guard(stretching, true);
    for (int i = 0; i < trafficColumnCount; ++i) {
        const TrafficColumnInfo &info = trafficColumns()[static_cast<std::size_t>(i)];
        const QFontMetrics titleMetrics(header->font());
        const int text = fonts.tabular.widthOf(info.widestText);
        header->moveSection(header->visualIndex(i), i);
        header->setSectionHidden(i, info.isHidden);
        header->resizeSection(i, std::max(text, titleMetrics.horizontalAdvance(info.title)) + 2 * gridUnit + halfUnit);
    }
    stretchesCall = true;
}

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
        const QScopedValueRollback guard(stretching, true);
        header->resizeSection(section, needed);
        grown = true;
    }
    if (grown)
        stretchCallColumn();
}

void TrafficView::Private::stretchCallColumn()
{
    if (!stretchesCall || header->isSectionHidden(callColumn))
        return;
    const QScopedValueRollback guard(stretching, true);
    const int others = header->length() - header->sectionSize(callColumn);
    header->resizeSection(callColumn, std::max(narrowestCall, q.viewport()->width() - others));
}

void TrafficView::Private::showColumnMenu(QPoint position)
{
    auto *menu = new QMenu(header);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto laidOut = [this] {
        stretchCallColumn();
        layOut();
    };
    addColumnActions(*menu, *header,
                     {.choose =
                          [this, laidOut](int column, bool isShown) {
                              header->setSectionHidden(column, !isShown);
                              laidOut();
                          },
                      .reset =
                          [this, laidOut] {
                              resetColumns();
                              laidOut();
                          }});
    menu->popup(header->mapToGlobal(position));
}

QByteArray TrafficView::saveColumns() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << columnStateVersion << quint8(trafficColumnCount) << d->stretchesCall << d->header->saveState();
    return state;
}

bool TrafficView::restoreColumns(const QByteArray &state)
{
    QDataStream stream(state);
    quint8 version = 0;
    quint8 count = 0;
    bool stretches = true;
    QByteArray header;
    stream >> version >> count >> stretches >> header;
    if (stream.status() != QDataStream::Ok || version != columnStateVersion || count != trafficColumnCount)
        return false;
    {
        const QScopedValueRollback guard(d->stretching, true);
        if (!d->header->restoreState(header) || d->header->hiddenSectionCount() == trafficColumnCount) {
            d->resetColumns();
            return false;
        }
    }
    d->stretchesCall = stretches;
    d->stretchCallColumn();
    d->layOut();
    return true;
}

} // namespace decoy::ui
