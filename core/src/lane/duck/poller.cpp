// SPDX-License-Identifier: BSD-3-Clause
#include "lane/duck/poller.h"

#include "memory/system_error.h"
#include "trace/clock.h"

#include <algorithm>
#include <array>
#include <new>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace decoy::lane::duck {

namespace {

constexpr std::int64_t microsecond = 1'000;
constexpr std::int64_t millisecond = 1'000 * microsecond;

/// How long to look without a pause after a request: a client that calls again at once does so within the longer time. One that
/// did not the last time gets the shorter one.
constexpr std::int64_t eagerTime = 2 * millisecond;
constexpr std::int64_t eagerTimeForRareCalls = 200 * microsecond;

/// A mailbox that was used in this time is looked at in every scan.
constexpr std::int64_t recentTime = 1'000 * millisecond;

/// Between two looks at mailboxes that are quiet. Each look is a cache miss or two.
constexpr std::int64_t fullScanInterval = 5 * millisecond;
constexpr std::int64_t fullScanTimePerMailbox = 10 * microsecond;

std::int64_t pauseAfter(std::int64_t quietTime) noexcept
{
    if (quietTime < 20 * millisecond)
        return 200 * microsecond;
    return quietTime < 200 * millisecond ? millisecond : fullScanInterval;
}

FileDescriptor createTimer()
{
    FileDescriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!timer.isOpen())
        memory::throwSystemError("create a timer");
    return timer;
}

FileDescriptor watchNames()
{
    // A system that has no watch left serves all the same: names are also put back before a client needs them.
    FileDescriptor names(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (names.isOpen())
        inotify_add_watch(names.get(), memory::sharedMemoryFolder, IN_DELETE | IN_MOVED_FROM | IN_ONLYDIR);
    return names;
}

} // namespace

Poller::Poller(std::shared_ptr<const Mailboxes> mailboxes)
    : m_mailboxes(std::move(mailboxes)), m_timer(createTimer()), m_unlinked(watchNames())
{
    if (!m_mailboxes->isEmpty())
        wake();
}

bool Poller::isDue() const noexcept
{
    const std::int64_t due = m_due.load(std::memory_order_relaxed);
    return due != never && due <= trace::now();
}

void Poller::adoptChanges() noexcept
try {
    const std::uint64_t generation = m_mailboxes->generation();
    if (generation == m_generation)
        return;
    Mailboxes::List all = m_mailboxes->all();
    m_recent.clear();
    m_recent.reserve(all.size()); // so that noteRequest() needs no memory
    m_all = std::move(all);
    m_generation = generation;
    m_nextFullScan = 0;
} catch (const std::bad_alloc &) {
    // Looks at those it knows; the next scan tries again.
}

void Poller::beginScan(std::int64_t now)
{
    adoptChanges();
    m_isFullScan = now >= m_nextFullScan;
    if (!m_isFullScan)
        return;
    if (const std::int64_t lease = m_mailboxes->lease()) {
        for (const auto &channel : m_all)
            channel->checkLease(now - lease);
    }
    std::erase_if(m_recent, [now](const auto &channel) { return now - channel->lastRequest() > recentTime; });
    m_nextFullScan = now + std::max(fullScanInterval, fullScanTimePerMailbox * static_cast<std::int64_t>(m_all.size()));
}

void Poller::noteRequest(const std::shared_ptr<Channel> &channel)
{
    const std::int64_t time = channel->lastRequest();
    m_eagerUntil = time + (time - m_lastRequest < eagerTime ? eagerTime : eagerTimeForRareCalls);
    m_lastRequest = time;
    if (m_isFullScan && std::ranges::find(m_recent, channel) == m_recent.end())
        m_recent.push_back(channel);
}

void Poller::endScan(std::int64_t now)
{
    std::int64_t due = now;
    if (m_all.empty())
        due = never;
    else if (now >= m_eagerUntil)
        due = std::min(now + pauseAfter(now - m_lastRequest), m_nextFullScan);
    m_due.store(due, std::memory_order_seq_cst); // before the look below: see wake()
    if (m_mailboxes->generation() != m_generation)
        m_due.store(now, std::memory_order_relaxed); // a mailbox was added while we looked
}

void Poller::setTimer(std::int64_t time) noexcept
{
    constexpr std::int64_t second = 1'000'000'000;
    const itimerspec value{{0, 0}, {time / second, time % second}};
    timerfd_settime(m_timer.get(), TFD_TIMER_ABSTIME, &value, nullptr);
}

void Poller::rest() noexcept
{
    if (const std::int64_t due = m_due.load(std::memory_order_relaxed); due != never)
        setTimer(due);
}

void Poller::wake() noexcept
{
    const std::int64_t now = trace::now();
    m_due.store(now, std::memory_order_seq_cst);
    setTimer(now);
}

void Poller::restoreNames()
{
    alignas(inotify_event) std::array<char, 4096> events;
    for (;;) {
        const ssize_t size = read(m_unlinked.get(), events.data(), events.size());
        if (size <= 0)
            return;
        for (ssize_t offset = 0; offset < size;) {
            const auto &event = *reinterpret_cast<const inotify_event *>(events.data() + offset);
            restoreName(event.len != 0 ? std::string_view(event.name) : std::string_view());
            offset += static_cast<ssize_t>(sizeof event + event.len);
        }
    }
}

void Poller::restoreName(std::string_view name)
{
    if (name.empty()) { // so many were unlinked that the system has not kept their names
        for (const auto &channel : m_mailboxes->all())
            channel->restoreName();
    } else if (const auto channel = m_mailboxes->find(name)) {
        channel->restoreName();
    }
}

} // namespace decoy::lane::duck
