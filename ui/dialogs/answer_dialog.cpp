// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/answer_dialog.h"

#include "dialogs/held_request_info.h"
#include "session/session.h"
#include "session/traffic_hold.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "theme/opcode_style.h"
#include "trace/frame_decoder.h"

#include <decoy/json.h>

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Those that a server answers with; every other name is an exception of the object's own.
constexpr std::array serverErrors = {
    ErrorKind::AttributeNotFound,    ErrorKind::ArgumentError,   ErrorKind::ProxyObjectNotFound,
    ErrorKind::LimitedProxyChaining, ErrorKind::DataTooBigError, ErrorKind::DataEncodeError,
    ErrorKind::AccessDenied,         ErrorKind::LimitExceeded,   ErrorKind::ConcurrentModification};

QString whereOf(const HeldRequest &request, const FrameNames &names)
{
    return u"%1.%2"_s.arg(names.object(request.event.object), decodeFrame(request.event, request.bytes).member);
}

} // namespace

AnswerDialog::AnswerDialog(Session &session, const HeldRequest &request, QWidget *parent)
    : QDialog(parent), m_session(session), m_id(request.id), m_where(whereOf(request, session.names())),
      m_info(new HeldRequestInfo(session.hold(), session.names(), request)),
      m_valueChoice(new QRadioButton(u"A &value"_s)), m_errorChoice(new QRadioButton(u"An &error"_s)),
      m_pages(new QStackedWidget), m_problem(new QLabel)
{
    setWindowTitle(u"Answer in the object's place"_s);
    setWindowIcon(icon("answer"_L1));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(gridUnit * 64, gridUnit * 40);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    m_pages->addWidget(makeValuePage());
    m_pages->addWidget(makeErrorPage());

    auto *choice = new QHBoxLayout;
    choice->addWidget(m_valueChoice);
    choice->addWidget(m_errorChoice);
    choice->addStretch();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_answer = buttons->addButton(u"&Answer"_s, QDialogButtonBox::AcceptRole);
    m_answer->setToolTip(u"Send this answer; the object never sees the request (Ctrl+Enter)"_s);
    makePrimary(m_answer);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(doubleUnit, doubleUnit, doubleUnit, doubleUnit);
    layout->setSpacing(gridUnit);
    layout->addWidget(m_info);
    layout->addLayout(choice);
    layout->addWidget(m_pages, 1);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);

    connect(buttons, &QDialogButtonBox::accepted, this, &AnswerDialog::answer);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_errorChoice, &QRadioButton::toggled, m_pages, [this](bool error) {
        m_pages->setCurrentIndex(error ? 1 : 0);
        showProblem({});
    });
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter})
        connect(new QShortcut(QKeySequence(Qt::CTRL | key), this), &QShortcut::activated, this, &AnswerDialog::answer);
    connect(m_info, &HeldRequestInfo::ended, m_answer, [this] { m_answer->setEnabled(false); });
    m_valueChoice->setChecked(true);
    m_value->setFocus();
}

QWidget *AnswerDialog::makeValuePage()
{
    m_value = new QPlainTextEdit;
    m_value->setFont(codeFont());
    m_value->setTabChangesFocus(true);
    m_value->setAccessibleName(u"Value as JSON"_s);
    m_value->setPlaceholderText(u"JSON: 5, \"text\", [1, 2], {\"key\": true}, null"_s);
    connect(m_value, &QPlainTextEdit::textChanged, this, [this] { showProblem({}); });
    return m_value;
}

QWidget *AnswerDialog::makeErrorPage()
{
    m_errorType = new QComboBox;
    m_errorType->setEditable(true);
    m_errorType->setFont(codeFont());
    m_errorType->addItem(u"RuntimeError"_s);
    for (const ErrorKind kind : serverErrors)
        m_errorType->addItem(QString::fromUtf8(errorKindName(kind).data()));
    m_errorType->setToolTip(u"The name of an exception of the object, or one of the server's errors"_s);
    m_errorMessage = new QLineEdit;
    m_errorMessage->setPlaceholderText(u"What the client is told"_s);
    auto *page = new QWidget;
    auto *layout = new QFormLayout(page);
    layout->setContentsMargins({});
    layout->addRow(u"&Type"_s, m_errorType);
    layout->addRow(u"&Message"_s, m_errorMessage);
    return page;
}

Failure AnswerDialog::failure() const
{
    const std::string type = m_errorType->currentText().trimmed().toStdString();
    const std::string message = m_errorMessage->text().toStdString();
    for (const ErrorKind kind : serverErrors) {
        if (errorKindName(kind) == type)
            return {kind, {}, message, {}};
    }
    return {ErrorKind::RemoteError, type, message, m_where.toStdString()};
}

bool AnswerDialog::send()
{
    TrafficHold &hold = m_session.hold();
    if (m_valueChoice->isChecked())
        return hold.answer(m_id, fromJson(m_value->toPlainText().toStdString()));
    if (m_errorType->currentText().trimmed().isEmpty())
        throw ArgumentError("an error needs a type, as RuntimeError");
    return hold.fail(m_id, failure());
}

void AnswerDialog::answer()
{
    try {
        if (send())
            return accept();
        showProblem(u"This request waits no longer, so nothing was sent."_s);
    } catch (const ProxyError &error) {
        showProblem(QString::fromUtf8(error.what()));
    }
}

void AnswerDialog::showProblem(const QString &problem)
{
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Error, palette()).colour);
    m_problem->setPalette(colours);
    m_problem->setText(problem.isEmpty() ? QString() : u"✕ %1"_s.arg(problem));
    m_problem->setVisible(!problem.isEmpty());
    markProblem(m_value, !problem.isEmpty() && m_valueChoice->isChecked());
}

QString AnswerDialog::problem() const { return m_problem->text().mid(2); }

} // namespace decoy::ui
