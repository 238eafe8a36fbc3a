// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"

#include <decoy/subscription.h>

#include <QDateTime>
#include <QObject>
#include <QTimer>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace decoy::qt {
class ConnectionNotifier;
}

namespace decoy::ui {

/// One event as a person reads it.
struct HeardEvent {
    QDateTime time;   ///< when it was handled here
    QString text;     ///< "changed(150)"
    quint64 lost = 0; ///< of its subscription, just before it
};

/// Subscribes to the events of one object for a person who watches it, over the monitor's own channel to the server. UI thread only: events
/// are handled in its event loop, so nothing runs while none come. A flood costs no more than the subscription's small queue: what
/// finds no room there is lost and counted.
class EventListener : public QObject {
    Q_OBJECT

public:
    /// The latest events; older ones are only counted.
    static constexpr std::size_t mostKept = 200;

    explicit EventListener(CallRunner &calls, QObject *parent = nullptr);
    ~EventListener() override;

    /// Begins, and forgets what was heard before. `name` is a published object's, else empty.
    void listen(const ObjectRef &object, const std::string &name, const std::vector<std::string> &events);
    void stop();
    /// Subscribed, or about to be.
    [[nodiscard]] bool isListening() const noexcept { return m_isListening; }

    /// Oldest first.
    [[nodiscard]] const std::deque<HeardEvent> &latest() const noexcept { return m_latest; }
    [[nodiscard]] quint64 heard() const noexcept { return m_heard; }
    [[nodiscard]] quint64 lost() const noexcept { return m_lost; }

Q_SIGNALS:
    /// More was heard; a few times a second at most.
    void updated();
    /// It listens, or does not any more; `reason` where that was not stop().
    void listeningChanged(bool isListening, const QString &reason);

private:
    void begin(SubscribeOutcome &outcome);
    void take(const ReceivedEvent &event);
    void end(const QString &reason);

    CallRunner &m_calls;
    quint64 m_call = 0; ///< that subscribes, while it runs
    bool m_isListening = false;
    std::shared_ptr<char> m_wanted; ///< while this subscription is
    std::vector<Subscription> m_subscriptions;
    std::unique_ptr<qt::ConnectionNotifier> m_notifier;
    std::deque<HeardEvent> m_latest;
    quint64 m_heard = 0;
    quint64 m_lost = 0;
    QTimer m_pace;
};

} // namespace decoy::ui
