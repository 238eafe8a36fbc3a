// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_retention.h"
#include "trace/frame_snapshot.h"
#include "trace/open_calls.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <span>

namespace decoy::ui {

class FrameObserver;

/// What happened since the last clear(), discarded frames included. Ever growing; rates are differences of two of them.
struct TrafficCounters {
    std::uint64_t frames = 0;
    std::uint64_t calls = 0; ///< requests that want an answer
    std::uint64_t results = 0;
    std::uint64_t errors = 0;    ///< results that carry an error
    std::uint64_t callbacks = 0; ///< calls of the server to what clients have lent; not among the calls
    std::uint64_t events = 0;    ///< EVENTs, which are no calls; the lost ones too
    std::uint64_t bytes = 0;     ///< of whole frames, as they travelled
    std::uint64_t lost = 0;      ///< frames missing between captured ones
    std::uint64_t discarded = 0; ///< captured, then given up to stay below the caps of memory and disk
    bool operator==(const TrafficCounters &) const = default;
};

/// All captured frames: append-only, in chunks, bounded by a memory cap and, for the older ones, a disk cap.
///
/// Threads: one at a time writes, through a Writer; any number read, through snapshots, without waiting for it.
class FrameStore {
public:
    explicit FrameStore(const FrameStoreOptions &options = {});
    ~FrameStore();
    FrameStore(const FrameStore &) = delete;
    FrameStore &operator=(const FrameStore &) = delete;

    /// The right to append. Take one for a batch of frames, not for each; clear() waits meanwhile.
    class Writer {
    public:
        /// Adds a frame and finds the earlier frames of its call. Visible to the next snapshot.
        void append(const FrameEvent &event, std::span<const std::byte> bytes) { m_store.append(event, bytes); }
        /// Says that the tap's next frame is not recorded, so that it is not taken for one that was lost.
        void skip() { ++m_store.m_expectedSequence; }
        /// Says that the next frame comes from a new tap: sequence numbers, connections and call ids start again.
        void beginCapture() { m_store.beginCapture(); }
        /// As FrameStore::clear(), for who must keep others from writing meanwhile.
        void clear() { m_store.forgetAll(); }

    private:
        friend class FrameStore;
        explicit Writer(FrameStore &store) : m_lock(store.m_writing), m_store(store) {}
        std::unique_lock<std::mutex> m_lock;
        FrameStore &m_store;
    };
    [[nodiscard]] Writer writer() { return Writer(*this); }

    /// Tells `observer`, which must outlive the store's writers, of every frame from now on; null: nobody.
    void setObserver(FrameObserver *observer);

    /// Forgets all frames and counts. Rows start again at 0, in a new generation.
    void clear() { writer().clear(); }

    [[nodiscard]] FrameSnapshot snapshot() const;
    [[nodiscard]] TrafficCounters counters() const noexcept;

    /// How many frames have come since the last clear(); cheap, to see whether there is anything new.
    [[nodiscard]] Row endRow() const noexcept { return m_counters.frames.load(std::memory_order_acquire); }
    /// The oldest frame that is still there.
    [[nodiscard]] Row firstRow() const noexcept { return discarded(); }
    /// Frames that were captured but given up to stay below the caps.
    [[nodiscard]] std::uint64_t discarded() const noexcept
    {
        return m_counters.discarded.load(std::memory_order_relaxed);
    }
    /// How often it was cleared; see FrameSnapshot::generation().
    [[nodiscard]] std::uint64_t generation() const noexcept { return m_generation.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t memoryUsed() const noexcept { return m_retention.memoryUsed(); }
    /// Where the frames are. For people: takes a lock.
    [[nodiscard]] FrameStorage storage() const { return m_retention.storage(); }

private:
    /// Written by the writer only, read by anyone.
    struct Counters {
        std::atomic<std::uint64_t> frames = 0, calls = 0, results = 0, errors = 0, callbacks = 0, events = 0, bytes = 0,
                                   lost = 0, discarded = 0;
    };

    void append(const FrameEvent &event, std::span<const std::byte> bytes);
    void beginCapture();
    void forgetAll();
    void openChunk(Row firstRow, std::int64_t time);
    void count(const FrameEvent &event, std::uint32_t lost) noexcept;
    [[nodiscard]] std::uint32_t linkToCall(const FrameEvent &event, Row row) noexcept;
    [[nodiscard]] std::uint32_t lostBefore(const FrameEvent &event) noexcept;
    [[nodiscard]] FrameChunk *chunkOf(Row row) noexcept;

    std::mutex m_writing;

    // The writer's own.
    FrameObserver *m_observer = nullptr;
    OpenCalls m_openCalls;
    std::uint64_t m_expectedSequence = 0;

    mutable std::mutex m_publishing; ///< held for a few instructions only
    std::shared_ptr<const FrameSnapshot::Chunks> m_chunks;
    std::atomic<std::uint64_t> m_generation = 0;
    std::int64_t m_origin = 0;

    Counters m_counters;
    FrameRetention m_retention;
};

} // namespace decoy::ui
