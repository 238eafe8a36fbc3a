// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/shortcuts_dialog.h"

#include "theme/fonts.h"
#include "theme/metrics.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

ShortcutsDialog::ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent) : QDialog(parent)
{
    setWindowTitle(u"Keyboard shortcuts"_s);
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(doubleUnit, doubleUnit, doubleUnit, doubleUnit);
    layout->setHorizontalSpacing(gridUnit * 4);
    layout->setVerticalSpacing(gridUnit);
    int row = 0;
    for (const QAction *action : actions) {
        if (action->shortcut().isEmpty())
            continue;
        QStringList keys;
        for (const QKeySequence &key : action->shortcuts())
            keys += key.toString(QKeySequence::NativeText);
        auto *keyLabel = new QLabel(keys.join(u" or "_s));
        keyLabel->setFont(monospaceFont());
        layout->addWidget(keyLabel, row, 0);
        layout->addWidget(new QLabel(action->text().remove(u'&').remove(u" …"_s)), row++, 1);
    }
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons, row, 0, 1, 2);
}

} // namespace decoy::ui
