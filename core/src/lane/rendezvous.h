// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/shared_memory.h>

#include <string>
#include <string_view>
#include <vector>

namespace decoy::lane {

/// Throws ArgumentError unless `name` is one to sixty-four letters, digits, '-', '_' or '.', the first one no '.'.
void checkServerName(std::string_view name);

/// The folder of all servers of this user: `decoy` in $XDG_RUNTIME_DIR, or `/tmp/decoy-<user>`. Created with mode 0700 where it
/// is missing. Throws AccessDenied if somebody else owns it or could write to it: then its sockets cannot be trusted.
[[nodiscard]] std::string runtimeDirectory();

/// A server's place in that folder: a lock that only one live process can hold, and a listening socket.
///
/// The kernel drops the lock with the process, so a dead server's name is free at once and never stolen from a live one.
/// Owns both; removes the files when destroyed.
class Rendezvous {
public:
    /// Throws NameTaken if a live server has the name, AccessDenied, ProxyError.
    [[nodiscard]] static Rendezvous claim(std::string_view name);
    Rendezvous(Rendezvous &&other) noexcept = default;
    Rendezvous &operator=(Rendezvous &&) = delete;
    ~Rendezvous();

    /// Listens; non-blocking.
    [[nodiscard]] const FileDescriptor &socket() const noexcept { return m_socket; }

private:
    Rendezvous() = default;
    std::string m_path; // without the ending
    FileDescriptor m_lock;
    FileDescriptor m_socket;
};

/// A socket that is connected to the server `name`. Throws ServerNotFound, AccessDenied, ProxyError.
[[nodiscard]] FileDescriptor connectTo(std::string_view name);

/// Names of servers whose lock is held, sorted.
[[nodiscard]] std::vector<std::string> findLiveServers();

} // namespace decoy::lane
