// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_follower.h"
#include "trace/timeline_pyramid.h"

#include <QObject>

#include <memory>
#include <mutex>

namespace decoy::ui {

/// Keeps the timeline's pyramid up to date in a thread of its own. One serves all views that need lanes or calls. Belongs to the
/// UI thread.
class TimelineBuilder : public QObject {
    Q_OBJECT

public:
    explicit TimelineBuilder(QObject *parent = nullptr);

    /// Adds what these frames have more than the last ones, or only the calls of the `wanted` rows.
    void follow(const FrameSnapshot &frames, std::shared_ptr<const RowSet> wanted = nullptr)
    {
        m_follower.follow(frames, std::move(wanted));
    }

    /// What is known by now; never null. A long capture arrives in several steps.
    [[nodiscard]] std::shared_ptr<const TimelineSnapshot> current() const;

Q_SIGNALS:
    /// current() has changed.
    void advanced();

private:
    bool add(const FrameSnapshot &frames, const std::shared_ptr<const RowSet> &wanted);

    TimelinePyramid m_pyramid; ///< the thread's own
    mutable std::mutex m_mutex;
    std::shared_ptr<const TimelineSnapshot> m_current = std::make_shared<const TimelineSnapshot>();
    FrameFollower m_follower; ///< the last: its thread uses the others
};

} // namespace decoy::ui
