// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/breakpoint.h"

#include <decoy/hold.h>

#include <QObject>
#include <QTimer>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

namespace decoy {
class ProxyServer;
}

namespace decoy::ui {

class HoldGate;

/// What is held back, and how it goes on. All three are one Hold of the server's.
enum class HoldMode : quint8 {
    Off,
    Breakpoint, ///< what matches the breakpoint waits until a person decides
    Step,       ///< every request waits; each step lets one through
    SlowMotion  ///< every request waits; so many a second go on by themselves, the oldest first
};

/// Holds requests of the session's server, for a person to look at, step through, change or answer. Never those of this process: the
/// window would wait for itself. UI thread only; whatever waits goes on when this is destroyed.
class TrafficHold : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds shortestTimeout = std::chrono::seconds(1);
    /// Less than defaultCallTimeout: a client whose request goes on by itself still waits for its answer.
    static constexpr std::chrono::milliseconds usualTimeout = std::chrono::seconds(25);
    static constexpr std::chrono::milliseconds longestTimeout = std::chrono::hours(1);
    /// Calls a second that slow motion offers.
    static constexpr std::array paces = {1, 2, 5, 10, 50};

    /// `server` must outlive this. Breakpoint, pace and time limit are those of last time; nothing is held.
    explicit TrafficHold(ProxyServer &server, QObject *parent = nullptr);
    ~TrafficHold() override;

    /// Takes over what objects and processes are called, for breakpoints that ask for names.
    void setNames(const FrameNames &names);

    [[nodiscard]] HoldMode mode() const noexcept { return m_mode; }
    [[nodiscard]] bool isOn() const noexcept { return m_mode != HoldMode::Off; }
    /// Off lets everything go on; what waits stays when one of the others takes the place of another.
    void setMode(HoldMode mode);

    /// The filter of HoldMode::Breakpoint; empty: every request.
    [[nodiscard]] const QString &breakpoint() const noexcept { return m_breakpoint.text(); }
    /// What is wrong with it, if anything: then the one before stays. What waits already goes on waiting.
    std::optional<FilterError> setBreakpoint(const QString &text);

    [[nodiscard]] int pace() const noexcept { return m_pace; }
    /// Calls a second in slow motion, one of `paces`.
    void setPace(int callsPerSecond);

    /// How long a request waits at most; it goes on by itself then.
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return m_timeout; }
    /// Also for what waits already, from now on.
    void setTimeout(std::chrono::milliseconds timeout);

    /// Lets the oldest request through; if none waits, the next one that comes. Begins to hold everything if nothing was held,
    /// or if the requests went on by themselves.
    void step();
    /// Whether the next request that comes goes through.
    [[nodiscard]] bool isStepDue() const noexcept { return m_isStepDue; }

    /// What waited at the last look, the oldest first.
    [[nodiscard]] const std::vector<HeldRequest> &waiting() const noexcept { return m_waiting; }
    /// Null if it was not there at the last look.
    [[nodiscard]] const HeldRequest *find(std::uint64_t id) const noexcept;

    /// As in Hold: false if the request waits no longer, and the exceptions are its.
    bool forward(std::uint64_t id);
    bool forward(std::uint64_t id, const Frame &request);
    void forwardAll();
    bool delay(std::uint64_t id, std::chrono::milliseconds time);
    bool answer(std::uint64_t id, const Value &value);
    bool fail(std::uint64_t id, const Failure &failure);
    bool drop(std::uint64_t id);

Q_SIGNALS:
    /// Mode, breakpoint, pace, time limit, or whether a step is due.
    void settingsChanged();
    /// waiting() is another; at most about 30 times a second.
    void waitingChanged();
    /// The server could not be held; says why.
    void failed(const QString &problem);

private:
    bool open();
    void close();
    void wake();
    void look();
    void limitNewcomers();
    bool forwardOldest();
    void forwardAtPace();

    ProxyServer &m_server;
    HoldMode m_mode = HoldMode::Off;
    Breakpoint m_breakpoint;
    int m_pace = 2;
    std::chrono::milliseconds m_timeout = usualTimeout;
    bool m_isStepDue = false;
    quint64 m_namesRevision = 0;
    std::vector<HeldRequest> m_waiting;
    std::uint64_t m_lastSeen = 0; ///< the newest request that was ever looked at
    QTimer m_looking;             ///< the next look, when the last one was just now
    std::chrono::steady_clock::time_point m_nextLook;
    QTimer m_pacing; ///< runs only while something waits in slow motion
    std::atomic<bool> m_isWoken = false;
    const std::shared_ptr<HoldGate> m_gate;
    std::unique_ptr<Hold> m_hold; // destroyed first: until then server threads ask the gate and wake this
};

} // namespace decoy::ui
