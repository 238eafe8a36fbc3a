// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/object_tree_model.h"

#include "models/object_tree_node.h"
#include "theme/fonts.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <QGuiApplication>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QString columnTitle(int column)
{
    switch (column) {
    case ObjectTreeModel::Name: return u"Object"_s;
    case ObjectTreeModel::Type: return u"Type"_s;
    case ObjectTreeModel::Level: return u"Level"_s;
    case ObjectTreeModel::References: return u"Refs"_s;
    case ObjectTreeModel::Clients: return u"Clients"_s;
    case ObjectTreeModel::Calls: return u"Calls"_s;
    case ObjectTreeModel::Errors: return u"Errors"_s;
    case ObjectTreeModel::Age: return u"Age"_s;
    default: return {};
    }
}

QString columnMeaning(int column)
{
    switch (column) {
    case ObjectTreeModel::Level: return u"How many proxies stand between the root proxy and this one"_s;
    case ObjectTreeModel::References: return u"References that clients hold"_s;
    case ObjectTreeModel::Clients: return u"Processes that hold a reference"_s;
    case ObjectTreeModel::Calls: return u"Requests so far"_s;
    case ObjectTreeModel::Errors: return u"Requests that were answered with an error"_s;
    case ObjectTreeModel::Age: return u"Since it was published, or first came as a result"_s;
    default: return {};
    }
}

bool isNumber(int column) { return column >= ObjectTreeModel::Level; }

} // namespace

ObjectTreeModel::ObjectTreeModel(QObject *parent) : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) {}

ObjectTreeModel::~ObjectTreeModel() = default;

void ObjectTreeModel::setServers(const std::vector<ServerSnapshot> &servers, const MarkedObjects &marked)
{
    syncServers(servers);
    for (std::size_t row = 0; row < servers.size(); ++row)
        syncChildren(m_root->children[row].get(), Children(servers[row], marked), 0);
}

void ObjectTreeModel::syncServers(const std::vector<ServerSnapshot> &servers)
{
    for (std::size_t row = m_servers; row > 0; --row) {
        const QString &name = m_root->children[row - 1]->server;
        if (std::ranges::find(servers, name, &ServerSnapshot::name) != servers.end())
            continue;
        removeRow(m_root.get(), row - 1);
        --m_servers;
    }
    for (std::size_t row = 0; row < servers.size(); ++row) {
        const ServerSnapshot &server = servers[row];
        auto node = std::make_unique<Node>();
        node->kind = Kind::Server;
        node->server = server.name;
        node->isLocal = server.isLocal;
        node->process = server.process;
        node->state = server.state;
        node->problem = server.problem;
        node->info.calls = server.objects.calls();
        node->info.errors = server.objects.errors();
        if (row == m_servers) {
            insertRow(m_root.get(), row, std::move(node));
            ++m_servers;
        } else if (m_root->children[row]->update(*node)) {
            announceChange(m_root->children[row].get());
        }
    }
}

void ObjectTreeModel::syncChildren(Node *parent, const Children &children, quint64 parentId)
{
    const auto &[shown, hidden] = children.below(parentId);

    // Both lists are in the order of ids, which are never used again: one walk along both of them.
    std::size_t row = parent->members;
    for (const ObjectInfo *next : shown) {
        const ObjectInfo &object = *next;
        const auto rowsLeft = [&] { return row < parent->children.size(); };
        while (rowsLeft() && (parent->children[row]->kind == Kind::More || parent->children[row]->info.id < object.id))
            removeRow(parent, row);
        Node node = children.row(object);
        if (!rowsLeft() || parent->children[row]->info.id != object.id)
            insertRow(parent, row, std::make_unique<Node>(std::move(node)));
        else if (parent->children[row]->update(node))
            announceChange(parent->children[row].get());
        syncChildren(parent->children[row].get(), children, object.id);
        ++row;
    }
    syncMore(parent, row, children.server.name, hidden);
}

void ObjectTreeModel::syncMore(Node *parent, std::size_t row, const QString &server, std::size_t hidden)
{
    while (parent->children.size() > row && (hidden == 0 || parent->children[row]->kind != Kind::More))
        removeRow(parent, row);
    if (hidden == 0)
        return;
    auto more = std::make_unique<Node>();
    more->kind = Kind::More;
    more->server = server;
    more->hidden = hidden;
    if (parent->children.size() == row)
        insertRow(parent, row, std::move(more));
    else if (parent->children[row]->update(*more))
        announceChange(parent->children[row].get());
}

void ObjectTreeModel::removeRow(Node *parent, std::size_t row)
{
    const int at = static_cast<int>(row);
    beginRemoveRows(indexOfNode(parent), at, at);
    parent->children.erase(parent->children.begin() + at);
    endRemoveRows();
}

ObjectTreeModel::Node *ObjectTreeModel::insertRow(Node *parent, std::size_t row, std::unique_ptr<Node> node)
{
    const int at = static_cast<int>(row);
    node->parent = parent;
    Node *inserted = node.get();
    beginInsertRows(indexOfNode(parent), at, at);
    parent->children.insert(parent->children.begin() + at, std::move(node));
    endInsertRows();
    return inserted;
}

void ObjectTreeModel::announceChange(const Node *node)
{
    Q_EMIT dataChanged(indexOfNode(node), indexOfNode(node, columns - 1));
}

ObjectTreeModel::Node *ObjectTreeModel::nodeOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Node *>(index.internalPointer()) : m_root.get();
}

QModelIndex ObjectTreeModel::indexOfNode(const Node *node, int column) const
{
    if (!node->parent)
        return {};
    const auto &siblings = node->parent->children;
    const auto found = std::ranges::find(siblings, node, &std::unique_ptr<Node>::get);
    return createIndex(static_cast<int>(found - siblings.begin()), column, const_cast<Node *>(node));
}

QModelIndex ObjectTreeModel::indexOf(const ObjectRef &object) const
{
    std::vector<const Node *> pending = {m_root.get()};
    while (!pending.empty()) {
        const Node *node = pending.back();
        pending.pop_back();
        if (!object.isNull() && node->object() == object)
            return indexOfNode(node);
        for (const auto &child : node->children) {
            if (child->server == object.server)
                pending.push_back(child.get());
        }
    }
    return {};
}

QModelIndex ObjectTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, nodeOf(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex ObjectTreeModel::parent(const QModelIndex &child) const
{
    return child.isValid() ? indexOfNode(nodeOf(child)->parent) : QModelIndex();
}

int ObjectTreeModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

bool ObjectTreeModel::hasChildren(const QModelIndex &parent) const
{
    if (parent.column() > 0)
        return false;
    const Node &node = *nodeOf(parent);
    return !node.children.empty() || (node.kind == Kind::Object && node.marks.canBeAsked && !node.isDescribed);
}

int ObjectTreeModel::columnCount(const QModelIndex &) const { return columns; }

QVariant ObjectTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Node &node = *nodeOf(index);
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return node.text(column);
    case Qt::ToolTipRole: return node.toolTip();
    case Qt::AccessibleTextRole: return column == Name ? QVariant(node.spokenName()) : QVariant();
    case ObjectRole: return QVariant::fromValue(node.object());
    case KindRole: return int(node.kind);
    case MemberRole: return node.member;
    case RankRole: return node.rank();
    case MarksRole: return QVariant::fromValue(node.marks);
    case CanPinRole: return node.kind == Kind::Object;
    case SortRole: return node.sortValue(column);
    case Qt::TextAlignmentRole: return isNumber(column) ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case Qt::FontRole: return isNumber(column) ? QVariant(tabularFont()) : QVariant();
    case Qt::DecorationRole: return column == Name ? QVariant(node.icon()) : QVariant();
    case Qt::ForegroundRole:
        if (column == Errors && node.info.errors > 0)
            return opcodeStyle(FrameRole::Error, QGuiApplication::palette()).colour;
        if (column == Type || node.kind == Kind::More || node.isGone() || node.marks.isGone)
            return mutedColour(QGuiApplication::palette());
        return {};
    default: return {};
    }
}

QVariant ObjectTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    switch (role) {
    case Qt::DisplayRole: return columnTitle(section);
    case Qt::ToolTipRole: return columnMeaning(section);
    case Qt::InitialSortOrderRole: return int(isNumber(section) ? Qt::DescendingOrder : Qt::AscendingOrder);
    case Qt::TextAlignmentRole: return int((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default: return {};
    }
}

} // namespace decoy::ui
