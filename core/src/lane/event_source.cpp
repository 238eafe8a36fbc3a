// SPDX-License-Identifier: BSD-3-Clause
#include "lane/event_source.h"

#include "memory/system_error.h"

#include <algorithm>
#include <cstdint>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace decoy::lane {

namespace {
void watch(const FileDescriptor &events, const FileDescriptor &descriptor)
{
    epoll_event event{};
    event.events = EPOLLIN;
    if (!events.isOpen() || !descriptor.isOpen()
        || epoll_ctl(events.get(), EPOLL_CTL_ADD, descriptor.get(), &event) != 0)
        memory::throwSystemError("make a descriptor for an event loop");
}
} // namespace

EventSource::EventSource(const FileDescriptor &socket)
    : m_events(epoll_create1(EPOLL_CLOEXEC)), m_timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))
{
    watch(m_events, m_signal.descriptor());
    watch(m_events, m_timer);
    watch(m_events, socket);
}

void EventSource::signal() noexcept
{
    if (m_isSignalled)
        return;
    m_isSignalled = true;
    m_signal.raise();
}

void EventSource::clear() noexcept
{
    if (!m_isSignalled)
        return;
    m_isSignalled = false;
    m_signal.clear();
}

void EventSource::wakeAt(detail::TimePoint time) noexcept
{
    itimerspec value{};
    if (time != detail::TimePoint::max()) {
        constexpr long second = 1'000'000'000;
        const long ns = std::chrono::nanoseconds(time.time_since_epoch()).count();
        value.it_value = {ns / second, std::max(ns % second, 1L)}; // 0 would disarm it
    }
    timerfd_settime(m_timer.get(), TFD_TIMER_ABSTIME, &value, nullptr);
}

void EventSource::forget(const FileDescriptor &socket) noexcept
{
    epoll_ctl(m_events.get(), EPOLL_CTL_DEL, socket.get(), nullptr);
}

} // namespace decoy::lane
