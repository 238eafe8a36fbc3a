// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/object_panel.h"

#include "models/object_tree_model.h"
#include "session/handle_store.h"
#include "session/object_watcher.h"
#include "session/record_settings.h"
#include "session/session.h"
#include "theme/icons.h"
#include "theme/metrics.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QTreeView>
#include <QVBoxLayout>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr std::array<int, ObjectTreeModel::columns> columnWidths = {144, 88, 48, 44, 56, 56, 56};

} // namespace

ObjectPanel::ObjectPanel(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_model(new ObjectTreeModel(this)), m_tree(new QTreeView(this))
{
    m_tree->setModel(m_model);
    m_tree->setAccessibleName(u"Objects"_s);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setIndentation(doubleUnit);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setMinimumSectionSize(gridUnit * 5);
    for (int column = 0; column < ObjectTreeModel::columns; ++column)
        m_tree->header()->resizeSection(column, columnWidths[static_cast<std::size_t>(column)]);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_tree);
    setFocusProxy(m_tree);

    connect(m_model, &QAbstractItemModel::rowsInserted, this, &ObjectPanel::expandNewRows);
    connect(&m_session.objects(), &ObjectWatcher::updated, this, &ObjectPanel::showObjects);
    connect(&m_session.selection(), &Selection::objectSelected, this, &ObjectPanel::showSelection);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        // When the selected row goes, the tree moves on to a neighbour by itself; the person did not choose that one.
        if (m_tree->hasFocus() && current.isValid())
            m_session.selection().selectObject(objectAt(current));
    });
    connect(m_tree, &QTreeView::clicked, this,
            [this](const QModelIndex &index) { m_session.selection().selectObject(objectAt(index)); });
    connect(m_tree, &QTreeView::activated, this, &ObjectPanel::openIndex);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &ObjectPanel::openContextMenu);
    showObjects();
}

ObjectRef ObjectPanel::objectAt(const QModelIndex &index) const
{
    return index.data(ObjectTreeModel::ObjectRole).value<ObjectRef>();
}

void ObjectPanel::showObjects()
{
    m_model->setServers(m_session.objects().servers());
    showSelection(m_session.selection().object());
}

void ObjectPanel::showSelection(const ObjectRef &object)
{
    const QModelIndex wanted = m_model->indexOf(object);
    if (objectAt(m_tree->currentIndex()) == object || !wanted.isValid())
        return;
    m_tree->setCurrentIndex(wanted);
    m_tree->scrollTo(wanted);
}

void ObjectPanel::expandNewRows(const QModelIndex &parent, int first, int last)
{
    // A server shows what it published. What is chained from an object stays folded up until asked for, because chains come
    // and go many times a second and the rows below would jump; but once opened, a chain shows itself whole.
    const bool isPublished = parent.isValid() && !parent.parent().isValid();
    if (isPublished)
        return;
    for (int row = first; row <= last; ++row)
        m_tree->expand(m_model->index(row, 0, parent));
}

void ObjectPanel::openIndex(const QModelIndex &index)
{
    const ObjectRef object = objectAt(index);
    if (object.isServer())
        m_tree->setExpanded(index, !m_tree->isExpanded(index));
    else if (!object.isNull())
        Q_EMIT invokeRequested(object);
}

void ObjectPanel::addRecordAction(QMenu &menu, const ObjectRef &object)
{
    const ObjectInfo *info = m_session.objects().object(object);
    if (object.server != m_session.serverName() || !info)
        return; // only this server's frames are captured
    RecordSettings &record = m_session.record();
    if (record.recordsObject(object.id))
        menu.addAction(icon("record-partial"_L1), u"Do not recor&d this object"_s, &record,
                       [&record, object, title = m_session.objects().title(object), isPublished = !info->name.empty()] {
                           record.skipObject(object.id, title, isPublished);
                       });
    else
        menu.addAction(icon("record"_L1), u"Recor&d this object again"_s, &record,
                       [&record, object] { record.recordObject(object.id); });
}

void ObjectPanel::openContextMenu(QPoint position)
{
    const ObjectRef object = objectAt(m_tree->indexAt(position));
    if (object.isNull())
        return;
    QMenu menu;
    if (!object.isServer()) {
        menu.addAction(icon("invoke"_L1), u"&Invoke a method …"_s, this,
                       [this, object] { Q_EMIT invokeRequested(object); });
        if (m_session.handles().find(object)) {
            menu.addAction(icon("release"_L1), u"&Release the monitor's reference"_s, this,
                           [this, object] { m_session.handles().release(object); });
        }
        addRecordAction(menu, object);
        menu.addSeparator();
    }
    menu.addAction(icon("copy"_L1), u"&Copy name"_s, this,
                   [this, object] { QGuiApplication::clipboard()->setText(m_session.objects().title(object)); });
    const ServerSnapshot *server = m_session.objects().server(object.server);
    if (object.isServer() && server && !server->isLocal) {
        menu.addAction(icon("release"_L1), u"&Detach from this server"_s, this,
                       [this, object] { m_session.objects().detach(object.server); });
    }
    menu.exec(m_tree->viewport()->mapToGlobal(position));
}

} // namespace decoy::ui
