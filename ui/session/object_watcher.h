// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/object_list.h"
#include "session/selection.h"
#include "session/server_links.h"

#include <decoy/proxy_server.h>

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QTimer>

#include <memory>
#include <vector>

namespace decoy::ui {

class HandleStore;

/// What one server had at one moment.
struct ServerSnapshot {
    enum class State : quint8 { Connecting, Live, Silent, Gone };

    QString name;
    qint64 process = 0;
    bool isLocal = false; ///< runs in this process, so references, clients and calls are known
    State state = State::Connecting;
    QString problem; ///< for a person; only when Silent or Gone
    int maxChainLevel = defaultMaxChainLevel;
    ObjectList objects;
    std::vector<ObjectInfo> news; ///< of a local one: published objects, and those that the look before did not find
    std::vector<ConnectionInfo> connections;
};

/// Watches which objects there are: of the server in this process, four times a second, and of the servers that the person
/// attached. Looking happens in a thread of its own, so a server that hangs never holds up the window; it is shown as silent.
class ObjectWatcher : public QObject {
    Q_OBJECT

public:
    ObjectWatcher(const ProxyServer &server, ServerLinks &links, const HandleStore &handles, QObject *parent = nullptr);
    ~ObjectWatcher() override;

    /// Adds another process's server to the list; one that is not there (yet) is shown as gone and tried again.
    void attach(const QString &server);
    void detach(const QString &server);

    /// The local server first, then the others in the order of attaching.
    [[nodiscard]] const std::vector<ServerSnapshot> &servers() const noexcept { return m_servers; }
    [[nodiscard]] const ServerSnapshot *server(const QString &name) const noexcept;
    [[nodiscard]] const ObjectInfo *object(const ObjectRef &object) const noexcept;

    /// "counter", "Node #12", the server's name for a server, "#12" for what is not there any more.
    [[nodiscard]] QString title(const ObjectRef &object) const;
    /// A published object by name, on any server, the local one first; null if there is none.
    [[nodiscard]] ObjectRef find(const QString &name) const;

public Q_SLOTS:
    /// Looks now rather than at the next tick.
    void refresh();

Q_SIGNALS:
    void updated();
    void serverGone(const QString &server, const QString &problem);

private:
    struct Look; ///< the state of looking at one server

    void lookAt(std::size_t index);
    void accept(ServerSnapshot snapshot);
    void noticeSilence();
    void addHandles(ServerSnapshot &snapshot) const;

    const ProxyServer &m_server;
    ServerLinks &m_links;
    const HandleStore &m_handles;
    std::vector<ServerSnapshot> m_servers;
    std::vector<std::unique_ptr<Look>> m_looks; ///< one for each of m_servers
    QTimer m_timer;
    QThreadPool m_pool;
};

} // namespace decoy::ui
