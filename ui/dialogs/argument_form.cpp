// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/argument_form.h"

#include "dialogs/parameter_editor.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "theme/opcode_style.h"

#include <decoy/json.h>

#include <QEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int usualRawHeight = gridUnit * 14;
constexpr int mostFieldHeight = gridUnit * 40; ///< more has to be scrolled: the result needs room, too

/// An array or an object of JSON, as arguments. Throws ArgumentError.
CallArguments argumentsFromJson(const QString &text)
{
    CallArguments arguments;
    if (text.trimmed().isEmpty())
        return arguments;
    const Value value = fromJson(text.toStdString());
    const msgpack::object &object = value.object();
    if (object.type == msgpack::type::ARRAY) {
        for (std::size_t index = 0; index < value.size(); ++index)
            arguments.positional.push_back(value.at(index));
    } else if (object.type == msgpack::type::MAP) {
        for (const msgpack::object_kv &pair : std::span(object.via.map.ptr, object.via.map.size)) {
            if (pair.key.type != msgpack::type::STR)
                throw ArgumentError("argument names are strings");
            const std::string name(pair.key.via.str.ptr, pair.key.via.str.size);
            arguments.keywords.emplace_back(name, value.at(name));
        }
    } else {
        throw ArgumentError("an array of arguments [ … ], or an object that names them { … }, is needed");
    }
    return arguments;
}

} // namespace

ArgumentForm::ArgumentForm(QWidget *parent) : QWidget(parent), m_pages(new QStackedWidget(this))
{
    m_fields = new QWidget;
    m_fieldLayout = new QVBoxLayout(m_fields);
    m_fieldLayout->setContentsMargins(0, 0, gridUnit, 0);
    m_fieldLayout->setSpacing(gridUnit + halfUnit);
    m_noParameters = new QLabel(u"This method takes no arguments."_s);
    m_noParameters->setForegroundRole(QPalette::PlaceholderText);
    m_fieldLayout->addWidget(m_noParameters);
    m_fieldLayout->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setWidget(m_fields);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    m_fields->setAutoFillBackground(false);
    m_fields->installEventFilter(this);

    m_raw = new QPlainTextEdit;
    m_raw->setFont(monospaceFont());
    m_raw->setTabChangesFocus(true);
    m_raw->setAccessibleName(u"Arguments as JSON"_s);
    m_raw->setPlaceholderText(u"[50, \"gift\"]   or   {\"amount\": 50, \"memo\": \"gift\"}"_s);
    connect(m_raw, &QPlainTextEdit::textChanged, this, &ArgumentForm::edited);
    m_rawProblem = new QLabel;
    m_rawProblem->setWordWrap(true);
    m_rawProblem->hide();
    auto *rawPage = new QWidget;
    auto *rawLayout = new QVBoxLayout(rawPage);
    rawLayout->setContentsMargins({});
    rawLayout->setSpacing(halfUnit);
    rawLayout->addWidget(m_raw);
    rawLayout->addWidget(m_rawProblem);

    m_pages->addWidget(scroll);
    m_pages->addWidget(rawPage);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_pages);
}

void ArgumentForm::setMethod(const MethodDescription &method)
{
    for (ParameterEditor *editor : m_editors)
        delete editor;
    m_editors.clear();
    for (const ParameterDescription &parameter : method.parameters) {
        auto *editor = new ParameterEditor(parameter);
        connect(editor, &ParameterEditor::edited, this, &ArgumentForm::edited);
        m_fieldLayout->insertWidget(m_fieldLayout->count() - 1, editor);
        m_editors.push_back(editor);
    }
    m_noParameters->setVisible(m_editors.empty());
    m_raw->clear();
    showRawProblem({});
    m_isUnknown = false;
    if (std::exchange(m_wasForcedRaw, false))
        setRaw(false);
}

void ArgumentForm::setUnknownMethod()
{
    const bool isForced = !isRaw() || m_wasForcedRaw;
    setMethod({});
    setRaw(true);
    m_isUnknown = true;
    m_wasForcedRaw = isForced;
}

ArgumentDraft ArgumentForm::draft() const
{
    ArgumentDraft draft;
    for (const ParameterEditor *editor : m_editors) {
        if (auto field = editor->draft())
            draft.fields.push_back(*std::move(field));
    }
    if (isRaw())
        draft.json = m_raw->toPlainText();
    return draft;
}

void ArgumentForm::setDraft(const ArgumentDraft &draft)
{
    for (const ArgumentDraft::Field &field : draft.fields) {
        const auto editor = std::ranges::find(m_editors, field.parameter,
                                              [](const auto *candidate) { return candidate->parameter().name; });
        if (editor != m_editors.end())
            (*editor)->setDraft(field);
    }
    setRaw(m_isUnknown || draft.json);
    if (draft.json)
        m_raw->setPlainText(*draft.json);
}

QSize ArgumentForm::sizeHint() const
{
    const int height = isRaw() ? usualRawHeight : m_fields->sizeHint().height() + halfUnit;
    return {QWidget::sizeHint().width(), m_isWhole ? height : std::min(height, mostFieldHeight)};
}

QSize ArgumentForm::minimumSizeHint() const
{
    const QSize least = QWidget::minimumSizeHint();
    return m_isWhole ? QSize(least.width(), sizeHint().height()) : least;
}

void ArgumentForm::setWhole(bool isWhole)
{
    m_isWhole = isWhole;
    m_fieldLayout->setContentsMargins(0, 0, isWhole ? 0 : gridUnit, 0); // where there may be a scroll bar
    updateGeometry();
}

bool ArgumentForm::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest)
        updateGeometry(); // other fields, or one says what is wrong with it
    return QWidget::eventFilter(watched, event);
}

void ArgumentForm::setRaw(bool raw)
{
    if (raw == isRaw())
        return;
    if (raw)
        m_raw->setPlainText(fieldsAsJson());
    showRawProblem({});
    m_pages->setCurrentIndex(raw ? 1 : 0);
    updateGeometry();
    Q_EMIT rawChanged(raw);
    Q_EMIT edited();
}

void ArgumentForm::setArguments(const CallArguments &arguments)
{
    const bool fits = !m_isUnknown && fillFields(arguments);
    setRaw(!fits);
    if (fits)
        return;
    QStringList members;
    for (const Value &value : arguments.positional)
        members += QString::fromStdString(toJson(value));
    // An array of what has a place; what has a name needs a place too, or all of it a name.
    if (arguments.keywords.empty())
        return m_raw->setPlainText(u"[%1]"_s.arg(members.join(u", "_s)));
    members.clear();
    for (std::size_t place = 0; place < std::min(arguments.positional.size(), m_editors.size()); ++place) {
        members += QString::fromStdString(toJson(Value(m_editors[place]->parameter().name)) + ": "
                                          + toJson(arguments.positional[place]));
    }
    for (const auto &[name, value] : arguments.keywords)
        members += QString::fromStdString(toJson(Value(name)) + ": " + toJson(value));
    m_raw->setPlainText(u"{%1}"_s.arg(members.join(u", "_s)));
}

bool ArgumentForm::fillFields(const CallArguments &arguments)
{
    if (arguments.positional.size() > m_editors.size())
        return false;
    std::vector<std::pair<ParameterEditor *, const Value *>> found;
    for (std::size_t place = 0; place < arguments.positional.size(); ++place)
        found.emplace_back(m_editors[place], &arguments.positional[place]);
    for (const auto &[name, value] : arguments.keywords) {
        const auto editor = std::ranges::find_if(
            m_editors, [&name](const auto *candidate) { return candidate->parameter().name == name; });
        if (editor == m_editors.end())
            return false;
        found.emplace_back(*editor, &value);
    }
    for (const auto &[editor, value] : found) {
        const QString text = editableText(editor->parameter().type, *value);
        // A field that would read its own text as something else, or not at all, is no place for this value.
        const ParsedValue read = parseValue(editor->parameter().type, text);
        if (!read.isValid() || toJson(read.value) != toJson(*value))
            return false;
    }
    for (const auto &[editor, value] : found)
        editor->setText(editableText(editor->parameter().type, *value));
    return true;
}

bool ArgumentForm::isRaw() const noexcept { return m_pages->currentIndex() == 1; }

ArgumentForm::Result ArgumentForm::read(bool showProblems)
{
    return isRaw() ? readRaw(showProblems) : readFields(showProblems);
}

ArgumentForm::Result ArgumentForm::readFields(bool showProblems)
{
    Result result;
    bool byPlace = true; // until one is left out: what follows it must be named
    for (ParameterEditor *editor : m_editors) {
        if (!editor->isUsed()) {
            byPlace = false;
            continue;
        }
        const ParsedValue parsed = editor->value();
        if (showProblems || parsed.isValid())
            editor->showProblem(parsed.problem);
        if (!parsed.isValid()) {
            if (!result.firstBad)
                result.firstBad = editor->input();
        } else if (byPlace) {
            result.arguments.positional.push_back(parsed.value);
        } else {
            result.arguments.keywords.emplace_back(editor->parameter().name, parsed.value);
        }
    }
    return result;
}

ArgumentForm::Result ArgumentForm::readRaw(bool showProblems)
{
    Result result;
    try {
        result.arguments = argumentsFromJson(m_raw->toPlainText());
        showRawProblem({});
    } catch (const ProxyError &error) {
        result.firstBad = m_raw;
        if (showProblems)
            showRawProblem(QString::fromUtf8(error.what()));
    }
    return result;
}

void ArgumentForm::showRawProblem(const QString &problem)
{
    markProblem(m_raw, !problem.isEmpty());
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Error, palette()).colour);
    m_rawProblem->setPalette(colours);
    m_rawProblem->setText(problem.isEmpty() ? QString() : u"✕ %1"_s.arg(problem));
    m_rawProblem->setVisible(!problem.isEmpty());
    m_raw->setAccessibleDescription(problem);
}

QString ArgumentForm::fieldsAsJson()
{
    const CallArguments arguments = readFields(false).arguments;
    if (arguments.keywords.empty())
        return arguments.positional.empty() ? QString() : QString::fromStdString(toJson(Value(arguments.positional)));
    QStringList members;
    for (ParameterEditor *editor : m_editors) {
        const ParsedValue parsed = editor->value();
        if (editor->isUsed() && parsed.isValid())
            members += QString::fromStdString(toJson(Value(editor->parameter().name)) + ": " + toJson(parsed.value));
    }
    return u"{%1}"_s.arg(members.join(u", "_s));
}

} // namespace decoy::ui
