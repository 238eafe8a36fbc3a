// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/shared_memory.h>

namespace decoy::memory {

/// A descriptor that one thread makes readable to wake another one, which sleeps in poll() or epoll_wait(). Thread-safe.
class EventSignal {
public:
    /// Throws ProxyError if the system has no descriptor left.
    EventSignal();

    [[nodiscard]] const FileDescriptor &descriptor() const noexcept { return m_event; }
    /// Makes it readable; to an edge-triggered epoll each time anew, so that nobody has to clear it there.
    void raise() const noexcept;
    void clear() const noexcept;

private:
    const FileDescriptor m_event;
};

} // namespace decoy::memory
