// SPDX-License-Identifier: BSD-3-Clause
#include "isolated_host.h"

#include "termination_signals.h"

#include <decoy/error.h>
#include <decoy/isolated_server.h>
#include <decoy/json.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

namespace decoy::cli {

namespace {

/// The order of the keys is part of the interface.
struct EndLine {
    std::string ended;
    std::string server;
    int pid;
    std::optional<double> restartsIn; ///< seconds; null if it is not started again
    MSGPACK_DEFINE_MAP(ended, server, pid, restartsIn)
};

/// Something that happens once, for a thread that waits for it.
class Occurrence {
public:
    void happens() noexcept
    {
        m_hasHappened = true;
        m_hasHappened.notify_all();
    }
    void wait() const noexcept { m_hasHappened.wait(false); }

private:
    std::atomic<bool> m_hasHappened{false};
};

/// Prints the ends of processes, in the thread that watches them.
class EndPrinter {
public:
    EndPrinter(std::string server, Output &output, Occurrence &over)
        : m_server(std::move(server)), m_output(output), m_over(over)
    {}

    void print(const IsolatedStatus &status) noexcept
    try {
        if (status.state == IsolatedState::Pausing)
            printEnd(status, std::chrono::duration<double>(status.pause).count());
        else if (status.state == IsolatedState::GivenUp)
            printEnd(status, std::nullopt);
        if (status.state == IsolatedState::GivenUp)
            m_over.happens();
        m_process = status.process;
    } catch (const std::exception &) {
        m_over.happens(); // nobody reads it any more
    }

private:
    void printEnd(const IsolatedStatus &status, std::optional<double> restartsIn)
    {
        m_output.line(toJson(Value(EndLine{status.lastEnd, m_server, m_process, restartsIn})));
    }

    const std::string m_server;
    Output &m_output;
    Occurrence &m_over;
    int m_process = 0;
};

IsolatedServer makeServer(const std::string &name, IsolatedOptions options)
try {
    return IsolatedServer(name, std::move(options));
} catch (const ArgumentError &error) {
    throw UsageError(error.what());
}

} // namespace

ExitStatus hostIsolated(const std::string &name, std::vector<std::string> arguments, int restarts, Output &output)
{
    Occurrence over;
    const TerminationSignals signals([&over] { over.happens(); });
    EndPrinter printer(name, output, over);
    IsolatedOptions options;
    options.arguments = std::move(arguments);
    options.maxRestarts = restarts;
    options.changed = [&printer](const IsolatedStatus &status) { printer.print(status); };
    IsolatedServer server = makeServer(name, std::move(options));
    server.start();
    over.wait();

    const IsolatedStatus status = server.status();
    if (status.state != IsolatedState::GivenUp)
        return ExitStatus::Success;
    reportError("PeerDied",
                "the server \"" + name + "\" was given up after " + std::to_string(status.restarts)
                    + " restarts; its last process: " + status.lastEnd);
    return ExitStatus::ServerGone;
}

} // namespace decoy::cli
