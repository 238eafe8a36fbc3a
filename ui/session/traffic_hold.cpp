// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/traffic_hold.h"

#include "session/hold_gate.h"

#include <decoy/proxy_server.h>

#include <QSettings>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

using Clock = std::chrono::steady_clock;

constexpr QLatin1String breakpointKey{"hold/breakpoint"};
constexpr QLatin1String paceKey{"hold/callsPerSecond"};
constexpr QLatin1String timeoutKey{"hold/timeoutSeconds"};

/// No more than 30 looks a second, and a tenth of the time at most: what waits may be many megabytes.
constexpr std::chrono::milliseconds lookInterval{33};
constexpr int restBetweenLooks = 9;

} // namespace

TrafficHold::TrafficHold(ProxyServer &server, QObject *parent)
    : QObject(parent), m_server(server), m_looking(this), m_pacing(this), m_gate(std::make_shared<HoldGate>(server))
{
    const QSettings settings;
    if (auto compiled = Breakpoint::compile(settings.value(breakpointKey).toString()); compiled.isValid())
        m_breakpoint = std::move(compiled.breakpoint);
    if (const int pace = settings.value(paceKey).toInt(); std::ranges::find(paces, pace) != paces.end())
        m_pace = pace;
    if (const int seconds = settings.value(timeoutKey).toInt(); seconds > 0)
        m_timeout = std::clamp<std::chrono::milliseconds>(std::chrono::seconds(seconds), shortestTimeout,
                                                          longestTimeout);
    m_looking.setSingleShot(true);
    m_pacing.setTimerType(Qt::PreciseTimer);
    connect(&m_looking, &QTimer::timeout, this, &TrafficHold::look);
    connect(&m_pacing, &QTimer::timeout, this, &TrafficHold::forwardAtPace);
}

TrafficHold::~TrafficHold() = default;

void TrafficHold::setNames(const FrameNames &names)
{
    if (std::exchange(m_namesRevision, names.revision()) != names.revision())
        m_gate->setNames(names);
}

void TrafficHold::setMode(HoldMode mode)
{
    if (mode == m_mode)
        return;
    m_gate->setBreakpoint(mode == HoldMode::Breakpoint ? m_breakpoint : Breakpoint());
    if (mode != HoldMode::Off && !m_hold && !open())
        mode = HoldMode::Off;
    m_mode = mode;
    m_isStepDue = false;
    m_pacing.stop();
    if (mode == HoldMode::Off)
        close();
    else
        look();
    Q_EMIT settingsChanged();
}

bool TrafficHold::open()
{
    HoldOptions options;
    options.timeout = m_timeout;
    options.matches = [gate = m_gate](const FrameEvent &request, std::span<const std::byte> bytes) {
        return gate->holds(request, bytes);
    };
    options.changed = [this] { // in a server's thread, perhaps very often: one wake-up is on its way at a time
        if (!m_isWoken.exchange(true))
            QMetaObject::invokeMethod(this, &TrafficHold::wake, Qt::QueuedConnection);
    };
    try {
        m_hold = m_server.hold(std::move(options));
    } catch (const ProxyError &error) {
        Q_EMIT failed(u"Nothing is held: %1"_s.arg(QString::fromUtf8(error.what())));
    }
    return m_hold != nullptr;
}

void TrafficHold::close()
{
    m_hold.reset(); // which lets everything go on
    m_looking.stop();
    if (!std::exchange(m_waiting, {}).empty())
        Q_EMIT waitingChanged();
}

void TrafficHold::wake()
{
    if (m_looking.isActive())
        return;
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(m_nextLook - Clock::now());
    m_looking.start(std::max(rest, std::chrono::milliseconds(0)));
}

void TrafficHold::look()
{
    m_isWoken = false; // before the look: what changes meanwhile is looked at again
    if (!m_hold)
        return;
    const auto begin = Clock::now();
    m_waiting = m_hold->held();
    limitNewcomers();
    const auto end = Clock::now();
    m_nextLook = end + std::max<Clock::duration>(lookInterval, restBetweenLooks * (end - begin));
    if (m_isStepDue && forwardOldest()) {
        m_isStepDue = false;
        Q_EMIT settingsChanged();
    }
    if (m_mode == HoldMode::SlowMotion && !m_waiting.empty() && !m_pacing.isActive())
        m_pacing.start(std::chrono::milliseconds(std::chrono::seconds(1)) / m_pace);
    Q_EMIT waitingChanged();
}

/// Whoever came since the time limit was changed still has the old one.
void TrafficHold::limitNewcomers()
{
    for (const HeldRequest &request : m_waiting) {
        const std::chrono::nanoseconds given(request.forwardedAt - request.event.time);
        if (request.id > m_lastSeen && given != m_timeout)
            m_hold->delay(request.id, m_timeout);
    }
    if (!m_waiting.empty())
        m_lastSeen = std::max(m_lastSeen, m_waiting.back().id);
}

std::optional<FilterError> TrafficHold::setBreakpoint(const QString &text)
{
    Breakpoint::Compiled compiled = Breakpoint::compile(text);
    if (!compiled.isValid())
        return compiled.error;
    m_breakpoint = std::move(compiled.breakpoint);
    if (m_mode == HoldMode::Breakpoint)
        m_gate->setBreakpoint(m_breakpoint);
    QSettings().setValue(breakpointKey, m_breakpoint.text());
    Q_EMIT settingsChanged();
    return {};
}

void TrafficHold::setPace(int callsPerSecond)
{
    m_pace = callsPerSecond;
    QSettings().setValue(paceKey, m_pace);
    if (m_pacing.isActive())
        m_pacing.start(std::chrono::milliseconds(std::chrono::seconds(1)) / m_pace);
    Q_EMIT settingsChanged();
}

void TrafficHold::setTimeout(std::chrono::milliseconds timeout)
{
    m_timeout = std::clamp(timeout, shortestTimeout, longestTimeout);
    QSettings().setValue(timeoutKey,
                         static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(m_timeout).count()));
    for (const HeldRequest &request : m_waiting)
        m_hold->delay(request.id, m_timeout);
    Q_EMIT settingsChanged();
}

void TrafficHold::step()
{
    if (m_mode != HoldMode::Breakpoint)
        setMode(HoldMode::Step);
    if (!isOn())
        return; // it could not be held
    m_isStepDue = !forwardOldest();
    Q_EMIT settingsChanged();
}

bool TrafficHold::forwardOldest()
{
    // Those of the last look come before any newer one; some of them may have gone on since.
    const auto goesOn = [this](const HeldRequest &request) { return m_hold->forward(request.id); };
    return std::ranges::any_of(m_waiting, goesOn) || std::ranges::any_of(m_hold->held(), goesOn);
}

void TrafficHold::forwardAtPace()
{
    if (!forwardOldest())
        m_pacing.stop();
}

const HeldRequest *TrafficHold::find(std::uint64_t id) const noexcept
{
    const auto found = std::ranges::lower_bound(m_waiting, id, {}, &HeldRequest::id);
    return found != m_waiting.end() && found->id == id ? &*found : nullptr;
}

bool TrafficHold::forward(std::uint64_t id) { return m_hold && m_hold->forward(id); }

bool TrafficHold::forward(std::uint64_t id, const Frame &request) { return m_hold && m_hold->forward(id, request); }

void TrafficHold::forwardAll()
{
    if (m_hold)
        m_hold->forwardAll();
}

bool TrafficHold::delay(std::uint64_t id, std::chrono::milliseconds time) { return m_hold && m_hold->delay(id, time); }

bool TrafficHold::answer(std::uint64_t id, const Value &value) { return m_hold && m_hold->answer(id, value); }

bool TrafficHold::fail(std::uint64_t id, const Failure &failure) { return m_hold && m_hold->fail(id, failure); }

bool TrafficHold::drop(std::uint64_t id) { return m_hold && m_hold->drop(id); }

} // namespace decoy::ui
