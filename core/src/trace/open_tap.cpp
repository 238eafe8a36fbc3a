// SPDX-License-Identifier: BSD-3-Clause
#include "trace/open_tap.h"

#include <algorithm>

namespace decoy::trace {

namespace {
/// Counters that one thread at a time changes, and any reads.
void increment(std::atomic<std::uint64_t> &counter) noexcept
{
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}
} // namespace

OpenTap::OpenTap(std::shared_ptr<TapHub> hub, std::uint64_t bit, const TapOptions &options)
    : m_hub(std::move(hub)), m_bit(bit), m_missedBefore(m_hub->m_missed.load(std::memory_order_relaxed)),
      m_ring(options)
{}

OpenTap::~OpenTap()
{
    const std::lock_guard lock(m_hub->m_mutex);
    std::erase(m_hub->m_taps, this);
    m_hub->m_taking.fetch_and(~m_bit, std::memory_order_relaxed);
    m_hub->m_takingSingles.fetch_and(~m_bit, std::memory_order_relaxed);
    m_hub->m_watching.fetch_and(~m_bit, std::memory_order_relaxed);
}

bool OpenTap::write(bool takes, std::uint64_t missed, const FrameEvent &event,
                    std::span<const std::byte> frame) noexcept
{
    FrameEvent numbered = event;
    numbered.sequence = m_emitted.load(std::memory_order_relaxed) + missed - m_missedBefore;
    increment(m_emitted); // first of all: whoever reads must never find more frames received than emitted
    if (!takes || !m_ring.append(numbered, frame)) {
        increment(m_dropped);
        return false;
    }
    if (m_isSleeping)
        m_wakened.notify_one();
    return true;
}

std::size_t OpenTap::drain(const Visitor &visitor, std::size_t most)
{
    const std::size_t visited = m_ring.drain(visitor, most);
    if (refusesAny()) {
        const std::lock_guard lock(m_hub->m_mutex);
        takeAgain();
    }
    return visited;
}

bool OpenTap::waitFor(std::chrono::nanoseconds time)
{
    std::unique_lock lock(m_hub->m_mutex);
    takeAgain(); // the last drain() may have ended just before the ring was found full
    m_isSleeping = true;
    m_wakened.wait_for(lock, std::min<std::chrono::nanoseconds>(time, std::chrono::hours(24)),
                       [this] { return m_isWakeRequested || !m_ring.isEmpty(); });
    m_isSleeping = false;
    m_isWakeRequested = false;
    return !m_ring.isEmpty();
}

void OpenTap::wake()
{
    const std::lock_guard lock(m_hub->m_mutex);
    m_isWakeRequested = true;
    m_wakened.notify_one();
}

bool OpenTap::refusesAny() const noexcept
{
    return (m_hub->m_taking.load(std::memory_order_relaxed) & m_hub->m_takingSingles.load(std::memory_order_relaxed)
            & m_bit)
        == 0;
}

void OpenTap::takeAgain() noexcept
{
    if (m_ring.isHalfEmpty())
        m_hub->m_taking.fetch_or(m_bit, std::memory_order_relaxed);
    if (m_ring.isMostlyEmpty())
        m_hub->m_takingSingles.fetch_or(m_bit, std::memory_order_relaxed);
}

} // namespace decoy::trace
