// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/object_tree_model.h"

#include <unordered_map>

namespace decoy::ui {

/// A row of the object tree: a server, an object, or the count of what is not shown.
struct ObjectTreeModel::Node {
    enum class Kind : quint8 { Root, Server, Object, More };

    Kind kind = Kind::Root;
    Node *parent = nullptr;
    std::vector<std::unique_ptr<Node>> children;

    QString server;
    ObjectInfo info;        ///< of an object; of a server: the sums of its objects
    std::size_t hidden = 0; ///< More: how many objects this row stands for
    qint64 process = 0;     ///< servers from here on
    bool isLocal = false;
    ServerSnapshot::State state = ServerSnapshot::State::Live;
    QString problem;

    [[nodiscard]] ObjectRef object() const;
    [[nodiscard]] bool isGone() const noexcept { return state == ServerSnapshot::State::Gone; }
    [[nodiscard]] QVariant text(int column) const;
    [[nodiscard]] QString toolTip() const;
    /// Takes over what another node of the same row shows; false if nothing differs.
    bool update(const Node &other);
};

/// The objects of a server by the row that they belong below; 0 stands for the server itself.
struct ObjectTreeModel::Children {
    explicit Children(const ServerSnapshot &snapshot);

    const ServerSnapshot &server;
    std::unordered_map<quint64, std::vector<const ObjectInfo *>> byParent;
};

} // namespace decoy::ui
