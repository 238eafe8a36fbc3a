// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "memory/event_signal.h"

#include <decoy/async_state.h>
#include <decoy/shared_memory.h>

namespace decoy::lane {

/// What an event loop polls in place of a channel: readable while the channel's socket is, after signal(), and at a time. Not thread-safe, the
/// descriptor apart.
class EventSource {
public:
    /// Throws ProxyError if the system has no descriptor left.
    explicit EventSource(const FileDescriptor &socket);

    [[nodiscard]] int descriptor() const noexcept { return m_events.get(); }
    /// Makes it readable until clear().
    void signal() noexcept;
    void clear() noexcept;
    /// Makes it readable from that time on, until the next wakeAt(); never for TimePoint::max().
    void wakeAt(detail::TimePoint time) noexcept;
    /// The socket has hung up, which would keep it readable for ever.
    void forget(const FileDescriptor &socket) noexcept;

private:
    const FileDescriptor m_events;
    const memory::EventSignal m_signal;
    const FileDescriptor m_timer;
    bool m_isSignalled = false;
};

} // namespace decoy::lane
