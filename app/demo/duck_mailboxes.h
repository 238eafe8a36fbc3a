// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/duck.h>
#include <decoy/shared_memory.h>

#include <QObject>

#include <atomic>
#include <cstdint>
#include <string>

namespace decoy {
class ProxyServer;
}

namespace decoy::demo {

/// Mailboxes to the published objects of a server, for processes that speak nothing but the Duck protocol. Such a client never
/// says that it leaves, so each mailbox is for one process, and is closed when that ends.
///
/// Belongs in a thread with an event loop, which notices the end of a process.
class DuckMailboxes {
public:
    /// Mailboxes at the same time: each costs memory, and clients decide how many there are.
    static constexpr int most = 100;

    /// Tells whose objects they are about; do it before open(). The server must live for as long as the event loop runs.
    void attach(ProxyServer &server) noexcept { m_server = &server; }

    /// Opens a mailbox to a published object for a process that runs, and says where it is. Thread-safe.
    /// Throws ProxyObjectNotFound, ArgumentError, LimitExceeded.
    [[nodiscard]] DuckAddress open(const std::string &object, std::int32_t process);

private:
    [[nodiscard]] std::uint64_t idOf(const std::string &object) const;
    void closeAtEndOf(FileDescriptor process, const std::string &segment);

    ProxyServer *m_server = nullptr;
    std::atomic<int> m_count = 0;
    QObject m_inThread; // what is posted to it runs in its thread
};

} // namespace decoy::demo
