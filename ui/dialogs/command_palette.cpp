// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/command_palette.h"

#include "models/command_model.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/theme.h"
#include "views/empty_state.h"

#include <QAction>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPointer>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr QSize paletteSize{gridUnit * 70, gridUnit * 45};

/// The shortcut at the right end of its row.
class ShortcutDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const QString shortcut = index.data(CommandModel::ShortcutRole).toString();
        if (shortcut.isEmpty())
            return;
        painter->save();
        painter->setFont(monospaceFont(option.font));
        painter->setPen(mutedColour(option.palette));
        painter->drawText(option.rect.adjusted(0, 0, -doubleUnit, 0), Qt::AlignRight | Qt::AlignVCenter, shortcut);
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QSize size = QStyledItemDelegate::sizeHint(option, index);
        return {size.width(), std::max(rowHeight + halfUnit, option.fontMetrics.height() + gridUnit)};
    }
};

} // namespace

CommandPalette::CommandPalette(const QList<QAction *> &commands, QWidget *parent)
    : QDialog(parent), m_model(new CommandModel(this)), m_input(new QLineEdit), m_list(new QListView)
{
    setWindowTitle(u"Commands"_s);
    resize(paletteSize);
    m_input->setPlaceholderText(u"Type a few letters of a command"_s);
    m_input->setAccessibleName(u"Command"_s);
    m_input->setClearButtonEnabled(true);
    m_input->installEventFilter(this);
    m_list->setAccessibleName(u"Commands that fit"_s);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ShortcutDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus); // the keys go to the input, which moves the list
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    auto *all = new QAction(u"Show all commands"_s, this);
    connect(all, &QAction::triggered, m_input, &QLineEdit::clear);
    m_empty = new EmptyState(m_list->viewport());
    m_empty->setTexts(u"No command is called that"_s, u"What you typed occurs in no name and in no description."_s,
                      all);
    auto *hint = new QLabel(u"↑ ↓ choose · Enter does it · Esc closes"_s);
    hint->setForegroundRole(QPalette::PlaceholderText);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(gridUnit, gridUnit, gridUnit, gridUnit);
    layout->setSpacing(gridUnit);
    layout->addWidget(m_input);
    layout->addWidget(m_list, 1);
    layout->addWidget(hint);
    m_model->setCommands(commands);
    connect(m_input, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_input, &QLineEdit::returnPressed, this, &CommandPalette::give);
    connect(m_list, &QListView::clicked, this, &CommandPalette::give);
    search({});
}

void CommandPalette::search(const QString &query)
{
    m_model->setQuery(query);
    m_list->setCurrentIndex(m_model->index(0, 0));
    m_empty->setVisible(m_model->rowCount() == 0);
}

void CommandPalette::give()
{
    const QPointer<QAction> action = m_model->command(m_list->currentIndex());
    if (!action || !action->isEnabled())
        return;
    accept();
    // When this has gone: what the command opens gets the focus, and keeps it.
    QMetaObject::invokeMethod(action.data(), &QAction::trigger, Qt::QueuedConnection);
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_input || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: QCoreApplication::sendEvent(m_list, event); return true;
    default: return QDialog::eventFilter(watched, event);
    }
}

} // namespace decoy::ui
