// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/connection.h>
#include <decoy/proxy_server.h>
#include <decoy/shared_memory.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace decoy {

/// What an IsolatedServer and its process are doing.
enum class IsolatedState : std::uint8_t {
    Stopped,  ///< never started, stopped, or its first start failed
    Starting, ///< the process exists and does not serve yet
    Serving,
    Pausing,  ///< the process ended by itself; the next one is started after a pause
    Stopping, ///< the process was asked to end
    GivenUp,  ///< the process ended by itself too often; start() tries again
};

/// "Serving" and so on.
[[nodiscard]] std::string_view isolatedStateName(IsolatedState state) noexcept;

/// One moment of an IsolatedServer.
struct IsolatedStatus {
    IsolatedState state = IsolatedState::Stopped;
    std::int32_t process = 0;           ///< process id; 0 while there is none
    std::uint64_t restarts = 0;         ///< since start()
    std::chrono::milliseconds pause{0}; ///< Pausing: how long
    /// How the process before this one ended, or this one's start failed: "killed by signal 11 (SIGSEGV)", "exited with status 3".
    /// Empty if none has.
    std::string lastEnd;
};

/// How a server is isolated; change a field only for the reason beside it.
struct IsolatedOptions {
    /// The program that serves; its main() calls serveIsolated(), or has an IsolatedChild. Empty: this very program.
    std::string program;
    /// What it is given after its name, as argv.
    std::vector<std::string> arguments;

    /// So many restarts within `restartWindow`, and no more: whatever crashes again at once must not keep the machine busy. 0 for none.
    int maxRestarts = 5;
    std::chrono::milliseconds restartWindow = std::chrono::minutes(1);
    /// Before the first restart; twice as long before each further one within the window, up to `longestPause`.
    std::chrono::milliseconds firstPause{100};
    std::chrono::milliseconds longestPause = std::chrono::seconds(10);

    /// How long a process may take until it serves. Raise it for targets that load much.
    std::chrono::milliseconds startTimeout = std::chrono::seconds(10);
    /// How long calls that run may go on after stop(); then the process is killed.
    std::chrono::milliseconds stopTimeout = std::chrono::seconds(5);

    /// Told of every change, one after the other, in a thread of the IsolatedServer. It may ask anything of it, and stop() it, but not
    /// destroy it. Must not throw.
    std::function<void(const IsolatedStatus &)> changed;
};

/// A server and its targets in a process of their own: whatever a target does, a crash included, this process lives. It starts the
/// other one, watches it, and starts it again when it ends by itself, with what its targets were at the start: state that shall
/// survive is for the targets to keep.
///
/// Callers, wherever they are, get PeerDied at once when the process ends, and connect anew, here with connect(). A call is made
/// at most once: nothing is repeated behind the caller's back, and after PeerDied it is not known whether the target ran.
///
/// The other process is a program that is executed, not a fork: a fork of a process with threads could not do anything safely. It
/// inherits standard output, standard error, the environment and the folder as they were at start(), and no other
/// descriptor; its standard input is empty. It is in a process group of its own, so Ctrl+C in a terminal reaches only this process. It is
/// killed by the kernel when this process dies, however it dies.
///
/// Thread-safe, except for destruction, which stops it. Needs the default handling of SIGCHLD to be able to say how a process ended.
class IsolatedServer {
public:
    /// `name` as for ProxyServer. Throws ArgumentError for a bad name or options.
    explicit IsolatedServer(std::string name, IsolatedOptions options = {});
    ~IsolatedServer();
    IsolatedServer(const IsolatedServer &) = delete;
    IsolatedServer &operator=(const IsolatedServer &) = delete;

    /// Starts the process and returns when it serves. Throws ProxyError with the reason if it does not come so far (it is not tried
    /// again then), AlreadyRunning.
    void start();
    /// Lets the process end: clients get PeerDied, calls that run may finish until `stopTimeout`, then it is killed. Returns when it is
    /// gone, except in `changed`. No effect if there is none.
    void stop();

    /// Waits until it serves, for instance after a crash, and connects. Throws ServerNotFound if it is stopped or given up, with the
    /// reason; CallTimeout; AccessDenied and LimitExceeded as decoy::connect().
    [[nodiscard]] Connection connect(std::chrono::milliseconds timeout = std::chrono::seconds(10)) const;

    [[nodiscard]] IsolatedStatus status() const;
    [[nodiscard]] const std::string &name() const noexcept;

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// Whether this process was started by an IsolatedServer, to serve.
[[nodiscard]] bool isIsolatedChild() noexcept;

/// Serves in the process that an IsolatedServer has started, and returns what main() shall return, when it is to end. `fill` binds
/// classes and publishes objects, which must outlive this function unless they are shared; it may ask server.name() which one it is.
/// What it throws ends the start with that reason. Before this, main() should do nothing that the parent alone should do:
///
///     int main()
///     {
///         if (decoy::isIsolatedChild())
///             return decoy::serveIsolated([](decoy::ProxyServer &server) { … });
///         decoy::IsolatedServer bank("bank");
///         bank.start();
///
/// Throws ProxyError in any other process.
int serveIsolated(const std::function<void(ProxyServer &)> &fill, const ServerOptions &options = {});

/// The started process's tie to its IsolatedServer, for programs with an event loop of their own; others call serveIsolated().
/// One a process, in any thread.
class IsolatedChild {
public:
    /// Throws ProxyError in a process that no IsolatedServer has started, and the second time.
    IsolatedChild();

    /// The name to serve under.
    [[nodiscard]] const std::string &serverName() const noexcept { return m_serverName; }

    /// Call it once clients can connect: start() returns.
    void announceServing();
    /// Call it instead to give a reason, and exit.
    void announceFailure(std::string_view reason) noexcept;

    /// Becomes readable for poll() when this process shall end, and stays so.
    [[nodiscard]] int stopDescriptor() const noexcept { return m_lifeline.get(); }
    /// Returns when this process shall end.
    void waitForStop() const;

private:
    std::string m_serverName;
    FileDescriptor m_lifeline;
};

} // namespace decoy
