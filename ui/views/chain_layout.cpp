// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/chain_layout.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QString titleOf(const ObjectInfo &object)
{
    return object.name.empty() ? u"%1 #%2"_s.arg(QString::fromStdString(object.type)).arg(object.id)
                               : QString::fromStdString(object.name);
}

class ChainLayouter {
public:
    ChainLayouter(std::span<const ObjectInfo> objects, const std::set<quint64> &expanded)
        : m_objects(objects), m_expanded(expanded)
    {
        for (std::size_t i = 0; i < objects.size(); ++i)
            m_byId.emplace(objects[i].id, i);
        for (std::size_t i = 0; i < objects.size(); ++i)
            m_children[isRoot(i) ? rootKey : objects[i].parent].push_back(i);
    }

    ChainLayout layOut()
    {
        pushSiblings(rootKey, -1, publishedShown);
        run();
        // What was not reached goes round in a circle: cut it open at its first object.
        for (std::size_t i = 0; i < m_objects.size(); ++i) {
            if (m_placed.contains(i))
                continue;
            m_stack.push_back({ChainNode::Kind::Object, i, -1, 0, false});
            run();
        }
        if (m_left > 0)
            place({ChainNode::Kind::Rest, rootKey, -1, m_left, false});
        return std::move(m_layout);
    }

private:
    static constexpr quint64 rootKey = 0;

    struct Pending {
        ChainNode::Kind kind;
        std::size_t object; ///< or, for groups, the parent's id
        int parent;
        int hidden;
        bool isFirst;
    };

    [[nodiscard]] bool isRoot(std::size_t i) const
    {
        const ObjectInfo &object = m_objects[i];
        return object.parent == 0 || object.parent == object.id || !m_byId.contains(object.parent);
    }

    void run()
    {
        while (!m_stack.empty()) {
            const Pending next = m_stack.back();
            m_stack.pop_back();
            place(next);
        }
    }

    void place(const Pending &pending)
    {
        if (pending.kind == ChainNode::Kind::Object && !m_placed.insert(pending.object).second)
            return;
        if (pending.kind == ChainNode::Kind::Object && m_layout.nodes.size() >= objectsShown) {
            ++m_left;
            return;
        }
        if (!pending.isFirst && !m_layout.nodes.empty())
            ++m_row;
        ChainNode node;
        node.kind = pending.kind;
        node.parent = pending.parent;
        node.row = m_row;
        node.hidden = pending.hidden;
        const int parentColumn = pending.parent < 0 ? -1
                                                    : m_layout.nodes[static_cast<std::size_t>(pending.parent)].column;
        if (pending.kind == ChainNode::Kind::Object) {
            const ObjectInfo &object = m_objects[pending.object];
            node.id = object.id;
            node.title = titleOf(object);
            node.level = object.level;
            node.references = object.references;
            node.isOrphan = object.parent != 0 && pending.parent < 0;
            node.column = std::max(parentColumn + 1, std::clamp(object.level, 0, mostColumns));
            m_layout.columnsAreLevels = m_layout.columnsAreLevels && node.column == object.level;
        } else {
            node.id = pending.object;
            node.column = parentColumn + 1;
        }
        m_layout.rows = m_row + 1;
        m_layout.columns = std::max(m_layout.columns, node.column + 1);
        m_layout.nodes.push_back(std::move(node));
        m_steps.push_back(pending.parent < 0 ? 0 : m_steps[static_cast<std::size_t>(pending.parent)] + 1);
        if (pending.kind == ChainNode::Kind::Object)
            pushSiblings(m_objects[pending.object].id, static_cast<int>(m_layout.nodes.size()) - 1, siblingsShown);
    }

    /// Puts an object's children, or the published objects, on the stack: the first on top.
    void pushSiblings(quint64 parentId, int parent, std::size_t shown)
    {
        const auto found = m_children.find(parentId);
        if (found == m_children.end() || (parentId == rootKey && parent >= 0))
            return;
        const std::vector<std::size_t> &siblings = found->second;
        if (parent >= 0 && m_steps[static_cast<std::size_t>(parent)] + 1 >= stepsShown) {
            const int hidden = hide(siblings);
            if (hidden > 0)
                m_stack.push_back({ChainNode::Kind::Rest, parentId, parent, hidden, true});
            return;
        }
        const bool isExpanded = m_expanded.contains(parentId);
        // A group of one would take as much room as what it hides.
        const bool isGrouped = siblings.size() > shown + 1;
        const std::size_t count = isGrouped && !isExpanded ? shown : siblings.size();
        if (isGrouped) {
            const auto kind = isExpanded ? ChainNode::Kind::Fewer : ChainNode::Kind::More;
            m_stack.push_back({kind, parentId, parent, static_cast<int>(siblings.size() - shown), false});
            if (!isExpanded)
                hide(std::span(siblings).subspan(count));
        }
        for (std::size_t i = count; i-- > 0;)
            m_stack.push_back({ChainNode::Kind::Object, siblings[i], parent, 0, i == 0});
    }

    /// Grouped objects take everything below them out of sight. Says how many that are.
    int hide(std::span<const std::size_t> objects)
    {
        int hidden = 0;
        std::vector<std::size_t> rest(objects.begin(), objects.end());
        while (!rest.empty()) {
            const std::size_t object = rest.back();
            rest.pop_back();
            if (!m_placed.insert(object).second)
                continue;
            ++hidden;
            if (const auto children = m_children.find(m_objects[object].id);
                children != m_children.end() && m_objects[object].id != rootKey)
                rest.insert(rest.end(), children->second.begin(), children->second.end());
        }
        return hidden;
    }

    static constexpr int mostColumns = 1000; ///< a level from another process must not make a scroll bar overflow

    std::span<const ObjectInfo> m_objects;
    const std::set<quint64> &m_expanded;
    std::unordered_map<quint64, std::size_t> m_byId;
    std::unordered_map<quint64, std::vector<std::size_t>> m_children;
    std::unordered_set<std::size_t> m_placed; ///< or hidden in a group
    std::vector<Pending> m_stack;
    ChainLayout m_layout;
    std::vector<int> m_steps; ///< of each node: how far along its chain
    int m_row = 0;
    int m_left = 0; ///< objects beyond what is shown in all
};

} // namespace

ChainLayout layOutChains(std::span<const ObjectInfo> objects, const std::set<quint64> &expanded)
{
    return ChainLayouter(objects, expanded).layOut();
}

} // namespace decoy::ui
