// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

#include <QWidget>

class QMenu;
class QTreeView;

namespace decoy::ui {

class ObjectColumns;
class ObjectOrder;
class ObjectTreeModel;
class Session;

/// Servers, their objects, and the proxies chained from them. Follows and sets the session's selection.
class ObjectPanel : public QWidget {
    Q_OBJECT

public:
    explicit ObjectPanel(Session &session, QWidget *parent = nullptr);

    [[nodiscard]] QTreeView *tree() const noexcept { return m_tree; }
    [[nodiscard]] ObjectColumns *columns() const noexcept { return m_columns; }

Q_SIGNALS:
    /// The person wants to call a method of this object; `method` is empty if they did not say which.
    void invokeRequested(const decoy::ui::ObjectRef &object, const QString &method);
    /// The person wants to see an attribute of the selected object.
    void attributeRequested(const QString &attribute);
    /// The person wants to see a worker, named by its title.
    void workerRequested(const QString &title);

private:
    void showObjects();
    void showWorkers();
    void selectIndex(const QModelIndex &index);
    void describe(const QModelIndex &index);
    void addMemberActions(QMenu &menu, const QModelIndex &index);
    void addWorkerActions(QMenu &menu, const QString &title);
    void showSelection(const ObjectRef &object);
    void expandNewRows(const QModelIndex &parent, int first, int last);
    void openContextMenu(QPoint position);
    void addPinAction(QMenu &menu, const ObjectRef &object);
    void addRecordAction(QMenu &menu, const ObjectRef &object);
    void addObjectActions(QMenu &menu, const ObjectRef &object);
    void openIndex(const QModelIndex &index);
    [[nodiscard]] ObjectRef objectAt(const QModelIndex &index) const;

    Session &m_session;
    ObjectTreeModel *m_model;
    ObjectOrder *m_order;
    QTreeView *m_tree;
    ObjectColumns *m_columns;
    bool m_isUnfolding = false; ///< by no doing of the person's: nothing is asked for
    bool m_isShowing = false;   ///< rows come and go, by no doing of the person's
};

} // namespace decoy::ui
