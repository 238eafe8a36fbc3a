// SPDX-License-Identifier: BSD-3-Clause
#include "termination_signals.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace decoy::cli {

TerminationSignals::TerminationSignals(std::function<void()> requested) : m_requested(std::move(requested))
{
    ::sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    m_signals = ::signalfd(-1, &wanted, SFD_CLOEXEC);
    m_end = ::eventfd(0, EFD_CLOEXEC);
    if (m_signals < 0 || m_end < 0)
        throw std::system_error(errno, std::generic_category(), "cannot listen for signals");
    ::pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
    m_watcher = std::thread(&TerminationSignals::watch, this);
}

TerminationSignals::~TerminationSignals()
{
    ::eventfd_write(m_end, 1);
    m_watcher.join();
    ::close(m_signals);
    ::close(m_end);
}

void TerminationSignals::watch()
{
    using Clock = std::chrono::steady_clock;
    std::optional<Clock::time_point> requested;
    for (;;) {
        pollfd sources[] = {{m_signals, POLLIN, 0}, {m_end, POLLIN, 0}};
        if (::poll(sources, 2, -1) < 0)
            continue;
        if (sources[1].revents)
            return;
        ::signalfd_siginfo info{};
        if (::read(m_signals, &info, sizeof info) != sizeof info)
            continue;
        if (!requested) {
            requested = Clock::now();
            m_requested();
        } else if (Clock::now() - *requested >= std::chrono::seconds(1)) {
            std::_Exit(128 + static_cast<int>(info.ssi_signo));
        }
    }
}

} // namespace decoy::cli
