// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/flat_table.h"

#include "theme/metrics.h"
#include "views/column_menu.h"
#include "views/row_copy.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>
#include <utility>

namespace decoy::ui {

FlatTable::FlatTable(QAbstractItemModel *model, const QString &accessibleName, std::initializer_list<int> widths,
                     QWidget *parent)
    : QTableView(parent), m_widths(widths), m_textHeight(fontMetrics().height()), m_usualTextHeight(m_textHeight)
{
    setModel(model);
    setAccessibleName(accessibleName);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(ui::rowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setStretchLastSection(true);
    setWidths();
}

int FlatTable::usualWidth(int column) const
{
    return m_widths[static_cast<std::size_t>(column)] * m_textHeight / m_usualTextHeight;
}

void FlatTable::setWidths()
{
    for (int column = 0; column < static_cast<int>(m_widths.size()); ++column)
        setWidth(column, usualWidth(column));
}

void FlatTable::setWidth(int column, int width)
{
    if (m_room)
        m_room->widen(column, width);
    else
        setColumnWidth(column, width);
}

void FlatTable::fitColumns(ColumnRoom::Plan plan)
{
    QHeaderView &header = *horizontalHeader();
    header.setStretchLastSection(false);
    header.setContextMenuPolicy(Qt::CustomContextMenu);
    m_room.emplace(header, std::move(plan));
    connect(&header, &QWidget::customContextMenuRequested, this, &FlatTable::openColumnMenu);
    connect(&header, &QHeaderView::sectionResized, this, [this](int column) {
        if (m_room->noteResize(column))
            fit();
    });
    fit();
}

void FlatTable::fit()
{
    if (m_room)
        m_room->fit(viewport()->width());
}

void FlatTable::resetColumns()
{
    m_room->reset({});
    setWidths();
    fit();
}

QByteArray FlatTable::saveColumns() const { return m_room->save(); }

bool FlatTable::restoreColumns(const QByteArray &state)
{
    const bool isRestored = m_room->restore(state);
    fit();
    return isRestored;
}

void FlatTable::openColumnMenu(QPoint position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addColumnActions(*menu, *horizontalHeader(),
                     {.choose =
                          [this](int column, bool isShown) {
                              m_room->choose(column, isShown);
                              fit();
                          },
                      .reset = [this] { resetColumns(); }});
    menu->popup(horizontalHeader()->mapToGlobal(position));
}

void FlatTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fit();
}

void FlatTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() != QEvent::FontChange)
        return;
    const int before = std::exchange(m_textHeight, fontMetrics().height());
    if (before == m_textHeight)
        return;
    for (int column = 0; column < static_cast<int>(m_widths.size()); ++column) {
        // One that has given way says no width.
        const int width = isColumnHidden(column) ? usualWidth(column)
                                                 : horizontalHeader()->sectionSize(column) * m_textHeight / before;
        setWidth(column, width);
    }
    fit();
}

QString FlatTable::selectedText() const { return selectedRowsText(*this); }

void FlatTable::copySelection() const
{
    if (const QString text = selectedText(); !text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void FlatTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection(); // the base class would copy one cell
        event->accept();
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace decoy::ui
