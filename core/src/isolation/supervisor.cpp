// SPDX-License-Identifier: BSD-3-Clause
#include "isolation/supervisor.h"

#include "isolation/lifeline.h"
#include "isolation/restart_policy.h"

#include <decoy/error.h>

#include <algorithm>
#include <csignal>
#include <poll.h>
#include <unistd.h>

namespace decoy::isolation {

namespace {

using Clock = lane::Deadline::Clock;

thread_local const Supervisor *supervisorOfThisThread = nullptr;

/// For poll(): milliseconds until `end`, rounded up so that it has come then.
int timeLeft(const std::optional<Clock::time_point> &end)
{
    if (!end)
        return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*end - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT32_MAX));
}

std::string within(std::chrono::milliseconds time) { return " within " + std::to_string(time.count()) + " ms"; }

} // namespace

Supervisor::Supervisor(std::string name, IsolatedOptions options)
    : m_name(std::move(name)), m_options(std::move(options))
{}

// ---- what others ask ----

void Supervisor::start()
{
    if (supervisorOfThisThread == this)
        throw AlreadyRunning("the isolated server \"" + m_name + "\" cannot be started by its own callback");
    const std::lock_guard turn(m_turns);
    std::uint64_t servedBefore = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (!isOver())
            throw AlreadyRunning("the isolated server \"" + m_name + "\" runs already");
        m_status = {};
        m_status.state = IsolatedState::Starting;
        servedBefore = m_served;
    }
    if (m_thread.joinable())
        m_thread.join();
    m_stopWanted.clear();
    m_isStopping = false;
    try {
        m_thread = std::thread(
            [this, image = ProcessImage(m_options.program, m_options.arguments, m_name)] { supervise(image); });
    } catch (...) { // no memory, or no thread: it can be tried again
        change([](IsolatedStatus &status) { status.state = IsolatedState::Stopped; });
        throw;
    }

    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_served != servedBefore || isOver(); });
    if (m_served == servedBefore)
        throw ProxyError("the isolated server \"" + m_name + "\" did not start: " + m_status.lastEnd);
}

void Supervisor::requestStop() const noexcept { m_stopWanted.raise(); }

void Supervisor::stop()
{
    requestStop(); // before the turn: start() may be waiting
    if (supervisorOfThisThread == this)
        return;
    const std::lock_guard turn(m_turns);
    if (!m_thread.joinable())
        return;
    requestStop(); // once more: the first may have been for an earlier process
    m_thread.join();
}

IsolatedStatus Supervisor::status() const
{
    const std::lock_guard lock(m_mutex);
    return m_status;
}

bool Supervisor::isOver() const
{
    return m_status.state == IsolatedState::Stopped || m_status.state == IsolatedState::GivenUp;
}

std::uint64_t Supervisor::awaitServing(std::uint64_t seen, lane::Deadline &deadline) const
{
    std::unique_lock lock(m_mutex);
    const auto isDecided = [&] { return isOver() || (m_status.state == IsolatedState::Serving && m_served > seen); };
    const auto end = deadline.time();
    if (!end)
        m_changed.wait(lock, isDecided);
    else if (!m_changed.wait_until(lock, *end, isDecided))
        throw CallTimeout("the isolated server \"" + m_name + "\" did not serve " + deadline.text());
    if (!isOver())
        return m_served;
    const std::string what = m_status.state == IsolatedState::Stopped
        ? "does not run"
        : "was given up after " + std::to_string(m_status.restarts) + " restarts";
    throw ServerNotFound("the isolated server \"" + m_name + "\" " + what
                         + (m_status.lastEnd.empty() ? "" : "; its last process: " + m_status.lastEnd));
}

// ---- the thread ----

template <class Update>
void Supervisor::change(Update update)
{
    IsolatedStatus status;
    {
        const std::lock_guard lock(m_mutex);
        update(m_status);
        status = m_status;
        if (status.state == IsolatedState::Serving)
            ++m_served;
    }
    m_changed.notify_all();
    if (m_options.changed)
        m_options.changed(status);
}

void Supervisor::supervise(const ProcessImage &image)
{
    supervisorOfThisThread = this;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr); // the program's signals are for its own threads
    RestartPolicy policy(m_options);
    const std::uint64_t servedBefore = m_served;
    for (std::uint64_t restarts = 0;; ++restarts) {
        const std::string end = runProcess(image, restarts);
        const auto endAs = [&](IsolatedState state, std::chrono::milliseconds pause = {}) {
            change([&](IsolatedStatus &status) { status = {state, 0, restarts, pause, end}; });
        };
        if (m_isStopping || m_served == servedBefore) // what never served would not the next time either
            return endAs(IsolatedState::Stopped);
        const auto pause = policy.nextPause(Clock::now());
        if (!pause)
            return endAs(IsolatedState::GivenUp);
        endAs(IsolatedState::Pausing, *pause);
        if (nextEvent(nullptr, false, Clock::now() + *pause) == Event::StopWanted)
            return endAs(IsolatedState::Stopped);
    }
}

std::string Supervisor::runProcess(const ProcessImage &image, std::uint64_t restarts)
try {
    ChildProcess process(image);
    change([&](IsolatedStatus &status) {
        status = {IsolatedState::Starting, process.id(), restarts, {}, std::move(status.lastEnd)};
    });
    return watch(process);
} catch (const ProxyError &error) {
    return error.what();
}

std::string Supervisor::watch(ChildProcess &process)
{
    std::string reason; // where we know more than the kernel
    bool isAnnounced = false;
    std::optional<Clock::time_point> end = Clock::now() + m_options.startTimeout;
    for (;;) {
        switch (nextEvent(&process, !isAnnounced, end)) {
        case Event::Announced: {
            isAnnounced = true;
            const auto said = receiveAnnouncement(process.lifeline());
            if (said && said->isServing) {
                end.reset();
                change([](IsolatedStatus &status) { status.state = IsolatedState::Serving; });
            } else {
                reason = said ? said->reason : std::string();
                end = Clock::now() + m_options.stopTimeout; // it is about to end
            }
            break;
        }
        case Event::StopWanted:
            process.askToEnd();
            end = Clock::now() + m_options.stopTimeout;
            change([](IsolatedStatus &status) { status.state = IsolatedState::Stopping; });
            break;
        case Event::TimedOut:
            reason = isAnnounced || m_isStopping ? "killed, because it did not end" + within(m_options.stopTimeout)
                                                 : "killed, because it did not serve" + within(m_options.startTimeout);
            isAnnounced = true; // what it says now is of no more interest
            process.kill();
            end.reset();
            break;
        case Event::Ended: {
            const std::string how = process.takeEnd();
            return reason.empty() ? how : reason;
        }
        }
    }
}

Supervisor::Event Supervisor::nextEvent(const ChildProcess *process, bool listens, std::optional<Clock::time_point> end)
{
    pollfd sources[] = {{process && listens ? process->lifeline().get() : -1, POLLIN, 0},
                        {process ? process->endDescriptor() : -1, POLLIN, 0},
                        {m_isStopping ? -1 : m_stopWanted.descriptor().get(), POLLIN, 0}};
    for (;;) {
        const int ready = poll(sources, std::size(sources), timeLeft(end));
        if (ready == 0)
            return Event::TimedOut;
        if (ready < 0)
            continue;           // EINTR
        if (sources[0].revents) // what it said comes before its end
            return Event::Announced;
        if (sources[1].revents)
            return Event::Ended;
        m_isStopping = true;
        return Event::StopWanted;
    }
}

} // namespace decoy::isolation
