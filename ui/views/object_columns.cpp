// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/object_columns.h"

#include "models/object_tree_model.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "views/column_menu.h"

#include <QActionGroup>
#include <QEvent>
#include <QHeaderView>
#include <QMenu>
#include <QTreeView>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

using Model = ObjectTreeModel;

constexpr int narrowestName = gridUnit * 16;

/// What is read first stands first.
constexpr std::array<int, Model::columns> firstOrder = {Model::Name,  Model::Type,       Model::Calls,   Model::Errors,
                                                        Model::Level, Model::References, Model::Clients, Model::Age};
ColumnRoom::Plan plan()
{
    return {.stretched = Model::Name,
            .narrowest = narrowestName,
            .leastFirst = {Model::Clients, Model::References, Model::Age, Model::Level, Model::Type},
            .hidden = {}};
}

} // namespace

ObjectColumns::ObjectColumns(QTreeView &tree)
    : QObject(&tree), m_tree(tree), m_header(*tree.header()), m_room(m_header, plan())
{
    m_header.setStretchLastSection(false);
    m_header.setMinimumSectionSize(gridUnit * 5);
    m_header.setSortIndicatorClearable(true);
    m_header.setSectionsClickable(true);
    m_header.setContextMenuPolicy(Qt::CustomContextMenu);
    m_header.setAccessibleName(u"Columns of the object tree"_s);
    reset();
    m_tree.setSortingEnabled(true);
    m_tree.viewport()->installEventFilter(this);
    connect(&m_header, &QWidget::customContextMenuRequested, this, &ObjectColumns::openMenu);
    connect(&m_header, &QHeaderView::sectionResized, this, [this](int column) {
        if (m_room.noteResize(column))
            fit();
    });
}

int ObjectColumns::widthNeeded(int column) const
{
    const QString title = m_header.model()->headerData(column, Qt::Horizontal).toString();
    // The tree's font, because the header's follows it a moment later when the size of text changes.
    const QFontMetrics metrics = m_tree.fontMetrics();
    if (column == Model::Type)
        return metrics.horizontalAdvance(u"Thermostat"_s) + 2 * gridUnit;
    return metrics.horizontalAdvance(title) + 3 * gridUnit; // the arrow of the order, too
}

void ObjectColumns::reset()
{
    m_header.setSortIndicator(-1, Qt::AscendingOrder);
    m_room.reset({firstOrder.begin(), firstOrder.end()});
    setWidths();
    fit();
}

void ObjectColumns::setWidths()
{
    for (int column = Model::Type; column < Model::columns; ++column)
        m_room.widen(column, widthNeeded(column));
}

void ObjectColumns::makeRoomFor(quint64 calls, quint64 errors)
{
    growFor(Model::Calls, calls);
    growFor(Model::Errors, errors);
}

void ObjectColumns::growFor(int column, quint64 number)
{
    const int needed = QFontMetrics(tabularFont()).horizontalAdvance(groupedNumber(number)) + 2 * gridUnit;
    if (m_header.isSectionHidden(column) || m_header.sectionSize(column) >= needed)
        return;
    m_room.widen(column, needed);
    fit();
}

void ObjectColumns::fit() { m_room.fit(m_tree.viewport()->width()); }

bool ObjectColumns::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize) {
        fit();
    } else if (event->type() == QEvent::FontChange) {
        setWidths();
        fit();
    }
    return QObject::eventFilter(watched, event);
}

void ObjectColumns::addColumns(QMenu &menu)
{
    addColumnActions(menu, m_header,
                     {.always = Model::Name,
                      .choose =
                          [this](int column, bool isShown) {
                              m_room.choose(column, isShown);
                              fit();
                          },
                      .reset = [this] { reset(); }});
}

void ObjectColumns::addMenus(QMenu &menu)
{
    QMenu *order = menu.addMenu(u"&Sort by"_s);
    auto *group = new QActionGroup(order);
    const auto add = [&](int column, const QString &text) {
        QAction *action = group->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_header.sortIndicatorSection() == column);
        const QVariant first = m_header.model()->headerData(column, Qt::Horizontal, Qt::InitialSortOrderRole);
        connect(action, &QAction::triggered, this,
                [this, column, first] { m_header.setSortIndicator(column, Qt::SortOrder(first.toInt())); });
    };
    for (const int column : firstOrder)
        add(column, m_header.model()->headerData(column, Qt::Horizontal).toString());
    add(-1, u"As they came"_s);
    order->addActions(group->actions());
    addColumns(*menu.addMenu(u"Colum&ns"_s));
}

void ObjectColumns::openMenu(QPoint position)
{
    auto *menu = new QMenu(&m_header);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addColumns(*menu);
    menu->popup(m_header.mapToGlobal(position));
}

QByteArray ObjectColumns::save() const { return m_room.save(); }

bool ObjectColumns::restore(const QByteArray &state)
{
    const bool isRestored = m_room.restore(state);
    m_room.choose(Model::Name, true); // what stands below an object hangs there
    fit();
    return isRestored;
}

} // namespace decoy::ui
