// SPDX-License-Identifier: BSD-3-Clause
#include "trace/tap_ring.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace decoy::trace {

namespace {
constexpr std::size_t smallestRing = 64 * 1024;
constexpr std::size_t largestRing = std::size_t{1} << 30;

constexpr std::size_t padded(std::size_t size) noexcept { return (size + 7) / 8 * 8; }
} // namespace

TapRing::TapRing(const TapOptions &options)
    : m_size(std::bit_ceil(std::clamp(options.ringSize, smallestRing, largestRing))),
      m_snapLength(std::min(options.snapLength, static_cast<std::uint32_t>(m_size / 4))),
      m_memory(new std::byte[m_size])
{}

std::uint32_t TapRing::captured(std::size_t frameSize) const noexcept
{
    return static_cast<std::uint32_t>(std::min<std::size_t>(frameSize, m_snapLength));
}

bool TapRing::fits(std::size_t size, std::size_t limit) noexcept
{
    const std::uint64_t end = m_written.load(std::memory_order_relaxed) + size;
    if (end - m_lastRead <= limit)
        return true;
    m_lastRead = m_read.load(std::memory_order_acquire);
    return end - m_lastRead <= limit;
}

bool TapRing::hasRoomToBegin(std::size_t frameSize) noexcept
{
    return fits(sizeof(FrameEvent) + padded(captured(frameSize)), m_size - m_size / 8);
}

bool TapRing::hasRoomForSingle(std::size_t frameSize) noexcept
{
    return fits(sizeof(FrameEvent) + padded(captured(frameSize)), m_size / 2);
}

bool TapRing::append(FrameEvent event, std::span<const std::byte> frame) noexcept
{
    event.captured = captured(frame.size());
    if (event.captured < event.size)
        event.flags |= FrameEvent::Snapped;
    const std::size_t size = sizeof event + padded(event.captured);
    if (!fits(size, m_size))
        return false;
    const std::uint64_t position = m_written.load(std::memory_order_relaxed);
    copyIn(position, std::as_bytes(std::span(&event, 1)));
    copyIn(position + sizeof event, frame.first(event.captured));
    m_written.store(position + size, std::memory_order_release);
    return true;
}

std::size_t TapRing::drain(const Tap::Visitor &visitor, std::size_t most)
{
    std::size_t visited = 0;
    std::uint64_t position = m_read.load(std::memory_order_relaxed);
    const std::uint64_t end = m_written.load(std::memory_order_acquire);
    for (; position != end && visited < most; ++visited) {
        FrameEvent event;
        copyOut(position, std::as_writable_bytes(std::span(&event, 1)));
        visitor(event, frameAt(position + sizeof event, event.captured));
        position += sizeof event + padded(event.captured);
        m_read.store(position, std::memory_order_release);
    }
    return visited;
}

std::span<const std::byte> TapRing::frameAt(std::uint64_t position, std::size_t size)
{
    const std::size_t offset = position & (m_size - 1);
    if (size <= m_size - offset)
        return {m_memory.get() + offset, size};
    m_frame.resize(size);
    copyOut(position, m_frame);
    return m_frame;
}

void TapRing::copyIn(std::uint64_t position, std::span<const std::byte> bytes) noexcept
{
    const std::size_t offset = position & (m_size - 1);
    const auto first = bytes.first(std::min(bytes.size(), m_size - offset));
    std::ranges::copy(first, m_memory.get() + offset);
    std::ranges::copy(bytes.subspan(first.size()), m_memory.get());
}

void TapRing::copyOut(std::uint64_t position, std::span<std::byte> bytes) const noexcept
{
    const std::size_t offset = position & (m_size - 1);
    const std::size_t first = std::min(bytes.size(), m_size - offset);
    std::copy_n(m_memory.get() + offset, first, bytes.begin());
    std::copy_n(m_memory.get(), bytes.size() - first, bytes.begin() + static_cast<std::ptrdiff_t>(first));
}

} // namespace decoy::trace
