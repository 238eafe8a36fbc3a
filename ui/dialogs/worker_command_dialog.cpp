// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/worker_command_dialog.h"

#include "session/session.h"
#include "session/worker_pool.h"
#include "theme/fonts.h"
#include "theme/metrics.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr QLatin1String commandKey{"workers/command"};
constexpr int mostAtOnce = 32;

} // namespace

WorkerCommandDialog::WorkerCommandDialog(Session &session, QWidget *parent)
    : QDialog(parent), m_session(session), m_command(new QLineEdit), m_count(new QSpinBox), m_problem(new QLabel)
{
    setWindowTitle(u"Start another worker"_s);
    m_command->setFont(codeFont());
    m_command->setMinimumWidth(gridUnit * 64);
    // What a command looks like is best said by one that works.
    m_command->setText(
        QSettings()
            .value(commandKey,
                   u"\"%1\" worker teller --server %2 --rate 50"_s.arg(session.workerProgram(), session.serverName()))
            .toString());
    m_command->selectAll();
    m_count->setRange(1, mostAtOnce);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setForegroundRole(QPalette::PlaceholderText);
    m_problem->setAccessibleName(u"What the command needs"_s);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_start = buttons->addButton(u"Start"_s, QDialogButtonBox::AcceptRole);
    m_start->setObjectName(u"start"_s);

    auto *layout = new QFormLayout(this);
    layout->setContentsMargins(doubleUnit, doubleUnit, doubleUnit, doubleUnit);
    layout->setSpacing(gridUnit);
    layout->addRow(u"&Command"_s, m_command);
    layout->addRow(QString(), m_problem);
    layout->addRow(u"&How many"_s, m_count);
    layout->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &WorkerCommandDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_command, &QLineEdit::textChanged, this, &WorkerCommandDialog::check);
    check();
}

void WorkerCommandDialog::check()
{
    const bool isEmpty = m_command->text().trimmed().isEmpty();
    m_start->setEnabled(!isEmpty);
    m_problem->setText(isEmpty ? u"A program and its arguments are needed"_s
                               : u"No shell: quotes keep what belongs together. This server is called %1."_s.arg(
                                   m_session.serverName()));
}

void WorkerCommandDialog::accept()
{
    const QString command = m_command->text().trimmed();
    for (int number = 0; number < m_count->value(); ++number) {
        if (!m_session.workers().startCommand(command))
            return;
    }
    QSettings().setValue(commandKey, command);
    QDialog::accept();
}

} // namespace decoy::ui
