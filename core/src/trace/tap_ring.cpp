// SPDX-License-Identifier: BSD-3-Clause
#include "trace/tap_ring.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace decoy::trace {

namespace {

constexpr std::size_t padded(std::size_t size) noexcept { return (size + 7) / 8 * 8; }

/// What the watcher holds: the ring, and the end of its membership.
class OpenTap final : public Tap {
public:
    OpenTap(std::shared_ptr<TapHub> hub, std::shared_ptr<TapRing> ring) : m_hub(std::move(hub)), m_ring(std::move(ring))
    {}
    ~OpenTap() override { m_hub->remove(m_ring.get()); }

    std::size_t drain(const Visitor &visitor, std::size_t most) override { return m_ring->drain(visitor, most); }
    bool waitFor(std::chrono::nanoseconds time) override { return m_ring->waitFor(time); }
    void wake() override { m_ring->wake(); }
    [[nodiscard]] std::uint64_t emitted() const noexcept override { return m_ring->emitted(); }
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return m_ring->dropped(); }

private:
    std::shared_ptr<TapHub> m_hub;
    std::shared_ptr<TapRing> m_ring;
};

} // namespace

TapRing::TapRing(const TapOptions &options)
    : m_size(std::bit_ceil(std::clamp<std::size_t>(options.ringSize, 64 * 1024, std::size_t{1} << 30))),
      m_snapLength(std::min<std::uint32_t>(options.snapLength, static_cast<std::uint32_t>(m_size / 4))),
      m_memory(new std::byte[m_size])
{}

void TapRing::copyIn(std::uint64_t position, const void *data, std::size_t size) noexcept
{
    if (size == 0) // a snap length of 0: memcpy must not get null
        return;
    const std::size_t offset = position & (m_size - 1);
    const std::size_t first = std::min(size, m_size - offset);
    std::memcpy(m_memory.get() + offset, data, first);
    if (first < size)
        std::memcpy(m_memory.get(), static_cast<const std::byte *>(data) + first, size - first);
}

void TapRing::copyOut(std::uint64_t position, void *data, std::size_t size) const noexcept
{
    if (size == 0) // a snap length of 0: memcpy must not get null
        return;
    const std::size_t offset = position & (m_size - 1);
    const std::size_t first = std::min(size, m_size - offset);
    std::memcpy(data, m_memory.get() + offset, first);
    if (first < size)
        std::memcpy(static_cast<std::byte *>(data) + first, m_memory.get(), size - first);
}

void TapRing::emit(FrameEvent event, std::span<const std::byte> frame)
{
    event.captured = static_cast<std::uint32_t>(std::min<std::size_t>(frame.size(), m_snapLength));
    if (event.captured < event.size)
        event.flags |= FrameEvent::Snapped;
    const std::size_t size = sizeof event + padded(event.captured);
    {
        const std::lock_guard lock(m_writers);
        const std::uint64_t count = m_emitted.load(std::memory_order_relaxed);
        event.sequence = count;
        const std::uint64_t position = m_written.load(std::memory_order_relaxed);
        const bool fits = position + size - m_read.load(std::memory_order_acquire) <= m_size;
        if (fits) {
            copyIn(position, &event, sizeof event);
            copyIn(position + sizeof event, frame.data(), event.captured);
        } else {
            m_dropped.store(m_dropped.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        }
        m_emitted.store(count + 1, std::memory_order_release);
        if (!fits)
            return;
        m_written.store(position + size, std::memory_order_seq_cst);
    }
    if (m_sleeping.load(std::memory_order_seq_cst) && m_sleeping.exchange(false)) {
        const std::lock_guard lock(m_sleepMutex);
        m_wakened.notify_one();
    }
}

std::size_t TapRing::drain(const Visitor &visitor, std::size_t most)
{
    std::size_t visited = 0;
    std::uint64_t position = m_read.load(std::memory_order_relaxed);
    const std::uint64_t end = m_written.load(std::memory_order_acquire);
    while (position != end && visited < most) {
        FrameEvent event;
        copyOut(position, &event, sizeof event);
        m_frame.resize(event.captured);
        copyOut(position + sizeof event, m_frame.data(), event.captured);
        position += sizeof event + padded(event.captured);
        m_read.store(position, std::memory_order_release);
        visitor(event, m_frame);
        ++visited;
    }
    return visited;
}

bool TapRing::waitFor(std::chrono::nanoseconds time)
{
    std::unique_lock lock(m_sleepMutex);
    m_sleeping.store(true, std::memory_order_seq_cst);
    m_wakened.wait_for(lock, std::min<std::chrono::nanoseconds>(time, std::chrono::hours(24)),
                       [this] { return m_wakeRequested || !isEmpty(); });
    m_sleeping.store(false, std::memory_order_relaxed);
    m_wakeRequested = false;
    return !isEmpty();
}

void TapRing::wake()
{
    const std::lock_guard lock(m_sleepMutex);
    m_wakeRequested = true;
    m_wakened.notify_one();
}

std::unique_ptr<Tap> TapHub::open(const std::shared_ptr<TapHub> &hub, const TapOptions &options)
{
    auto ring = std::make_shared<TapRing>(options);
    {
        const std::lock_guard lock(hub->m_mutex);
        hub->m_rings.push_back(ring);
        hub->m_count.store(static_cast<int>(hub->m_rings.size()), std::memory_order_relaxed);
    }
    return std::make_unique<OpenTap>(hub, std::move(ring));
}

void TapHub::emit(const FrameEvent &event, std::span<const std::byte> frame)
{
    const std::lock_guard lock(m_mutex);
    for (const auto &ring : m_rings)
        ring->emit(event, frame);
}

void TapHub::remove(const TapRing *ring)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_rings, [ring](const auto &entry) { return entry.get() == ring; });
    m_count.store(static_cast<int>(m_rings.size()), std::memory_order_relaxed);
}

} // namespace decoy::trace
