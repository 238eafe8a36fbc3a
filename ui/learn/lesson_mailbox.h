// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/frame.h>
#include <decoy/shared_memory.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace decoy {
class ProxyServer;
}

namespace decoy::ui {

/// A mailbox of the server in this process, and the client of the Duck protocol that uses it by hand. Closed when destroyed.
///
/// Nothing here waits: the client writes, and looks whenever it is told to.
class LessonMailbox {
public:
    /// The smallest that a server opens: all of it can be seen at once.
    static constexpr std::uint32_t size = 64;

    /// Opens one to the object. Throws ProxyObjectNotFound, ProxyError. The server must outlive it.
    LessonMailbox(ProxyServer &server, std::uint64_t object);
    ~LessonMailbox();
    LessonMailbox(const LessonMailbox &) = delete;
    LessonMailbox &operator=(const LessonMailbox &) = delete;

    [[nodiscard]] const std::string &segment() const noexcept { return m_memory.name(); }
    [[nodiscard]] std::uint64_t object() const noexcept { return m_object; }

    /// What stands there now: a copy, of the size that was mapped, whatever a peer may have written.
    [[nodiscard]] std::vector<std::byte> bytes() const;

    /// The first half of a request: length 0, then all that follows the length. The server takes the mailbox for empty.
    void writeBody(const Frame &request);
    /// The second half: the length, in one store. From here on the server may answer.
    void writeLength();
    /// The frame that stands there. Throws EmptyData, DataTooBigError, DataDecodeError.
    [[nodiscard]] Frame read() const;

private:
    void storeLength(std::uint32_t length) const noexcept;

    ProxyServer &m_server;
    const std::uint64_t m_object;
    SharedMemory m_memory;
    std::uint32_t m_length = 0; ///< of the request that was written
};

} // namespace decoy::ui
