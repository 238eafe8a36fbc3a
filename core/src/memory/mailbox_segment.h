// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "memory/mailbox_names.h"

#include <decoy/shared_memory.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace decoy::memory {

/// The named memory of a mailbox, at its server's end. Peers of the reference unlink its name whenever one of their proxies is
/// collected or one of them exits: it is put back. Owns its names and removes them when destroyed. Keeps no descriptor, so that a
/// server may have thousands. Not thread-safe; its bytes are whoever's.
class MailboxSegment {
public:
    /// Makes memory of exactly `size` bytes, mode 0600, under the next of these names. Throws ProxyError.
    [[nodiscard]] static MailboxSegment create(const MailboxNames &names, std::size_t size);
    /// Serves in named memory that somebody has made; its public name stays theirs. Throws ArgumentError for memory that has no name
    /// or cannot be written, NameTaken if a live server uses it already.
    [[nodiscard]] static MailboxSegment adopt(const MailboxNames &names, SharedMemory memory);
    MailboxSegment(MailboxSegment &&other) noexcept = default;
    MailboxSegment &operator=(MailboxSegment &&) = delete;
    ~MailboxSegment();

    [[nodiscard]] const std::string &name() const noexcept { return m_memory.name(); }
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return m_memory.writableBytes(); }
    [[nodiscard]] dev_t device() const noexcept { return m_device; }
    [[nodiscard]] ino_t inode() const noexcept { return m_inode; }

    /// Removes the names now; the memory stays.
    void removeNames() noexcept;
    /// Puts the public name back if it is gone or stands for other memory. Does what it can.
    void restoreName() noexcept;
    /// Whether one of our own clients has a call under way.
    [[nodiscard]] bool hasLockingClient() const noexcept;

private:
    explicit MailboxSegment(SharedMemory memory);

    SharedMemory m_memory;
    std::string m_hiddenName; // empty if there is none
    bool m_ownsName = false;
    dev_t m_device = 0;
    ino_t m_inode = 0;
};

} // namespace decoy::memory
