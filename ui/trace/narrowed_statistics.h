// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_follower.h"
#include "trace/traffic_statistics.h"

#include <QObject>

#include <unordered_set>

namespace decoy::ui {

/// The statistics of some frames, counted in a thread of its own: those of the calls that have one of the wanted rows. Belongs to
/// the UI thread.
class NarrowedStatistics : public QObject {
    Q_OBJECT

public:
    /// `all` counts every frame; it knows the objects' types, and must outlive this.
    explicit NarrowedStatistics(const TrafficStatistics &all, QObject *parent = nullptr);

    /// Counts what these frames have more than the last ones; from the beginning, if other rows are wanted.
    void follow(const FrameSnapshot &frames, std::shared_ptr<const RowSet> wanted)
    {
        m_follower.follow(frames, std::move(wanted));
    }
    /// As far as they are counted. Each beginning has a generation of its own.
    [[nodiscard]] const TrafficStatistics &statistics() const noexcept { return m_statistics; }

Q_SIGNALS:
    void advanced();

private:
    bool add(const FrameSnapshot &frames, const std::shared_ptr<const RowSet> &wanted);
    void startOver(std::uint64_t generation);
    void count(const FrameSnapshot &frames, Row row);
    void countRequest(const FrameSnapshot &frames, Row row);
    void countFrame(const FrameSnapshot &frames, Row row);

    const TrafficStatistics &m_all;
    TrafficStatistics m_statistics;

    // The thread's own.
    std::shared_ptr<const RowSet> m_wanted;
    std::uint64_t m_framesGeneration = 0;
    std::uint64_t m_beginnings = 0;
    Row m_next = 0;
    std::uint64_t m_lastSequence = 0;
    std::unordered_set<Row> m_open; ///< counted requests without a result so far

    FrameFollower m_follower; ///< the last: its thread uses the others
};

} // namespace decoy::ui
