// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/key_help.h"

#include <QDialog>

class QAction;

namespace decoy::ui {

/// The keys that do something, as the commands and the views themselves say; so it is never out of date.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    ShortcutsDialog(const QList<QAction *> &actions, const QList<KeyHelp> &views, QWidget *parent);
};

} // namespace decoy::ui
