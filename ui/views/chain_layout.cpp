// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/chain_layout.h"

#include <algorithm>
#include <span>

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
    ChainLayouter(const ObjectList &objects, const std::set<quint64> &expanded)
        : m_objects(objects), m_expanded(expanded)
    {}

    ChainLayout layOut()
    {
        pushSiblings(rootKey, -1, publishedShown);
        while (!m_stack.empty()) {
            const Pending next = m_stack.back();
            m_stack.pop_back();
            place(next);
        }
        if (m_left > 0)
            place({ChainNode::Kind::Rest, rootKey, -1, m_left, false});
        return std::move(m_layout);
    }

private:
    static constexpr quint64 rootKey = 0;

    struct Pending {
        ChainNode::Kind kind;
        quint64 object; ///< its place in the list; or, for groups, the parent's id
        int parent;
        int hidden;
        bool isFirst;
    };

    void place(const Pending &pending)
    {
        if (pending.kind == ChainNode::Kind::Object && m_layout.nodes.size() >= objectsShown) {
            m_left += withDescendants(static_cast<std::uint32_t>(pending.object));
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
            const ObjectInfo &object = m_objects.all()[pending.object];
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
            pushSiblings(m_objects.all()[pending.object].id, static_cast<int>(m_layout.nodes.size()) - 1,
                         siblingsShown);
    }

    /// Puts an object's children, or the published objects, on the stack: the first on top.
    void pushSiblings(quint64 parentId, int parent, std::size_t shown)
    {
        const std::span<const std::uint32_t> siblings = m_objects.below(parentId);
        if (siblings.empty() || (parentId == rootKey && parent >= 0)) // an id of 0 is no object
            return;
        if (parent >= 0 && m_steps[static_cast<std::size_t>(parent)] + 1 >= stepsShown) {
            m_stack.push_back({ChainNode::Kind::Rest, parentId, parent, withDescendants(siblings), true});
            return;
        }
        const bool isExpanded = m_expanded.contains(parentId);
        // A group of one would take as much room as what it hides.
        const bool isGrouped = siblings.size() > shown + 1;
        const std::size_t count = isGrouped && !isExpanded ? shown : siblings.size();
        if (isGrouped) {
            const auto kind = isExpanded ? ChainNode::Kind::Fewer : ChainNode::Kind::More;
            m_stack.push_back({kind, parentId, parent, static_cast<int>(siblings.size() - shown), false});
        }
        for (std::size_t i = count; i-- > 0;)
            m_stack.push_back({ChainNode::Kind::Object, siblings[i], parent, 0, i == 0});
    }

    [[nodiscard]] int withDescendants(std::uint32_t place) const
    {
        return static_cast<int>(1 + m_objects.descendants(place));
    }
    [[nodiscard]] int withDescendants(std::span<const std::uint32_t> places) const
    {
        int count = 0;
        for (const std::uint32_t place : places)
            count += withDescendants(place);
        return count;
    }

    static constexpr int mostColumns = 1000; ///< a level from another process must not make a scroll bar overflow

    const ObjectList &m_objects;
    const std::set<quint64> &m_expanded;
    std::vector<Pending> m_stack;
    ChainLayout m_layout;
    std::vector<int> m_steps; ///< of each node: how far along its chain
    int m_row = 0;
    int m_left = 0; ///< objects beyond what is shown in all
};

} // namespace

ChainLayout layOutChains(const ObjectList &objects, const std::set<quint64> &expanded)
{
    return ChainLayouter(objects, expanded).layOut();
}

} // namespace decoy::ui
