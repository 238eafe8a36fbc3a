// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace decoy::ui {

/// Edits an attribute's value as text of its type, or as a choice where there are only two. Text that is no value of the
/// type keeps the editor open, marked, with the reason beside it.
class ValueDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;

protected:
    bool eventFilter(QObject *editor, QEvent *event) override;

Q_SIGNALS:
    /// Nothing is wrong any more if the text is empty.
    void problemChanged(const QString &problem) const;
};

} // namespace decoy::ui
