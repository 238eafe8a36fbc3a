// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bench_case.h"
#include "child_process.h"

#include <string>

namespace decoy::bench {

/// What the server of a case has beside the object "echo".
struct ServerSetup {
    int moreObjects = 0;     ///< published as "1", "2" and so on
    bool isWatched = false;  ///< by a tap whose reader keeps up
    int numbers = 0;         ///< items of a vector, 0, 1, 2 and so on, published as "numbers"
    bool hasQObject = false; ///< published as "qobject", with a thread of its own
};

/// A real server in a second process, for as long as this object lives.
///
/// Forks, so it has to be created before this process has threads.
class BenchServer {
public:
    explicit BenchServer(const Conditions &conditions, const ServerSetup &setup = {});
    ~BenchServer();
    BenchServer(const BenchServer &) = delete;
    BenchServer &operator=(const BenchServer &) = delete;

    [[nodiscard]] pid_t id() const noexcept { return m_process.id(); }
    [[nodiscard]] const std::string &name() const noexcept { return m_name; }

private:
    std::string m_name;
    Pipe m_end;
    ChildProcess m_process;
};

} // namespace decoy::bench
