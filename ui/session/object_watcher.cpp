// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/object_watcher.h"

#include "session/handle_store.h"
#include "theme/metrics.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Other processes are asked less often: each question is a call that they must answer.
constexpr qint64 remoteIntervalMs = 1000;
/// After this long without an answer a server is shown as silent.
constexpr qint64 silentAfterMs = 2000;

/// After a look whose showing took so long, the next one waits this many times as long: a server with a million objects costs the
/// window a small part of its time, and its numbers change less often.
constexpr qint64 restAfterCost = 20;

/// What a look needs to know. The objects found before are not copied: there may be a million.
ServerSnapshot withoutContents(const ServerSnapshot &server)
{
    ServerSnapshot snapshot;
    snapshot.name = server.name;
    snapshot.process = server.process;
    snapshot.isLocal = server.isLocal;
    snapshot.state = server.state;
    snapshot.problem = server.problem;
    snapshot.maxChainLevel = server.maxChainLevel;
    return snapshot;
}

ServerSnapshot look(const ProxyServer &server, ServerSnapshot snapshot, std::vector<quint64> &known)
{
    snapshot.objects = server.objects();
    snapshot.news = newsIn(snapshot.objects, known);
    snapshot.connections = server.connections();
    snapshot.state = server.running() ? ServerSnapshot::State::Live : ServerSnapshot::State::Gone;
    return snapshot;
}

ServerSnapshot lookRemotely(ServerLinks &links, ServerSnapshot snapshot)
{
    snapshot.problem.clear();
    try {
        const Connection connection = links.connection(snapshot.name.toStdString());
        snapshot.process = connection.serverProcess();
        snapshot.maxChainLevel = connection.maxChainLevel();
        std::vector<ObjectInfo> objects;
        for (const PublishedObject &published : connection.objects()) {
            ObjectInfo info;
            info.id = published.id;
            info.name = published.name;
            info.type = published.type;
            objects.push_back(std::move(info));
        }
        snapshot.objects = std::move(objects);
        snapshot.state = ServerSnapshot::State::Live;
    } catch (const ProxyError &error) {
        snapshot.state = ServerSnapshot::State::Gone;
        snapshot.problem = QString::fromUtf8(error.what());
    }
    return snapshot;
}

QString titleOf(const ObjectInfo &object)
{
    return object.name.empty() ? u"%1 #%2"_s.arg(QString::fromStdString(object.type)).arg(object.id)
                               : QString::fromStdString(object.name);
}

} // namespace

struct ObjectWatcher::Look {
    QElapsedTimer since; ///< the last look began; invalid before the first
    qint64 costMs = 0;   ///< of showing what was found, in the UI thread
    bool underway = false;
    std::shared_ptr<std::vector<quint64>> known =
        std::make_shared<std::vector<quint64>>(); ///< ids; only looks touch them
};

ObjectWatcher::ObjectWatcher(const ProxyServer &server, ServerLinks &links, const HandleStore &handles, QObject *parent)
    : QObject(parent), m_server(server), m_links(links), m_handles(handles)
{
    ServerSnapshot local;
    local.name = QString::fromStdString(server.name());
    local.process = QCoreApplication::applicationPid();
    local.isLocal = true;
    local.maxChainLevel = server.options().maxChainLevel;
    m_servers.push_back(std::move(local));
    m_looks.push_back(std::make_unique<Look>());

    m_pool.setMaxThreadCount(1);
    connect(&m_handles, &HandleStore::changed, this, &ObjectWatcher::refresh);
    connect(&m_timer, &QTimer::timeout, this, &ObjectWatcher::refresh);
    m_timer.start(numbersIntervalMs);
    refresh();
}

ObjectWatcher::~ObjectWatcher() { m_pool.waitForDone(); }

void ObjectWatcher::attach(const QString &server)
{
    if (this->server(server))
        return;
    ServerSnapshot snapshot;
    snapshot.name = server;
    m_servers.push_back(std::move(snapshot));
    m_looks.push_back(std::make_unique<Look>());
    // A thread for each, so that servers that hang hold up nobody but themselves.
    m_pool.setMaxThreadCount(static_cast<int>(m_servers.size()));
    lookAt(m_servers.size() - 1);
    Q_EMIT updated();
}

void ObjectWatcher::detach(const QString &server)
{
    const auto found = std::ranges::find(m_servers, server, &ServerSnapshot::name);
    if (found == m_servers.end() || found->isLocal)
        return;
    m_looks.erase(m_looks.begin() + (found - m_servers.begin()));
    m_servers.erase(found);
    Q_EMIT updated();
}

const ServerSnapshot *ObjectWatcher::server(const QString &name) const noexcept
{
    const auto found = std::ranges::find(m_servers, name, &ServerSnapshot::name);
    return found == m_servers.end() ? nullptr : &*found;
}

const ObjectInfo *ObjectWatcher::object(const ObjectRef &object) const noexcept
{
    const ServerSnapshot *owner = server(object.server);
    return owner ? owner->objects.find(object.id) : nullptr;
}

QString ObjectWatcher::title(const ObjectRef &object) const
{
    if (object.id == 0)
        return object.server;
    const ObjectInfo *info = this->object(object);
    return info ? titleOf(*info) : u"#%1"_s.arg(object.id);
}

ObjectRef ObjectWatcher::find(const QString &name) const
{
    const std::string wanted = name.toStdString();
    for (const ServerSnapshot &server : m_servers) {
        const auto found = std::ranges::find(server.objects, wanted, &ObjectInfo::name);
        if (found != server.objects.end())
            return {server.name, found->id};
    }
    return {};
}

void ObjectWatcher::refresh()
{
    for (std::size_t index = 0; index < m_servers.size(); ++index) {
        const Look &look = *m_looks[index];
        const qint64 interval = std::max(m_servers[index].isLocal ? 0 : remoteIntervalMs, restAfterCost * look.costMs);
        const bool due = !look.since.isValid() || look.since.elapsed() >= interval;
        if (!look.underway && due)
            lookAt(index);
    }
    noticeSilence();
}

void ObjectWatcher::lookAt(std::size_t index)
{
    m_looks[index]->underway = true;
    m_looks[index]->since.start();
    m_pool.start([this, snapshot = withoutContents(m_servers[index]), known = m_looks[index]->known, &server = m_server,
                  &links = m_links]() mutable {
        snapshot = snapshot.isLocal ? look(server, std::move(snapshot), *known)
                                    : lookRemotely(links, std::move(snapshot));
        auto result = std::make_shared<ServerSnapshot>(std::move(snapshot));
        QMetaObject::invokeMethod(
            this, [this, result] { accept(std::move(*result)); }, Qt::QueuedConnection);
    });
}

void ObjectWatcher::accept(ServerSnapshot snapshot)
{
    const auto known = std::ranges::find(m_servers, snapshot.name, &ServerSnapshot::name);
    if (known == m_servers.end())
        return; // detached meanwhile
    m_looks[static_cast<std::size_t>(known - m_servers.begin())]->underway = false;
    addHandles(snapshot);
    const bool died = snapshot.state == ServerSnapshot::State::Gone && known->state != ServerSnapshot::State::Gone;
    const QString name = snapshot.name;
    const QString problem = snapshot.problem;
    auto before = std::make_unique<ServerSnapshot>(std::exchange(*known, std::move(snapshot)));
    m_pool.start([before = std::shared_ptr(std::move(before))] {}); // a million objects are not freed in a moment
    if (died)
        Q_EMIT serverGone(name, problem);
    QElapsedTimer showing;
    showing.start();
    Q_EMIT updated();
    // Whoever was told may have attached or detached servers meanwhile.
    if (const auto shown = std::ranges::find(m_servers, name, &ServerSnapshot::name); shown != m_servers.end())
        m_looks[static_cast<std::size_t>(shown - m_servers.begin())]->costMs = showing.elapsed();
}

void ObjectWatcher::noticeSilence()
{
    for (std::size_t index = 0; index < m_servers.size(); ++index) {
        const Look &look = *m_looks[index];
        ServerSnapshot &server = m_servers[index];
        if (!look.underway || look.since.elapsed() < silentAfterMs || server.state == ServerSnapshot::State::Silent)
            continue;
        server.state = ServerSnapshot::State::Silent;
        server.problem = u"has not answered for %1 s"_s.arg(silentAfterMs / 1000);
        Q_EMIT updated();
    }
}

void ObjectWatcher::addHandles(ServerSnapshot &snapshot) const
{
    if (snapshot.isLocal || snapshot.state == ServerSnapshot::State::Gone)
        return; // the local server lists them itself
    std::vector<ObjectInfo> objects = snapshot.objects.all();
    const std::size_t listed = objects.size();
    for (const Handle &handle : m_handles.handles()) {
        if (handle.object.server != snapshot.name)
            continue;
        ObjectInfo info;
        info.id = handle.object.id;
        info.parent = handle.parent.id;
        info.type = handle.type.toStdString();
        info.level = handle.level;
        objects.push_back(std::move(info));
    }
    if (objects.size() == listed)
        return;
    // A published object can come back as a result; its published row is the one to keep.
    snapshot.objects = std::move(objects);
}

} // namespace decoy::ui
