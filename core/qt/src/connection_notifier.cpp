// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/qt/connection_notifier.h>

#include <QSocketNotifier>

#include <utility>

namespace decoy::qt {

ConnectionNotifier::ConnectionNotifier(Connection connection, QObject *parent)
    : QObject(parent), m_connection(std::move(connection)),
      m_notifier(new QSocketNotifier(m_connection.descriptor(), QSocketNotifier::Read, this))
{
    connect(m_notifier, &QSocketNotifier::activated, this, &ConnectionNotifier::read);
}

ConnectionNotifier::~ConnectionNotifier() = default;

void ConnectionNotifier::read()
{
    try {
        // Once: if there is more, the descriptor stays readable, and the loop does what else it has to do in between.
        (void)m_connection.process(std::chrono::milliseconds(0));
    } catch (const PeerDied &death) {
        m_notifier->setEnabled(false);
        Q_EMIT disconnected(QString::fromUtf8(death.what()));
    }
}

} // namespace decoy::qt
