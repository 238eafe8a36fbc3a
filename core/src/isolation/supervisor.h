// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "isolation/child_process.h"
#include "lane/deadline.h"
#include "memory/event_signal.h"

#include <decoy/isolated_server.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace decoy::isolation {

/// Starts a server's process, watches it, and starts it again. Its thread sleeps until something happens; it is the process's parent, so
/// the kernel kills the process if this one ends otherwise than by stop(). Thread-safe.
class Supervisor {
public:
    /// Throws ProxyError for what the system refuses.
    Supervisor(std::string name, IsolatedOptions options);
    ~Supervisor() { stop(); }
    Supervisor(const Supervisor &) = delete;
    Supervisor &operator=(const Supervisor &) = delete;

    // As of IsolatedServer.
    void start();
    void stop();
    [[nodiscard]] IsolatedStatus status() const;
    [[nodiscard]] const std::string &name() const noexcept { return m_name; }

    /// Waits until a process serves that is not among the first `seen` ones, and returns how many have served by then.
    /// Throws ServerNotFound if none will come, CallTimeout.
    [[nodiscard]] std::uint64_t awaitServing(std::uint64_t seen, lane::Deadline &deadline) const;

private:
    using Clock = lane::Deadline::Clock;
    enum class Event { Announced, Ended, StopWanted, TimedOut };

    void supervise(const ProcessImage &image);
    [[nodiscard]] std::string runProcess(const ProcessImage &image, std::uint64_t restarts);
    [[nodiscard]] std::string watch(ChildProcess &process);
    [[nodiscard]] Event nextEvent(const ChildProcess *process, bool listens, std::optional<Clock::time_point> end);
    /// Applies `update` to the status, and tells those who wait for it or want to know.
    template <class Update>
    void change(Update update);
    void requestStop() const noexcept;
    [[nodiscard]] bool isOver() const; // with m_mutex

    const std::string m_name;
    const IsolatedOptions m_options;
    const memory::EventSignal m_stopWanted;
    bool m_isStopping = false; // the thread has seen it

    std::mutex m_turns; // start() and stop(), one at a time
    std::thread m_thread;

    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    IsolatedStatus m_status;
    std::uint64_t m_served = 0; // processes that have come so far
};

} // namespace decoy::isolation
