// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/object_list.h"

#include <QString>

#include <set>
#include <vector>

namespace decoy::ui {

/// One place in the chain graph: an object, or the door to siblings that are not shown.
struct ChainNode {
    enum class Kind : quint8 {
        Object,
        More,  ///< stands for `hidden` further siblings
        Fewer, ///< takes them away again
        Rest   ///< stands for `hidden` objects for which there is no room
    };
    Kind kind = Kind::Object;
    quint64 id = 0; ///< of the object; of the parent for More and Fewer, 0 for the published ones
    QString title;  ///< "node", "Node #12"
    int level = 0;
    quint64 references = 0;
    int column = 0;
    int row = 0;
    int parent = -1;       ///< index of the node that it was chained from; -1: none that is shown
    bool isOrphan = false; ///< chained from an object that is gone
    int hidden = 0;
};

/// Siblings that stand there before the rest is grouped.
inline constexpr std::size_t siblingsShown = 6;
inline constexpr std::size_t publishedShown = 24;
/// Steps of one chain, and objects in all: a client that never lets go must not make the graph grow without end.
inline constexpr int stepsShown = ObjectList::mostDepth - 1; // what the list puts beside its last row is only counted
inline constexpr std::size_t objectsShown = 2000;

struct ChainLayout {
    std::vector<ChainNode> nodes; ///< parents before children
    int rows = 0;
    int columns = 1;
    bool columnsAreLevels =
        true; ///< false where a chain has more steps than levels: plain data in between starts a new one
};

/// Gives every object a place: columns are levels, or steps where those are more; a chain is a line to the right, its branches stand below one another.
/// Siblings beyond a handful are grouped, except those of parents in `expanded`; what is too far along a chain, or too much in all, is
/// only counted, so this costs little however many there are.
[[nodiscard]] ChainLayout layOutChains(const ObjectList &objects, const std::set<quint64> &expanded);

} // namespace decoy::ui
