// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/shortcuts_dialog.h"

#include "models/command_model.h"
#include "theme/fonts.h"
#include "theme/metrics.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

KeyHelp helpOf(const QList<QAction *> &actions)
{
    KeyHelp help{u"Everywhere"_s, {}};
    for (const QAction *action : actions) {
        if (action->shortcut().isEmpty())
            continue;
        help.keys.append({keysOf(*action).join(u" or "_s), action->text().remove(u'&').remove(u" …"_s)});
    }
    return help;
}

void addSection(QGridLayout &layout, const KeyHelp &help)
{
    int row = layout.rowCount();
    auto *title = new QLabel(help.view);
    QFont strong = title->font();
    strong.setBold(true);
    title->setFont(strong);
    layout.addWidget(title, row++, 0, 1, 2);
    for (const KeyHelp::Key &key : help.keys) {
        auto *keys = new QLabel(key.keys);
        keys->setFont(monospaceFont());
        layout.addWidget(keys, row, 0);
        layout.addWidget(new QLabel(key.does), row++, 1);
    }
    layout.setRowMinimumHeight(row, gridUnit); // air before the next one
}

QGridLayout *makeColumn()
{
    auto *column = new QGridLayout;
    column->setHorizontalSpacing(gridUnit * 3);
    column->setVerticalSpacing(halfUnit);
    return column;
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const QList<QAction *> &actions, const QList<KeyHelp> &views, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(u"Keyboard shortcuts"_s);
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(doubleUnit, doubleUnit, doubleUnit, doubleUnit);
    layout->setHorizontalSpacing(gridUnit * 6);
    layout->setVerticalSpacing(doubleUnit);
    QGridLayout *commands = makeColumn();
    addSection(*commands, helpOf(actions));
    QGridLayout *inViews = makeColumn();
    for (const KeyHelp &view : views)
        addSection(*inViews, view);
    layout->addLayout(commands, 0, 0, Qt::AlignTop);
    layout->addLayout(inViews, 0, 1, Qt::AlignTop);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons, 1, 0, 1, 2);
}

} // namespace decoy::ui
