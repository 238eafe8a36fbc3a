// SPDX-License-Identifier: GPL-3.0-or-later
// What the Invoke panel is about: an object, one of its methods, and the request that its arguments make.
#include "dialogs/invoke_panel.h"

#include "dialogs/argument_form.h"
#include "dialogs/call_bar.h"
#include "dialogs/parameter_editor.h"
#include "dialogs/result_view.h"
#include "session/handle_store.h"
#include "session/object_watcher.h"
#include "session/request_bytes.h"
#include "session/session.h"
#include "theme/fonts.h"
#include "views/hex_view.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Objects that one can choose from. A server with a million of them must not stop the window; whoever wants another one selects
/// it in the tree.
constexpr std::size_t mostObjects = 500;

} // namespace

InvokePanel::InvokePanel(Session &session, QWidget *parent) : QWidget(parent), m_session(session)
{
    makeLayout();
    setNarrow(false);
    connect(&m_session.objects(), &ObjectWatcher::updated, this, &InvokePanel::listObjects);
    linkCalls();
    showState();
}

QDoubleSpinBox *InvokePanel::timeout() const noexcept { return m_bar->timeoutInput(); }

QPushButton *InvokePanel::sendButton() const noexcept { return m_bar->sendButton(); }

QPushButton *InvokePanel::cancelButton() const noexcept { return m_bar->cancelButton(); }

ObjectRef InvokePanel::object() const { return m_objects->currentData().value<ObjectRef>(); }

bool InvokePanel::canCall(const ObjectRef &object) const
{
    const ObjectInfo *info = object.isServer() ? nullptr : m_session.objects().object(object);
    return info && (!info->name.empty() || m_session.handles().find(object));
}

std::vector<ObjectRef> InvokePanel::callableObjects(const ObjectRef &always) const
{
    std::vector<ObjectRef> callable;
    for (const ServerSnapshot &server : m_session.objects().servers()) {
        for (const ObjectInfo &info : server.objects) {
            const ObjectRef ref = {server.name, info.id};
            const bool isListed = callable.size() < mostObjects
                && (!info.name.empty() || m_session.handles().find(ref) != nullptr);
            if (isListed)
                callable.push_back(ref);
            if (callable.size() == mostObjects)
                break;
        }
    }
    // What is shown stays, also when it is gone: its last answer may just be read.
    const bool isWanted = canCall(always) || (!always.isNull() && always == m_sent.object);
    if (isWanted && std::ranges::find(callable, always) == callable.end())
        callable.push_back(always);
    return callable;
}

void InvokePanel::fillObjects(const ObjectRef &always)
{
    const std::vector<ObjectRef> callable = callableObjects(always);
    bool same = static_cast<int>(callable.size()) == m_objects->count();
    for (int index = 0; same && index < m_objects->count(); ++index)
        same = m_objects->itemData(index).value<ObjectRef>() == callable[static_cast<std::size_t>(index)];
    if (same)
        return;
    const ObjectRef current = object();
    m_objects->clear();
    for (const ObjectRef &ref : callable) {
        const ServerSnapshot *server = m_session.objects().server(ref.server);
        const QString title = m_session.objects().title(ref);
        m_objects->addItem(server && server->isLocal ? title : u"%1 at %2"_s.arg(title, ref.server),
                           QVariant::fromValue(ref));
    }
    if (const int index = indexOf(current); index >= 0)
        m_objects->setCurrentIndex(index);
}

void InvokePanel::listObjects()
{
    if (!isInView())
        return; // it is listed when it is asked for
    fillObjects(object());
    if (object() != m_sent.object)
        setObject(object(), m_wantedMethod); // the first there is
}

int InvokePanel::indexOf(const ObjectRef &wanted) const
{
    for (int index = 0; index < m_objects->count(); ++index) {
        if (m_objects->itemData(index).value<ObjectRef>() == wanted)
            return index;
    }
    return -1;
}

void InvokePanel::setObject(const ObjectRef &wanted, const QString &method)
{
    fillObjects(wanted);
    const int index = indexOf(wanted);
    if (index < 0)
        return;
    m_objects->setCurrentIndex(index);
    if (wanted == m_sent.object && m_methods->count() > 0 && !m_loading)
        return chooseMethod(method);
    m_wantedMethod = method;
    if (wanted == m_sent.object && m_describing != 0)
        return; // it has just been asked
    describe();
}

void InvokePanel::focusForm()
{
    m_wantsFocus = m_describing != 0;
    if (m_wantsFocus)
        return;
    if (!m_form->editors().empty())
        m_form->editors().front()->setFocus();
    else
        m_bar->sendButton()->setFocus();
}

void InvokePanel::followSelection()
{
    m_follows = true;
    connect(&m_session.selection(), &Selection::objectSelected, this, &InvokePanel::showSelected);
    connect(&m_session.selection(), &Selection::methodSelected, this,
            [this](const ObjectRef &object, const QString &method) {
                if (isInView() && m_running == 0)
                    setObject(object, method);
            });
}

void InvokePanel::showSelected()
{
    // Who cannot see the panel needs no description of the object: that is a call, and the traffic shows it. And an answer that
    // is waited for appears where it was asked for.
    if (m_follows && isInView() && m_running == 0)
        setObject(m_session.selection().object());
}

void InvokePanel::describe()
{
    m_session.calls().cancel(m_describing);
    cancel(); // an answer must not appear under another object
    m_shown = 0;
    m_sent = {};
    m_sent.object = object();
    const ObjectInfo *info = m_session.objects().object(m_sent.object);
    m_sent.name = info ? info->name : std::string();
    keepDraft();
    m_formOf.reset();
    m_unlisted.reset();
    m_description = {};
    m_methods->clear();
    m_leftOut->hide();
    showMethod();
    m_result->clear();
    Q_EMIT titleChanged(u"Invoke – %1"_s.arg(title()));
    m_describing = m_session.calls().describe(m_sent.object, m_sent.name, this,
                                              [this](const DescribeOutcome &outcome) { showMethods(outcome); });
}

CallRequest InvokePanel::request(bool showProblems, QWidget **firstBad)
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

void InvokePanel::showRequest()
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

QByteArray InvokePanel::encodedRequest() const { return m_hex->bytes(); }

void InvokePanel::setCovered(bool isCovered)
{
    m_isCovered = isCovered;
    showSelected();
    listObjects();
}

void InvokePanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    showSelected();
    listObjects();
}

void InvokePanel::open(const Value &value)
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
