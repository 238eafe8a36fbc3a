// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <sys/types.h>

namespace decoy::bench {

/// Words without content, from one process to another. Neither end waits awake.
class Pipe {
public:
    Pipe();
    ~Pipe();
    Pipe(const Pipe &) = delete;
    Pipe &operator=(const Pipe &) = delete;

    void say(std::size_t times = 1) const;
    /// Waits for one word. False if nobody is left who could say it.
    [[nodiscard]] bool hear() const;
    /// This process will say nothing, so hear() can tell when the others are gone.
    void stopSaying();

private:
    int m_ends[2] = {-1, -1};
};

/// A forked process, killed when this object or its parent goes. To be made while this process has no threads.
class ChildProcess {
public:
    /// How the child tells its parent that it is ready, or done.
    using Tell = std::function<void()>;

    /// The child does `work`, and then nothing, so that its CPU time can still be read. An exception ends it with a message on
    /// stderr.
    explicit ChildProcess(const std::function<void(const Tell &)> &work);
    ~ChildProcess();
    ChildProcess(const ChildProcess &) = delete;
    ChildProcess &operator=(const ChildProcess &) = delete;

    /// Waits until the child tells something. Throws std::runtime_error if it ended before.
    void await() const;
    [[nodiscard]] pid_t id() const noexcept { return m_process; }

private:
    Pipe m_words;
    pid_t m_process = -1;
};

} // namespace decoy::bench
