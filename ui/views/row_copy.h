// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QAbstractItemView;

namespace decoy::ui {

/// The selected rows, else the current one, as lines of what is seen of them: columns in their order, with tabs between.
[[nodiscard]] QString selectedRowsText(const QAbstractItemView &view);

/// Ctrl+C copies whole rows of a table or a tree; by itself it would copy one cell.
void copyWholeRows(QAbstractItemView &view);

} // namespace decoy::ui
