// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/column_menu.h"

#include <QHeaderView>
#include <QMenu>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

void addColumnActions(QMenu &menu, const QHeaderView &header, const ColumnChoice &choice)
{
    for (int visual = 0; visual < header.count(); ++visual) {
        const int column = header.logicalIndex(visual);
        const bool isShown = !header.isSectionHidden(column);
        QAction *action = menu.addAction(header.model()->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(isShown);
        // A table without any column could not be given one again.
        action->setEnabled(column != choice.always && (!isShown || header.count() - header.hiddenSectionCount() > 1));
        QObject::connect(action, &QAction::toggled, &header,
                         [choose = choice.choose, column](bool on) { choose(column, on); });
    }
    menu.addSeparator();
    QObject::connect(menu.addAction(u"Reset columns"_s), &QAction::triggered, &header, choice.reset);
}

} // namespace decoy::ui
