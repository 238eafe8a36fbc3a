// SPDX-License-Identifier: BSD-3-Clause
#include "lane/event_source.h"

#include "memory/system_error.h"

#include <algorithm>
#include <cstdint>
#include <sys/epoll.h>
#include <sys/eventfd.h>
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
    : m_events(epoll_create1(EPOLL_CLOEXEC)), m_signal(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      m_timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))
{
    watch(m_events, m_signal);
    watch(m_events, m_timer);
    watch(m_events, socket);
}

void EventSource::signal() noexcept
{
    if (m_isSignalled)
        return;
    m_isSignalled = true;
    const std::uint64_t one = 1;
    (void)!write(m_signal.get(), &one, sizeof one);
}

void EventSource::clear() noexcept
{
    if (!m_isSignalled)
        return;
    m_isSignalled = false;
    std::uint64_t count = 0;
    (void)!::read(m_signal.get(), &count, sizeof count);
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
