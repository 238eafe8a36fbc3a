// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/object_name_delegate.h"

#include "models/object_tree_model.h"
#include "theme/icons.h"
#include "theme/metrics.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int markSize = doubleUnit;

ObjectMarks marksOf(const QModelIndex &index) { return index.data(ObjectTreeModel::MarksRole).value<ObjectMarks>(); }

bool canPin(const QModelIndex &index) { return index.data(ObjectTreeModel::CanPinRole).toBool(); }

/// From the right to the left.
QList<QIcon> iconsOf(const QModelIndex &index, bool isUnderMouse)
{
    const ObjectMarks marks = marksOf(index);
    QList<QIcon> icons;
    if (marks.isPinned)
        icons += icon("star-full"_L1);
    else if (isUnderMouse && canPin(index))
        icons += icon("star"_L1);
    if (marks.isSkipped)
        icons += icon("record-partial"_L1);
    if (marks.isHeld)
        icons += icon("hold"_L1);
    return icons;
}

} // namespace

QRect ObjectNameDelegate::starRect(const QRect &cell)
{
    return {cell.right() - markSize - halfUnit + 1, cell.top() + (cell.height() - markSize) / 2, markSize, markSize};
}

void ObjectNameDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QList<QIcon> icons = iconsOf(index, option.state.testFlag(QStyle::State_MouseOver));
    QStyleOptionViewItem text = option;
    text.rect.setWidth(option.rect.width() - static_cast<int>(icons.size()) * (markSize + halfUnit));
    QStyledItemDelegate::paint(painter, text, index);
    QRect place = starRect(option.rect);
    QStyleOptionViewItem rest = option;
    rest.rect.setLeft(text.rect.right() + 1);
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &rest, painter, option.widget);
    for (const QIcon &mark : icons) {
        mark.paint(painter, place);
        place.translate(-markSize - halfUnit, 0);
    }
}

QSize ObjectNameDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int marks = static_cast<int>(iconsOf(index, false).size()) * (markSize + halfUnit);
    return QStyledItemDelegate::sizeHint(option, index) + QSize(marks, 0);
}

bool ObjectNameDelegate::editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                                     const QModelIndex &index)
{
    const bool isClick = event->type() == QEvent::MouseButtonRelease || event->type() == QEvent::MouseButtonDblClick;
    if (!isClick || !canPin(index))
        return QStyledItemDelegate::editorEvent(event, model, option, index);
    const auto *mouse = static_cast<QMouseEvent *>(event);
    if (mouse->button() != Qt::LeftButton || !starRect(option.rect).contains(mouse->position().toPoint()))
        return QStyledItemDelegate::editorEvent(event, model, option, index);
    if (event->type() == QEvent::MouseButtonRelease)
        Q_EMIT starClicked(index.data(ObjectTreeModel::ObjectRole).value<ObjectRef>(), !marksOf(index).isPinned);
    return true; // a double click on the star is two clicks, and opens nothing
}

} // namespace decoy::ui
