// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/tap.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace decoy::trace {

/// The ring between a server's threads and one watcher. One thread at a time writes, one reads, and neither waits for the
/// other: what does not fit is refused.
class TapRing {
public:
    explicit TapRing(const TapOptions &options);

    /// Writer: whether a call may begin here whose request has `frameSize` bytes. The last eighth of the ring is kept for
    /// what follows of calls that have begun already.
    [[nodiscard]] bool hasRoomToBegin(std::size_t frameSize) noexcept;
    /// Writer: whether a frame may be taken that belongs to no call. There may be any number of them, so half of the ring stays
    /// for calls.
    [[nodiscard]] bool hasRoomForSingle(std::size_t frameSize) noexcept;
    /// Writer: adds an event; `frame` is cut to the snap length here. False if it does not fit.
    [[nodiscard]] bool append(FrameEvent event, std::span<const std::byte> frame) noexcept;

    /// Reader: visits what is there, at most `most` events.
    std::size_t drain(const Tap::Visitor &visitor, std::size_t most);
    /// Reader, or who keeps it from reading.
    [[nodiscard]] bool isEmpty() const noexcept { return used() == 0; }
    [[nodiscard]] bool isHalfEmpty() const noexcept { return used() <= m_size / 2; }
    [[nodiscard]] bool isMostlyEmpty() const noexcept { return used() <= m_size / 4; }

private:
    [[nodiscard]] std::uint64_t used() const noexcept
    {
        return m_written.load(std::memory_order_acquire) - m_read.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint32_t captured(std::size_t frameSize) const noexcept;
    [[nodiscard]] bool fits(std::size_t size, std::size_t limit) noexcept;
    void copyIn(std::uint64_t position, std::span<const std::byte> bytes) noexcept;
    void copyOut(std::uint64_t position, std::span<std::byte> bytes) const noexcept;
    [[nodiscard]] std::span<const std::byte> frameAt(std::uint64_t position, std::size_t size);

    const std::size_t m_size; // a power of two
    const std::uint32_t m_snapLength;
    const std::unique_ptr<std::byte[]> m_memory;

    alignas(64) std::atomic<std::uint64_t> m_written{0};
    std::uint64_t m_lastRead = 0; // the writer's: where the reader was when it was last looked for
    alignas(64) std::atomic<std::uint64_t> m_read{0};
    std::vector<std::byte> m_frame; // the reader's: a frame that goes over the ring's end
};

} // namespace decoy::trace
