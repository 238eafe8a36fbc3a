// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/event_listener.h"

#include "session/value_text.h"
#include "theme/metrics.h"

#include <decoy/qt/connection_notifier.h>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Enough for what a person can read, and handled within a few milliseconds.
constexpr std::size_t queueSize = 64 * 1024;

QString textOf(const ReceivedEvent &event)
{
    const std::string_view name = event.name();
    QString text = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())) + u'(';
    for (std::size_t i = 0; i < event.size(); ++i)
        text += (i == 0 ? QString() : u", "_s) + displayText(event.argument(i));
    return text + u')';
}

} // namespace

EventListener::EventListener(CallRunner &calls, QObject *parent) : QObject(parent), m_calls(calls)
{
    m_pace.setSingleShot(true);
    m_pace.setInterval(numbersIntervalMs);
    connect(&m_pace, &QTimer::timeout, this, &EventListener::updated);
}

EventListener::~EventListener() { stop(); }

void EventListener::listen(const ObjectRef &object, const std::string &name, const std::vector<std::string> &events)
{
    stop();
    m_latest.clear();
    m_heard = m_lost = 0;
    m_isListening = true;
    m_wanted = std::make_shared<char>();
    // A subscription may still come about when nobody wants it any more.
    EventHandler handler([this, wanted = std::weak_ptr(m_wanted)](const ReceivedEvent &event) {
        if (!wanted.expired())
            take(event);
    });
    m_call = m_calls.subscribe(object, name, events, std::move(handler), {.queueSize = queueSize}, this,
                               [this](SubscribeOutcome &outcome) { begin(outcome); });
    Q_EMIT updated();
    Q_EMIT listeningChanged(true, {});
}

void EventListener::begin(SubscribeOutcome &outcome)
{
    m_call = 0;
    if (outcome.failure)
        return end(QString::fromStdString(outcome.failure->text()));
    m_subscriptions = std::move(outcome.subscriptions);
    try {
        m_notifier = std::make_unique<qt::ConnectionNotifier>(*outcome.connection);
    } catch (const ProxyError &error) {
        return end(QString::fromUtf8(error.what()));
    }
    connect(m_notifier.get(), &qt::ConnectionNotifier::disconnected, this, &EventListener::end);
}

void EventListener::take(const ReceivedEvent &event)
{
    ++m_heard;
    m_lost += event.lost();
    m_latest.push_back({QDateTime::currentDateTime(), textOf(event), event.lost()});
    if (m_latest.size() > mostKept)
        m_latest.pop_front();
    if (!m_pace.isActive())
        m_pace.start();
}

void EventListener::stop()
{
    if (m_isListening)
        end({});
}

void EventListener::end(const QString &reason)
{
    m_calls.cancel(std::exchange(m_call, 0));
    m_isListening = false;
    m_wanted.reset();
    m_subscriptions.clear();
    if (m_notifier) // it may be what calls this
        m_notifier.release()->deleteLater();
    Q_EMIT listeningChanged(false, reason);
}

} // namespace decoy::ui
