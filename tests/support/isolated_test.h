// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/isolated_objects.h"

#include <decoy/isolated_server.h>

#include <QCoreApplication>
#include <QTest>

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

/// What the tests of isolation ask of a server, and what they are: the process that serves, too.
namespace decoy::test {

/// Restarts at once, for tests are impatient.
inline IsolatedOptions impatient()
{
    IsolatedOptions options;
    options.firstPause = options.longestPause = std::chrono::milliseconds::zero();
    return options;
}

/// The statuses that a server has told of.
class Diary {
public:
    [[nodiscard]] std::function<void(const IsolatedStatus &)> writer()
    {
        return [this](const IsolatedStatus &status) {
            const std::lock_guard lock(m_mutex);
            m_entries.push_back(status);
        };
    }
    [[nodiscard]] std::vector<std::string> states() const
    {
        const std::lock_guard lock(m_mutex);
        std::vector<std::string> states;
        for (const IsolatedStatus &status : m_entries)
            states.emplace_back(isolatedStateName(status.state));
        return states;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<IsolatedStatus> m_entries;
};

using States = std::vector<std::string>;

/// main() of a test that starts itself as the process that serves.
template <class Test>
int serveOrTest(int argc, char **argv)
{
    if (isIsolatedChild())
        return serveIsolated(fillIsolated);
    QCoreApplication application(argc, argv);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace decoy::test
