// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

namespace decoy::demo {

namespace {

using Clock = std::chrono::steady_clock;

/// Says once a second how fast it goes.
class Speedometer {
public:
    explicit Speedometer(ScenarioRun &run) : m_run(run) {}

    void count()
    {
        ++m_calls;
        const Clock::time_point now = Clock::now();
        if (now - m_since >= std::chrono::seconds(1))
            report(now);
    }
    void finish()
    {
        if (m_calls > 0)
            report(Clock::now());
    }

private:
    void report(Clock::time_point now)
    {
        const double seconds = std::chrono::duration<double>(now - m_since).count();
        const auto rate = static_cast<std::uint64_t>(static_cast<double>(m_calls) / seconds);
        m_run.log(std::to_string(m_calls) + " calls, " + std::to_string(rate) + " calls/s");
        m_calls = 0;
        m_since = now;
    }

    ScenarioRun &m_run;
    Clock::time_point m_since = Clock::now();
    std::uint64_t m_calls = 0;
};

void play(ScenarioRun &run)
{
    const Proxy counter = run.server()["counter"];
    Speedometer speedometer(run);
    while (run.nextRound()) {
        (void)counter.get<std::int64_t>("a");
        speedometer.count();
    }
    speedometer.finish();
}

} // namespace

constinit const Scenario flood{"flood", "Reads the counter as fast as it can.", 0, play};

} // namespace decoy::demo
