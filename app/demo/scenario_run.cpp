// SPDX-License-Identifier: BSD-3-Clause
#include "scenario_run.h"

#include "scenarios.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace decoy::demo {

namespace {

std::chrono::steady_clock::duration intervalOf(double rate)
{
    if (!isRate(rate))
        throw ArgumentError("a rate is 0 (as fast as possible) or at least 0.001 calls a second");
    if (rate == 0)
        return {};
    return std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(1 / rate));
}

} // namespace

bool isRate(double callsPerSecond) noexcept
{
    // Slower is a mistake, and would overflow the clock.
    return callsPerSecond == 0 || (std::isfinite(callsPerSecond) && callsPerSecond >= 0.001);
}

ScenarioRun::ScenarioRun(const Scenario &scenario, Connection server, const ScenarioOptions &options,
                         std::stop_token stop, Log log)
    : m_scenario(scenario), m_server(std::move(server)), m_stop(std::move(stop)), m_log(std::move(log)),
      m_interval(intervalOf(options.rate.value_or(scenario.rate))), m_count(options.count), m_due(Clock::now())
{}

void ScenarioRun::play()
{
    const std::stop_callback hangUp(m_stop, [this] { m_server.close(); });
    try {
        m_scenario.play(*this);
    } catch (const ProxyError &) {
        // Whatever fails while the channel is closed under a call was not the server's fault.
        if (!m_stop.stop_requested())
            throw;
    }
}

bool ScenarioRun::nextRound()
{
    if (m_count != 0 && m_round == m_count)
        return false;
    ++m_round;
    return pace();
}

bool ScenarioRun::pace()
{
    if (m_interval > Clock::duration::zero()) {
        std::unique_lock lock(m_mutex);
        m_never.wait_until(lock, m_stop, m_due, [] { return false; });
        // After a slow call the pace starts anew: no burst to catch up with.
        m_due = std::max(m_due + m_interval, Clock::now());
    }
    return !m_stop.stop_requested();
}

void ScenarioRun::log(std::string_view what, const ProxyError &error) const
{
    log(std::string(what) + ": " + errorText(error));
}

std::string errorText(const ProxyError &error)
{
    return std::string(errorKindName(error.kind())) + ": " + error.what();
}

} // namespace decoy::demo
