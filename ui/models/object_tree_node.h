// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/object_tree_model.h"

#include <decoy/description.h>

#include <QIcon>

#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace decoy::ui {

/// A row of the object tree: a server, a worker, an object, one of its members, or the count of what is not shown.
struct ObjectTreeModel::Node {
    Kind kind = Kind::Root;
    Node *parent = nullptr;
    std::vector<std::unique_ptr<Node>> children;

    QString server;
    ObjectInfo info; ///< of an object; of a server: the sums of its objects
    ObjectMarks marks;
    QString age;              ///< of an object; empty if it is not known
    std::size_t hidden = 0;   ///< More: how many rows this one stands for
    std::size_t members = 0;  ///< of an object: the first of its children are what it has said that it has
    bool isDescribed = false; ///< it has been asked
    QString member;           ///< name of an attribute, a method, or a worker; what a More row of members says
    QString detail;           ///< of those: what stands in the column of types
    QString meaning;          ///< of those: the tool tip
    qint64 process = 0;       ///< servers and workers from here on
    bool isLocal = false;
    ServerSnapshot::State state = ServerSnapshot::State::Live;
    QString problem;

    [[nodiscard]] ObjectRef object() const;
    [[nodiscard]] bool isMember() const noexcept;
    [[nodiscard]] int rank() const noexcept;
    [[nodiscard]] bool isGone() const noexcept { return state == ServerSnapshot::State::Gone; }
    [[nodiscard]] QIcon icon() const;
    [[nodiscard]] QVariant text(int column) const;
    [[nodiscard]] QVariant sortValue(int column) const;
    /// For those who cannot see the icons.
    [[nodiscard]] QString spokenName() const;
    [[nodiscard]] QString toolTip() const;
    /// Takes over what another node of the same row shows; false if nothing differs.
    bool update(const Node &other);
};

/// The objects of a server that have a row, as they stand below one another, with what the person has pinned. As many as may be: those
/// near the server first, so that what is published is there however much was chained from it.
struct ObjectTreeModel::Children {
    Children(const ServerSnapshot &snapshot, const MarkedObjects &marks);

    struct Below {
        std::vector<const ObjectInfo *> shown; ///< in the order of ids
        std::size_t hidden = 0;                ///< how many more there are
    };

    /// What a row shows of an object now.
    [[nodiscard]] Node row(const ObjectInfo &object) const;
    /// Those below an object, 0 for the server.
    [[nodiscard]] const Below &below(quint64 parent) const;

    const ServerSnapshot &server;
    const MarkedObjects &marked;
    const qint64 now; ///< CLOCK_MONOTONIC, ns

private:
    void movePinned();
    void shareRows();
    [[nodiscard]] Below choose(quint64 parent, std::size_t most) const;

    std::deque<ObjectInfo> m_gone;           ///< pinned ones that the server does not have any more
    std::vector<const ObjectInfo *> m_moved; ///< pinned chained ones, those among them: they stand below the server
    std::unordered_set<quint64> m_movedIds;
    std::unordered_map<quint64, Below> m_below; ///< of those rows that have any
};

} // namespace decoy::ui
