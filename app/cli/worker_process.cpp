// SPDX-License-Identifier: BSD-3-Clause
#include "worker_process.h"

#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace decoy::cli {

namespace {

void require(int error)
{
    if (error != 0)
        throw std::system_error(error, std::generic_category(), "cannot start a worker process");
}

class SpawnSettings {
public:
    SpawnSettings()
    {
        require(::posix_spawn_file_actions_init(&m_files));
        require(::posix_spawnattr_init(&m_attributes));
        require(::posix_spawn_file_actions_addopen(&m_files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0));
        resetSignals();
    }
    ~SpawnSettings()
    {
        ::posix_spawnattr_destroy(&m_attributes);
        ::posix_spawn_file_actions_destroy(&m_files);
    }
    SpawnSettings(const SpawnSettings &) = delete;
    SpawnSettings &operator=(const SpawnSettings &) = delete;

    [[nodiscard]] const posix_spawn_file_actions_t *files() const noexcept { return &m_files; }
    [[nodiscard]] const posix_spawnattr_t *attributes() const noexcept { return &m_attributes; }

private:
    /// A fresh process: it inherits neither what we block nor what we ignore, and Ctrl+C in the terminal is for us to pass on.
    void resetSignals()
    {
        ::sigset_t none;
        ::sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        require(::posix_spawnattr_setsigmask(&m_attributes, &none));
        require(::posix_spawnattr_setsigdefault(&m_attributes, &all));
        require(::posix_spawnattr_setpgroup(&m_attributes, 0));
        require(::posix_spawnattr_setflags(&m_attributes,
                                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
    }

    posix_spawn_file_actions_t m_files{};
    posix_spawnattr_t m_attributes{};
};

/// Whether the child has ended within so many milliseconds.
bool hasEnded(pid_t process, int milliseconds)
{
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    if (handle < 0)
        return false;
    pollfd ended{handle, POLLIN, 0};
    const bool result = ::poll(&ended, 1, milliseconds) == 1;
    ::close(handle);
    return result;
}

} // namespace

WorkerProcess::WorkerProcess(std::string scenario, const std::string &server) : m_scenario(std::move(scenario))
{
    std::string arguments[] = {"decoy", "worker", m_scenario, "--server", server};
    char *pointers[] = {arguments[0].data(), arguments[1].data(), arguments[2].data(),
                        arguments[3].data(), arguments[4].data(), nullptr};
    const SpawnSettings settings;
    require(::posix_spawn(&m_process, "/proc/self/exe", settings.files(), settings.attributes(), pointers, environ));
}

WorkerProcess::~WorkerProcess()
{
    constexpr int patience = 2000;
    ::kill(m_process, SIGTERM);
    if (!hasEnded(m_process, patience))
        ::kill(m_process, SIGKILL);
    ::waitpid(m_process, nullptr, 0);
}

} // namespace decoy::cli
