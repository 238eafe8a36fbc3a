// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/invoke_dialog.h"

#include "dialogs/argument_form.h"
#include "dialogs/parameter_editor.h"
#include "dialogs/result_view.h"
#include "session/handle_store.h"
#include "session/object_watcher.h"
#include "session/request_bytes.h"
#include "session/session.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "views/hex_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int elapsedIntervalMs = 100;
constexpr double longestTimeoutSeconds = 24 * 3600;
constexpr int requestLines = 3;

QLabel *makeCaption(const QString &text, QWidget *buddy)
{
    auto *label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

} // namespace

InvokeDialog::InvokeDialog(Session &session, QWidget *parent) : QDialog(parent), m_session(session)
{
    setWindowTitle(u"Invoke"_s);
    setWindowIcon(icon("invoke"_L1));
    setModal(false);
    resize(880, 640);

    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(makeChooser());
    splitter->addWidget(makeCallPane());
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({232, 640});
    splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(gridUnit, gridUnit, gridUnit, gridUnit);
    layout->addWidget(splitter);

    for (const auto key : {Qt::Key_Return, Qt::Key_Enter})
        connect(new QShortcut(QKeySequence(Qt::CTRL | key), this), &QShortcut::activated, this, &InvokeDialog::send);
    m_ticking.setInterval(elapsedIntervalMs);
    connect(&m_ticking, &QTimer::timeout, this, &InvokeDialog::showElapsed);
    connect(&m_session.objects(), &ObjectWatcher::updated, this, &InvokeDialog::listObjects);
    listObjects();
    setRunning(0);
}

QWidget *InvokeDialog::makeChooser()
{
    m_objects = new QComboBox;
    m_objects->setAccessibleName(u"Object"_s);
    connect(m_objects, &QComboBox::activated, this, [this] {
        m_wantedMethod.clear();
        describe();
    });
    m_methods = new QListWidget;
    m_methods->setAccessibleName(u"Methods"_s);
    m_methods->setFont(monospaceFont());
    connect(m_methods, &QListWidget::currentRowChanged, this, &InvokeDialog::showMethod);

    auto *pane = new QWidget;
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, gridUnit, 0);
    layout->setSpacing(halfUnit);
    layout->addWidget(makeCaption(u"&Object"_s, m_objects));
    layout->addWidget(m_objects);
    layout->addSpacing(halfUnit);
    layout->addWidget(makeCaption(u"&Method"_s, m_methods));
    layout->addWidget(m_methods);
    return pane;
}

QWidget *InvokeDialog::makeCallPane()
{
    m_signature = new QLabel;
    QFont strong = monospaceFont();
    strong.setBold(true);
    m_signature->setFont(strong);
    m_signature->setWordWrap(true);
    m_signature->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_doc = new QLabel;
    m_doc->setWordWrap(true);
    m_doc->setForegroundRole(QPalette::PlaceholderText);
    m_form = new ArgumentForm;
    connect(m_form, &ArgumentForm::edited, this, &InvokeDialog::showRequest);
    m_result = new ResultView;
    connect(m_result, &ResultView::openRequested, this, &InvokeDialog::open);

    auto *pane = new QWidget;
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(gridUnit, 0, 0, 0);
    layout->addWidget(m_signature);
    layout->addWidget(m_doc);
    layout->addWidget(m_form, 2);
    layout->addWidget(makeRequestPane());
    layout->addWidget(m_result, 3);
    return pane;
}

QWidget *InvokeDialog::makeRequestPane()
{
    m_requestTitle = new QLabel;
    m_requestTitle->setForegroundRole(QPalette::PlaceholderText);
    m_raw = new QCheckBox(u"Raw &JSON"_s);
    m_raw->setToolTip(u"Write the arguments as JSON: an array in order, or an object by name"_s);
    connect(m_raw, &QCheckBox::toggled, m_form, &ArgumentForm::setRaw);
    m_hex = new HexView;
    m_hex->setAccessibleName(u"The encoded request"_s);
    m_hex->setFixedHeight(QFontMetrics(monospaceFont()).lineSpacing() * requestLines + doubleUnit);
    m_timeout = new QDoubleSpinBox;
    m_timeout->setRange(0.01, longestTimeoutSeconds);
    m_timeout->setDecimals(2);
    m_timeout->setSuffix(u" s"_s);
    m_timeout->setValue(std::chrono::duration<double>(defaultInvokeTimeout).count());
    m_timeout->setAccessibleName(u"Timeout in seconds"_s);
    m_send = new QPushButton(icon("invoke"_L1), u"&Send"_s);
    m_send->setToolTip(u"Call the method (Ctrl+Enter)"_s);
    m_send->setAutoDefault(false);
    makePrimary(m_send);
    connect(m_send, &QPushButton::clicked, this, &InvokeDialog::send);
    m_cancel = new QPushButton(u"&Cancel"_s);
    m_cancel->setToolTip(u"Stop waiting for the answer"_s);
    m_cancel->setAutoDefault(false);
    connect(m_cancel, &QPushButton::clicked, this, &InvokeDialog::cancel);
    m_elapsed = new QLabel;
    m_elapsed->setFont(tabularFont());
    m_elapsed->setMinimumWidth(QFontMetrics(m_elapsed->font()).horizontalAdvance(u"00000.0 s"_s));
    m_elapsed->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

    auto *pane = new QWidget;
    auto *layout = new QGridLayout(pane);
    layout->setContentsMargins({});
    auto *titleLine = new QHBoxLayout;
    titleLine->addWidget(m_requestTitle, 1);
    titleLine->addWidget(m_raw);
    layout->addLayout(titleLine, 0, 0);
    layout->addWidget(m_hex, 1, 0);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(makeCaption(u"&Timeout"_s, m_timeout));
    buttons->addWidget(m_timeout);
    buttons->addStretch();
    buttons->addWidget(m_elapsed);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_send);
    layout->addLayout(buttons, 2, 0);
    return pane;
}

ObjectRef InvokeDialog::object() const { return m_objects->currentData().value<ObjectRef>(); }

const MethodDescription *InvokeDialog::method() const
{
    const QListWidgetItem *item = m_methods->currentItem();
    return item ? m_description.method(item->data(Qt::UserRole).toString().toStdString()) : nullptr;
}

void InvokeDialog::listObjects()
{
    std::vector<std::pair<QString, ObjectRef>> reachable;
    const auto &servers = m_session.objects().servers();
    for (const ServerSnapshot &server : servers) {
        for (const ObjectInfo &info : server.objects) {
            const ObjectRef ref = {server.name, info.id};
            if (info.name.empty() && !m_session.handles().find(ref))
                continue;
            const QString title = m_session.objects().title(ref);
            reachable.emplace_back(server.isLocal ? title : u"%1 at %2"_s.arg(title, server.name), ref);
        }
    }
    bool same = static_cast<int>(reachable.size()) == m_objects->count();
    for (int index = 0; same && index < m_objects->count(); ++index)
        same = m_objects->itemData(index).value<ObjectRef>() == reachable[static_cast<std::size_t>(index)].second;
    if (same)
        return;
    const ObjectRef current = object();
    const bool hadNone = m_objects->count() == 0;
    m_objects->clear();
    for (const auto &[title, ref] : reachable)
        m_objects->addItem(title, QVariant::fromValue(ref));
    setObject(current.isNull() && m_objects->count() > 0 ? m_objects->itemData(0).value<ObjectRef>() : current,
              hadNone ? m_wantedMethod : QString());
}

void InvokeDialog::setObject(const ObjectRef &wanted, const QString &method)
{
    for (int index = 0; index < m_objects->count(); ++index) {
        if (m_objects->itemData(index).value<ObjectRef>() != wanted)
            continue;
        const bool same = wanted == m_sent.object && m_methods->count() > 0 && method.isEmpty();
        m_objects->setCurrentIndex(index);
        if (same)
            return;
        m_wantedMethod = method;
        return describe();
    }
}

void InvokeDialog::describe()
{
    m_session.calls().cancel(m_describing);
    cancel(); // an answer must not appear under another object
    m_sent = {};
    m_sent.object = object();
    const ObjectInfo *info = m_session.objects().object(m_sent.object);
    m_sent.name = info ? info->name : std::string();
    m_description = {};
    m_methods->clear();
    m_result->clear();
    setWindowTitle(u"Invoke – %1"_s.arg(m_session.objects().title(m_sent.object)));
    m_describing = m_session.calls().describe(m_sent.object, m_sent.name, this,
                                              [this](const DescribeOutcome &outcome) { showMethods(outcome); });
}

void InvokeDialog::showMethods(const DescribeOutcome &outcome)
{
    if (outcome.failure) {
        CallOutcome failed;
        failed.failure = outcome.failure;
        return m_result->showOutcome(u"describe"_s, failed);
    }
    m_description = outcome.description;
    int chosen = 0;
    for (const MethodDescription &described : m_description.methods) {
        const QString name = QString::fromStdString(described.name);
        auto *item = new QListWidgetItem(name, m_methods);
        item->setData(Qt::UserRole, name);
        item->setToolTip(QString::fromStdString(described.doc));
        if (name == m_wantedMethod)
            chosen = m_methods->count() - 1;
    }
    m_methods->setCurrentRow(chosen);
    showMethod();
    if (!m_wantedMethod.isEmpty() && !m_form->editors().empty())
        m_form->editors().front()->setFocus(); // the method is chosen: the first argument comes next
}

void InvokeDialog::showMethod()
{
    const MethodDescription *chosen = method();
    m_signature->setText(chosen ? QString::fromStdString(chosen->signature()) : u"This object has no methods."_s);
    m_doc->setText(chosen ? QString::fromStdString(chosen->doc) : QString());
    m_doc->setVisible(!m_doc->text().isEmpty());
    m_form->setMethod(chosen ? *chosen : MethodDescription());
    if (m_running == 0)
        m_result->clear();
    setRunning(m_running);
    showRequest();
}

CallRequest InvokeDialog::request(bool showProblems, QWidget **firstBad)
{
    ArgumentForm::Result read = m_form->read(showProblems);
    *firstBad = read.firstBad;
    CallRequest request = m_sent;
    request.member = method() ? method()->name : std::string();
    request.positional = std::move(read.arguments.positional);
    request.keywords = std::move(read.arguments.keywords);
    request.timeout = std::chrono::milliseconds(qRound64(m_timeout->value() * 1000));
    return request;
}

void InvokeDialog::showRequest()
{
    QWidget *firstBad = nullptr;
    const CallRequest current = request(false, &firstBad);
    if (firstBad || !method()) {
        m_hex->setBytes({}, 0);
        m_requestTitle->setText(method() ? u"Request: not complete yet"_s : u"Request"_s);
        return;
    }
    const QByteArray bytes = requestBytes(current);
    m_hex->setBytes(bytes, bytes.size());
    m_requestTitle->setText(u"Request: EXECUTE, %1"_s.arg(sizeText(static_cast<quint64>(bytes.size()))));
}

QByteArray InvokeDialog::encodedRequest() const { return m_hex->bytes(); }

void InvokeDialog::send()
{
    if (m_running != 0 || !method())
        return;
    QWidget *firstBad = nullptr;
    CallRequest ready = request(true, &firstBad);
    if (firstBad)
        return firstBad->setFocus();
    m_call = u"%1.%2"_s.arg(m_session.objects().title(ready.object), QString::fromStdString(ready.member));
    m_result->showMessage(u"%1: waiting for the answer …"_s.arg(m_call));
    m_since.start();
    setRunning(m_session.calls().call(std::move(ready), this, [this](const CallOutcome &outcome) { finish(outcome); }));
}

void InvokeDialog::finish(const CallOutcome &outcome)
{
    if (outcome.call != m_running)
        return;
    setRunning(0);
    m_result->showOutcome(m_call, outcome);
}

void InvokeDialog::cancel()
{
    if (m_running == 0)
        return;
    m_session.calls().cancel(m_running);
    setRunning(0);
    m_result->showMessage(
        u"%1: stopped waiting after %2. The request was sent, and nothing can take it back: "
        "the method may still be running, or have run."_s.arg(m_call, durationText(m_since.nsecsElapsed())));
}

void InvokeDialog::setRunning(quint64 call)
{
    m_running = call;
    const bool running = call != 0;
    m_send->setEnabled(!running && method());
    m_cancel->setEnabled(running);
    m_elapsed->setVisible(running);
    if (running)
        m_ticking.start();
    else
        m_ticking.stop();
    showElapsed();
}

void InvokeDialog::showElapsed()
{
    const double seconds = m_since.isValid() ? static_cast<double>(m_since.elapsed()) / 1000 : 0;
    m_elapsed->setText(u"%1 s"_s.arg(seconds, 0, 'f', 1));
}

void InvokeDialog::open(const Value &value)
{
    const Proxy proxy = value.proxy();
    Handle handle;
    handle.object = {m_sent.object.server, proxy.id()};
    handle.parent = m_sent.object;
    handle.type = QString::fromStdString(proxy.typeName());
    handle.origin = u"%1()"_s.arg(m_call);
    handle.level = proxy.level();
    handle.proxy = proxy;
    const ObjectRef opened = handle.object;
    m_session.handles().keep(std::move(handle));
    m_session.selection().selectObject(opened);
}

} // namespace decoy::ui
