// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/edit_request_dialog.h"

#include "dialogs/argument_form.h"
#include "dialogs/held_request_info.h"
#include "session/frame_request.h"
#include "session/object_watcher.h"
#include "session/request_bytes.h"
#include "session/session.h"
#include "session/traffic_hold.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "theme/opcode_style.h"
#include "views/hex_view.h"

#include <decoy/frame.h>

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include <limits>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int requestLines = 3;
constexpr auto valueName = "value";

/// Setting an attribute, as if it were a method with one parameter.
MethodDescription setterOf(const std::string &attribute, const std::string &type)
{
    MethodDescription setter;
    setter.name = attribute;
    setter.parameters.push_back({.name = valueName, .type = type, .required = true, .defaultValue = {}});
    return setter;
}

/// Exactly the bytes that are shown become the frame. Throws what Frame::parse() throws.
Frame frameOf(const CallRequest &request)
{
    const QByteArray bytes = requestBytes(request);
    const std::span payload(reinterpret_cast<const std::byte *>(bytes.constData()) + framePrefixSize,
                            static_cast<std::size_t>(bytes.size()) - framePrefixSize);
    return Frame::parse(payload, Limits{.bufsize = std::numeric_limits<std::uint32_t>::max()});
}

} // namespace

EditRequestDialog::EditRequestDialog(Session &session, const HeldRequest &request, QWidget *parent)
    : QDialog(parent), m_session(session), m_id(request.id), m_original(requestOfBytes(request.bytes).request),
      m_info(new HeldRequestInfo(session.hold(), session.names(), request)), m_member(new QLineEdit),
      m_form(new ArgumentForm), m_problem(new QLabel)
{
    m_original.object = {session.serverName(), request.event.object};
    setWindowTitle(u"Edit and forward"_s);
    setWindowIcon(icon("rename"_L1));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(gridUnit * 80, gridUnit * 66);
    m_member->setFont(codeFont());
    m_member->setText(QString::fromStdString(m_original.member));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_forward = buttons->addButton(u"&Forward"_s, QDialogButtonBox::AcceptRole);
    m_forward->setToolTip(u"Let the request go on as it stands here (Ctrl+Enter)"_s);
    makePrimary(m_forward);
    auto *name = new QFormLayout;
    name->addRow(m_original.kind == CallKind::Execute ? u"&Method"_s : u"&Attribute"_s, m_member);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(doubleUnit, doubleUnit, doubleUnit, doubleUnit);
    layout->setSpacing(gridUnit);
    layout->addWidget(m_info);
    layout->addLayout(name);
    layout->addWidget(m_form, 1);
    layout->addWidget(makeRequestPane());
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
    m_form->setVisible(m_original.kind != CallKind::Get);
    m_raw->setVisible(m_original.kind != CallKind::Get);

    connect(buttons, &QDialogButtonBox::accepted, this, &EditRequestDialog::forward);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter})
        connect(new QShortcut(QKeySequence(Qt::CTRL | key), this), &QShortcut::activated, this,
                &EditRequestDialog::forward);
    connect(m_member, &QLineEdit::textChanged, this, &EditRequestDialog::showRequest);
    connect(m_form, &ArgumentForm::edited, this, [this] {
        m_isEdited = m_isEdited || !m_isFilling;
        showRequest();
    });
    connect(m_info, &HeldRequestInfo::ended, m_forward, [this] { m_forward->setEnabled(false); });
    fill();
    describe();
}

QWidget *EditRequestDialog::makeRequestPane()
{
    m_requestTitle = new QLabel;
    m_requestTitle->setForegroundRole(QPalette::PlaceholderText);
    m_raw = new QCheckBox(u"Raw &JSON"_s);
    m_raw->setToolTip(u"Write the arguments as JSON: an array in order, or an object by name"_s);
    connect(m_raw, &QCheckBox::toggled, m_form, &ArgumentForm::setRaw);
    connect(m_form, &ArgumentForm::rawChanged, m_raw, &QCheckBox::setChecked);
    m_hex = new HexView;
    m_hex->setAccessibleName(u"The encoded request"_s);
    m_hex->setFixedHeight(QFontMetrics(monospaceFont()).lineSpacing() * requestLines + doubleUnit);
    auto *tools = new QHBoxLayout;
    tools->addWidget(m_requestTitle, 1);
    tools->addWidget(m_raw);
    auto *pane = new QWidget;
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins({});
    layout->setSpacing(halfUnit);
    layout->addLayout(tools);
    layout->addWidget(m_hex);
    return pane;
}

/// The arguments as they came, in what fields there are.
void EditRequestDialog::fill()
{
    m_isFilling = true;
    m_form->setArguments({m_original.positional, m_original.keywords});
    m_isFilling = false;
    showRequest();
}

void EditRequestDialog::describe()
{
    const ObjectInfo *object = m_session.objects().object(m_original.object);
    m_session.calls().describe(m_original.object, object ? object->name : std::string(), this,
                               [this](const DescribeOutcome &outcome) {
                                   // A chained object of another client cannot be asked: JSON stays.
                                   if (!outcome.failure && !m_isEdited)
                                       takeDescription(outcome.description);
                               });
}

void EditRequestDialog::takeDescription(const Description &description)
{
    const MethodDescription *method = description.method(m_original.member);
    const AttributeDescription *attribute = description.attribute(m_original.member);
    m_isFilling = true;
    if (m_original.kind == CallKind::Execute && method)
        m_form->setMethod(*method);
    else if (m_original.kind == CallKind::Set && attribute)
        m_form->setMethod(setterOf(m_original.member, attribute->type));
    fill();
}

CallRequest EditRequestDialog::request(bool showProblems, QWidget **firstBad)
{
    CallRequest request = m_original;
    request.member = m_member->text().toStdString();
    if (request.member.empty())
        *firstBad = m_member;
    if (request.kind == CallKind::Get)
        return request;
    ArgumentForm::Result read = m_form->read(showProblems);
    if (!*firstBad)
        *firstBad = read.firstBad;
    request.positional = std::move(read.arguments.positional);
    request.keywords = std::move(read.arguments.keywords);
    return request;
}

void EditRequestDialog::showRequest()
{
    showProblem({});
    QWidget *firstBad = nullptr;
    const CallRequest current = request(false, &firstBad);
    if (firstBad || (current.kind == CallKind::Set && current.positional.size() != 1)) {
        m_hex->setBytes({}, 0);
        return m_requestTitle->setText(u"Request: not complete yet"_s);
    }
    const QByteArray bytes = requestBytes(current);
    m_hex->setBytes(bytes, bytes.size());
    m_requestTitle->setText(u"Request, %1"_s.arg(sizeText(static_cast<quint64>(bytes.size()))));
}

void EditRequestDialog::showProblem(const QString &problem)
{
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Error, palette()).colour);
    m_problem->setPalette(colours);
    m_problem->setText(problem.isEmpty() ? QString() : u"✕ %1"_s.arg(problem));
    m_problem->setVisible(!problem.isEmpty());
}

QString EditRequestDialog::problem() const { return m_problem->text().mid(2); }

QByteArray EditRequestDialog::encodedRequest() const { return m_hex->bytes(); }

void EditRequestDialog::forward()
{
    QWidget *firstBad = nullptr;
    const CallRequest edited = request(true, &firstBad);
    if (firstBad) {
        if (firstBad == m_member)
            showProblem(u"A name is needed: the attribute or method that is asked for."_s);
        return firstBad->setFocus();
    }
    if (edited.kind == CallKind::Set && edited.positional.size() != 1)
        return showProblem(u"Setting an attribute takes exactly one value: [ value ]."_s);
    try {
        if (m_session.hold().forward(m_id, frameOf(edited)))
            return accept();
        showProblem(u"This request waits no longer, so nothing was sent."_s);
    } catch (const ProxyError &error) {
        showProblem(QString::fromUtf8(error.what()));
    }
}

} // namespace decoy::ui
