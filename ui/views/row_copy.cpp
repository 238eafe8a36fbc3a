// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/row_copy.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QTableView>
#include <QTreeView>

#include <algorithm>

namespace decoy::ui {

namespace {

/// Null for a list.
const QHeaderView *headerOf(const QAbstractItemView &view)
{
    if (const auto *table = qobject_cast<const QTableView *>(&view))
        return table->horizontalHeader();
    const auto *tree = qobject_cast<const QTreeView *>(&view);
    return tree ? tree->header() : nullptr;
}

class RowCopier : public QObject {
public:
    explicit RowCopier(QAbstractItemView &view) : QObject(&view), m_view(view) { view.installEventFilter(this); }

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() != QEvent::KeyPress || !static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy))
            return false;
        if (const QString text = selectedRowsText(m_view); !text.isEmpty())
            QGuiApplication::clipboard()->setText(text);
        return true;
    }

private:
    QAbstractItemView &m_view;
};

} // namespace

QString selectedRowsText(const QAbstractItemView &view)
{
    QModelIndexList rows = view.selectionModel()->selectedRows();
    if (rows.isEmpty() && view.currentIndex().isValid())
        rows = {view.currentIndex()};
    std::ranges::stable_sort(rows, {}, &QModelIndex::row);
    const QHeaderView *header = headerOf(view);
    QString text;
    for (const QModelIndex &row : rows) {
        QStringList cells;
        for (int visual = 0; visual < view.model()->columnCount(row.parent()); ++visual) {
            const int column = header ? header->logicalIndex(visual) : visual;
            if (!header || !header->isSectionHidden(column))
                cells += row.siblingAtColumn(column).data().toString();
        }
        text += cells.join(u'\t') + u'\n';
    }
    return text;
}

void copyWholeRows(QAbstractItemView &view) { new RowCopier(view); }

} // namespace decoy::ui
