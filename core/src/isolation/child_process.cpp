// SPDX-License-Identifier: BSD-3-Clause
#include "isolation/child_process.h"

#include "isolation/lifeline.h"
#include "memory/system_error.h"

#include <decoy/error.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace decoy::isolation {

namespace {

std::vector<char *> pointersTo(std::vector<std::string> &strings)
{
    std::vector<char *> pointers;
    for (std::string &string : strings)
        pointers.push_back(string.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// Signals stay away from whoever is between fork and exec: a handler of ours must not run in the child.
class BlockedSignals {
public:
    BlockedSignals()
    {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &m_before);
    }
    ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }
    BlockedSignals(const BlockedSignals &) = delete;
    BlockedSignals &operator=(const BlockedSignals &) = delete;

private:
    sigset_t m_before{};
};

// From here to runProgram(): the child of a process with threads, so async-signal-safe functions only.

/// A fresh process inherits neither what we block nor what we ignore.
void resetSignals() noexcept
{
    struct sigaction standard = {};
    standard.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal)
        sigaction(signal, &standard, nullptr);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Leaves it standard output, standard error and the lifeline, whatever else this process has open.
bool arrangeDescriptors(int lifeline) noexcept
{
    if (lifeline == lifelineDescriptor ? fcntl(lifeline, F_SETFD, 0) < 0 : dup2(lifeline, lifelineDescriptor) < 0)
        return false;
    const int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0)
        return false;
    return syscall(SYS_close_range, lifelineDescriptor + 1, ~0U, 0) == 0;
}

[[noreturn]] void runProgram(const ProcessImage &image, int lifeline, pid_t parent) noexcept
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) // it died before it was to be heard of
        _exit(EXIT_FAILURE);
    setpgid(0, 0);
    resetSignals();
    if (arrangeDescriptors(lifeline))
        execve(image.program(), image.arguments(), image.environment());
    announceSystemError(lifelineDescriptor, errno);
    _exit(EXIT_FAILURE);
}

std::string textOfEnd(const siginfo_t &end)
{
    if (end.si_code == CLD_EXITED)
        return "exited with status " + std::to_string(end.si_status);
    const char *const name = sigabbrev_np(end.si_status);
    return "killed by signal " + std::to_string(end.si_status) + (name ? " (SIG" + std::string(name) + ")" : "");
}

} // namespace

ProcessImage::ProcessImage(std::string program, const std::vector<std::string> &arguments, std::string_view server)
    : m_program(std::move(program)), m_arguments{m_program.empty() ? program_invocation_name : m_program}
{
    if (m_program.empty())
        m_program = "/proc/self/exe";
    m_arguments.insert(m_arguments.end(), arguments.begin(), arguments.end());
    const std::string ours = std::string(lifelineVariable) + "=";
    for (char **variable = environ; *variable; ++variable) {
        if (!std::string_view(*variable).starts_with(ours))
            m_environment.emplace_back(*variable);
    }
    m_environment.push_back(ours + std::to_string(getpid()) + ":" + std::string(server));
    m_argumentPointers = pointersTo(m_arguments);
    m_environmentPointers = pointersTo(m_environment);
}

ChildProcess::ChildProcess(const ProcessImage &image)
{
    auto [ours, its] = makeLifeline();
    const pid_t parent = getpid();
    {
        const BlockedSignals blocked;
        m_id = fork();
        if (m_id == 0)
            runProgram(image, its.get(), parent);
    }
    if (m_id < 0)
        memory::throwSystemError("start a process");
    m_lifeline = std::move(ours);
    m_handle = FileDescriptor(static_cast<int>(syscall(SYS_pidfd_open, m_id, 0)));
    if (m_handle.isOpen())
        return;
    const int error = errno;
    ::kill(m_id, SIGKILL);
    waitpid(m_id, nullptr, 0);
    errno = error;
    memory::throwSystemError("watch a process");
}

ChildProcess::~ChildProcess()
{
    if (m_isTaken)
        return;
    kill();
    (void)takeEnd();
}

void ChildProcess::askToEnd() const noexcept
{
    shutdown(m_lifeline.get(), SHUT_RDWR); // not close(): what is forked elsewhere just now may hold a copy
}

void ChildProcess::kill() const noexcept { syscall(SYS_pidfd_send_signal, m_handle.get(), SIGKILL, nullptr, 0); }

std::string ChildProcess::takeEnd()
{
    m_isTaken = true;
    siginfo_t end{};
    int result = 0;
    do
        result = waitid(P_PIDFD, static_cast<id_t>(m_handle.get()), &end, WEXITED);
    while (result != 0 && errno == EINTR);
    return result == 0 ? textOfEnd(end) : "ended; how is not known, because this program ignores or takes SIGCHLD";
}

} // namespace decoy::isolation
