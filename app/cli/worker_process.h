// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <sys/types.h>

namespace decoy::cli {

/// A process of this same program that plays a scenario on a server. Ends with this object.
class WorkerProcess {
public:
    /// Its log goes nowhere, its errors to our standard error. Throws std::system_error.
    WorkerProcess(std::string scenario, const std::string &server);
    ~WorkerProcess();
    WorkerProcess(const WorkerProcess &) = delete;
    WorkerProcess &operator=(const WorkerProcess &) = delete;

    [[nodiscard]] const std::string &scenario() const noexcept { return m_scenario; }
    [[nodiscard]] pid_t process() const noexcept { return m_process; }

private:
    std::string m_scenario;
    pid_t m_process = -1;
};

} // namespace decoy::cli
