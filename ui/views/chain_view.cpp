// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/chain_view.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"
#include "views/empty_state.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QThreadPool>
#include <QToolTip>

#include <algorithm>
#include <cstdlib>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int headHeight = gridUnit * 4;
constexpr int nodeHeight = gridUnit * 4;
constexpr int rowPitch = gridUnit * 5;
constexpr int widestColumn = gridUnit * 26;
constexpr int roomyColumn = gridUnit * 18; ///< names, types and references fit in
constexpr int narrowFirstColumn = gridUnit * 16;
constexpr int narrowestColumn = gridUnit * 9; ///< numbers fit in; narrower than that it scrolls
constexpr int margin = doubleUnit;
constexpr int badgeWidth = gridUnit * 3;

QColor withAlpha(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

/// "Node #12", or "#12" where there is no room for more.
QString fittingTitle(const QString &title, const QFontMetrics &metrics, int width)
{
    const qsizetype number = title.lastIndexOf(u" #"_s);
    const bool isShortened = number >= 0 && metrics.horizontalAdvance(title) > width;
    return metrics.elidedText(isShortened ? title.sliced(number + 1) : title, Qt::ElideMiddle, width);
}

/// Whether two lists of objects look the same here: calls and errors change all the time and are not drawn.
bool looksTheSame(const ObjectList &one, const ObjectList &other)
{
    return std::ranges::equal(one, other, [](const ObjectInfo &a, const ObjectInfo &b) {
        return a.id == b.id && a.parent == b.parent && a.level == b.level && a.references == b.references
            && a.name == b.name && a.type == b.type;
    });
}

} // namespace

QColor chainLevelColour(int level, int maxLevel, const QPalette &palette)
{
    // From teal over amber to red, by hue; lightness is the palette's business, so that text stays readable.
    const float part = std::clamp(static_cast<float>(level) / static_cast<float>(std::max(1, maxLevel)), 0.0F, 1.0F);
    const float hue = (175.0F - 175.0F * part) / 360.0F;
    return isDark(palette) ? QColor::fromHslF(hue, 0.55F, 0.66F) : QColor::fromHslF(hue, 0.75F, 0.29F);
}

ChainView::ChainView(QWidget *parent) : QAbstractScrollArea(parent)
{
    setAccessibleName(tr("Chain graph"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::Base);
    m_empty = new EmptyState(viewport());
    m_empty->setTexts(tr("No objects"),
                      tr("What a server publishes, and every proxy that is chained from it, appears here."));
    layOut();
}

ChainView::~ChainView() = default;

void ChainView::setObjects(const ObjectList &objects, int maxLevel)
{
    if (maxLevel == m_maxLevel && looksTheSame(objects, m_objects))
        return;
    // This may be the last copy, and a million objects are not freed in a moment.
    QThreadPool::globalInstance()->start([before = std::exchange(m_objects, objects)] {});
    m_maxLevel = std::max(0, maxLevel);
    layOut();
}

void ChainView::setCurrentObject(quint64 id)
{
    if (std::exchange(m_current, id) == id)
        return;
    if (const ChainNode *node = currentNode())
        bringIntoView(*node);
    viewport()->update();
}

void ChainView::layOut()
{
    m_layout = layOutChains(m_objects, m_expanded);
    m_hovered = -1;
    m_empty->setVisible(m_objects.empty());
    updateScrollBars();
    viewport()->update();
}

ChainView::Columns ChainView::columns() const
{
    const int count = m_layout.columnsAreLevels ? std::max(m_layout.columns, m_maxLevel + 1) : m_layout.columns;
    const int room = viewport()->width() - 2 * margin;
    if (const int width = std::min(room / count, widestColumn); width >= roomyColumn)
        return {count, width, width, doubleUnit};
    // The deep end matters most: rather all levels with numbers than half of them with names.
    const int others = count == 1 ? 0 : std::max((room - narrowFirstColumn) / (count - 1), narrowestColumn);
    return {count, narrowFirstColumn, others, gridUnit};
}

QRect ChainView::columnRect(int column) const
{
    const Columns all = columns();
    const int left = column == 0 ? 0 : all.first + (column - 1) * all.others;
    return {margin + left - horizontalScrollBar()->value(), 0, (column == 0 ? all.first : all.others) - all.gap,
            viewport()->height()};
}

QString ChainView::columnTitle(int column) const
{
    if (!m_layout.columnsAreLevels)
        return column == 0 ? tr("Published") : tr("Step %1").arg(column);
    return column == 0         ? tr("Level 0, published")
        : column == m_maxLevel ? tr("Level %1, the limit").arg(column)
                               : tr("Level %1").arg(column);
}

void ChainView::updateScrollBars()
{
    const Columns all = columns();
    const int width = 2 * margin + all.first + (all.count - 1) * all.others;
    const int height = headHeight + 2 * margin + m_layout.rows * rowPitch;
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(narrowestColumn);
    horizontalScrollBar()->setRange(0, std::max(0, width - viewport()->width()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(rowPitch);
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
}

QRect ChainView::nodeRect(const ChainNode &node) const
{
    const QRect column = columnRect(node.column);
    return {column.left(), headHeight + margin + node.row * rowPitch - verticalScrollBar()->value(), column.width(),
            nodeHeight};
}

const ChainNode *ChainView::nodeAt(QPoint position) const
{
    if (position.y() < headHeight)
        return nullptr;
    const auto found = std::ranges::find_if(m_layout.nodes,
                                            [&](const ChainNode &node) { return nodeRect(node).contains(position); });
    return found == m_layout.nodes.end() ? nullptr : &*found;
}

const ChainNode *ChainView::currentNode() const
{
    const auto found = std::ranges::find_if(m_layout.nodes, [this](const ChainNode &node) {
        return node.kind == ChainNode::Kind::Object && node.id == m_current;
    });
    return found == m_layout.nodes.end() ? nullptr : &*found;
}

QString ChainView::describe(const ChainNode &node) const
{
    if (node.kind == ChainNode::Kind::Rest)
        return tr("%1 more objects have no place here; the list of objects counts them, too")
            .arg(groupedNumber(static_cast<quint64>(node.hidden)));
    if (node.kind != ChainNode::Kind::Object)
        return node.kind == ChainNode::Kind::More
            ? tr("Show %1 more").arg(groupedNumber(static_cast<quint64>(node.hidden)))
            : tr("Show fewer");
    QString text = tr("%1\nlevel %2 of %3").arg(node.title).arg(node.level).arg(m_maxLevel);
    if (node.parent >= 0)
        text += tr("\nchained from %1").arg(m_layout.nodes[static_cast<std::size_t>(node.parent)].title);
    else if (node.isOrphan)
        text += tr("\nchained from an object that is gone");
    return text + tr("\nreferences: %1").arg(groupedNumber(node.references));
}

void ChainView::choose(const ChainNode &node)
{
    if (node.kind == ChainNode::Kind::Rest)
        return;
    if (node.kind != ChainNode::Kind::Object) {
        if (node.kind == ChainNode::Kind::More)
            m_expanded.insert(node.id);
        else
            m_expanded.erase(node.id);
        return layOut(); // `node` is gone now
    }
    const bool changed = std::exchange(m_current, node.id) != node.id;
    setAccessibleDescription(describe(node));
    bringIntoView(node);
    viewport()->update();
    if (changed)
        Q_EMIT objectSelected(m_current);
}

void ChainView::bringIntoView(const ChainNode &node)
{
    const QRect room(0, headHeight, viewport()->width(), viewport()->height() - headHeight);
    const QRect rect = nodeRect(node).adjusted(-margin, -gridUnit, margin, gridUnit);
    if (rect.left() < room.left() || rect.right() > room.right())
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + rect.center().x() - room.center().x());
    if (rect.top() < room.top() || rect.bottom() > room.bottom())
        verticalScrollBar()->setValue(verticalScrollBar()->value() + rect.center().y() - room.center().y());
}

const ChainNode *ChainView::neighbour(const ChainNode &node, int key) const
{
    if (key == Qt::Key_Left)
        return node.parent < 0 ? nullptr : &m_layout.nodes[static_cast<std::size_t>(node.parent)];
    const ChainNode *nearest = nullptr;
    const auto index = static_cast<int>(&node - m_layout.nodes.data());
    for (const ChainNode &other : m_layout.nodes) {
        if (other.kind != ChainNode::Kind::Object)
            continue;
        if (key == Qt::Key_Right && other.parent == index)
            return &other;
        const bool isOnTheWay = key == Qt::Key_Up ? other.row < node.row : key == Qt::Key_Down && other.row > node.row;
        const auto distance = [&node](const ChainNode &to) {
            return std::pair(std::abs(to.column - node.column), std::abs(to.row - node.row));
        };
        if (isOnTheWay && (!nearest || distance(other) < distance(*nearest)))
            nearest = &other;
    }
    return nearest;
}

void ChainView::keyPressEvent(QKeyEvent *event)
{
    if (const ChainNode *node = currentNode(); node && event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(describe(*node));
        return;
    }
    const bool isArrow = event->key() >= Qt::Key_Left && event->key() <= Qt::Key_Down;
    if (!isArrow || m_layout.nodes.empty())
        return QAbstractScrollArea::keyPressEvent(event);
    const ChainNode *from = currentNode();
    if (const ChainNode *to = from ? neighbour(*from, event->key()) : &m_layout.nodes.front())
        choose(*to);
}

void ChainView::mousePressEvent(QMouseEvent *event)
{
    const ChainNode *node = nodeAt(event->position().toPoint());
    if (node && event->button() == Qt::LeftButton)
        choose(*node);
}

void ChainView::mouseMoveEvent(QMouseEvent *event)
{
    const ChainNode *node = nodeAt(event->position().toPoint());
    const int hovered = node ? static_cast<int>(node - m_layout.nodes.data()) : -1;
    if (std::exchange(m_hovered, hovered) == hovered)
        return;
    viewport()->setCursor(node ? Qt::PointingHandCursor : Qt::ArrowCursor);
    viewport()->update();
}

void ChainView::leaveEvent(QEvent *event)
{
    QAbstractScrollArea::leaveEvent(event);
    m_hovered = -1;
    viewport()->update();
}

bool ChainView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const ChainNode *node = nodeAt(help->pos());
        QToolTip::showText(help->globalPos(),
                           node ? u"<p style='white-space:pre'>"_s + describe(*node).toHtmlEscaped() + u"</p>"_s
                                : QString(),
                           viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void ChainView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBars();
}

void ChainView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    viewport()->update();
}

void ChainView::paintEvent(QPaintEvent *)
{
    if (m_objects.empty())
        return;
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect visible = viewport()->rect();
    for (const ChainNode &node : m_layout.nodes) {
        // An edge is only visible if it crosses the rows between its two ends.
        const QRect parent = node.parent < 0 ? nodeRect(node)
                                             : nodeRect(m_layout.nodes[static_cast<std::size_t>(node.parent)]);
        if (parent.united(nodeRect(node)).intersects(visible))
            paintEdge(painter, node);
    }
    for (const ChainNode &node : m_layout.nodes) {
        if (!nodeRect(node).intersects(visible))
            continue;
        if (node.kind == ChainNode::Kind::Object)
            paintNode(painter, node);
        else
            paintGroup(painter, node);
    }
    paintLevels(painter);
}

void ChainView::paintLevels(QPainter &painter) const
{
    // Drawn last, so that the heads stay when the graph scrolls under them.
    painter.fillRect(QRect(0, 0, viewport()->width(), headHeight), palette().color(QPalette::Base));
    painter.setFont(font());
    const Columns all = columns();
    for (int column = 0; column < all.count; ++column) {
        QRect head = columnRect(column).adjusted(0, 0, all.gap / 2, 0);
        head.setHeight(headHeight);
        painter.setPen(m_layout.columnsAreLevels ? chainLevelColour(column, m_maxLevel, palette())
                                                 : mutedColour(palette()));
        QString title = columnTitle(column);
        if (m_layout.columnsAreLevels && column == m_maxLevel && fontMetrics().horizontalAdvance(title) > head.width())
            title = tr("Limit: %1").arg(column);
        painter.drawText(head, Qt::AlignVCenter | Qt::TextSingleLine,
                         fontMetrics().elidedText(title, Qt::ElideRight, head.width()));
    }
    if (m_layout.columnsAreLevels) {
        const int limit = columnRect(m_maxLevel).right() + all.gap / 2;
        painter.setPen(QPen(withAlpha(chainLevelColour(m_maxLevel, m_maxLevel, palette()), 0.7F), 1, Qt::DashLine));
        painter.drawLine(limit, 0, limit, viewport()->height());
    }
    painter.setPen(lineColour(palette()));
    painter.drawLine(0, headHeight, viewport()->width(), headHeight);
}

void ChainView::paintEdge(QPainter &painter, const ChainNode &node) const
{
    const QRect to = nodeRect(node);
    const QPointF end(to.left(), to.center().y() + 0.5);
    const int gap = columns().gap;
    if (node.parent < 0) {
        if (node.isOrphan) {
            painter.setPen(QPen(mutedColour(palette()), 1, Qt::DotLine));
            painter.drawLine(end - QPointF(gap / 2.0, 0), end);
        }
        return;
    }
    const QRect from = nodeRect(m_layout.nodes[static_cast<std::size_t>(node.parent)]);
    const QPointF start(from.right() + 1, from.center().y() + 0.5);
    QPainterPath path(start);
    const qreal middle = start.x() + gap / 2.0;
    path.cubicTo({middle, start.y()}, {middle, end.y()}, {start.x() + gap, end.y()});
    path.lineTo(end);
    painter.setPen(QPen(withAlpha(mutedColour(palette()), 0.7F), 1.25));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
}

void ChainView::paintNode(QPainter &painter, const ChainNode &node) const
{
    const QRectF rect(nodeRect(node));
    const QColor colour = chainLevelColour(node.level, m_maxLevel, palette());
    const bool isCurrent = node.id == m_current;
    const bool isHovered = m_hovered >= 0 && &m_layout.nodes[static_cast<std::size_t>(m_hovered)] == &node;
    QPainterPath shape;
    shape.addRoundedRect(rect, halfUnit, halfUnit);
    painter.fillPath(shape, palette().color(QPalette::Base)); // no line shines through
    painter.fillPath(shape,
                     isCurrent ? palette().color(QPalette::Highlight) : withAlpha(colour, isHovered ? 0.20F : 0.11F));

    painter.setClipPath(shape);
    painter.fillRect(QRectF(rect.left(), rect.top(), badgeWidth, rect.height()), withAlpha(colour, 0.22F));
    painter.setClipping(false);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(colour);
    painter.drawText(QRectF(rect.left(), rect.top(), badgeWidth, rect.height()), Qt::AlignCenter,
                     QString::number(node.level));

    const bool isNarrow = rect.width() < narrowFirstColumn - gridUnit; // where only the number fits in
    const int padding = isNarrow ? halfUnit : gridUnit;
    const QString references = node.references < 2 || isNarrow ? QString() : u"×%1"_s.arg(node.references);
    painter.setFont(font());
    const int referencesWidth = references.isEmpty() ? 0 : fontMetrics().horizontalAdvance(references) + gridUnit;
    painter.setPen(mutedColour(palette()));
    painter.drawText(rect.adjusted(0, 0, -gridUnit, 0), Qt::AlignRight | Qt::AlignVCenter, references);
    const QRectF title = rect.adjusted(badgeWidth + padding, 0, -padding - referencesWidth, 0);
    painter.setFont(font());
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(title, Qt::AlignVCenter | Qt::TextSingleLine,
                     fittingTitle(node.title, fontMetrics(), static_cast<int>(title.width())));
    if (isCurrent) {
        painter.setPen(QPen(accentColour(palette()), hasFocus() ? 2 : 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), halfUnit, halfUnit);
    }
}

void ChainView::paintGroup(QPainter &painter, const ChainNode &node) const
{
    const bool isDoor = node.kind != ChainNode::Kind::Rest;
    const QString text = !isDoor             ? tr("and %1 more").arg(groupedNumber(static_cast<quint64>(node.hidden)))
        : node.kind == ChainNode::Kind::More ? tr("+%1 more").arg(groupedNumber(static_cast<quint64>(node.hidden)))
                                             : tr("show fewer");
    QFont link = font();
    const bool isHovered = m_hovered >= 0 && &m_layout.nodes[static_cast<std::size_t>(m_hovered)] == &node;
    link.setUnderline(isHovered && isDoor);
    painter.setFont(link);
    painter.setPen(isDoor ? accentColour(palette()) : mutedColour(palette()));
    // Nothing stands beside it, so it may be wider than its column.
    painter.drawText(nodeRect(node).adjusted(gridUnit, 0, 0, 0),
                     Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextDontClip, text);
}

} // namespace decoy::ui
