// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <sys/types.h>

namespace decoy::bench {

/// Which core each end may use: a measurement of a regime, not a default.
enum class Pinning { None, Split, Same };

/// Keeps this process on the core that `pinning` gives it.
void pin(Pinning pinning, bool isServer);

/// A server with the benchmark's targets in a second process, for as long as this object lives.
///
/// Forks, so it has to be created before this process has threads.
class ServerProcess {
public:
    explicit ServerProcess(Pinning pinning);
    ~ServerProcess();
    ServerProcess(const ServerProcess &) = delete;
    ServerProcess &operator=(const ServerProcess &) = delete;

    [[nodiscard]] pid_t id() const noexcept { return m_process; }
    [[nodiscard]] const std::string &name() const noexcept { return m_name; }

private:
    std::string m_name;
    pid_t m_process = -1;
};

} // namespace decoy::bench
