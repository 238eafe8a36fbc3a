// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/call_history_view.h"

#include "models/call_history_model.h"
#include "session/call_history.h"
#include "session/manual_calls.h"
#include "session/published_object.h"
#include "session/saved_calls.h"
#include "session/session.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "views/copy_call_menu.h"
#include "views/empty_state.h"
#include "views/row_copy.h"

#include <QAction>
#include <QHeaderView>
#include <QInputDialog>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr std::array<int, CallHistoryModel::columns> columnWidths = {136, 120, 280, 400, 88};

} // namespace

CallHistoryView::CallHistoryView(Session &session, QAction *invoke, QWidget *parent)
    : QWidget(parent), m_session(session), m_model(new CallHistoryModel(session.callHistory(), this)),
      m_content(new QWidget)
{
    setAccessibleName(u"Calls"_s);
    makeTable();
    auto *contentLayout = new QVBoxLayout(m_content);
    contentLayout->setContentsMargins({});
    contentLayout->setSpacing(0);
    contentLayout->addWidget(makeTools());
    contentLayout->addWidget(m_table);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_content);
    m_empty = new EmptyState(this);
    m_empty->setTexts(u"No calls by hand yet"_s,
                      u"What you call with Invoke or set in the inspector is remembered here, also after a restart."_s,
                      invoke);
    makeMenu();
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &CallHistoryView::updateActions);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_model, signal, this, &CallHistoryView::updateActions);
    connect(m_model, &QAbstractItemModel::modelReset, this, &CallHistoryView::updateActions);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &CallHistoryView::updateActions);
    updateActions();
}

void CallHistoryView::makeTable()
{
    m_table = new QTableView;
    m_table->setModel(m_model);
    m_table->setAccessibleName(u"Calls by hand"_s);
    copyWholeRows(*m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(CallHistoryModel::Outcome, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(CallHistoryModel::Duration, QHeaderView::ResizeToContents);
    for (int column = 0; column < CallHistoryModel::columns; ++column)
        m_table->setColumnWidth(column, columnWidths[std::size_t(column)]);
    connect(m_table, &QTableView::activated, this, &CallHistoryView::load);
}

QAction *CallHistoryView::makeAction(QLatin1String iconName, const QString &text, const QString &toolTip)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setToolTip(toolTip);
    return action;
}

QWidget *CallHistoryView::makeTools()
{
    m_load = makeAction("invoke"_L1, u"Open in Invoke"_s, u"Fill the Invoke panel with this call (Enter)"_s);
    m_again = makeAction("restart"_L1, u"Send again"_s, u"Make the same call once more, at once"_s);
    m_frames = makeAction("traffic"_L1, u"Show frames"_s, u"Select the frames that this call made, in Traffic"_s);
    m_save = makeAction("save"_L1, u"Save …"_s, u"Keep this call under a name"_s);
    m_remove = makeAction("release"_L1, u"Remove"_s, u"Forget this call (Del)"_s);
    m_clear = makeAction("clear"_L1, u"Clear"_s, u"Forget all calls of this list; saved calls stay"_s);
    m_remove->setShortcut(Qt::Key_Delete);
    m_remove->setShortcutContext(Qt::WidgetShortcut);
    m_table->addAction(m_remove);
    connect(m_load, &QAction::triggered, this, &CallHistoryView::load);
    connect(m_again, &QAction::triggered, this, &CallHistoryView::sendAgain);
    connect(m_frames, &QAction::triggered, this, &CallHistoryView::showFrames);
    connect(m_save, &QAction::triggered, this, &CallHistoryView::saveCall);
    connect(m_remove, &QAction::triggered, this, [this] {
        if (selected())
            m_session.callHistory().remove(m_table->currentIndex().row());
    });
    connect(m_clear, &QAction::triggered, &m_session.callHistory(), &CallHistory::clear);

    m_copy = new CopyCallMenu([this] { return selectedRequest(); }, this);
    connect(m_copy, &CopyCallMenu::copied, this, &CallHistoryView::messageShown);
    auto *tools = new QWidget;
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins(halfUnit, halfUnit, halfUnit, halfUnit);
    layout->setSpacing(halfUnit);
    m_copy->menuAction()->setToolTip(u"Copy this call as a command line, as C++ or as Python"_s);
    for (QAction *action : {m_load, m_again, m_frames, m_copy->menuAction(), m_save, m_remove, m_clear}) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setPopupMode(QToolButton::InstantPopup);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(action->text().remove(u'&').remove(u" …"_s) + u", calls"_s);
        layout->addWidget(button);
    }
    layout->addStretch();
    return tools;
}

void CallHistoryView::makeMenu()
{
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &position) {
        if (!selected())
            return;
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addActions({m_load, m_again, m_frames});
        menu->addSeparator();
        menu->addMenu(m_copy);
        menu->addActions({m_save, m_remove});
        menu->popup(m_table->viewport()->mapToGlobal(position));
    });
}

const CallRecord *CallHistoryView::selected() const
{
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() ? &m_session.callHistory().at(index.row()) : nullptr;
}

bool CallHistoryView::hasFrames(const CallRecord &call) const
{
    const FrameStore &frames = m_session.frames();
    return call.request != noRow && call.generation == frames.generation() && call.request >= frames.firstRow();
}

FrameRequest CallHistoryView::selectedRequest() const
{
    const CallRecord *call = selected();
    if (!call)
        return {{}, u"No call is selected."_s};
    std::optional<CallRequest> request = requestOf(*call);
    if (!request)
        return {{}, u"The arguments of this call were too long to be remembered."_s};
    return {std::move(*request), {}};
}

void CallHistoryView::load()
{
    if (const CallRecord *call = selected(); call && m_load->isEnabled())
        Q_EMIT loadRequested(*call);
}

void CallHistoryView::sendAgain()
{
    const CallRecord *call = selected();
    FrameRequest again = selectedRequest();
    if (!call || !again.isValid())
        return Q_EMIT messageShown(again.problem);
    const ObjectRef object = reachableObject(m_session, *call);
    if (object.isNull())
        return Q_EMIT messageShown(u"There is no object “%1” at %2 now."_s.arg(call->object, call->server));
    again.request.object = object;
    const QString title = call->object;
    if (call->repetitions > 1)
        m_session.manualCalls().repeat(std::move(again.request), title, call->repetitions);
    else
        m_session.manualCalls().send(std::move(again.request), title);
    m_table->selectRow(0);
}

void CallHistoryView::showFrames()
{
    if (const CallRecord *call = selected(); call && hasFrames(*call))
        Q_EMIT frameRequested(call->request);
}

void CallHistoryView::saveCall()
{
    const CallRecord *call = selected();
    if (!call)
        return;
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(u"Save call"_s);
    dialog->setLabelText(u"Name of this call:"_s);
    dialog->setTextValue(u"%1.%2"_s.arg(call->object, call->member));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, record = *call](const QString &name) {
        const QString problem = m_session.savedCalls().save(name, record);
        Q_EMIT messageShown(problem.isEmpty() ? u"Saved “%1”."_s.arg(name) : problem);
    });
    dialog->open();
}

void CallHistoryView::updateActions()
{
    const CallRecord *call = selected();
    const bool isThere = m_model->rowCount() > 0;
    m_content->setVisible(isThere);
    m_empty->setVisible(!isThere);
    const bool isMethod = call && call->kind == CallKind::Execute;
    m_again->setEnabled(call && call->argumentsKept);
    for (QAction *action : {m_load, m_save})
        action->setEnabled(isMethod && call->argumentsKept);
    m_load->setToolTip(!call || isMethod ? u"Fill the Invoke panel with this call (Enter)"_s
                                         : u"Attributes are set in the inspector: “Send again” sets this one again"_s);
    m_copy->menuAction()->setEnabled(call != nullptr);
    m_remove->setEnabled(call != nullptr);
    m_frames->setEnabled(call && hasFrames(*call));
    m_frames->setToolTip(!call || hasFrames(*call)
                             ? u"Select the frames that this call made, in Traffic"_s
                             : u"The frames of this call were not captured, or are not there any more"_s);
}

} // namespace decoy::ui
