// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/attribute_poller.h"

#include <algorithm>
#include <utility>

namespace decoy::ui {

namespace {

constexpr int liveIntervalMs = 500;
/// For what changes by itself: a sensor, a clock.
constexpr qint64 quietIntervalMs = 2000;

} // namespace

AttributePoller::AttributePoller(CallRunner &calls, QObject *parent) : QObject(parent), m_calls(calls)
{
    m_timer.setInterval(liveIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &AttributePoller::tick);
}

void AttributePoller::setObject(const ObjectRef &object, const std::string &name)
{
    forgetCalls();
    m_object = object;
    m_name = name;
    m_description.reset();
    m_ownCalls = 0;
    m_othersCalls = 0;
    if (m_isWatched)
        describe();
}

void AttributePoller::describe()
{
    if (m_object.isNull() || m_object.isServer())
        return;
    ++m_ownCalls;
    m_open.push_back(m_calls.describe(m_object, m_name, this, [this](const DescribeOutcome &outcome) {
        if (outcome.failure)
            return Q_EMIT describeFailed(*outcome.failure);
        m_description = outcome.description;
        Q_EMIT described(*m_description);
        readAll();
    }));
}

void AttributePoller::setWatched(bool watched)
{
    if (std::exchange(m_isWatched, watched) == watched)
        return;
    if (m_isWatched && !m_description && m_open.empty())
        describe();
    updateTimer();
}

void AttributePoller::setLive(bool live)
{
    m_isLive = live;
    updateTimer();
}

void AttributePoller::updateTimer()
{
    const bool reads = m_isWatched && m_isLive;
    if (reads && !m_timer.isActive()) {
        m_timer.start();
        readAll();
    } else if (!reads) {
        m_timer.stop();
    }
}

void AttributePoller::noteCalls(quint64 calls)
{
    const quint64 others = calls > m_ownCalls ? calls - m_ownCalls : 0;
    m_usedByOthers = m_usedByOthers || others > m_othersCalls;
    m_othersCalls = std::max(m_othersCalls, others);
}

void AttributePoller::tick()
{
    if (m_usedByOthers || !m_sinceRound.isValid() || m_sinceRound.elapsed() >= quietIntervalMs)
        readAll();
}

void AttributePoller::refresh()
{
    if (m_description)
        readAll();
    else
        setObject(m_object, m_name); // it may answer now
}

void AttributePoller::readAll()
{
    if (!m_description || m_reading > 0)
        return; // the object is slower than we ask; the next round comes when this one is done
    const auto count = static_cast<int>(m_description->attributes.size());
    m_reading = count;
    m_ownCalls += static_cast<quint64>(count);
    m_usedByOthers = false;
    m_sinceRound.start();
    m_open.clear();
    for (int attribute = 0; attribute < count; ++attribute) {
        CallRequest request;
        request.object = m_object;
        request.name = m_name;
        request.kind = CallKind::Get;
        request.member = m_description->attributes[static_cast<std::size_t>(attribute)].name;
        m_open.push_back(m_calls.call(std::move(request), this, [this, attribute](const CallOutcome &outcome) {
            --m_reading;
            Q_EMIT attributeRead(attribute, outcome);
        }));
    }
}

void AttributePoller::noteOwnCall()
{
    ++m_ownCalls;
    readAll();
}

void AttributePoller::forgetCalls()
{
    for (const quint64 call : m_open)
        m_calls.cancel(call);
    m_open.clear();
    m_reading = 0;
}

} // namespace decoy::ui
