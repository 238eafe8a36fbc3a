// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/connection.h>

#include <QObject>
#include <QString>

class QSocketNotifier;

namespace decoy::qt {

/// Lets a Qt event loop read a connection: whenever something has come from the server, what follows the asynchronous calls on it
/// (Future::then(), coroutines, toQFuture()) runs in the thread that this object lives in. There is no helper thread, and while
/// nothing comes nothing runs.
///
/// Make it in the thread whose event loop is to do the work. One for each connection is enough, however many proxies and copies of
/// the connection there are; two would share the work. Destroying it ends the reading, not the connection.
class ConnectionNotifier : public QObject {
    Q_OBJECT

public:
    /// Throws ProxyError if the system has no descriptor left.
    explicit ConnectionNotifier(Connection connection, QObject *parent = nullptr);
    ~ConnectionNotifier() override;

    [[nodiscard]] const Connection &connection() const noexcept { return m_connection; }

Q_SIGNALS:
    /// The server is gone, or the connection was closed; all calls on it have failed. Emitted once.
    void disconnected(const QString &reason);

private:
    void read();

    const Connection m_connection;
    QSocketNotifier *const m_notifier;
};

} // namespace decoy::qt
