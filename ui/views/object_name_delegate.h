// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

#include <QStyledItemDelegate>

namespace decoy::ui {

/// An object's name with its marks at the right of the cell: held, not recorded, and a star that can be clicked. An empty star shows
/// while the mouse is over the row of what can be pinned.
class ObjectNameDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// Where the star is in a cell, whether it shows or not.
    [[nodiscard]] static QRect starRect(const QRect &cell);

Q_SIGNALS:
    void starClicked(const decoy::ui::ObjectRef &object, bool isPinned);

protected:
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;
};

} // namespace decoy::ui
