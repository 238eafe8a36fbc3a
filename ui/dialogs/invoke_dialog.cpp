// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/invoke_dialog.h"

#include "dialogs/argument_form.h"
#include "dialogs/call_bar.h"
#include "dialogs/parameter_editor.h"
#include "dialogs/result_view.h"
#include "dialogs/saved_call_list.h"
#include "dialogs/series_view.h"
#include "session/handle_store.h"
#include "session/object_watcher.h"
#include "session/published_object.h"
#include "session/request_bytes.h"
#include "session/saved_calls.h"
#include "session/session.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "views/copy_call_menu.h"
#include "views/hex_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

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
    // Where the window is small, so is the screen.
    resize(QSize(960, 720).boundedTo(parent ? parent->window()->size() : QSize(960, 720)));

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
    connect(&m_session.objects(), &ObjectWatcher::updated, this, &InvokeDialog::listObjects);
    linkCalls();
    listObjects();
    showState();
}

QWidget *InvokeDialog::makeChooser()
{
    m_objects = new QComboBox;
    m_objects->setAccessibleName(u"Object"_s);
    connect(m_objects, &QComboBox::activated, this, [this] {
        m_wantedMethod.clear();
        m_loading.reset();
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
    layout->addWidget(m_methods, 1);
    layout->addSpacing(halfUnit);
    m_saved = new SavedCallList(m_session.savedCalls());
    connect(m_saved, &SavedCallList::loadRequested, this, &InvokeDialog::load);
    layout->addWidget(m_saved);
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
    connect(m_result, &ResultView::framesRequested, this, &InvokeDialog::showFrames);
    m_series = new SeriesView;
    m_results = new QStackedWidget;
    m_results->addWidget(m_result);
    m_results->addWidget(m_series);

    auto *pane = new QWidget;
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(gridUnit, 0, 0, 0);
    layout->addWidget(m_signature);
    layout->addWidget(m_doc);
    layout->addWidget(m_form, 2);
    layout->addWidget(makeRequestPane());
    layout->addWidget(m_results, 3);
    return pane;
}

QWidget *InvokeDialog::makeRequestPane()
{
    m_hex = new HexView;
    m_hex->setAccessibleName(u"The encoded request"_s);
    m_hex->setFixedHeight(QFontMetrics(monospaceFont()).lineSpacing() * requestLines + doubleUnit);
    m_bar = new CallBar;
    connect(m_bar, &CallBar::sendRequested, this, &InvokeDialog::send);
    connect(m_bar, &CallBar::cancelRequested, this, &InvokeDialog::cancel);

    auto *pane = new QWidget;
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins({});
    layout->addWidget(makeRequestTools());
    layout->addWidget(m_hex);
    layout->addWidget(m_bar);
    return pane;
}

QWidget *InvokeDialog::makeRequestTools()
{
    m_requestTitle = new QLabel;
    m_requestTitle->setForegroundRole(QPalette::PlaceholderText);
    m_raw = new QCheckBox(u"Raw &JSON"_s);
    m_raw->setToolTip(u"Write the arguments as JSON: an array in order, or an object by name"_s);
    connect(m_raw, &QCheckBox::toggled, m_form, &ArgumentForm::setRaw);
    connect(m_form, &ArgumentForm::rawChanged, m_raw, &QCheckBox::setChecked);
    m_copy = new CopyCallMenu([this] { return wholeRequest(); }, this);
    connect(m_copy, &CopyCallMenu::copied, m_requestTitle, &QLabel::setText);
    auto *copy = new QToolButton;
    copy->setDefaultAction(m_copy->menuAction());
    copy->setPopupMode(QToolButton::InstantPopup);
    copy->setToolTip(u"Copy this call as a command line, as C++ or as Python"_s);
    auto *save = new QToolButton;
    save->setIcon(icon("save"_L1));
    save->setText(u"Sa&ve call …"_s);
    save->setToolTip(u"Keep this call under a name"_s);
    connect(save, &QToolButton::clicked, this, &InvokeDialog::saveCall);

    auto *tools = new QWidget;
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins({});
    layout->addWidget(m_requestTitle, 1);
    for (QToolButton *button : {copy, save}) {
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        layout->addWidget(button);
    }
    layout->addWidget(m_raw);
    return tools;
}

QDoubleSpinBox *InvokeDialog::timeout() const noexcept { return m_bar->timeoutInput(); }

QPushButton *InvokeDialog::sendButton() const noexcept { return m_bar->sendButton(); }

QPushButton *InvokeDialog::cancelButton() const noexcept { return m_bar->cancelButton(); }

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
    m_shown = 0;
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
    if (m_loading)
        return showLoaded();
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
    if (m_running == 0) {
        m_shown = 0;
        m_result->showMessage(chosen ? u"The answer appears here."_s : QString());
        m_results->setCurrentWidget(m_result);
    }
    showState();
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
    request.timeout = m_bar->timeout();
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
