// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <thread>

namespace decoy::cli {

/// Turns SIGINT and SIGTERM into a call, so that the process can end in good order. Another signal, a second or more
/// later, ends it at once, for the person who does not want to wait; sooner it is the same request, for some tools send two.
///
/// The signals stay blocked when it is gone, so that a late one cannot spoil the status of a process that has ended well.
/// Create it before any other thread: those inherit the blocked signals from the thread that creates it.
class TerminationSignals {
public:
    /// `requested` is called once, on a thread of this object's own. Throws std::system_error.
    explicit TerminationSignals(std::function<void()> requested);
    ~TerminationSignals();
    TerminationSignals(const TerminationSignals &) = delete;
    TerminationSignals &operator=(const TerminationSignals &) = delete;

private:
    void watch();

    const std::function<void()> m_requested;
    int m_signals = -1;
    int m_end = -1;
    std::thread m_watcher;
};

} // namespace decoy::cli
