// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/connection.h>
#include <decoy/error.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace decoy::demo {

struct Scenario;

struct ScenarioOptions {
    /// Calls a second; 0: as fast as they go; not set: as the scenario likes it.
    std::optional<double> rate;
    /// Rounds after which it ends; 0: when it is told to.
    std::uint64_t count = 0;
};

/// Whether a worker can keep this rate: 0, or at least a call in 1000 seconds.
[[nodiscard]] bool isRate(double callsPerSecond) noexcept;

/// A scenario under way: its server, its pace, its log, and when it has to end. Used by the thread that plays it.
class ScenarioRun {
public:
    /// Takes one line of text, without its end.
    using Log = std::function<void(std::string_view line)>;

    /// Throws ArgumentError if the rate is none, see isRate().
    ScenarioRun(const Scenario &scenario, Connection server, const ScenarioOptions &options, std::stop_token stop,
                Log log);

    /// Plays it to its end. A stop request cuts short the call that waits then, and is no error.
    void play();
    /// The program, with its arguments, that is to take this process over afterwards, unless it is to stop; empty for most
    /// scenarios. It unblocks SIGINT and SIGTERM itself.
    [[nodiscard]] const std::vector<std::string> &successor() const noexcept { return m_successor; }

    // What a scenario uses:
    [[nodiscard]] const Connection &server() const noexcept { return m_server; }
    /// Begins a round when its first call is due. False when there were enough rounds or the run has to stop.
    [[nodiscard]] bool nextRound();
    /// Waits until the next call is due. False when the run has to stop.
    [[nodiscard]] bool pace();
    /// Time from call to call; 0: none.
    [[nodiscard]] std::chrono::duration<double> interval() const noexcept { return m_interval; }
    /// The number of the current round, from 1.
    [[nodiscard]] std::uint64_t round() const noexcept { return m_round; }
    /// How many rounds there shall be; 0: no end.
    [[nodiscard]] std::uint64_t count() const noexcept { return m_count; }
    /// Goes on as another program, with the same process id, once play() is over.
    void continueAs(std::vector<std::string> program) { m_successor = std::move(program); }
    void log(std::string_view line) const { m_log(line); }
    /// Logs what was tried and how it failed, kind first.
    void log(std::string_view what, const ProxyError &error) const;

private:
    using Clock = std::chrono::steady_clock;

    const Scenario &m_scenario;
    const Connection m_server;
    const std::stop_token m_stop;
    const Log m_log;
    const Clock::duration m_interval;
    const std::uint64_t m_count;
    std::uint64_t m_round = 0;
    std::vector<std::string> m_successor;
    Clock::time_point m_due;
    std::mutex m_mutex;
    std::condition_variable_any m_never; ///< signalled by nothing but a stop request
};

/// `LimitedProxyChaining: one more proxy would ...`
[[nodiscard]] std::string errorText(const ProxyError &error);

} // namespace decoy::demo
