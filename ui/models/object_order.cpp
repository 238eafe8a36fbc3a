// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/object_order.h"

#include <utility>

namespace decoy::ui {

ObjectOrder::ObjectOrder(ObjectTreeModel &model, QObject *parent) : QSortFilterProxyModel(parent)
{
    m_collator.setCaseSensitivity(Qt::CaseInsensitive);
    setSourceModel(&model);
    QSortFilterProxyModel::sort(ObjectTreeModel::Name);
}

void ObjectOrder::sort(int column, Qt::SortOrder order)
{
    const bool isSameOrder = order == sortOrder();
    if (std::exchange(m_column, column) == column && isSameOrder)
        return;
    // The base class always sorts by the same column: pinned rows stand first even where no column is chosen.
    if (isSameOrder)
        invalidate();
    else
        QSortFilterProxyModel::sort(ObjectTreeModel::Name, order);
}

bool ObjectOrder::hasChildren(const QModelIndex &parent) const
{
    return sourceModel()->hasChildren(mapToSource(parent));
}

bool ObjectOrder::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    // What does not depend on the direction is turned round with it.
    const bool isUp = sortOrder() == Qt::AscendingOrder;
    const int ranks = left.data(ObjectTreeModel::RankRole).toInt() - right.data(ObjectTreeModel::RankRole).toInt();
    if (ranks != 0)
        return (ranks < 0) == isUp;
    if (const int values = compare(left, right); values != 0)
        return values < 0;
    return (left.row() < right.row()) == isUp;
}

int ObjectOrder::compare(const QModelIndex &left, const QModelIndex &right) const
{
    if (m_column < 0 || !left.parent().isValid())
        return 0;
    const QVariant one = left.siblingAtColumn(m_column).data(ObjectTreeModel::SortRole);
    const QVariant other = right.siblingAtColumn(m_column).data(ObjectTreeModel::SortRole);
    if (one.typeId() == QMetaType::QString)
        return m_collator.compare(one.toString(), other.toString());
    const qint64 difference = one.toLongLong() - other.toLongLong();
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

} // namespace decoy::ui
