// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/column_room.h"

#include <QByteArray>
#include <QObject>

class QHeaderView;
class QMenu;
class QTreeView;

namespace decoy::ui {

/// The columns of the object tree: their widths and order, by which one is sorted, and which are shown.
class ObjectColumns : public QObject {
    Q_OBJECT

public:
    /// `tree` has its model, and owns this.
    explicit ObjectColumns(QTreeView &tree);

    /// "Sort by" and "Columns": also for those who have no mouse to reach the header with.
    void addMenus(QMenu &menu);

    [[nodiscard]] QByteArray save() const;
    /// False, and nothing is changed, for what another version saved.
    bool restore(const QByteArray &state);
    void reset();
    /// A server has had so many calls and errors: no number is cut off.
    void makeRoomFor(quint64 calls, quint64 errors);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void openMenu(QPoint position);
    void addColumns(QMenu &menu);
    void fit();
    void setWidths();
    void growFor(int column, quint64 number);
    [[nodiscard]] int widthNeeded(int column) const;

    QTreeView &m_tree;
    QHeaderView &m_header;
    ColumnRoom m_room;
};

} // namespace decoy::ui
