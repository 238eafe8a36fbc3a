// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/shared_memory.h>

#include <string>
#include <string_view>

namespace decoy::memory {

/// Where the system keeps named shared memory.
inline constexpr const char *sharedMemoryFolder = "/dev/shm";

/// The names that one server gives to the memory of its mailboxes.
///
/// Each has a public name for its peers and a hidden one that keeps the memory when they unlink that. A file beside them holds a
/// lock while the server lives; the kernel drops it with the process, so clients can see a dead server, and the next server clears
/// away what it left. All names are random: nobody can guess one and put memory of his own in its place.
class MailboxNames {
public:
    /// Throws ProxyError.
    MailboxNames();
    ~MailboxNames();
    MailboxNames(const MailboxNames &) = delete;
    MailboxNames &operator=(const MailboxNames &) = delete;

    /// A new public name.
    [[nodiscard]] std::string next() const;
    /// The hidden name that belongs to a public one.
    [[nodiscard]] static std::string hiddenNameOf(std::string_view name) { return "." + std::string(name); }

private:
    const std::string m_prefix; // of all names, the dot of the hidden ones apart
    FileDescriptor m_life;      // the file with the lock
};

/// Whether a mailbox of this name is one of ours, and not of the reference.
[[nodiscard]] bool isOwnMailboxName(std::string_view name) noexcept;
/// Whether such a mailbox was closed, or its server is gone. False where that cannot be told.
[[nodiscard]] bool isServerGone(std::string_view name) noexcept;

/// Removes what killed servers of this user have left behind.
void clearDeadMailboxes() noexcept;

/// Sixteen hexadecimal digits that nobody can guess. Throws ProxyError.
[[nodiscard]] std::string randomDigits();
/// The path of named shared memory.
[[nodiscard]] std::string sharedMemoryPath(std::string_view name);
/// Makes a file of this size in that folder, which has no name yet. Throws ProxyError.
[[nodiscard]] FileDescriptor createUnnamedFile(std::size_t size);
/// Gives an open file a name in that folder. False if it cannot have it.
[[nodiscard]] bool linkFile(int descriptor, std::string_view name);

} // namespace decoy::memory
