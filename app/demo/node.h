// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>

namespace decoy::demo {

/// A node of a tree without end: every node has a child, which comes to be when somebody asks for it.
class Node {
public:
    explicit Node(int depth = 0) noexcept : m_depth(depth) {}

    [[nodiscard]] std::string name() const { return m_depth == 0 ? "root" : "child " + std::to_string(m_depth); }
    [[nodiscard]] int depth() const noexcept { return m_depth; }

    /// The same child for as long as anyone holds it, so that clients see one object and not many equal ones.
    [[nodiscard]] std::shared_ptr<Node> child()
    {
        std::shared_ptr<Node> child = m_child.lock();
        if (!child)
            m_child = child = std::make_shared<Node>(m_depth + 1);
        return child;
    }

private:
    int m_depth;
    std::weak_ptr<Node> m_child;
};

} // namespace decoy::demo
