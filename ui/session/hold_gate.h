// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/breakpoint.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

namespace decoy {
class ProxyServer;
}

namespace decoy::ui {

/// What server threads ask of each request while something is held: whether it waits. Thread-safe.
class HoldGate {
public:
    /// `server` must outlive this.
    explicit HoldGate(const ProxyServer &server);

    void setBreakpoint(const Breakpoint &breakpoint);
    void setNames(const FrameNames &names);

    [[nodiscard]] bool holds(const FrameEvent &request, std::span<const std::byte> bytes);

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] std::shared_ptr<const FrameNames> learnObjects();

    const ProxyServer &m_server;
    const std::int32_t m_ownProcess;
    std::mutex m_mutex; // for a few instructions: both are replaced, never changed
    std::shared_ptr<const Breakpoint> m_breakpoint;
    std::shared_ptr<const FrameNames> m_names;
    std::atomic<Clock::time_point> m_nextLesson = Clock::time_point(); ///< objects are not learned before
};

} // namespace decoy::ui
