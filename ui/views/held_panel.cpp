// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/held_panel.h"

#include "dialogs/answer_dialog.h"
#include "dialogs/edit_request_dialog.h"
#include "models/held_model.h"
#include "session/session.h"
#include "session/traffic_hold.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "trace/frame_decoder.h"
#include "trace/frame_lookup.h"
#include "views/breakpoint_bar.h"
#include "views/empty_state.h"
#include "views/flat_table.h"
#include "views/number_pace.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QMenu>
#include <QToolButton>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr std::array delays = {1, 5, 10, 30, 60}; // s
constexpr double longestDelay = 3600;

} // namespace

HeldPanel::HeldPanel(Session &session, QAction *startHolding, QWidget *parent)
    : QWidget(parent), m_session(session), m_model(new HeldModel(session.names(), this)),
      m_breakpoint(new BreakpointBar(session.hold(), session.names(), session.frames())), m_startHolding(startHolding)
{
    m_table = new FlatTable(m_model, u"Held requests"_s, {128, 96, 112, 320, 88, 88});
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(HeldModel::Call, QHeaderView::Stretch);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_content = new QWidget;
    auto *contentLayout = new QVBoxLayout(m_content);
    contentLayout->setContentsMargins({});
    contentLayout->setSpacing(0);
    contentLayout->addWidget(makeTools());
    contentLayout->addWidget(m_table);
    auto *rows = new QWidget; // over which the empty state lies
    auto *rowLayout = new QVBoxLayout(rows);
    rowLayout->setContentsMargins({});
    rowLayout->addWidget(m_content);
    m_empty = new EmptyState(rows);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_breakpoint);
    layout->addWidget(rows, 1);

    m_counting.setInterval(numbersIntervalMs);
    connect(&m_counting, &QTimer::timeout, m_model, &HeldModel::refreshTimes);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &HeldPanel::requestFrame);
    connect(&m_session.hold(), &TrafficHold::waitingChanged, this, &HeldPanel::refresh);
    connect(&m_session.hold(), &TrafficHold::settingsChanged, this, &HeldPanel::showEmptyState);
    auto *pace = new NumberPace(this);
    connect(m_model, &QAbstractItemModel::rowsInserted, pace, &NumberPace::noteChange);
    connect(m_model, &QAbstractItemModel::rowsRemoved, pace, &NumberPace::noteChange);
    connect(pace, &NumberPace::due, this, [this] { Q_EMIT titleChanged(title()); });
    connect(&m_session, &Session::namesChanged, m_table->viewport(), qOverload<>(&QWidget::update));
    refresh();
    showEmptyState();
}

QAction *HeldPanel::makeAction(QLatin1String iconName, const QString &text, const QString &toolTip,
                               const QKeySequence &key)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setToolTip(u"%1 (%2)"_s.arg(toolTip, key.toString(QKeySequence::NativeText)));
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetShortcut);
    m_table->addAction(action);
    return action;
}

QWidget *HeldPanel::makeTools()
{
    m_forward = makeAction("step"_L1, u"Forward"_s, u"Let the request go on as it is"_s, u"Return"_s);
    m_forward->setShortcuts({u"Return"_s, u"Enter"_s});
    m_edit = makeAction("rename"_L1, u"Edit …"_s, u"Change the request, then let it go on"_s, u"F2"_s);
    m_answer = makeAction("answer"_L1, u"Answer …"_s, u"Answer in the object's place, which never sees the request"_s,
                          u"A"_s);
    auto *delay = makeAction("delay"_L1, u"Delay"_s, u"Let the request go on by itself after a while"_s, u"D"_s);
    m_drop = makeAction("kill"_L1, u"Drop"_s, u"Never answer: the client waits until its own deadline"_s, u"Del"_s);
    makeDelays();
    delay->setMenu(m_delay);

    auto *tools = new QWidget;
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins(halfUnit, 0, halfUnit, halfUnit);
    layout->setSpacing(halfUnit);
    for (QAction *action : {m_forward, m_edit, m_answer, delay, m_drop}) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setPopupMode(QToolButton::InstantPopup);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(action->text() + u" request"_s);
        layout->addWidget(button);
        if (action == delay) { // by its key; the button opens the menu itself
            connect(action, &QAction::triggered, m_delay,
                    [this, button] { m_delay->popup(button->mapToGlobal(button->rect().bottomLeft())); });
        }
    }
    layout->addStretch();
    connect(m_forward, &QAction::triggered, this, &HeldPanel::forward);
    connect(m_edit, &QAction::triggered, this, &HeldPanel::edit);
    connect(m_answer, &QAction::triggered, this, &HeldPanel::answer);
    connect(m_drop, &QAction::triggered, this, &HeldPanel::drop);
    return tools;
}

void HeldPanel::makeDelays()
{
    m_delay = new QMenu(this);
    for (const int seconds : delays) {
        m_delay->addAction(u"Go on in %1 s"_s.arg(seconds), this, [this, seconds] {
            if (const HeldRequest *request = selected())
                delay(request->id, std::chrono::seconds(seconds));
        });
    }
    m_delay->addAction(u"Go on in …"_s, this, &HeldPanel::askForDelay);
}

QTableView *HeldPanel::table() const noexcept { return m_table; }

QString HeldPanel::title() const
{
    const int count = m_model->rowCount();
    return count == 0 ? u"Held"_s : u"Held (%1)"_s.arg(groupedNumber(static_cast<quint64>(count)));
}

void HeldPanel::refresh()
{
    m_model->setRequests(m_session.hold().waiting());
    const bool any = m_model->rowCount() > 0;
    m_content->setVisible(any);
    m_empty->setVisible(!any);
    if (any && !m_table->currentIndex().isValid())
        m_table->selectRow(0);
    for (QAction *action : m_table->actions())
        action->setEnabled(any);
    if (any && isVisible() && !m_counting.isActive())
        m_counting.start();
    else if (!any)
        m_counting.stop();
}

void HeldPanel::showEmptyState()
{
    const TrafficHold &hold = m_session.hold();
    if (!hold.isOn()) {
        return m_empty->setTexts(
            u"Nothing is held"_s,
            u"A breakpoint makes requests wait here before they reach their object. Type which above, or leave it empty "
            "for every request, and hold. Calls of this window are never held."_s,
            m_startHolding);
    }
    m_empty->setTexts(u"Nothing waits yet"_s,
                      hold.mode() == HoldMode::Breakpoint && !hold.breakpoint().isEmpty()
                          ? u"The next request that matches the breakpoint waits here."_s
                          : u"The next request of another process waits here."_s);
}

const HeldRequest *HeldPanel::selected() const
{
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() ? &m_model->request(current.row()) : nullptr;
}

QString HeldPanel::titleOf(const HeldRequest &request) const
{
    return u"%1.%2 of %3"_s.arg(m_session.names().object(request.event.object),
                                decodeFrame(request.event, request.bytes).member,
                                m_session.names().process(request.event.process));
}

void HeldPanel::forward()
{
    if (const HeldRequest *request = selected(); request && m_session.hold().forward(request->id))
        Q_EMIT messageShown(u"Forwarded: %1"_s.arg(titleOf(*request)));
}

void HeldPanel::drop()
{
    if (const HeldRequest *request = selected(); request && m_session.hold().drop(request->id))
        Q_EMIT messageShown(u"Dropped: %1, which waits until its own deadline"_s.arg(titleOf(*request)));
}

void HeldPanel::delay(std::uint64_t id, std::chrono::milliseconds time)
{
    const HeldRequest *request = m_session.hold().find(id);
    if (request && m_session.hold().delay(id, time))
        Q_EMIT messageShown(
            u"Goes on in %1: %2"_s.arg(runningTimeText(std::chrono::nanoseconds(time).count()), titleOf(*request)));
}

void HeldPanel::askForDelay()
{
    const HeldRequest *request = selected();
    if (!request)
        return;
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(u"Delay"_s);
    dialog->setInputMode(QInputDialog::DoubleInput);
    dialog->setLabelText(u"Seconds until the request goes on:"_s);
    dialog->setDoubleRange(0, longestDelay);
    dialog->setDoubleValue(15);
    connect(dialog, &QInputDialog::doubleValueSelected, this, [this, id = request->id](double seconds) {
        delay(id, std::chrono::milliseconds(qRound64(seconds * 1000)));
    });
    dialog->open();
}

template <class Dialog>
Dialog *HeldPanel::openDialog()
{
    const HeldRequest *request = selected();
    if (!request)
        return nullptr;
    std::erase_if(m_dialogs, [](const auto &open) { return !open.second || !open.second->isVisible(); });
    QPointer<QDialog> &dialog = m_dialogs[request->id];
    if (dialog) {
        dialog->raise();
        dialog->activateWindow();
    } else {
        dialog = new Dialog(m_session, *request, window());
        dialog->show();
    }
    return qobject_cast<Dialog *>(dialog.data());
}

EditRequestDialog *HeldPanel::edit() { return openDialog<EditRequestDialog>(); }

AnswerDialog *HeldPanel::answer() { return openDialog<AnswerDialog>(); }

/// Only where the person chose the request: one that comes by itself must not move the other views.
void HeldPanel::requestFrame()
{
    const HeldRequest *request = selected();
    if (!request || !m_table->hasFocus())
        return;
    if (const Row row = findRequest(m_session.frames().snapshot(), request->event); row != noRow)
        Q_EMIT frameRequested(row);
}

void HeldPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void HeldPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_counting.stop();
}

} // namespace decoy::ui
