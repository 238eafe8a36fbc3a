// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/shared_memory.h>

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace decoy::isolation {

/// What a process is started with; made once, so that each restart has the same, whatever becomes of this process's environment.
class ProcessImage {
public:
    /// Takes this process's environment as it is now; `server` is the name that the process is to serve under.
    ProcessImage(std::string program, const std::vector<std::string> &arguments, std::string_view server);

    [[nodiscard]] const char *program() const noexcept { return m_program.c_str(); }
    [[nodiscard]] char *const *arguments() const noexcept { return m_argumentPointers.data(); }
    [[nodiscard]] char *const *environment() const noexcept { return m_environmentPointers.data(); }

private:
    std::string m_program;
    std::vector<std::string> m_arguments;
    std::vector<std::string> m_environment;
    std::vector<char *> m_argumentPointers;
    std::vector<char *> m_environmentPointers;
};

/// A child of the thread that starts it: the kernel kills it when that thread ends. Killed and waited for, if it still is there, when
/// this object goes.
class ChildProcess {
public:
    /// Throws ProxyError with the system's reason if there can be no further process. That the program cannot be run is what the
    /// process itself announces.
    explicit ChildProcess(const ProcessImage &image);
    ~ChildProcess();
    ChildProcess(const ChildProcess &) = delete;
    ChildProcess &operator=(const ChildProcess &) = delete;

    [[nodiscard]] pid_t id() const noexcept { return m_id; }
    /// Readable once it has ended.
    [[nodiscard]] int endDescriptor() const noexcept { return m_handle.get(); }
    [[nodiscard]] const FileDescriptor &lifeline() const noexcept { return m_lifeline; }

    /// Hangs the lifeline up.
    void askToEnd() const noexcept;
    void kill() const noexcept;
    /// Waits for its end and says how it came about: "killed by signal 11 (SIGSEGV)".
    [[nodiscard]] std::string takeEnd();

private:
    pid_t m_id = -1;
    FileDescriptor m_handle;
    FileDescriptor m_lifeline;
    bool m_isTaken = false;
};

} // namespace decoy::isolation
