// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/value.h>

#include <QAbstractItemModel>

#include <memory>
#include <vector>

namespace decoy::ui {

/// One value as a tree: members of lists and dicts below them. Rows come into being when they are looked at, a thousand at a
/// time, so a huge value costs no more than what is seen of it.
class ValueTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column : quint8 { Key, Content, Type };
    static constexpr int columns = Type + 1;
    static constexpr std::size_t rowsPerFetch = 1000;

    explicit ValueTreeModel(QObject *parent = nullptr);
    ~ValueTreeModel() override;

    /// `name` is the root row's key: "result".
    void setValue(const QString &name, const Value &value);
    void clear();

    using QAbstractItemModel::parent;
    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex &parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node;

    [[nodiscard]] static Node *nodeOf(const QModelIndex &index) { return static_cast<Node *>(index.internalPointer()); }

    std::unique_ptr<Node> m_root;
};

} // namespace decoy::ui
