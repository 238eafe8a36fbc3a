// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/object_marks.h"
#include "session/object_watcher.h"

#include <QAbstractItemModel>

#include <memory>
#include <vector>

namespace decoy {
struct Description;
}

namespace decoy::ui {

/// A process that the person started, as the tree shows it.
struct TreeWorker {
    QString title; ///< names it
    QString state; ///< "running", "exit code 0"
    qint64 process = 0;
    quint64 calls = 0;
    bool isAlive = false;
};

/// Servers, the objects that they published, and below each its attributes and methods, once somebody has asked for them, and the
/// proxies that were chained from it. After the servers the workers.
///
/// Takes snapshots and changes only what differs, so that selection and expansion stay while objects come and go.
class ObjectTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column : quint8 { Name, Type, Level, References, Clients, Calls, Errors, Age };
    static constexpr int columns = Age + 1;

    enum class Kind : quint8 { Root, Server, Worker, Object, Attribute, Method, More };

    enum Role {
        ObjectRole = Qt::UserRole, ///< an ObjectRef, of a member its object's; null for a worker and for a "more" row
        KindRole,                  ///< an int that is a Kind
        MemberRole,                ///< the name of an attribute, of a method, or of a worker
        RankRole,                  ///< an int: of rows that keep their places whatever is sorted
        MarksRole,                 ///< ObjectMarks
        CanPinRole,                ///< whether it can be pinned, or unpinned
        SortRole                   ///< a text, or a qint64
    };

    /// Children shown of one object; a last row says how many there are beyond them. A client that chains a million
    /// proxies must not stop the window. Pinned ones are always shown.
    static constexpr std::size_t mostChildren = 200;

    /// Objects shown of one server, those near it first. Where there are more a last row says so, as above.
    static constexpr std::size_t mostRows = 5000;

    /// Rows below one another: every row is a call on the stack of whoever walks through the tree.
    static constexpr std::size_t mostDepth = ObjectList::mostDepth;

    /// Attributes and methods shown of one object.
    static constexpr std::size_t mostMembers = 200;

    explicit ObjectTreeModel(QObject *parent = nullptr);
    ~ObjectTreeModel() override;

    void setServers(const std::vector<ServerSnapshot> &servers, const MarkedObjects &marked = {});

    void setWorkers(const std::vector<TreeWorker> &workers);
    /// What an object has said that it has. `leftOut` counts what the description does not have any more.
    void setMembers(const ObjectRef &object, const Description &description, std::size_t leftOut = 0);
    /// It could not be asked, or did not answer; `problem` says why.
    void setMembersFailed(const ObjectRef &object, const QString &problem);

    /// The row of an object or server; invalid if it is not shown.
    [[nodiscard]] QModelIndex indexOf(const ObjectRef &object) const;

    using QAbstractItemModel::parent;
    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    /// True for what can be asked for its attributes and methods, also before that was done.
    [[nodiscard]] bool hasChildren(const QModelIndex &parent = {}) const override;
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
    void syncMembers(Node *object, std::vector<std::unique_ptr<Node>> wanted);
    void removeRow(Node *parent, std::size_t row);
    Node *insertRow(Node *parent, std::size_t row, std::unique_ptr<Node> node);
    void announceChange(const Node *node);

    std::unique_ptr<Node> m_root;
    std::size_t m_servers = 0; ///< rows of m_root; the workers come after them
};

} // namespace decoy::ui
