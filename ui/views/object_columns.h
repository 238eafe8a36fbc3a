// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/object_tree_model.h"

#include <QByteArray>
#include <QObject>

#include <array>

class QHeaderView;
class QMenu;
class QTreeView;

namespace decoy::ui {

/// The columns of the object tree: their widths and order, by which one is sorted, and which are shown. Where there is no room for all,
/// those that say least give way, except for what the person asked for.
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

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum class Choice : quint8 { WhereItFits, Shown, Hidden };

    void openMenu(QPoint position);
    void addColumns(QMenu &menu);
    void choose(int column, bool isShown);
    void noteResize(int column);
    void fit();
    [[nodiscard]] int widthNeeded(int column) const;

    QTreeView &m_tree;
    QHeaderView &m_header;
    std::array<Choice, ObjectTreeModel::columns> m_choices{};
    bool m_stretchesName = true;
    bool m_isFitting = false;
};

} // namespace decoy::ui
