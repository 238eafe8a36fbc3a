// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/row_set.h"

#include <QObject>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace decoy::ui {

/// Works through frames in a thread of its own, which sleeps while there is nothing new. Belongs to the UI thread; so does the
/// signal, of which at most one at a time waits in the UI thread's queue.
class FrameFollower : public QObject {
    Q_OBJECT

public:
    /// Takes the next frames of a snapshot, a few milliseconds' worth; true if there are more. Runs in the thread.
    using Step = std::function<bool(const FrameSnapshot &frames, const std::shared_ptr<const RowSet> &wanted)>;

    explicit FrameFollower(Step step, QObject *parent = nullptr);
    ~FrameFollower() override;

    /// A newer snapshot replaces one that was not begun yet. `wanted` may be null: all.
    void follow(const FrameSnapshot &frames, std::shared_ptr<const RowSet> wanted);

Q_SIGNALS:
    /// A step was done.
    void advanced();

private:
    struct Order {
        FrameSnapshot frames;
        std::shared_ptr<const RowSet> wanted;
    };

    void work();
    void announce();

    const Step m_step;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::optional<Order> m_order;
    bool m_stopping = false;
    std::atomic<bool> m_announced = false;
    std::thread m_thread;
};

} // namespace decoy::ui
