// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/value_delegate.h"

#include "models/attribute_model.h"
#include "session/value_text.h"
#include "theme/fonts.h"
#include "theme/monitor_style.h"

#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr auto typeProperty = "decoyType";

QString problemOf(const QLineEdit &editor)
{
    return parseValue(editor.property(typeProperty).toString().toStdString(), editor.text()).problem;
}

} // namespace

QWidget *ValueDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const QString type = index.siblingAtColumn(AttributeModel::Type).data().toString();
    const QString name = index.siblingAtColumn(AttributeModel::Name).data().toString();
    QWidget *editor = nullptr;
    if (type == "bool"_L1) {
        auto *choice = new QComboBox(parent);
        choice->addItems({u"false"_s, u"true"_s});
        editor = choice;
    } else {
        auto *line = new QLineEdit(parent);
        line->setFont(monospaceFont());
        line->setProperty(typeProperty, type);
        connect(line, &QLineEdit::textEdited, this, [this, line] {
            const QString problem = problemOf(*line);
            markProblem(line, !problem.isEmpty());
            Q_EMIT problemChanged(problem);
        });
        connect(line, &QObject::destroyed, this, [this] { Q_EMIT problemChanged({}); });
        editor = line;
    }
    editor->setAccessibleName(u"Value of %1"_s.arg(name));
    editor->setAutoFillBackground(true);
    return editor;
}

void ValueDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    const QString text = index.data(Qt::EditRole).toString();
    // The value goes on changing while the person types: what was typed stays.
    if (auto *line = qobject_cast<QLineEdit *>(editor); line && !line->isModified()) {
        line->setText(text);
        line->selectAll();
    } else if (auto *choice = qobject_cast<QComboBox *>(editor)) {
        choice->setCurrentText(text);
    }
}

void ValueDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    if (const auto *line = qobject_cast<QLineEdit *>(editor))
        model->setData(index, line->text());
    else if (const auto *choice = qobject_cast<QComboBox *>(editor))
        model->setData(index, choice->currentText());
}

bool ValueDelegate::eventFilter(QObject *editor, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        const auto *line = qobject_cast<QLineEdit *>(editor);
        // Enter on bad text would close the editor and throw away what was typed.
        if (line && (key == Qt::Key_Return || key == Qt::Key_Enter) && !problemOf(*line).isEmpty()) {
            Q_EMIT problemChanged(problemOf(*line));
            return true;
        }
    }
    return QStyledItemDelegate::eventFilter(editor, event);
}

} // namespace decoy::ui
