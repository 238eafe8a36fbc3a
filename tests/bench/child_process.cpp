// SPDX-License-Identifier: BSD-3-Clause
#include "child_process.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace decoy::bench {

Pipe::Pipe()
{
    if (pipe(m_ends) != 0)
        throw std::system_error(errno, std::system_category(), "pipe");
}

Pipe::~Pipe()
{
    close(m_ends[0]);
    stopSaying();
}

void Pipe::say(std::size_t times) const
{
    const std::string words(times, '.');
    if (write(m_ends[1], words.data(), words.size()) != static_cast<ssize_t>(words.size()))
        throw std::system_error(errno, std::system_category(), "pipe");
}

bool Pipe::hear() const
{
    char word = 0;
    return read(m_ends[0], &word, 1) == 1;
}

void Pipe::stopSaying()
{
    if (m_ends[1] >= 0)
        close(m_ends[1]);
    m_ends[1] = -1;
}

namespace {

[[noreturn]] void live(const std::function<void(const ChildProcess::Tell &)> &work, const Pipe &words)
{
    try {
        work([&words] { words.say(); });
    } catch (const std::exception &error) {
        std::fprintf(stderr, "decoy-bench: %s\n", error.what());
        _exit(1);
    }
    for (;;)
        pause();
}

} // namespace

ChildProcess::ChildProcess(const std::function<void(const Tell &)> &work)
{
    const pid_t parent = getpid();
    m_process = fork();
    if (m_process < 0)
        throw std::system_error(errno, std::system_category(), "fork");
    if (m_process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(1);
        live(work, m_words);
    }
    m_words.stopSaying();
}

ChildProcess::~ChildProcess()
{
    kill(m_process, SIGKILL);
    waitpid(m_process, nullptr, 0);
}

void ChildProcess::await() const
{
    if (!m_words.hear())
        throw std::runtime_error("process " + std::to_string(m_process) + " ended before it was done");
}

} // namespace decoy::bench
