// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/conversation_view.h"

#include "models/conversation_model.h"
#include "theme/metrics.h"
#include "views/elided_label.h"
#include "views/empty_state.h"
#include "views/row_copy.h"

#include <QHeaderView>
#include <QScopedValueRollback>
#include <QTableView>
#include <QVBoxLayout>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr std::array<int, ConversationModel::columns> columnWidths = {80, 88, 80, 120, 240};

} // namespace

ConversationView::ConversationView(const FrameStore &store, const FrameNames &names, QWidget *parent)
    : QWidget(parent), m_store(store), m_model(new ConversationModel(names, this)), m_content(new QWidget)
{
    setAccessibleName(u"Conversation"_s);
    makeTable();
    m_summary = new ElidedLabel;
    m_summary->setContentsMargins(gridUnit, halfUnit, gridUnit, halfUnit);
    auto *contentLayout = new QVBoxLayout(m_content);
    contentLayout->setContentsMargins({});
    contentLayout->setSpacing(0);
    contentLayout->addWidget(m_summary);
    contentLayout->addWidget(m_table, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_content);
    m_empty = new EmptyState(this);
    m_empty->setTexts(
        u"No frame selected"_s,
        u"Select a frame in the traffic table to see its call: request, PENDING and result, and what the same "
        "client asked before and after."_s);
    showFrame(noRow);
}

void ConversationView::makeTable()
{
    m_table = new QTableView;
    m_table->setModel(m_model);
    m_table->setAccessibleName(u"Frames of the conversation"_s);
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
    m_table->horizontalHeader()->setSectionResizeMode(ConversationModel::Content, QHeaderView::Stretch);
    for (int column = 0; column < ConversationModel::columns; ++column)
        m_table->setColumnWidth(column, columnWidths[std::size_t(column)]);
    // Queued: the answer to it may give the table other rows, which it must not get in the middle of its own work.
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &index) {
        if (index.isValid() && !m_isShowing)
            QMetaObject::invokeMethod(
                this, [this, row = m_model->frameOf(index)] { Q_EMIT frameRequested(row); }, Qt::QueuedConnection);
    });
}

void ConversationView::showFrame(Row row)
{
    const FrameSnapshot frames = m_store.snapshot();
    m_row = frames.contains(row) ? row : noRow;
    m_generation = frames.generation();
    m_content->setVisible(m_row != noRow);
    m_empty->setVisible(m_row == noRow);
    look(frames);
}

void ConversationView::refresh()
{
    if (m_row == noRow || m_model->isComplete() || m_isWaiting || m_store.generation() != m_generation)
        return;
    if (m_sinceLook.isValid() && m_sinceLook.elapsed() < numbersIntervalMs)
        return;
    // What was shown stays when the store discards it.
    if (const FrameSnapshot frames = m_store.snapshot(); frames.contains(m_row))
        look(frames);
}

void ConversationView::look(const FrameSnapshot &frames)
{
    m_isWaiting = !isInView();
    if (m_isWaiting)
        return;
    m_sinceLook.start();
    const QScopedValueRollback showing(m_isShowing, true);
    m_model->setFrame(frames, m_row);
    m_summary->setText(m_model->summary());
    const QModelIndex current = m_model->indexOfFrame(m_row);
    if (!current.isValid() || m_table->currentIndex().row() == current.row())
        return;
    m_table->setCurrentIndex(current);
    m_table->scrollTo(current, QAbstractItemView::PositionAtCenter);
}

void ConversationView::setCovered(bool covered)
{
    m_isCovered = covered;
    if (m_isWaiting && isInView())
        showFrame(m_row);
}

void ConversationView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_isWaiting)
        showFrame(m_row);
}

} // namespace decoy::ui
