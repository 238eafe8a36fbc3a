// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/object_tree_model.h"

#include <QCollator>
#include <QSortFilterProxyModel>

namespace decoy::ui {

/// The object tree in the order that the person chose: by a column, or as the objects came. Attributes and methods stand above chained
/// objects, pinned objects first whichever way it is sorted, servers stay in the order of attaching, and what is only counted comes last.
class ObjectOrder : public QSortFilterProxyModel {
    Q_OBJECT

public:
    /// `model` must outlive this.
    explicit ObjectOrder(ObjectTreeModel &model, QObject *parent = nullptr);

    /// A column of -1 means: as they came.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    /// Also for what has children only once somebody looks.
    [[nodiscard]] bool hasChildren(const QModelIndex &parent = {}) const override;

protected:
    [[nodiscard]] bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    [[nodiscard]] int compare(const QModelIndex &left, const QModelIndex &right) const;

    int m_column = -1;
    QCollator m_collator;
};

} // namespace decoy::ui
