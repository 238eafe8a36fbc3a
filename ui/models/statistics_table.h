// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/cell_fonts.h"

#include <QAbstractTableModel>
#include <QString>

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

namespace decoy::ui {

/// One column of a StatisticsTable: what it says of a row, and how rows are sorted by it.
template <class Row>
struct StatisticsColumn {
    QString title;
    QString meaning; ///< the header's tool tip
    bool isNumber = false;
    std::function<QString(const Row &)> text;
    std::function<bool(const Row &, const Row &)> less;
    std::function<QVariant(const Row &)> colour = {}; ///< optional
    bool isName = false;                              ///< shown in the monospace font
};

/// A small table of numbers that change while one reads it. Rows stay where they are until they are put in order, by the person or
/// with sortAgain(); what comes later is added at the end. Rows are told apart by their place in the list that was set, which
/// only grows within a generation.
template <class Row>
class StatisticsTable : public QAbstractTableModel {
public:
    using Column = StatisticsColumn<Row>;

    explicit StatisticsTable(std::vector<Column> columns, QObject *parent = nullptr)
        : QAbstractTableModel(parent), m_columns(std::move(columns))
    {}

    void setRows(std::vector<Row> rows, quint64 generation)
    {
        const bool isFirst = m_rows.empty() && !rows.empty(); // then they are sorted: nobody has seen them otherwise
        if (isFirst || generation != m_generation || rows.size() < m_rows.size()) {
            beginResetModel();
            m_generation = generation;
            m_rows = std::move(rows);
            m_order.resize(m_rows.size());
            std::iota(m_order.begin(), m_order.end(), 0);
            arrange(m_order);
            endResetModel();
            return;
        }
        const int before = rowCount();
        const int after = static_cast<int>(rows.size());
        if (after > before)
            beginInsertRows({}, before, after - 1);
        m_rows = std::move(rows);
        for (int added = before; added < after; ++added)
            m_order.push_back(added);
        if (after > before)
            endInsertRows();
        if (before > 0)
            Q_EMIT dataChanged(index(0, 0), index(before - 1, columnCount() - 1));
    }

    /// `place` is a row as it is shown.
    [[nodiscard]] const Row &row(int place) const { return m_rows[static_cast<std::size_t>(sourceOf(place))]; }
    /// Its place in the list that was set.
    [[nodiscard]] int sourceOf(int place) const { return m_order[static_cast<std::size_t>(place)]; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
    }

    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const Column &column = m_columns[static_cast<std::size_t>(index.column())];
        const Row &shown = row(index.row());
        switch (role) {
        case Qt::DisplayRole:
        case Qt::ToolTipRole: return column.text(shown);
        case Qt::TextAlignmentRole: return alignment(column);
        case Qt::FontRole: return font(column);
        case Qt::ForegroundRole: return column.colour ? column.colour(shown) : QVariant();
        default: return {};
        }
    }

    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
            return {};
        const Column &column = m_columns[static_cast<std::size_t>(section)];
        switch (role) {
        case Qt::DisplayRole: return column.title;
        case Qt::ToolTipRole: return column.meaning + QStringLiteral("\nClick to sort by it.");
        case Qt::TextAlignmentRole: return alignment(column);
        default: return {};
        }
    }

    void sort(int column, Qt::SortOrder order) override
    {
        m_sortColumn = column;
        m_sortOrder = order;
        sortAgain();
    }

    /// Puts the rows in the order that the person last asked for, as their numbers are now.
    void sortAgain()
    {
        Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
        const std::vector<int> before = m_order;
        arrange(m_order);
        std::vector<int> placeOf(m_order.size());
        for (std::size_t place = 0; place < m_order.size(); ++place)
            placeOf[static_cast<std::size_t>(m_order[place])] = static_cast<int>(place);
        const QModelIndexList from = persistentIndexList();
        QModelIndexList to;
        for (const QModelIndex &old : from) {
            const int source = before[static_cast<std::size_t>(old.row())];
            to.append(index(placeOf[static_cast<std::size_t>(source)], old.column()));
        }
        changePersistentIndexList(from, to);
        Q_EMIT layoutChanged({}, VerticalSortHint);
    }

private:
    [[nodiscard]] QVariant font(const Column &column) const
    {
        if (column.isName)
            return m_fonts.names();
        return column.isNumber ? QVariant(m_fonts.numbers()) : QVariant();
    }

    static QVariant alignment(const Column &column)
    {
        return QVariant::fromValue<int>((column.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }

    void arrange(std::vector<int> &order) const
    {
        if (m_sortColumn < 0 || m_sortColumn >= columnCount())
            return;
        const auto &less = m_columns[static_cast<std::size_t>(m_sortColumn)].less;
        std::ranges::stable_sort(order, [&](int one, int other) {
            const Row &a = m_rows[static_cast<std::size_t>(one)];
            const Row &b = m_rows[static_cast<std::size_t>(other)];
            return m_sortOrder == Qt::AscendingOrder ? less(a, b) : less(b, a);
        });
    }

    const std::vector<Column> m_columns;
    const CellFonts m_fonts;
    std::vector<Row> m_rows;
    std::vector<int> m_order; ///< which of m_rows stands at a place
    quint64 m_generation = 0;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

} // namespace decoy::ui
