// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/tap.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace decoy::trace {

/// The ring between the server's threads and one watcher. Writers take turns under a short lock and never wait for the
/// watcher: what does not fit is counted and dropped.
class TapRing final : public Tap {
public:
    explicit TapRing(const TapOptions &options);

    /// Adds an event; `frame` is cut to the snap length here. From any thread.
    void emit(FrameEvent event, std::span<const std::byte> frame);

    std::size_t drain(const Visitor &visitor, std::size_t most) override;
    bool waitFor(std::chrono::nanoseconds time) override;
    void wake() override;
    [[nodiscard]] std::uint64_t emitted() const noexcept override { return m_emitted.load(std::memory_order_acquire); }
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return m_dropped.load(std::memory_order_acquire); }

private:
    void copyIn(std::uint64_t position, const void *data, std::size_t size) noexcept;
    void copyOut(std::uint64_t position, void *data, std::size_t size) const noexcept;
    [[nodiscard]] bool isEmpty() const noexcept
    {
        return m_written.load(std::memory_order_seq_cst) == m_read.load(std::memory_order_relaxed);
    }

    const std::size_t m_size; // a power of two
    const std::uint32_t m_snapLength;
    const std::unique_ptr<std::byte[]> m_memory;

    std::mutex m_writers;
    std::atomic<std::uint64_t> m_emitted{0};
    std::atomic<std::uint64_t> m_dropped{0};
    alignas(64) std::atomic<std::uint64_t> m_written{0};
    alignas(64) std::atomic<std::uint64_t> m_read{0};

    std::atomic<bool> m_sleeping{false};
    std::mutex m_sleepMutex;
    std::condition_variable m_wakened;
    bool m_wakeRequested = false;
    std::vector<std::byte> m_frame; // the reader's copy of one event's bytes
};

/// The taps of one server. Nobody watching costs one relaxed load a frame.
class TapHub {
public:
    /// Opens a tap that is in the hub until it is destroyed; it may outlive the hub.
    [[nodiscard]] static std::unique_ptr<Tap> open(const std::shared_ptr<TapHub> &hub, const TapOptions &options);

    [[nodiscard]] bool isWatched() const noexcept { return m_count.load(std::memory_order_relaxed) != 0; }
    void emit(const FrameEvent &event, std::span<const std::byte> frame);
    void remove(const TapRing *ring);

private:
    std::atomic<int> m_count{0};
    std::mutex m_mutex;
    std::vector<std::shared_ptr<TapRing>> m_rings;
};

} // namespace decoy::trace
