// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QHeaderView;
class QMenu;

namespace decoy::ui {

/// What a menu of columns does.
struct ColumnChoice {
    int always = -1;                                      ///< a column that cannot be hidden
    std::function<void(int column, bool isShown)> choose; ///< the person wants it, or no longer
    std::function<void()> reset;                          ///< all columns as they were at first
};

/// Fills a menu that shows and hides the columns of a header; one of them always stays.
void addColumnActions(QMenu &menu, const QHeaderView &header, const ColumnChoice &choice);

} // namespace decoy::ui
