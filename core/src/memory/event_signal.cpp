// SPDX-License-Identifier: BSD-3-Clause
#include "memory/event_signal.h"

#include "memory/system_error.h"

#include <sys/eventfd.h>

namespace decoy::memory {

EventSignal::EventSignal() : m_event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (!m_event.isOpen())
        throwSystemError("create an eventfd");
}

// Neither can fail in a way that matters: what is raised already may overflow, what is not raised has nothing to be read.
void EventSignal::raise() const noexcept { (void)eventfd_write(m_event.get(), 1); }

void EventSignal::clear() const noexcept
{
    eventfd_t times = 0;
    (void)eventfd_read(m_event.get(), &times);
}

} // namespace decoy::memory
