// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/proxy_server.h>

#include <atomic>
#include <string>
#include <vector>

/// What the tests of isolation serve in a process of its own.
namespace decoy::test {

/// An object that takes its process along.
class Bomb {
public:
    void raise(int signal) const;
    void exit(int status) const;
    /// Never returns.
    void hang();
    /// Calls that do so.
    [[nodiscard]] int hanging() const { return m_hanging; }
    /// Appends a line to a file: what was written stays when the process goes.
    void note(const std::string &file, const std::string &line) const;
    /// What the process's descriptors stand for, descriptor 0 first.
    [[nodiscard]] std::vector<std::string> openFiles() const;
    [[nodiscard]] std::string variable(const std::string &name) const;
    [[nodiscard]] std::vector<std::string> arguments() const;

private:
    std::atomic<int> m_hanging{0};
};

/// Publishes a bomb, unless the server's name asks for a process that fails in another way: "throws", "sleeps", "babbles".
void fillIsolated(ProxyServer &server);

} // namespace decoy::test
