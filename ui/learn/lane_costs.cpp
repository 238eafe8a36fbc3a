// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lane_costs.h"

#include <decoy/connection.h>
#include <decoy/duck.h>
#include <decoy/error.h>

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <vector>

#include <unistd.h>

namespace decoy::ui {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

constexpr std::chrono::milliseconds callTimeout = std::chrono::seconds(2);
/// Both sides look for a while after a call before they wait as they do in silence.
constexpr std::chrono::milliseconds settling{500};

/// Processor time that a process has used, of all its threads.
nanoseconds cpuTime(std::int32_t process)
{
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0)
        throw PeerDied("the server that is measured is gone");
    return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

/// The measurement that is under way.
class Measuring {
public:
    Measuring(const LaneCostOptions &options, const std::stop_token &stop, const std::function<void(double)> &progress)
        : m_options(options), m_stop(stop), m_progress(progress),
          m_whole(2 * (options.calls * options.pause + settling + options.idle))
    {}

    /// False when it was stopped meanwhile.
    bool wait(nanoseconds time)
    {
        std::unique_lock lock(m_mutex);
        m_never.wait_for(lock, m_stop, time, [] { return false; });
        m_done += time;
        m_progress(std::min(1.0, m_done / m_whole));
        return !m_stop.stop_requested();
    }

    void call(const Proxy &lab, LaneCost &cost)
    {
        std::vector<nanoseconds> times;
        for (int number = 0; number < m_options.calls && wait(m_options.pause); ++number) {
            const auto begin = Clock::now();
            (void)lab.call("echo", number);
            times.push_back(Clock::now() - begin);
        }
        if (times.empty())
            return;
        std::ranges::sort(times);
        cost.median = times[times.size() / 2];
        cost.slow = times[times.size() * 19 / 20];
    }

    void idle(LaneCost &cost)
    {
        if (!wait(settling))
            return;
        const nanoseconds before = cpuTime(m_options.process);
        wait(m_options.idle);
        cost.idleCpu = cpuTime(m_options.process) - before;
    }

private:
    const LaneCostOptions &m_options;
    const std::stop_token &m_stop;
    const std::function<void(double)> &m_progress;
    std::chrono::duration<double> m_whole;
    std::chrono::duration<double> m_done{};
    std::mutex m_mutex;
    std::condition_variable_any m_never; ///< signalled by nothing but a stop request
};

} // namespace

std::optional<LaneCosts> measureLaneCosts(const LaneCostOptions &options, const std::stop_token &stop,
                                          const std::function<void(double)> &progress)
{
    LaneCosts costs;
    costs.calls = options.calls;
    costs.idle = options.idle;
    Measuring measuring(options, stop, progress);
    const Connection server = connect(options.server);
    const Proxy lab = server["lab"].withTimeout(callTimeout);
    measuring.call(lab, costs.waking);
    measuring.idle(costs.waking); // there is no mailbox yet, so nobody looks
    if (stop.stop_requested())
        return {};
    const Proxy duckLab = openProxy(lab.call<DuckAddress>("mailbox", "lab", ::getpid()), callTimeout);
    measuring.call(duckLab, costs.polling);
    measuring.idle(costs.polling);
    if (stop.stop_requested())
        return {};
    return costs;
}

} // namespace decoy::ui
