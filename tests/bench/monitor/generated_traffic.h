// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/tap.h>

#include <QByteArray>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace decoy::trace {
class TapHub;
}

namespace decoy::bench {

/// An endless mixture of what clients do: four of them in turn call, read and set, with a PENDING and an error now and then.
class TrafficPattern {
public:
    struct Frame {
        FrameEvent event;
        QByteArray bytes;
    };

    TrafficPattern();
    /// Valid until the next call.
    const Frame &next(std::int64_t time);

private:
    std::vector<Frame> m_cycle;
    std::size_t m_next = 0;
    std::uint64_t m_round = 0;
};

/// A tap that always has frames until `count` have been taken, however fast that is. None gets lost.
class BottomlessTap final : public Tap {
public:
    explicit BottomlessTap(std::uint64_t count) : m_count(count) {}

    std::size_t drain(const Visitor &visitor, std::size_t most) override;
    bool waitFor(std::chrono::nanoseconds time) override;
    void wake() override;
    [[nodiscard]] std::uint64_t emitted() const noexcept override { return m_emitted; }
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return 0; }

private:
    const std::uint64_t m_count;
    TrafficPattern m_pattern;
    std::atomic<std::uint64_t> m_emitted = 0;
    std::mutex m_mutex;
    std::condition_variable m_woken;
    bool m_wakeRequested = false;
};

/// Writes frames into its taps' rings at a fixed rate, as a server does, in a thread of its own, for as long as it lives:
/// what falls behind is made up for.
class PacedEmitter {
public:
    explicit PacedEmitter(double framesPerSecond);
    ~PacedEmitter();

    [[nodiscard]] std::unique_ptr<Tap> tap() const;

private:
    void emitFrames(double framesPerSecond);

    const std::shared_ptr<trace::TapHub> m_hub;
    std::atomic<bool> m_stopping = false;
    std::thread m_thread;
};

} // namespace decoy::bench
