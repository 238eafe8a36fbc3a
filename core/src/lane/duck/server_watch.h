// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/duck/segment_users.h"

#include <decoy/duck.h>
#include <decoy/shared_memory.h>

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace decoy::lane::duck {

/// What the kernel knows of the server behind a mailbox. Its peers share nothing but memory, which does not say when they die.
/// Thread-safe.
class ServerWatch {
public:
    /// `memory` is the mailbox's, and open.
    ServerWatch(const DuckAddress &address, const SharedMemory &memory);

    /// Whether the server is certainly gone. Costs a system call where its process is known or it is one of ours.
    [[nodiscard]] bool isGone() const noexcept;
    /// The same for servers that say nothing of themselves: nobody else has the memory mapped any more. False where nobody ever
    /// had, as far as the system lets us look. Takes milliseconds.
    [[nodiscard]] bool isDeserted() const;
    /// Whether it is a server of ours: it always answers, and takes no request that it has not marked.
    [[nodiscard]] bool isOwn() const noexcept { return m_isOwn; }
    /// Whether no thread of a server of the reference, which starts one for each request, is left that was started since then and
    /// could be working on a request of that time. Takes about a millisecond.
    [[nodiscard]] bool hasNoHandlerSince(std::uint64_t time) const;

private:
    [[nodiscard]] std::vector<pid_t> servers() const;

    const std::string m_segment;
    const bool m_isOwn;      // a server of ours, which always answers
    const pid_t m_processId; // 0 if it is not known
    const FileDescriptor m_process;
    dev_t m_device = 0;
    ino_t m_inode = 0;
    bool m_sawServer = false;
    std::vector<ThreadIdentity> m_bystanders; // threads that were there before our first request: none works on one
};

} // namespace decoy::lane::duck
