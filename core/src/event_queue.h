// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"
#include "wire/event.h"

#include <decoy/subscription.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace decoy::detail {

/// One subscription at the client: the events that were read and not handled yet, and who handles them. Thread-safe.
class EventQueue final : public EventReceiver, public std::enable_shared_from_this<EventQueue> {
public:
    EventQueue(const std::shared_ptr<ClientLane> &lane, EventHandler handler, std::size_t size);

    /// From here on the lane brings the events with this number.
    std::uint64_t listen();
    /// The handler runs no more; waits for one that runs in another thread. The server is told.
    void stop() noexcept;

    bool add(std::span<const std::byte> frame, bool isLast) noexcept override;
    bool end(const Failure &why) noexcept override;
    void run() noexcept override;

    [[nodiscard]] bool isActive() const noexcept { return !m_isOver.load(std::memory_order_acquire); }
    [[nodiscard]] std::optional<Failure> reason() const;
    [[nodiscard]] std::uint64_t received() const noexcept { return m_received.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return m_dropped.load(std::memory_order_relaxed); }

private:
    [[nodiscard]] bool takeWaiting();
    void handleTaken();
    void handle(std::span<const std::byte> frame);
    void fail(const Failure &why) noexcept;
    void leaveLane() noexcept;

    const std::weak_ptr<ClientLane> m_lane; // which has this
    const EventHandler m_handler;
    const std::size_t m_size;
    std::atomic<std::uint64_t> m_number{0};
    std::atomic<std::uint64_t> m_received{0};
    std::atomic<std::uint64_t> m_dropped{0};
    std::atomic<bool> m_isOver{false};
    std::atomic<bool> m_isStopped{false};

    mutable std::mutex m_mutex;
    std::vector<std::byte> m_waiting; // size and bytes of one frame after the other
    bool m_isDue = false;             // run() was asked for, and has not come to its end
    std::optional<Failure> m_reason;

    std::recursive_mutex m_handling; // held while the handler runs, which may unsubscribe
    std::vector<std::byte> m_taken;  // these are for the one thread that run() is in
    wire::ObjectArena m_arena;
    std::uint64_t m_last = 0; // the number of the last event
};

} // namespace decoy::detail
