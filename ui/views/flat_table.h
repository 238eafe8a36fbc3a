// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/column_room.h"

#include <QTableView>

#include <initializer_list>
#include <optional>

namespace decoy::ui {

/// A table without grid and frame whose rows are chosen whole; for models of at most some thousands of rows. Copies the
/// selected rows with Ctrl+C, as lines of text with tabs between the columns.
class FlatTable : public QTableView {
    Q_OBJECT

public:
    /// `widths` are those of the first columns; the last column takes the rest.
    FlatTable(QAbstractItemModel *model, const QString &accessibleName, std::initializer_list<int> widths,
              QWidget *parent = nullptr);

    /// From now on the columns never need more than the table's width: they give way as the plan says, and the header's menu lets the
    /// person choose. For a table with so many columns that they would not fit.
    void fitColumns(ColumnRoom::Plan plan);
    /// As they were at first.
    void resetColumns();
    [[nodiscard]] QByteArray saveColumns() const;
    /// False, and nothing is changed, for what another version has saved.
    bool restoreColumns(const QByteArray &state);

    [[nodiscard]] QString selectedText() const;
    void copySelection() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fit();
    [[nodiscard]] int usualWidth(int column) const;
    void setWidths();
    void setWidth(int column, int width);
    void openColumnMenu(QPoint position);

    const std::vector<int> m_widths; ///< at the usual size of text
    int m_textHeight;
    const int m_usualTextHeight;
    std::optional<ColumnRoom> m_room;
};

} // namespace decoy::ui
