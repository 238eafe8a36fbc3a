// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/problems_panel.h"

#include "models/problem_model.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "trace/problem_analyser.h"
#include "views/empty_state.h"
#include "views/flat_table.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QLabel *paragraph(const QString &accessibleName)
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText); // messages come from clients
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAccessibleName(accessibleName);
    return label;
}

/// Hidden while there is nothing that it could do.
QToolButton *buttonFor(QAction *action, const QString &accessibleName)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(accessibleName);
    const auto follow = [button, action] { button->setVisible(action->isEnabled()); };
    QObject::connect(action, &QAction::enabledChanged, button, follow);
    return button;
}

QLabel *caption(const QString &text)
{
    auto *label = new QLabel(text);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

ProblemsPanel::ProblemsPanel(const ProblemAnalyser &analyser, const FrameNames &names, QWidget *parent)
    : QWidget(parent), m_analyser(analyser), m_names(names), m_model(new ProblemModel(names, this))
{
    m_table = new FlatTable(m_model, u"Problems"_s, {96, 376, 72, 88, 88});
    m_table->fitColumns({.stretched = ProblemModel::Title,
                         .narrowest = gridUnit * 32,
                         .leastFirst = {ProblemModel::Last, ProblemModel::First, ProblemModel::Count},
                         .hidden = {}});
    m_goToFrame = new QAction(u"Go to frame"_s, this);
    m_showObject = new QAction(u"Show the oldest object"_s, this);
    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(makeAdvice());
    splitter->setSizes({640, 320});
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    m_content = splitter;
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_content);
    m_empty = new EmptyState(this);
    m_empty->setTexts(
        u"No problems found"_s,
        u"Looked for while frames come: piecemeal reads, long chains, frames near bufsize, slow methods, leaked "
        "objects, repeated errors and clients that die."_s);

    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->addActions({m_goToFrame, m_showObject});
    connect(m_goToFrame, &QAction::triggered, this, &ProblemsPanel::requestFrame);
    connect(m_showObject, &QAction::triggered, this, &ProblemsPanel::requestObject);
    connect(m_table, &QAbstractItemView::activated, this, [this] {
        if (m_goToFrame->isEnabled())
            requestFrame();
        else
            requestObject();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ProblemsPanel::showSelected);
    connect(&m_analyser, &ProblemAnalyser::problemsChanged, this, &ProblemsPanel::refresh);
    refresh();
}

QWidget *ProblemsPanel::makeAdvice()
{
    m_title = paragraph(u"Problem"_s);
    QFont strong = m_title->font();
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_why = paragraph(u"Why it is a problem"_s);
    m_advice = paragraph(u"What to do about it"_s);
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(doubleUnit, halfUnit, doubleUnit, gridUnit);
    buttons->setSpacing(gridUnit);
    buttons->addWidget(buttonFor(m_goToFrame, u"Go to the frame of this problem"_s));
    buttons->addWidget(buttonFor(m_showObject, u"Select the oldest object of this problem"_s));
    buttons->addStretch();

    auto *page = new QWidget;
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(doubleUnit, gridUnit, doubleUnit, gridUnit);
    layout->setSpacing(halfUnit);
    layout->addWidget(m_title);
    layout->addWidget(m_why);
    layout->addSpacing(halfUnit);
    layout->addWidget(caption(u"What to do"_s));
    layout->addWidget(m_advice);
    layout->addStretch();

    auto *area = new QScrollArea;
    area->setWidget(page);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    // What one can do stays in sight, however long the advice is.
    auto *pane = new QWidget;
    pane->setMinimumWidth(gridUnit * 30);
    auto *paneLayout = new QVBoxLayout(pane);
    paneLayout->setContentsMargins({});
    paneLayout->setSpacing(0);
    paneLayout->addWidget(area, 1);
    paneLayout->addLayout(buttons);
    return pane;
}

QTableView *ProblemsPanel::table() const noexcept { return m_table; }

QString ProblemsPanel::advice() const { return m_advice->text(); }

QString ProblemsPanel::title() const
{
    const int count = m_model->rowCount();
    return count == 0 ? u"Problems"_s : u"Problems (%1)"_s.arg(groupedNumber(static_cast<quint64>(count)));
}

void ProblemsPanel::refresh()
{
    const QString before = title();
    m_model->setProblems(m_analyser.problems());
    const bool any = m_model->rowCount() > 0;
    m_content->setVisible(any);
    m_empty->setVisible(!any);
    if (any && !m_table->currentIndex().isValid())
        m_table->selectRow(0);
    showSelected();
    m_table->viewport()->update(); // a title may name a process that is known by now
    if (title() != before)
        Q_EMIT titleChanged(title());
}

void ProblemsPanel::showSelected()
{
    const QModelIndex current = m_table->currentIndex();
    const Problem problem = current.isValid() ? m_model->problem(current.row()) : Problem();
    m_goToFrame->setEnabled(problem.frame != noRow);
    m_showObject->setEnabled(problem.object != 0 && problem.server.empty()); // the tree lists what this server has
    if (!current.isValid())
        return;
    const ProblemText text = describeProblem(problem, m_names);
    m_title->setText(severityText(problem.severity) + u": "_s + text.title);
    m_why->setText(text.why);
    m_advice->setText(text.advice);
    m_goToFrame->setText(u"Go to frame %1"_s.arg(groupedNumber(problem.frame + 1)));
}

void ProblemsPanel::requestFrame()
{
    if (const QModelIndex current = m_table->currentIndex(); current.isValid())
        Q_EMIT frameRequested(m_model->problem(current.row()).frame);
}

void ProblemsPanel::requestObject()
{
    if (const QModelIndex current = m_table->currentIndex(); current.isValid() && m_showObject->isEnabled())
        Q_EMIT objectRequested(m_model->problem(current.row()).object);
}

} // namespace decoy::ui
