// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

#include <initializer_list>

namespace decoy::ui {

/// A table without grid and frame whose rows are chosen whole; for models of at most some thousands of rows. Copies the
/// selected rows with Ctrl+C, as lines of text with tabs between the columns.
class FlatTable : public QTableView {
    Q_OBJECT

public:
    /// `widths` are those of the first columns; the last column takes the rest.
    FlatTable(QAbstractItemModel *model, const QString &accessibleName, std::initializer_list<int> widths,
              QWidget *parent = nullptr);

    [[nodiscard]] QString selectedText() const;
    void copySelection() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

} // namespace decoy::ui
