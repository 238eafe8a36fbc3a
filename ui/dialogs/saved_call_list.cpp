// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/saved_call_list.h"

#include "models/saved_call_model.h"
#include "session/saved_calls.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "views/empty_state.h"

#include <QAction>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QListView>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int rowsSeen = 5;

QToolButton *makeButton(QAction *action)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text() + u" saved call"_s);
    return button;
}

} // namespace

SavedCallList::SavedCallList(SavedCalls &calls, QWidget *parent)
    : QWidget(parent), m_calls(calls), m_model(new SavedCallModel(calls, this)), m_list(new QListView),
      m_problem(new QLabel)
{
    m_list->setModel(m_model);
    m_list->setAccessibleName(u"Saved calls"_s);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_list->setFixedHeight(rowHeight * rowsSeen);
    m_list->setToolTip(u"Enter or double-click fills in a saved call"_s);
    connect(m_list, &QListView::activated, this, &SavedCallList::load);
    connect(m_list, &QListView::doubleClicked, this, &SavedCallList::load);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &SavedCallList::updateActions);
    connect(m_model, &QAbstractItemModel::modelReset, this, &SavedCallList::updateActions);
    connect(m_model, &SavedCallModel::changeRefused, this, &SavedCallList::showProblem);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_empty = new EmptyState(m_list->viewport());
    m_empty->setTexts(u"None yet"_s, u"“Save call …” keeps what is filled in."_s);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(halfUnit);
    layout->addWidget(makeTitleLine());
    layout->addWidget(m_list);
    layout->addWidget(m_problem);
    updateActions();
}

QWidget *SavedCallList::makeTitleLine()
{
    auto *title = new QLabel(u"Sa&ved calls"_s);
    title->setBuddy(m_list);
    m_load = new QAction(icon("invoke"_L1), u"Load"_s, this);
    m_load->setToolTip(u"Fill in this call (Enter)"_s);
    m_rename = new QAction(icon("rename"_L1), u"Rename"_s, this);
    m_rename->setToolTip(u"Give this call another name (F2)"_s);
    m_remove = new QAction(icon("clear"_L1), u"Delete"_s, this);
    m_remove->setToolTip(u"Forget this call (Del)"_s);
    m_remove->setShortcut(Qt::Key_Delete);
    m_remove->setShortcutContext(Qt::WidgetShortcut);
    m_list->addAction(m_remove);
    connect(m_load, &QAction::triggered, this, &SavedCallList::load);
    connect(m_rename, &QAction::triggered, this, [this] { m_list->edit(m_list->currentIndex()); });
    connect(m_remove, &QAction::triggered, this, &SavedCallList::remove);
    auto *line = new QWidget;
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(title, 1);
    for (QAction *action : {m_load, m_rename, m_remove})
        layout->addWidget(makeButton(action));
    return line;
}

void SavedCallList::save(const CallRecord &call)
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(u"Save call"_s);
    dialog->setLabelText(u"Name of this call; the same name again replaces it:"_s);
    dialog->setTextValue(u"%1.%2"_s.arg(call.object, call.member));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, call](const QString &name) {
        showProblem(m_calls.save(name, call));
        m_list->setCurrentIndex(m_model->index(m_calls.rowOf(name.simplified())));
    });
    dialog->open();
}

void SavedCallList::load()
{
    if (const QModelIndex index = m_list->currentIndex(); index.isValid())
        Q_EMIT loadRequested(m_calls.at(index.row()).call);
}

void SavedCallList::remove()
{
    if (const QModelIndex index = m_list->currentIndex(); index.isValid())
        showProblem(m_calls.remove(index.row()));
}

void SavedCallList::showProblem(const QString &problem)
{
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Error, palette()).colour);
    m_problem->setPalette(colours);
    m_problem->setText(problem.isEmpty() ? QString() : u"✕ %1"_s.arg(problem));
    m_problem->setVisible(!problem.isEmpty());
}

void SavedCallList::updateActions()
{
    for (QAction *action : {m_load, m_rename, m_remove})
        action->setEnabled(m_list->currentIndex().isValid());
    m_empty->setVisible(m_model->rowCount() == 0);
}

} // namespace decoy::ui
