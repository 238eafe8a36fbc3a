// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/tap_ring.h"

#include <decoy/tap.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace decoy::trace {

class OpenTap;

/// What the taps made of a call's request, so that they make the same of all that follows of the call.
struct CallTrace {
    std::int64_t taken = 0;      ///< when its request was taken, CLOCK_MONOTONIC, ns; 0 if nobody wanted to know
    std::uint64_t refusedBy = 0; ///< a bit for each tap that had no room for its request
};

/// The taps of one server. Nobody watching costs one relaxed load a frame, and watchers that are all behind one more atomic
/// addition: events are made only for taps that take them. Thread-safe.
///
/// A tap whose ring is nearly full takes no more calls until half of it is empty again. It refuses whole calls, their results
/// included, so what it has seen is complete; and it refuses them in runs, because both filling a ring and refusing are cheap,
/// but going on at the edge between them is not. Frames that belong to no call are refused by the same rule, but earlier: they get
/// no more than half of the ring, so a flood of events drowns no calls.
class TapHub {
public:
    /// Opens a tap that is in the hub until it is destroyed; it may outlive the server. Throws LimitExceeded if there are too
    /// many.
    [[nodiscard]] static std::unique_ptr<Tap> open(const std::shared_ptr<TapHub> &hub, const TapOptions &options);

    [[nodiscard]] bool isWatched() const noexcept { return m_watching.load(std::memory_order_relaxed) != 0; }

    /// A request. `makeEvent()` is called, under a lock, only if a tap takes it.
    template <class MakeEvent>
    CallTrace begin(std::span<const std::byte> frame, const MakeEvent &makeEvent)
    {
        const std::uint64_t watching = m_watching.load(std::memory_order_relaxed);
        if (watching == 0)
            return {};
        if (m_taking.load(std::memory_order_relaxed) != 0) {
            const std::lock_guard lock(m_mutex);
            if (const std::uint64_t takers = takersOf(m_taking, &TapRing::hasRoomToBegin, frame.size())) {
                const FrameEvent event = makeEvent();
                return {.taken = event.time, .refusedBy = write(takers, event, frame)};
            }
        }
        miss();
        return {.refusedBy = watching};
    }

    /// A frame that belongs to a call whose request was taken before.
    template <class MakeEvent>
    void follow(const CallTrace &call, std::span<const std::byte> frame, const MakeEvent &makeEvent)
    {
        const std::uint64_t watching = m_watching.load(std::memory_order_relaxed);
        if (watching == 0)
            return;
        if ((watching & ~call.refusedBy) == 0)
            return miss();
        const std::lock_guard lock(m_mutex);
        write(~call.refusedBy, makeEvent(), frame);
    }

    /// A frame that belongs to no call: nothing follows from whether it was taken.
    template <class MakeEvent>
    void single(std::span<const std::byte> frame, const MakeEvent &makeEvent)
    {
        if (!isWatched())
            return;
        if (m_takingSingles.load(std::memory_order_relaxed) != 0) {
            const std::lock_guard lock(m_mutex);
            if (const std::uint64_t takers = takersOf(m_takingSingles, &TapRing::hasRoomForSingle, frame.size())) {
                write(takers, makeEvent(), frame);
                return;
            }
        }
        miss();
    }

private:
    friend class OpenTap;

    void miss() noexcept { m_missed.fetch_add(1, std::memory_order_release); }
    /// The taps among `taking` that have room; what has none is taken out from here on.
    [[nodiscard]] std::uint64_t takersOf(std::atomic<std::uint64_t> &taking,
                                         bool (TapRing::*hasRoom)(std::size_t frameSize) noexcept,
                                         std::size_t frameSize) noexcept;
    /// Counts an event for all taps, and writes it into the rings of `takers`. Returns the taps that have not got it.
    std::uint64_t write(std::uint64_t takers, const FrameEvent &event, std::span<const std::byte> frame) noexcept;

    std::atomic<std::uint64_t> m_watching{0};      // a bit for each tap; changed under the mutex
    std::atomic<std::uint64_t> m_taking{0};        // those of them that take new calls; changed under the mutex
    std::atomic<std::uint64_t> m_takingSingles{0}; // the same for frames that belong to no call
    std::atomic<std::uint64_t> m_missed{0}; // frames that no tap took, which were counted for all of them in one go
    std::mutex m_mutex;                     // who holds it writes into all rings
    std::vector<OpenTap *> m_taps;
};

} // namespace decoy::trace
