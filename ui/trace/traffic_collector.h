// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_budget.h"
#include "trace/frame_store.h"
#include "trace/record_rules.h"

#include <decoy/tap.h>

#include <QObject>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace decoy::ui {

/// Exactly what became of the frames that the server reported, over all captures since the last clear.
struct CaptureCounts {
    std::uint64_t emitted = 0;  ///< by the server while a capture ran
    std::uint64_t captured = 0; ///< put into the store
    std::uint64_t dropped = 0;  ///< not taken: beyond the budget, or faster than the collector is
    std::uint64_t skipped = 0;  ///< not recorded, because the rules say so

    /// Frames that wait in the tap's ring right now; 0 when no capture runs.
    [[nodiscard]] std::uint64_t lag() const noexcept
    {
        return emitted - std::min(emitted, captured + dropped + skipped);
    }
    bool operator==(const CaptureCounts &) const = default;
};

/// Moves frames from a server's tap into a store, in a thread of its own, and tells the UI thread that there are new ones:
/// at most 30 times a second, and never while nothing happens. Neither thread wakes up when there is no traffic.
///
/// A server that is watched shares its processor with whoever watches. So a capture has a budget: beyond it the tap's ring fills up, and the
/// tap drops whole calls, which costs the server next to nothing. That is sampling: it is said, and views are told less often.
///
/// Belongs to the UI thread. The store must outlive it, and the server the capture.
class TrafficCollector : public QObject {
    Q_OBJECT

public:
    explicit TrafficCollector(FrameStore &store, QObject *parent = nullptr);
    ~TrafficCollector() override;

    /// Captures what the tap sees from now on. A capture that runs is stopped before.
    void start(std::unique_ptr<Tap> tap);
    /// Takes what has been emitted up to now, then closes the tap. The store keeps its frames.
    void stop();
    [[nodiscard]] bool isCapturing() const noexcept { return m_tap != nullptr; }

    /// What is recorded of frames that are taken from now on.
    void setRules(RecordRules rules);
    [[nodiscard]] const RecordRules &rules() const noexcept { return m_rules; }

    /// How much of what comes from now on is taken.
    void setBudget(const FrameBudget &budget);
    /// What it may take now: less than that while it samples.
    [[nodiscard]] FrameBudget budget() const noexcept;
    /// Whether calls are dropped right now, or were a moment ago, because they are beyond the budget.
    [[nodiscard]] bool isSampling() const noexcept { return m_isSampling; }

    /// Forgets the store's frames, and the counts. A capture that runs goes on.
    void clear();

    [[nodiscard]] CaptureCounts counts() const noexcept;

Q_SIGNALS:
    /// The store has changed. Views take a new snapshot now, not before.
    void updated();
    void capturingChanged(bool capturing);
    void samplingChanged(bool sampling);

private:
    void collect();
    [[nodiscard]] std::size_t allowance();
    std::size_t drainBatch(std::size_t most);
    void followSettings();
    bool pause();
    [[nodiscard]] FrameBudget::Clock::time_point endOfPause() const;
    void announce();
    void tick();
    void useBudget(const FrameBudget &budget);
    void lookForSampling();
    [[nodiscard]] bool isMoreOffered(std::uint64_t emitted);
    void setSampling(bool sampling);
    [[nodiscard]] CaptureCounts countsOfTap() const noexcept;
    [[nodiscard]] bool hasNews() const;

    FrameStore &m_store;
    std::unique_ptr<Tap> m_tap;
    std::thread m_thread;

    std::mutex m_mutex;
    std::condition_variable m_noPauseWanted; ///< it is stopped, or has other settings
    std::atomic<bool> m_stopping = false;    ///< changed under m_mutex, so that pause() cannot miss it

    // Frames taken from this tap.
    std::atomic<std::uint64_t> m_captured = 0;
    std::atomic<std::uint64_t> m_skipped = 0;
    CaptureCounts m_offset; ///< what counts() adds to the tap's own numbers; wraps around after a clear()

    RecordFilter m_filter;    ///< used by the thread only
    FrameBudget m_budget;     ///< used by the thread only
    RecordRules m_rules;      ///< what m_filter shall follow; changed under m_mutex
    FrameBudget m_nextBudget; ///< what m_budget shall be; changed under m_mutex, by the UI thread only
    std::atomic<bool> m_settingsChanged = false;
    std::size_t m_takenAtOnce = 0;        ///< since the thread's last pause
    bool m_isSpent = false;               ///< the budget, when the thread last looked
    std::atomic<bool> m_wasSpent = false; ///< since the last tick

    std::atomic<bool> m_announced = false; ///< the UI thread knows, and looks every tick
    QTimer m_timer;
    Row m_seenEnd = 0;
    std::uint64_t m_seenGeneration = 0;

    FrameBudget m_usualBudget;
    std::atomic<bool> m_isSampling = false; ///< changed by the UI thread only
    QTimer m_samplingEnd;
    std::uint64_t m_seenDropped = 0;
    std::uint64_t m_seenEmitted = 0;
    FrameBudget::Clock::time_point m_lookedAt;
};

} // namespace decoy::ui
