// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/value_tree_model.h"

#include "session/value_text.h"
#include "theme/fonts.h"
#include "theme/theme.h"

#include <QGuiApplication>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

/// A member, or the value itself. It points into the root's data, which the root's Value keeps alive.
struct ValueTreeModel::Node {
    Node *parent = nullptr;
    int row = 0;
    QString key;
    Value value;
    std::vector<std::unique_ptr<Node>> children;

    [[nodiscard]] std::size_t members() const noexcept { return value.size(); }
    [[nodiscard]] bool isMap() const noexcept { return value.object().type == msgpack::type::MAP; }

    [[nodiscard]] std::unique_ptr<Node> member(std::size_t place, const std::shared_ptr<const msgpack::zone> &keeper)
    {
        auto child = std::make_unique<Node>();
        child->parent = this;
        child->row = static_cast<int>(place);
        if (isMap()) {
            const msgpack::object_kv &pair = value.object().via.map.ptr[place];
            child->key = displayText(Value(pair.key, keeper));
            child->value = Value(pair.val, keeper);
        } else {
            child->key = QString::number(place);
            child->value = Value(value.object().via.array.ptr[place], keeper);
        }
        return child;
    }
};

namespace {

/// Members share the data of the whole value: this makes a copy of the value that outlives everything below it.
std::shared_ptr<const msgpack::zone> keep(const Value &value)
{
    struct Keeper {
        Value value;
        msgpack::zone zone{64};
    };
    auto keeper = std::make_shared<Keeper>();
    keeper->value = value;
    return {keeper, &keeper->zone};
}

} // namespace

ValueTreeModel::ValueTreeModel(QObject *parent) : QAbstractItemModel(parent) {}

ValueTreeModel::~ValueTreeModel() = default;

void ValueTreeModel::setValue(const QString &name, const Value &value)
{
    beginResetModel();
    m_root = std::make_unique<Node>();
    m_root->key = name;
    m_root->value = value;
    endResetModel();
}

void ValueTreeModel::clear()
{
    beginResetModel();
    m_root.reset();
    endResetModel();
}

QModelIndex ValueTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    Node *node = parent.isValid() ? nodeOf(parent)->children[static_cast<std::size_t>(row)].get() : m_root.get();
    return createIndex(row, column, node);
}

QModelIndex ValueTreeModel::parent(const QModelIndex &child) const
{
    if (!child.isValid())
        return {};
    Node *above = nodeOf(child)->parent;
    return above ? createIndex(above->row, 0, above) : QModelIndex();
}

int ValueTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return m_root ? 1 : 0;
    return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

int ValueTreeModel::columnCount(const QModelIndex &) const { return columns; }

bool ValueTreeModel::hasChildren(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return m_root != nullptr;
    return parent.column() == 0 && nodeOf(parent)->members() > 0;
}

bool ValueTreeModel::canFetchMore(const QModelIndex &parent) const
{
    return parent.isValid() && parent.column() == 0 && nodeOf(parent)->children.size() < nodeOf(parent)->members();
}

void ValueTreeModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    Node *node = nodeOf(parent);
    const auto keeper = keep(node->value);
    const std::size_t begin = node->children.size();
    const std::size_t end = std::min(node->members(), begin + rowsPerFetch);
    beginInsertRows(parent, static_cast<int>(begin), static_cast<int>(end) - 1);
    for (std::size_t place = begin; place < end; ++place)
        node->children.push_back(node->member(place, keeper));
    endInsertRows();
}

QVariant ValueTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Node &node = *nodeOf(index);
    const bool isContainer = node.members() > 0;
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Key)
            return node.key;
        if (index.column() == Type)
            return valueTypeText(node.value);
        // A container's members stand below it; a huge one must not be turned into text for one line.
        return isContainer ? QString() : displayText(node.value);
    case Qt::FontRole: return index.column() == Type ? QVariant() : QVariant(monospaceFont());
    case Qt::ForegroundRole:
        return index.column() == Content ? QVariant() : QVariant(mutedColour(QGuiApplication::palette()));
    default: return {};
    }
}

QVariant ValueTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Key: return u"Key"_s;
    case Content: return u"Value"_s;
    case Type: return u"Type"_s;
    default: return {};
    }
}

} // namespace decoy::ui
