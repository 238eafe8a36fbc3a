// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/chain_layout.h"

#include <QAbstractScrollArea>

#include <set>

namespace decoy::ui {

class EmptyState;

/// The objects of a server as a graph: the published ones at the left, and what was chained from them, level by level, up to
/// the limit. A click, or the arrow keys, selects an object; siblings beyond a handful are grouped until asked for.
class ChainView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit ChainView(QWidget *parent = nullptr);
    ~ChainView() override;

    /// Shows these objects. Costs little if nothing that is drawn has changed.
    void setObjects(const ObjectList &objects, int maxLevel);

    /// 0 if there is none.
    [[nodiscard]] quint64 currentObject() const noexcept { return m_current; }
    /// Selects an object and brings it into view; 0 selects none.
    void setCurrentObject(quint64 id);

    [[nodiscard]] const ChainLayout &chainLayout() const noexcept { return m_layout; }
    /// Where a node of the layout is, in the viewport.
    [[nodiscard]] QRect nodeRect(const ChainNode &node) const;
    /// What stands above a column, as long as there is room for: "Level 7, the limit".
    [[nodiscard]] QString columnTitle(int column) const;

Q_SIGNALS:
    void objectSelected(quint64 id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void layOut();
    void updateScrollBars();
    struct Columns {
        int count = 1;
        int first = 0;  ///< pixels, of what is published: names are longer than numbers
        int others = 0; ///< pixels, of each of the others
        int gap = 0;    ///< pixels at the right end of each
    };
    [[nodiscard]] Columns columns() const;
    [[nodiscard]] QRect columnRect(int column) const;
    [[nodiscard]] const ChainNode *nodeAt(QPoint position) const;
    [[nodiscard]] const ChainNode *currentNode() const;
    [[nodiscard]] const ChainNode *neighbour(const ChainNode &node, int key) const;
    [[nodiscard]] QString describe(const ChainNode &node) const;
    void choose(const ChainNode &node);
    void bringIntoView(const ChainNode &node);
    void paintLevels(QPainter &painter) const;
    void paintEdge(QPainter &painter, const ChainNode &node) const;
    void paintNode(QPainter &painter, const ChainNode &node) const;
    void paintGroup(QPainter &painter, const ChainNode &node) const;

    ObjectList m_objects;
    int m_maxLevel = defaultMaxChainLevel;
    std::set<quint64> m_expanded;
    ChainLayout m_layout;
    quint64 m_current = 0;
    int m_hovered = -1; ///< index of a node
    EmptyState *m_empty = nullptr;
};

/// The colour that stands for a chain level, from calm at 0 to alarming at the limit. A number is always shown with it.
[[nodiscard]] QColor chainLevelColour(int level, int maxLevel, const QPalette &palette);

} // namespace decoy::ui
