// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_store.h"

#include <decoy/tap.h>

#include <QObject>
#include <QTimer>

#include <atomic>
#include <memory>
#include <thread>

namespace decoy::ui {

/// Exactly what became of the frames that the server reported, over all captures since the last clear.
struct CaptureCounts {
    std::uint64_t emitted = 0;  ///< by the server while a capture ran
    std::uint64_t captured = 0; ///< in the store, or discarded from it
    std::uint64_t dropped = 0;  ///< lost because the collector was too slow; counted, never silent

    /// Frames that wait in the tap's ring right now. 0 when no capture runs.
    [[nodiscard]] std::uint64_t lag() const noexcept { return emitted - std::min(emitted, captured + dropped); }
    bool operator==(const CaptureCounts &) const = default;
};

/// Moves frames from a server's tap into a store, in a thread of its own, and tells the UI thread that there are new ones:
/// at most 30 times a second, and never while nothing happens. Neither thread wakes up when there is no traffic.
///
/// Belongs to the UI thread. The store must outlive it.
class TrafficCollector : public QObject {
    Q_OBJECT

public:
    explicit TrafficCollector(FrameStore &store, QObject *parent = nullptr);
    ~TrafficCollector() override;

    /// Captures what the tap sees from now on. A capture that runs is stopped before.
    void start(std::unique_ptr<Tap> tap);
    /// Takes what has been emitted up to now, then closes the tap. The store keeps its frames.
    void stop();
    [[nodiscard]] bool isCapturing() const noexcept { return m_thread.joinable(); }

    /// Forgets the frames of the store, and the counts.
    void clear();

    [[nodiscard]] CaptureCounts counts() const noexcept;

signals:
    /// The store has changed. Views take a new snapshot now, not before.
    void updated();
    void capturingChanged(bool capturing);

private:
    void collect();
    std::size_t drainBatch();
    void announce();
    void tick();

    FrameStore &m_store;
    std::unique_ptr<Tap> m_tap;
    std::thread m_thread;
    std::atomic<bool> m_stopping = false;
    std::atomic<bool> m_announced = false; ///< the UI thread has been told and has not gone back to sleep yet

    std::atomic<std::uint64_t> m_captured = 0;
    CaptureCounts m_before; ///< of the captures before this one
    std::uint64_t m_emittedBefore = 0; ///< by this tap, when the counts were last cleared
    std::uint64_t m_droppedBefore = 0;

    QTimer m_timer;
    TrafficCounters m_seen;
    std::uint64_t m_seenGeneration = 0;
};

} // namespace decoy::ui
