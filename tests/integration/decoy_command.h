// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/process.h"

#include <stdexcept>

namespace decoy::test {

/// Runs the real `decoy` command to its end.
[[nodiscard]] inline Outcome decoy(const QStringList &arguments) { return run(DECOY_PROGRAM, arguments); }

/// A `decoy host` that is ready.
class Host : public Process {
public:
    explicit Host(const QStringList &options = {}) : Process(DECOY_PROGRAM, QStringList{"host"} + options)
    {
        if (!waitForLineWith("\"ready\":true"))
            throw std::runtime_error("the host did not become ready: " + waitForEnd().errors.toStdString());
    }
};

/// A `decoy worker` at work.
class Worker : public Process {
public:
    explicit Worker(const QString &scenario, const QStringList &options = {})
        : Process(DECOY_PROGRAM, QStringList{"worker", scenario, "--server", "demo"} + options)
    {}
};

} // namespace decoy::test
