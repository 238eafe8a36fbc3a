// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/inspector_panel.h"

#include "models/attribute_model.h"
#include "session/attribute_changes.h"
#include "session/attribute_poller.h"
#include "session/handle_store.h"
#include "session/object_marks.h"
#include "session/object_pins.h"
#include "session/object_watcher.h"
#include "session/record_settings.h"
#include "session/session.h"
#include "session/traffic_hold.h"
#include "session/value_text.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "theme/opcode_style.h"
#include "views/elided_label.h"
#include "views/empty_state.h"
#include "views/event_pane.h"
#include "views/row_copy.h"
#include "views/value_delegate.h"

#include <QAction>
#include <QCheckBox>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int narrowestWithTypes = gridUnit * 32;

QString counted(quint64 number, const QString &thing)
{
    return number == 1 ? u"1 %1"_s.arg(thing) : u"%1 %2s"_s.arg(groupedNumber(number), thing);
}

QLabel *makeCaption(const QString &text)
{
    auto *label = new QLabel(text);
    QFont font = label->font();
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

} // namespace

InspectorPanel::InspectorPanel(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_poller(new AttributePoller(session.calls(), this)),
      m_model(new AttributeModel(this)), m_changes(new AttributeChanges(session.manualCalls(), this))
{
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(makeAttributes());
    splitter->addWidget(makeMethods());
    m_events = new EventPane(session.calls());
    connect(m_events, &EventPane::failed, this, &InspectorPanel::showProblem);
    splitter->addWidget(m_events);
    splitter->setChildrenCollapsible(false);
    m_members = splitter;

    m_content = new QWidget;
    auto *contentLayout = new QVBoxLayout(m_content);
    contentLayout->setContentsMargins({});
    contentLayout->setSpacing(0);
    contentLayout->addWidget(makeHeader());
    contentLayout->addWidget(m_members, 1);
    contentLayout->addStretch();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_content);
    m_empty = new EmptyState(this);
    m_empty->setTexts(u"No object selected"_s, u"Select one at the left to see its attributes and methods."_s);

    linkPoller();
    linkChanges();
    connect(&m_session.selection(), &Selection::objectSelected, this, &InspectorPanel::inspect);
    connect(&m_session.objects(), &ObjectWatcher::updated, this, &InspectorPanel::follow);
    connect(&m_session.hold(), &TrafficHold::waitingChanged, this, &InspectorPanel::showHeld);
    connect(&m_session.pins(), &ObjectPins::changed, this, &InspectorPanel::showFacts);
    connect(&m_session.record(), &RecordSettings::changed, this, &InspectorPanel::showFacts);
    inspect(m_session.selection().object());
}

QWidget *InspectorPanel::makeHeader()
{
    m_title = new ElidedLabel;
    QFont titleFont = monospaceFont();
    titleFont.setPointSizeF(titleFont.pointSizeF() + 2);
    titleFont.setBold(true);
    m_title->setFont(titleFont);
    m_facts = new QLabel;
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    m_facts->setWordWrap(true);
    m_doc = new QLabel;
    m_doc->setWordWrap(true);
    m_problem = new QLabel;
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);

    m_invoke = new QPushButton(icon("invoke"_L1), u"&Invoke …"_s);
    m_invoke->setToolTip(u"Call a method of this object (Ctrl+Enter)"_s);
    connect(m_invoke, &QPushButton::clicked, this, [this] { Q_EMIT invokeRequested(m_poller->object(), {}); });
    m_release = new QPushButton(icon("release"_L1), u"Re&lease"_s);
    m_release->setToolTip(u"Give back the reference that the monitor holds"_s);
    connect(m_release, &QPushButton::clicked, this, [this] { m_session.handles().release(m_poller->object()); });

    m_held = new QPushButton(icon("hold"_L1), {});
    m_held->setToolTip(u"Show the requests for this object that wait in Hold"_s);
    connect(m_held, &QPushButton::clicked, this, &InspectorPanel::heldRequested);

    auto *header = new QWidget;
    auto *layout = new QVBoxLayout(header);
    layout->setContentsMargins(gridUnit, gridUnit, gridUnit, gridUnit);
    layout->setSpacing(halfUnit);
    auto *titleLine = new QHBoxLayout;
    titleLine->addWidget(m_title, 1);
    titleLine->addWidget(m_release);
    titleLine->addWidget(m_invoke);
    layout->addLayout(titleLine);
    layout->addWidget(m_facts);
    layout->addWidget(m_held, 0, Qt::AlignLeft);
    layout->addWidget(m_doc);
    layout->addWidget(m_problem);
    return header;
}

QWidget *InspectorPanel::makeAttributes()
{
    m_refresh = new QToolButton;
    m_refresh->setIcon(icon("refresh"_L1));
    m_refresh->setAutoRaise(true);
    m_refresh->setFocusPolicy(Qt::TabFocus);
    m_refresh->setToolTip(u"Read all attributes now"_s);
    m_refresh->setAccessibleName(u"Refresh attributes"_s);
    connect(m_refresh, &QToolButton::clicked, m_poller, &AttributePoller::refresh);
    m_undo = new QAction(icon("undo"_L1), u"Set back"_s, this);
    m_undo->setShortcut(QKeySequence::Undo);
    m_undo->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_undo);
    auto *undo = new QToolButton;
    undo->setDefaultAction(m_undo);
    undo->setToolButtonStyle(Qt::ToolButtonIconOnly);
    undo->setAutoRaise(true);
    undo->setFocusPolicy(Qt::TabFocus);
    undo->setAccessibleName(u"Set back the last attribute that was set"_s);
    m_live = new QCheckBox(u"Li&ve"_s);
    m_live->setChecked(true);
    m_live->setToolTip(u"Read the attributes again when others have used the object, at most twice a second. "
                       "Each read is a call that the traffic shows."_s);
    connect(m_live, &QCheckBox::toggled, this, &InspectorPanel::updatePolling);

    auto *delegate = new ValueDelegate(this);
    connect(delegate, &ValueDelegate::problemChanged, this, &InspectorPanel::showProblem);
    m_attributes = new QTableView;
    m_attributes->setModel(m_model);
    m_attributes->setItemDelegateForColumn(AttributeModel::AttributeValue, delegate);
    m_attributes->setAccessibleName(u"Attributes"_s);
    copyWholeRows(*m_attributes);
    m_attributes->setFrameShape(QFrame::NoFrame);
    m_attributes->setShowGrid(false);
    m_attributes->setWordWrap(false);
    m_attributes->setTabKeyNavigation(false);
    m_attributes->setSelectionMode(QAbstractItemView::SingleSelection);
    m_attributes->verticalHeader()->hide();
    m_attributes->verticalHeader()->setDefaultSectionSize(rowHeight + halfUnit);
    m_attributes->horizontalHeader()->setSectionResizeMode(AttributeModel::AttributeValue, QHeaderView::Stretch);
    m_attributes->setColumnWidth(AttributeModel::Name, 104);
    m_attributes->setColumnWidth(AttributeModel::Type, 56);

    auto *pane = new QWidget;
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    auto *line = new QHBoxLayout;
    line->setContentsMargins(gridUnit, 0, gridUnit, 0);
    line->addWidget(makeCaption(u"Attributes"_s), 1);
    line->addWidget(undo);
    line->addWidget(m_live);
    line->addWidget(m_refresh);
    layout->addLayout(line);
    layout->addWidget(m_attributes);
    return pane;
}

QWidget *InspectorPanel::makeMethods()
{
    m_methods = new QListWidget;
    m_methods->setAccessibleName(u"Methods"_s);
    m_methods->setFrameShape(QFrame::NoFrame);
    m_methods->setFont(monospaceFont());
    m_methods->setWordWrap(true); // a signature is read whole, or not at all
    m_methods->setResizeMode(QListView::Adjust);
    m_methods->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(m_methods, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        Q_EMIT invokeRequested(m_poller->object(), item->data(Qt::UserRole).toString());
    });

    auto *pane = new QWidget;
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, gridUnit, 0, 0);
    layout->setSpacing(halfUnit);
    QLabel *caption = makeCaption(u"Methods"_s);
    caption->setContentsMargins(gridUnit, 0, gridUnit, 0);
    layout->addWidget(caption);
    layout->addWidget(m_methods);
    return pane;
}

void InspectorPanel::linkPoller()
{
    connect(m_poller, &AttributePoller::described, this, &InspectorPanel::showDescription);
    connect(m_poller, &AttributePoller::describeFailed, this, [this](const Failure &failure) {
        m_members->hide();
        showProblem(QString::fromStdString(failure.text()));
    });
    connect(m_poller, &AttributePoller::attributeRead, this, [this](int attribute, const CallOutcome &outcome) {
        if (outcome.failure)
            m_model->setFailure(attribute, *outcome.failure);
        else
            m_model->setValue(attribute, outcome.value);
    });
    connect(m_model, &AttributeModel::changeRequested, this, [this](int row, const Value &value) {
        m_changes->set({m_poller->object(), m_poller->name(), m_session.objects().title(m_poller->object()),
                        m_model->attribute(row).name, m_model->value(row), value});
    });
    connect(m_model, &AttributeModel::editRefused, this, [this](int, const QString &problem) { showProblem(problem); });
}

void InspectorPanel::linkChanges()
{
    // The answer may come when the person looks at something else by now.
    const auto isShown = [this](const AttributeChange &change) { return change.object == m_poller->object(); };
    connect(m_changes, &AttributeChanges::wasSet, this, [this, isShown](const AttributeChange &change) {
        if (!isShown(change))
            return;
        showProblem({});
        m_poller->noteOwnCall();
    });
    connect(m_changes, &AttributeChanges::setFailed, this,
            [this, isShown](const AttributeChange &change, const Failure &failure) {
                const QString problem = u"%1 was not set: %2"_s.arg(
                    isShown(change) ? QString::fromStdString(change.attribute) : change.title(),
                    QString::fromStdString(failure.text()));
                if (!isShown(change))
                    return Q_EMIT announced(problem);
                showProblem(problem);
                m_poller->noteOwnCall();
            });
    connect(m_undo, &QAction::triggered, m_changes, &AttributeChanges::undo);
    connect(m_changes, &AttributeChanges::changed, this, &InspectorPanel::offerUndo);
    connect(m_changes, &AttributeChanges::undone, this, [this, isShown](const AttributeChange &change) {
        Q_EMIT announced(u"%1 was set back to %2, by another SET."_s.arg(change.title(), displayText(*change.before)));
        if (isShown(change))
            m_poller->noteOwnCall();
    });
    connect(m_changes, &AttributeChanges::undoFailed, this,
            [this](const AttributeChange &change, const Failure &failure) {
                Q_EMIT announced(u"%1 was not set back to %2: %3"_s.arg(change.title(), displayText(*change.before),
                                                                        QString::fromStdString(failure.text())));
            });
    offerUndo();
}

void InspectorPanel::offerUndo()
{
    const AttributeChange *change = m_changes->last();
    m_undo->setEnabled(change != nullptr);
    m_undo->setToolTip(change ? u"Set %1 back to %2. That is another SET: others may have seen %3 (Ctrl+Z)"_s.arg(
                           change->title(), displayText(*change->before), displayText(change->after))
                              : u"Set back what was set here (Ctrl+Z)"_s);
}

void InspectorPanel::inspect(const ObjectRef &object)
{
    const ObjectInfo *info = m_session.objects().object(object);
    m_reachable = !object.isServer() && ((info && !info->name.empty()) || m_session.handles().find(object));
    m_model->clear();
    m_wantedAttribute.clear();
    m_methods->clear();
    m_events->clear();
    m_doc->hide();
    showProblem({});
    m_content->setVisible(!object.isNull());
    m_empty->setVisible(object.isNull());
    m_members->setVisible(m_reachable);
    m_poller->setObject(m_reachable ? object : ObjectRef(), info ? info->name : std::string());
    showFacts();
    showHeld();
    updatePolling();
}

void InspectorPanel::follow()
{
    const ObjectRef &object = m_session.selection().object();
    const ObjectInfo *info = m_session.objects().object(object);
    const bool reachable = !object.isServer() && ((info && !info->name.empty()) || m_session.handles().find(object));
    if (reachable != m_reachable)
        return inspect(object); // it was opened, released or withdrawn
    if (info)
        m_poller->noteCalls(info->calls);
    showFacts();
}

void InspectorPanel::showFacts()
{
    const ObjectRef &object = m_session.selection().object();
    if (object.isNull())
        return;
    m_title->setText(m_session.objects().title(object));
    m_invoke->setVisible(m_reachable);
    m_release->setVisible(m_session.handles().find(object) != nullptr);
    if (object.isServer())
        return showServerFacts();
    const ObjectInfo *info = m_session.objects().object(object);
    if (!info) {
        m_facts->setText(u"This object is gone: all its references were released."_s);
        return;
    }
    QStringList facts = {QString::fromStdString(info->type), u"id %1"_s.arg(info->id), u"level %1"_s.arg(info->level)};
    if (const ServerSnapshot *server = m_session.objects().server(object.server); server && server->isLocal) {
        facts += {counted(info->references, u"reference"_s), counted(info->clients, u"client"_s),
                  counted(info->calls, u"call"_s), counted(info->errors, u"error"_s)};
    }
    ObjectMarks marks = MarkedObjects::of(m_session).marks(object.server, *info);
    marks.isHeld = false; // there is a button for it
    m_facts->setText((facts + marks.words()).join(u" · "_s));
    if (!m_reachable) {
        m_doc->setText(u"Other processes hold this object; the monitor does not, so it cannot ask it anything. "
                       "Invoke the method that returns it and choose “Open” to get a reference of your own."_s);
        m_doc->show();
    }
}

void InspectorPanel::showHeld()
{
    const ObjectRef &object = m_session.selection().object();
    const auto &waiting = m_session.hold().waiting();
    const auto count = std::ranges::count_if(
        waiting, [&object](const HeldRequest &request) { return request.event.object == object.id; });
    const bool isHeld = count > 0 && object.server == m_session.serverName();
    m_held->setVisible(isHeld);
    if (isHeld)
        m_held->setText(count == 1 ? u"1 request is held"_s : u"%1 requests are held"_s.arg(count));
}

void InspectorPanel::showServerFacts()
{
    const ServerSnapshot *server = m_session.objects().server(m_session.selection().object().server);
    if (!server)
        return;
    QStringList facts(server->isLocal            ? u"in this process"_s
                          : server->process == 0 ? u"not found so far"_s
                                                 : u"process %1"_s.arg(server->process));
    if (server->state == ServerSnapshot::State::Gone)
        facts += u"looked for again every second"_s;
    else
        facts += {counted(server->objects.size(), u"object"_s),
                  u"at most %1 chain levels"_s.arg(server->maxChainLevel)};
    if (server->isLocal)
        facts += counted(server->connections.size(), u"connection"_s);
    m_facts->setText(facts.join(u" · "_s));
    if (!server->problem.isEmpty())
        showProblem(server->problem);
}

void InspectorPanel::showDescription(const Description &description)
{
    m_members->show();
    showProblem({});
    m_doc->setText(QString::fromStdString(description.doc));
    m_doc->setVisible(!description.doc.empty());
    m_model->setAttributes(description.attributes);
    showAttribute(std::exchange(m_wantedAttribute, {}));
    m_events->setObject(m_poller->object(), m_poller->name(), description.events);
    m_methods->clear();
    for (const MethodDescription &method : description.methods) {
        auto *item = new QListWidgetItem(QString::fromStdString(method.signature()), m_methods);
        item->setData(Qt::UserRole, QString::fromStdString(method.name));
        item->setToolTip(method.doc.empty() ? u"Enter or double-click to invoke"_s
                                            : QString::fromStdString(method.doc));
    }
}

void InspectorPanel::showAttribute(const QString &name)
{
    const int row = m_model->rowOf(name.toStdString());
    if (row < 0) {
        m_wantedAttribute = name;
        return;
    }
    m_attributes->setCurrentIndex(m_model->index(row, AttributeModel::AttributeValue));
    m_attributes->scrollTo(m_attributes->currentIndex());
}

void InspectorPanel::showProblem(const QString &problem)
{
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Error, palette()).colour);
    m_problem->setPalette(colours);
    m_problem->setText(problem.isEmpty() ? QString() : u"✕ %1"_s.arg(problem));
    m_problem->setVisible(!problem.isEmpty());
}

bool InspectorPanel::isLive() const { return m_live->isChecked(); }

void InspectorPanel::setLive(bool live) { m_live->setChecked(live); }

void InspectorPanel::updatePolling()
{
    m_poller->setWatched(isVisible() && !m_isCovered);
    m_poller->setLive(m_live->isChecked() && m_reachable);
}

void InspectorPanel::setCovered(bool isCovered)
{
    m_isCovered = isCovered;
    updatePolling();
}

void InspectorPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    updatePolling();
}

void InspectorPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    updatePolling();
}

void InspectorPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // Values come first; their type can be seen in how they are written.
    m_attributes->setColumnHidden(AttributeModel::Type, width() < narrowestWithTypes);
}

void InspectorPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_problem)
        showProblem(m_problem->text().mid(2));
}

} // namespace decoy::ui
