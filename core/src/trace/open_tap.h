// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/tap_hub.h"
#include "trace/tap_ring.h"

#include <condition_variable>

namespace decoy::trace {

/// What a watcher holds: its ring, its counts, and its place in the hub. The hub writes, under its mutex; one thread reads.
class OpenTap final : public Tap {
public:
    /// Under the hub's mutex; `bit` is its own there.
    OpenTap(std::shared_ptr<TapHub> hub, std::uint64_t bit, const TapOptions &options);
    ~OpenTap() override;

    std::size_t drain(const Visitor &visitor, std::size_t most) override;
    bool waitFor(std::chrono::nanoseconds time) override;
    void wake() override;
    [[nodiscard]] std::uint64_t emitted() const noexcept override { return counted(m_emitted); }
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return counted(m_dropped); }

    [[nodiscard]] std::uint64_t bit() const noexcept { return m_bit; }
    [[nodiscard]] TapRing &ring() noexcept { return m_ring; }

    /// For the hub: counts an event, and writes it if this tap is to take it. `missed` are the frames that the hub has counted for
    /// all. False if the event was dropped.
    bool write(bool takes, std::uint64_t missed, const FrameEvent &event, std::span<const std::byte> frame) noexcept;

private:
    [[nodiscard]] std::uint64_t counted(const std::atomic<std::uint64_t> &own) const noexcept
    {
        return own.load(std::memory_order_acquire) + m_hub->m_missed.load(std::memory_order_acquire) - m_missedBefore;
    }
    [[nodiscard]] bool refusesAny() const noexcept;
    void takeAgain() noexcept;

    const std::shared_ptr<TapHub> m_hub;
    const std::uint64_t m_bit;
    const std::uint64_t m_missedBefore; // by the hub, before this tap was opened
    TapRing m_ring;
    std::atomic<std::uint64_t> m_emitted{0}; // without those that the hub has counted for all
    std::atomic<std::uint64_t> m_dropped{0};

    // Under the hub's mutex.
    bool m_isSleeping = false;
    bool m_isWakeRequested = false;
    std::condition_variable m_wakened;
};

} // namespace decoy::trace
