// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/timeline_pyramid.h"

#include <QObject>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace decoy::ui {

/// Keeps the timeline's pyramid up to date in a thread of its own, which sleeps while there is nothing new. One serves all
/// views that need lanes or calls. Belongs to the UI thread.
class TimelineBuilder : public QObject {
    Q_OBJECT

public:
    explicit TimelineBuilder(QObject *parent = nullptr);
    ~TimelineBuilder() override;

    /// Adds what these frames have more than the last ones, or only the calls of the `wanted` rows. A newer snapshot replaces
    /// one that was not begun yet.
    void follow(const FrameSnapshot &frames, std::shared_ptr<const RowSet> wanted = nullptr);

    /// What is known by now; never null. A long capture arrives in several steps.
    [[nodiscard]] std::shared_ptr<const TimelineSnapshot> current() const;

Q_SIGNALS:
    /// current() has changed.
    void advanced();

private:
    void work();
    void publish(std::shared_ptr<const TimelineSnapshot> snapshot);

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    struct Order {
        FrameSnapshot frames;
        std::shared_ptr<const RowSet> wanted;
    };
    std::optional<Order> m_order;
    bool m_stopping = false;
    std::shared_ptr<const TimelineSnapshot> m_current = std::make_shared<const TimelineSnapshot>();
    std::atomic<bool> m_announced = false; ///< one event at a time waits in the UI thread's queue
    std::thread m_thread;
};

} // namespace decoy::ui
