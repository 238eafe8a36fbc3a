// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/object_columns.h"

#include "theme/metrics.h"
#include "views/column_menu.h"

#include <QActionGroup>
#include <QDataStream>
#include <QEvent>
#include <QHeaderView>
#include <QIODevice>
#include <QMenu>
#include <QScopedValueRollback>
#include <QTreeView>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

using Model = ObjectTreeModel;

constexpr quint8 stateVersion = 1;
constexpr int narrowestName = gridUnit * 18;
constexpr int typeWidth = gridUnit * 10;

/// What is read first stands first.
constexpr std::array firstOrder = {Model::Name,  Model::Type,       Model::Calls,   Model::Errors,
                                   Model::Level, Model::References, Model::Clients, Model::Age};
/// Who gives way first.
constexpr std::array leastFirst = {Model::Clients, Model::References, Model::Age, Model::Level, Model::Type};

} // namespace

ObjectColumns::ObjectColumns(QTreeView &tree) : QObject(&tree), m_tree(tree), m_header(*tree.header())
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
    connect(&m_header, &QHeaderView::sectionResized, this, &ObjectColumns::noteResize);
}

int ObjectColumns::widthNeeded(int column) const
{
    if (column == Model::Type)
        return typeWidth;
    const QString title = m_header.model()->headerData(column, Qt::Horizontal).toString();
    return m_header.fontMetrics().horizontalAdvance(title) + 3 * gridUnit; // the arrow of the order, too
}

void ObjectColumns::reset()
{
    m_choices.fill(Choice::WhereItFits);
    m_stretchesName = true;
    m_header.setSortIndicator(-1, Qt::AscendingOrder);
    for (int place = 0; place < Model::columns; ++place)
        m_header.moveSection(m_header.visualIndex(firstOrder[static_cast<std::size_t>(place)]), place);
    {
        const QScopedValueRollback guard(m_isFitting, true);
        for (int column = Model::Type; column < Model::columns; ++column)
            m_header.resizeSection(column, widthNeeded(column));
    }
    fit();
}

void ObjectColumns::fit()
{
    const QScopedValueRollback guard(m_isFitting, true);
    for (int column = 0; column < Model::columns; ++column)
        m_header.setSectionHidden(column, m_choices[static_cast<std::size_t>(column)] == Choice::Hidden);
    const int room = m_tree.viewport()->width();
    const int name = m_stretchesName ? narrowestName : m_header.sectionSize(Model::Name);
    const auto needed = [&] { return m_header.length() - m_header.sectionSize(Model::Name) + name; };
    for (const Model::Column column : leastFirst) {
        if (needed() <= room)
            break;
        if (m_choices[column] == Choice::WhereItFits)
            m_header.setSectionHidden(column, true);
    }
    m_header.resizeSection(Model::Name, m_stretchesName ? std::max(name, name + room - needed()) : name);
}

void ObjectColumns::noteResize(int column)
{
    if (m_isFitting)
        return;
    m_stretchesName = m_stretchesName && column != Model::Name;
    fit();
}

bool ObjectColumns::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        fit();
    return QObject::eventFilter(watched, event);
}

void ObjectColumns::choose(int column, bool isShown)
{
    m_choices[static_cast<std::size_t>(column)] = isShown ? Choice::Shown : Choice::Hidden;
    fit();
}

void ObjectColumns::addColumns(QMenu &menu)
{
    addColumnActions(menu, m_header,
                     {.always = Model::Name,
                      .choose = [this](int column, bool isShown) { choose(column, isShown); },
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
    for (const Model::Column column : firstOrder)
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

QByteArray ObjectColumns::save() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << stateVersion << quint8(Model::columns) << m_stretchesName;
    for (const Choice choice : m_choices)
        stream << quint8(choice);
    stream << m_header.saveState();
    return state;
}

bool ObjectColumns::restore(const QByteArray &state)
{
    QDataStream stream(state);
    quint8 version = 0;
    quint8 count = 0;
    bool stretches = true;
    stream >> version >> count >> stretches;
    if (version != stateVersion || count != Model::columns)
        return false;
    std::array<quint8, Model::columns> choices{};
    for (quint8 &choice : choices)
        stream >> choice;
    QByteArray header;
    stream >> header;
    const QScopedValueRollback guard(m_isFitting, true);
    if (stream.status() != QDataStream::Ok || std::ranges::max(choices) > quint8(Choice::Hidden)
        || choices[Model::Name] != quint8(Choice::WhereItFits) || !m_header.restoreState(header))
        return false;
    std::ranges::transform(choices, m_choices.begin(), [](quint8 choice) { return Choice(choice); });
    m_stretchesName = stretches;
    fit();
    return true;
}

} // namespace decoy::ui
