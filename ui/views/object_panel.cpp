// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/object_panel.h"

#include "models/object_order.h"
#include "models/object_tree_model.h"
#include "session/call_runner.h"
#include "session/handle_store.h"
#include "session/object_marks.h"
#include "session/object_pins.h"
#include "session/object_watcher.h"
#include "session/pinned_object.h"
#include "session/record_settings.h"
#include "session/session.h"
#include "session/worker_pool.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "views/object_columns.h"
#include "views/object_name_delegate.h"
#include "views/row_copy.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QScopedValueRollback>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

using Kind = ObjectTreeModel::Kind;

Kind kindOf(const QModelIndex &index) { return Kind(index.data(ObjectTreeModel::KindRole).toInt()); }

/// Of an attribute, a method or a worker; empty for everything else.
QString memberAt(const QModelIndex &index) { return index.data(ObjectTreeModel::MemberRole).toString(); }

} // namespace

ObjectPanel::ObjectPanel(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_model(new ObjectTreeModel(this)), m_order(new ObjectOrder(*m_model, this)),
      m_tree(new QTreeView(this))
{
    m_tree->setModel(m_order);
    m_tree->setAccessibleName(u"Objects"_s);
    copyWholeRows(*m_tree);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setIndentation(gridUnit + halfUnit); // a chain at its limit is nine rows deep
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setMouseTracking(true); // the star of the row under the mouse
    auto *names = new ObjectNameDelegate(this);
    m_tree->setItemDelegateForColumn(ObjectTreeModel::Name, names);
    m_columns = new ObjectColumns(*m_tree);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_tree);
    setFocusProxy(m_tree);

    connect(m_order, &QAbstractItemModel::rowsInserted, this, &ObjectPanel::expandNewRows);
    connect(&m_session.objects(), &ObjectWatcher::updated, this, &ObjectPanel::showObjects);
    connect(&m_session.pins(), &ObjectPins::changed, this, &ObjectPanel::showObjects);
    connect(&m_session.record(), &RecordSettings::changed, this, &ObjectPanel::showObjects);
    connect(names, &ObjectNameDelegate::starClicked, this,
            [this](const ObjectRef &object, bool isPinned) { setPinned(m_session, object, isPinned); });
    connect(&m_session.selection(), &Selection::objectSelected, this, &ObjectPanel::showSelection);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        // When the selected row goes, the tree moves on to a neighbour by itself; the person did not choose that one.
        if (m_tree->hasFocus() && current.isValid() && !m_isShowing)
            selectIndex(current);
    });
    connect(m_tree, &QTreeView::clicked, this, &ObjectPanel::selectIndex);
    connect(m_tree, &QTreeView::expanded, this, &ObjectPanel::describe);
    connect(m_tree, &QTreeView::activated, this, &ObjectPanel::openIndex);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &ObjectPanel::openContextMenu);
    for (const auto signal : {&WorkerPool::workerAdded, &WorkerPool::workerRemoved})
        connect(&m_session.workers(), signal, this, &ObjectPanel::showWorkers);
    // What can be asked now may be unfolded, too.
    connect(&m_session.handles(), &HandleStore::changed, m_tree, &QTreeView::doItemsLayout);
    showObjects();
}

void ObjectPanel::selectIndex(const QModelIndex &index)
{
    const ObjectRef object = objectAt(index);
    if (object.isNull())
        return; // a worker, or what is only counted
    if (kindOf(index) == Kind::Method)
        m_session.selection().selectMethod(object, memberAt(index));
    else
        m_session.selection().selectObject(object);
}

/// Asks an object that was unfolded for its attributes and methods; again each time, because they may have changed.
void ObjectPanel::describe(const QModelIndex &index)
{
    const ObjectRef object = objectAt(index);
    const ObjectInfo *info = m_session.objects().object(object);
    if (m_isUnfolding || kindOf(index) != Kind::Object || !info
        || !index.data(ObjectTreeModel::MarksRole).value<ObjectMarks>().canBeAsked)
        return;
    m_session.calls().describe(object, info->name, this, [this, object](const DescribeOutcome &outcome) {
        const QScopedValueRollback guard(m_isShowing, true);
        if (outcome.failure)
            m_model->setMembersFailed(object, QString::fromStdString(outcome.failure->text()));
        else
            m_model->setMembers(object, outcome.description, outcome.leftOut);
    });
}

ObjectRef ObjectPanel::objectAt(const QModelIndex &index) const
{
    return index.data(ObjectTreeModel::ObjectRole).value<ObjectRef>();
}

void ObjectPanel::showObjects()
{
    {
        const QScopedValueRollback guard(m_isShowing, true);
        m_model->setServers(m_session.objects().servers(), MarkedObjects::of(m_session));
    }
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const auto number = [this, row](int column) {
            return m_model->index(row, column).data(ObjectTreeModel::SortRole).toULongLong();
        };
        m_columns->makeRoomFor(number(ObjectTreeModel::Calls), number(ObjectTreeModel::Errors));
    }
    showWorkers();
    if (kindOf(m_tree->currentIndex()) != Kind::Worker)
        showSelection(m_session.selection().object());
}

void ObjectPanel::showWorkers()
{
    std::vector<TreeWorker> rows;
    const WorkerPool &workers = m_session.workers();
    for (int index = 0; index < workers.count(); ++index) {
        const Worker &worker = *workers.at(index);
        const QString state = worker.ending().isEmpty() ? workerStateText(worker.state()) : worker.ending();
        rows.push_back({worker.title(), state, worker.process(), worker.calls(), worker.isAlive()});
    }
    const QScopedValueRollback guard(m_isShowing, true);
    m_model->setWorkers(rows);
}

void ObjectPanel::showSelection(const ObjectRef &object)
{
    const QModelIndex wanted = m_order->mapFromSource(m_model->indexOf(object));
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
    const QScopedValueRollback guard(m_isUnfolding, true);
    for (int row = first; row <= last; ++row)
        m_tree->expand(m_order->index(row, 0, parent));
}

void ObjectPanel::openIndex(const QModelIndex &index)
{
    const ObjectRef object = objectAt(index);
    if (object.isServer())
        return m_tree->setExpanded(index, !m_tree->isExpanded(index));
    selectIndex(index);
    switch (kindOf(index)) {
    case Kind::Worker: return Q_EMIT workerRequested(memberAt(index));
    case Kind::Attribute: return Q_EMIT attributeRequested(memberAt(index));
    case Kind::Method: return Q_EMIT invokeRequested(object, memberAt(index));
    default: break;
    }
    if (m_session.objects().object(object))
        Q_EMIT invokeRequested(object, {});
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

void ObjectPanel::addPinAction(QMenu &menu, const ObjectRef &object)
{
    if (!canBePinned(m_session, object))
        return;
    const bool wasPinned = isPinned(m_session, object);
    menu.addAction(icon(wasPinned ? "star-full"_L1 : "star"_L1), wasPinned ? u"Un&pin"_s : u"&Pin to the top"_s, this,
                   [this, object, wasPinned] { setPinned(m_session, object, !wasPinned); });
}

void ObjectPanel::addObjectActions(QMenu &menu, const ObjectRef &object)
{
    if (!object.isServer()) {
        if (m_session.objects().object(object)) {
            menu.addAction(icon("invoke"_L1), u"&Invoke a method …"_s, this,
                           [this, object] { Q_EMIT invokeRequested(object, {}); });
        }
        if (m_session.handles().find(object)) {
            menu.addAction(icon("release"_L1), u"&Release the monitor's reference"_s, this,
                           [this, object] { m_session.handles().release(object); });
        }
        addPinAction(menu, object);
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
    menu.addSeparator();
}

void ObjectPanel::addMemberActions(QMenu &menu, const QModelIndex &index)
{
    const QString name = memberAt(index);
    const ObjectRef object = objectAt(index);
    if (kindOf(index) == Kind::Method) {
        menu.addAction(icon("invoke"_L1), u"&Invoke %1 …"_s.arg(name), this,
                       [this, object, name] { Q_EMIT invokeRequested(object, name); });
    } else if (kindOf(index) == Kind::Attribute) {
        menu.addAction(icon("inspector"_L1), u"&Show in the inspector"_s, this, [this, object, name] {
            m_session.selection().selectObject(object);
            Q_EMIT attributeRequested(name);
        });
    }
    menu.addAction(icon("copy"_L1), u"&Copy name"_s, this, [name] { QGuiApplication::clipboard()->setText(name); });
    menu.addSeparator();
}

void ObjectPanel::addWorkerActions(QMenu &menu, const QString &title)
{
    menu.addAction(icon("workers"_L1), u"&Show with its log"_s, this, [this, title] { Q_EMIT workerRequested(title); });
    if (Worker *worker = m_session.workers().find(title); worker && worker->isAlive()) {
        menu.addAction(icon("stop"_L1), u"S&top"_s, worker, &Worker::stop);
        menu.addAction(icon("kill"_L1), u"&Kill"_s, worker, &Worker::kill);
    } else if (worker) {
        menu.addAction(icon("restart"_L1), u"&Start again"_s, worker, &Worker::restart);
    }
    menu.addAction(icon("copy"_L1), u"&Copy name"_s, this, [title] { QGuiApplication::clipboard()->setText(title); });
    menu.addSeparator();
}

void ObjectPanel::openContextMenu(QPoint position)
{
    QMenu menu;
    const QModelIndex index = m_tree->indexAt(position);
    if (kindOf(index) == Kind::Worker)
        addWorkerActions(menu, memberAt(index));
    else if (!memberAt(index).isEmpty())
        addMemberActions(menu, index);
    else if (const ObjectRef object = objectAt(index); !object.isNull())
        addObjectActions(menu, object);
    m_columns->addMenus(menu);
    menu.exec(m_tree->viewport()->mapToGlobal(position));
}

} // namespace decoy::ui
