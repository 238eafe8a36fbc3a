// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/parameter_editor.h"

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "theme/opcode_style.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QToolButton>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int jsonLines = 3;

bool isJsonType(std::string_view type) { return type == "list" || type == "dict" || type == "any"; }

QString placeholderFor(std::string_view type)
{
    if (type == "int")
        return u"whole number, 0x… for hexadecimal"_s;
    if (type == "float")
        return u"number"_s;
    if (type == "bytes")
        return u"00 ff 10 …"_s;
    if (type == "list")
        return u"[1, 2, 3]"_s;
    if (type == "dict")
        return u"{\"key\": 1}"_s;
    if (type == "any")
        return u"JSON: 5, \"text\", [1, 2], {\"key\": true}, null"_s;
    return {};
}

} // namespace

ParameterEditor::ParameterEditor(const ParameterDescription &parameter, QWidget *parent)
    : QWidget(parent), m_parameter(parameter)
{
    const QString name = QString::fromStdString(parameter.name);
    m_name = new QLabel(
        u"<b>%1</b>&nbsp;&nbsp;%2"_s.arg(name.toHtmlEscaped(),
                                         u"%1%2"_s.arg(QString::fromStdString(parameter.type).toHtmlEscaped(),
                                                       parameter.required ? u""_s : u", optional"_s)));
    m_name->setFont(monospaceFont());
    m_name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // another process chose the name
    m_name->setToolTip(name.toHtmlEscaped());
    m_reset = new QToolButton;
    m_reset->setText(u"use default"_s);
    m_reset->setAutoRaise(true);
    m_reset->setFocusPolicy(Qt::TabFocus);
    m_reset->setAccessibleName(u"Use the default of %1"_s.arg(name));
    m_reset->hide();
    connect(m_reset, &QToolButton::clicked, this, &ParameterEditor::resetToDefault);
    m_problem = new QLabel;
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setMinimumWidth(gridUnit);
    m_problem->hide();

    makeInput();
    m_input->setAccessibleName(u"%1, %2"_s.arg(name, QString::fromStdString(parameter.type)));
    m_name->setBuddy(m_input);
    setFocusProxy(m_input);

    auto *nameLine = new QHBoxLayout;
    nameLine->addWidget(m_name, 1);
    nameLine->addWidget(m_reset);
    auto *inputLine = new QHBoxLayout;
    inputLine->addWidget(m_input, 1);
    if (m_notation)
        inputLine->addWidget(m_notation);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(halfUnit);
    layout->addLayout(nameLine);
    layout->addLayout(inputLine);
    layout->addWidget(m_problem);
    showDefault();
}

void ParameterEditor::makeInput()
{
    if (m_parameter.type == "bool") {
        m_choice = new QComboBox;
        m_choice->addItems({u"false"_s, u"true"_s});
        connect(m_choice, &QComboBox::currentIndexChanged, this, &ParameterEditor::markEdited);
        m_input = m_choice;
    } else if (isJsonType(m_parameter.type)) {
        m_json = new QPlainTextEdit;
        m_json->setFont(monospaceFont());
        m_json->setTabChangesFocus(true);
        m_json->setPlaceholderText(placeholderFor(m_parameter.type));
        m_json->setFixedHeight(m_json->fontMetrics().lineSpacing() * jsonLines + doubleUnit);
        connect(m_json, &QPlainTextEdit::textChanged, this, &ParameterEditor::markEdited);
        m_input = m_json;
    } else {
        m_line = new QLineEdit;
        m_line->setFont(monospaceFont());
        m_line->setTextMargins(2, 0, 2, 0);
        m_line->setPlaceholderText(placeholderFor(m_parameter.type));
        connect(m_line, &QLineEdit::textChanged, this, &ParameterEditor::markEdited);
        m_input = m_line;
    }
    if (m_parameter.type == "bytes") {
        m_notation = new QComboBox;
        m_notation->addItem(u"hex"_s, int(BytesNotation::Hex));
        m_notation->addItem(u"Base64"_s, int(BytesNotation::Base64));
        m_notation->addItem(u"text"_s, int(BytesNotation::Text));
        m_notation->setAccessibleName(u"Notation of %1"_s.arg(QString::fromStdString(m_parameter.name)));
        connect(m_notation, &QComboBox::currentIndexChanged, this, &ParameterEditor::markEdited);
    }
}

ParsedValue ParameterEditor::value() const
{
    if (m_notation)
        return parseBytes(text(), static_cast<BytesNotation>(m_notation->currentData().toInt()));
    return parseValue(m_parameter.type, text());
}

QString ParameterEditor::text() const
{
    return m_choice ? m_choice->currentText() : m_json ? m_json->toPlainText() : m_line->text();
}

void ParameterEditor::setText(const QString &text)
{
    if (m_choice)
        m_choice->setCurrentText(text);
    else if (m_json)
        m_json->setPlainText(text);
    else
        m_line->setText(text);
}

std::optional<ArgumentDraft::Field> ParameterEditor::draft() const
{
    if (!m_edited || (m_parameter.required && text().isEmpty()))
        return {};
    return ArgumentDraft::Field{m_parameter.name, text(), m_notation ? m_notation->currentIndex() : -1};
}

void ParameterEditor::setDraft(const ArgumentDraft::Field &draft)
{
    setText(draft.text);
    if (m_notation)
        m_notation->setCurrentIndex(std::max(0, draft.notation));
    markEdited(); // also where it is the default, written out
}

void ParameterEditor::showProblem(const QString &problem)
{
    markProblem(m_input, !problem.isEmpty());
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Error, palette()).colour);
    m_problem->setPalette(colours);
    m_problem->setText(problem.isEmpty() ? QString() : u"✕ %1"_s.arg(problem));
    m_problem->setVisible(!problem.isEmpty());
    m_input->setAccessibleDescription(problem);
}

QString ParameterEditor::problem() const { return m_problem->text().mid(2); }

void ParameterEditor::showDefault()
{
    m_resetting = true;
    if (!m_parameter.required)
        setText(editableText(m_parameter.type, m_parameter.defaultValue));
    m_resetting = false;
}

void ParameterEditor::markEdited()
{
    if (m_resetting)
        return;
    m_edited = true;
    m_reset->setVisible(!m_parameter.required);
    Q_EMIT edited();
}

void ParameterEditor::resetToDefault()
{
    showDefault();
    m_edited = false;
    m_reset->hide();
    showProblem({});
    m_input->setFocus();
    Q_EMIT edited();
}

} // namespace decoy::ui
