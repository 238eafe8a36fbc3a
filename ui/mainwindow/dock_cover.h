// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>

namespace decoy::ui {

/// Tells a panel whether its dock is hidden or another tab lies over it, from now on and also while the window goes.
template <typename Panel>
void tellWhenCovered(Panel *panel, const QDockWidget *dock)
{
    QObject::connect(dock, &QDockWidget::visibilityChanged, panel,
                     [panel](bool isVisible) { panel->setCovered(!isVisible); });
}

} // namespace decoy::ui
