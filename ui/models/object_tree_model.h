// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/object_marks.h"
#include "session/object_watcher.h"

#include <QAbstractItemModel>

#include <memory>
#include <vector>

namespace decoy::ui {

/// Servers, the objects that they published, and below each the proxies that were chained from it.
///
/// Takes snapshots and changes only what differs, so that selection and expansion stay while objects come and go.
class ObjectTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column : quint8 { Name, Type, Level, References, Clients, Calls, Errors, Age };
    static constexpr int columns = Age + 1;

    enum Role {
        ObjectRole = Qt::UserRole, ///< an ObjectRef; null for a "more" row
        MarksRole,                 ///< ObjectMarks
        CanPinRole,                ///< whether it can be pinned, or unpinned
        SortRole                   ///< a text, or a qint64
    };

    /// Children shown of one object; a last row says how many there are beyond them. A client that chains a million
    /// proxies must not stop the window. Pinned ones are always shown.
    static constexpr std::size_t mostChildren = 200;

    /// Rows below one another. A client can chain without end, by reading a plain value at each step; what comes after the last row
    /// stands beside it, because every row is a call on the stack of whoever walks through the tree.
    static constexpr std::size_t mostDepth = 24;

    explicit ObjectTreeModel(QObject *parent = nullptr);
    ~ObjectTreeModel() override;

    void setServers(const std::vector<ServerSnapshot> &servers, const MarkedObjects &marked = {});

    /// The row of an object or server; invalid if it is not shown.
    [[nodiscard]] QModelIndex indexOf(const ObjectRef &object) const;

    using QAbstractItemModel::parent;
    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node;
    struct Children;

    [[nodiscard]] Node *nodeOf(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex indexOfNode(const Node *node, int column = Name) const;
    void syncServers(const std::vector<ServerSnapshot> &servers);
    void syncChildren(Node *parent, const Children &children, quint64 parentId);
    void syncMore(Node *parent, std::size_t row, const QString &server, std::size_t hidden);
    void removeRow(Node *parent, std::size_t row);
    Node *insertRow(Node *parent, std::size_t row, std::unique_ptr<Node> node);
    void announceChange(const Node *node);

    std::unique_ptr<Node> m_root;
};

} // namespace decoy::ui
